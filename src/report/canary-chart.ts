/** The chart of one canary's plan. */
import { time } from '../model/text';
import type { CanaryData } from './canary-data';
import { ticksUntil, WeightChart } from './weight-chart';
import { wait } from './words';

/** More marks than this on the axis are a line. */
const MOST_CHECKS = 100;
/** Room behind the last event. */
const BEHIND = 1.06;

export function canaryChart(canary: CanaryData, service: string, alternative: string): WeightChart {
  const title = `Share of the new version of ${service}`;
  return canary.engine.automatic ? automatic(canary, title, alternative) : manual(canary, title, alternative);
}

function automatic(canary: CanaryData, title: string, alternative: string): WeightChart {
  const { weights, plan, checks } = canary;
  const worst = worstOf(canary);
  const end = Math.max(plan.promoteMs ?? 0, worst?.to ?? 0, weights[weights.length - 1].atMs) * BEHIND;
  return {
    title, alternative, end, worst,
    description: [...before(canary), worst === undefined ? '' : `A version that turns bad when it has the most requests is gone ${wait(worst.to - worst.from)} later.`]
      .filter((sentence) => sentence !== '').join(' '),
    weights: weights.map(({ atMs, percent }) => ({ at: atMs, percent })),
    ticks: ticksUntil(end, time),
    checks: checks === null || checks.count > MOST_CHECKS ? []
      : Array.from({ length: checks.count }, (_, index) => checks.firstMs + index * checks.everyMs),
  };
}

function before({ strategy, approvals, plan }: CanaryData): readonly string[] {
  return [
    `If every check passes, it is the only version after ${wait(plan.promoteMs)}${approvals.length === 0 ? '' : ', not counting the time that people take to agree'}.`,
    strategy.kind === 'ab-test' ? 'Until then only those whom the test is for meet it, and how many these are is not known here.' : '',
    strategy.kind === 'blue-green' ? 'Until then no user does.' : '',
  ];
}

/** At the first moment with the largest share before the promotion. */
function worstOf({ weights, plan }: CanaryData): WeightChart['worst'] {
  const from = weights.find(({ percent }) => percent === plan.exposedPercent);
  return plan.exposedPercent === null || plan.exposedPercent === 0 || plan.reactMs === null || from === undefined ? undefined
    : { from: from.atMs, to: from.atMs + plan.reactMs, percent: plan.exposedPercent };
}

/** Commits have no time; each step is as wide as the others. */
function manual({ weights, strategy, currentPercent }: CanaryData, title: string, alternative: string): WeightChart {
  const shares = [0, ...weights.map(({ percent }) => percent)];
  const place = shares.indexOf(currentPercent ?? 0);
  return {
    title, alternative, end: shares.length, checks: [],
    description: `Each step is a commit, ${time(strategy.everyMs)} after the one before it at the earliest. It stands at ${currentPercent ?? 0} %.`,
    weights: shares.map((percent, at) => ({ at, percent })),
    ticks: shares.map((_, at) => ({ at, label: at === 0 ? 'before' : `step ${at}` })),
    ...place >= 0 && { now: place + 0.5 },
  };
}
