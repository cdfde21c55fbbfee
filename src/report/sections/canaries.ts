import { counted, time } from '../../model/text';
import { canaryChart } from '../canary-chart';
import { canaryData, CanaryData } from '../canary-data';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, code, enumerated, Fact, paragraph, Text } from '../tree';
import { wait } from '../words';

function blocks(all: readonly CanaryData[], subject: Subject): readonly Block[] {
  if (all.length === 0) {
    return [paragraph('The program declares no canary: a new version gets its requests as its pods start.')];
  }
  return all.map((canary): Block => ({ kind: 'part', anchor: canaryAnchor(canary.construct), title: canary.construct, blocks: page(canary, subject) }));
}

/** Of what a report says of a canary. */
export function canaryAnchor(construct: string): string {
  return `canary-${construct}`;
}

function page(canary: CanaryData, subject: Subject): readonly Block[] {
  const steps = `${canaryAnchor(canary.construct)}-steps`;
  return [
    { kind: 'figures', facts: figuresOf(canary) },
    { kind: 'facts', facts: facts(canary, subject) },
    { kind: 'chart', chart: canaryChart(canary, subject.label(canary.service), steps) },
    stepTable(canary, steps),
    ...canary.gates.length === 0 ? [] : [gateTable(canary)],
  ];
}

function figuresOf({ plan, engine, checks, rollBackAfter, approvals, errorBudget, strategy, currentPercent }: CanaryData): readonly Fact[] {
  if (!engine.automatic) {
    return [
      { label: 'New version now', value: `${currentPercent ?? 0} %`, note: 'of the requests; each step is a commit' },
      { label: 'Exposed at most', value: percent(plan.exposedPercent), note: 'of the requests, before it is the only version' },
    ];
  }
  return [
    {
      label: 'Promoted after', value: wait(plan.promoteMs),
      note: `${counted(checks?.count ?? 0, 'check')}, one every ${time(strategy.everyMs)}${approvals.length === 0 ? '' : ', and people who agree'}`,
    },
    { label: 'Taken back after', value: wait(plan.reactMs), note: `at most, once it is bad: ${counted(rollBackAfter, 'failed check')}` },
    { label: 'Exposed at most', value: percent(plan.exposedPercent), note: plan.exposedPercent === null ? 'as many as the test is for' : 'of the requests, before promotion' },
    {
      label: 'Loss at worst', value: plan.worstLossMs === null ? 'unknown' : rounded(plan.worstLossMs),
      tone: errorBudget === null || plan.worstLossMs === null ? 'plain' : errorBudget.exceeded ? 'error' : 'good',
      note: `${plan.worstLossMs === 0 ? 'no user meets it before' : 'as much as without any answer so long'}${errorBudget === null ? ', no error budget' : `; a release may cost ${rounded(errorBudget.perReleaseMs)}`}`,
    },
  ];
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${share} %`;
}

function rounded(ms: number): string {
  return ms === 0 ? 'none' : time(Math.round(ms / 100) * 100);
}

const APPROVALS: Readonly<Record<string, string>> = { 'start': 'before it begins', 'each-step': 'before each step', 'promotion': 'before promotion' };

function facts(canary: CanaryData, subject: Subject): readonly Fact[] {
  const { engine, strategy, plan, errorBudget, approvals, webhooks, alerts } = canary;
  const own: readonly (Fact | undefined)[] = [
    { label: 'Service', value: subject.link(canary.service) },
    { label: 'Moved by', value: engine.label },
    { label: 'Strategy', value: strategy.words },
    engine.automatic ? { label: 'Pods ready within', value: time(canary.readyWithinMs) } : undefined,
    plan.toleratedLossMs === null || plan.toleratedLossMs === 0 ? undefined
      : { label: 'Loss that the gates allow', value: `as much as ${rounded(plan.toleratedLossMs)} without any answer, of a version that fails as often as the gate lets pass` },
    errorBudget === null ? undefined : {
      label: 'Error budget',
      value: `${errorBudget.objective} % over ${days(errorBudget.overMs)}; a release may spend ${errorBudget.perReleasePercent} % of it, ${rounded(errorBudget.perReleaseMs)}`,
    },
    approvals.length === 0 ? undefined : { label: 'People agree', value: approvals.map((one) => APPROVALS[one] ?? one).join(', ') },
    webhooks.length === 0 ? undefined : { label: 'Webhooks', value: enumerated(webhooks.map(({ kind, name, url }): Text => [`${name} (${kind}) `, code(url)])) },
    alerts.length === 0 ? undefined : {
      label: 'Alerts', value: alerts.map(({ kind, name, severity, receiver }) => `${name} (${kind}${receiver === null ? '' : ` to ${receiver}`}, from ${severity} on)`).join(', '),
    },
  ];
  return own.filter((fact) => fact !== undefined);
}

function days(ms: number): string {
  return ms % 86_400_000 === 0 ? counted(ms / 86_400_000, 'day') : time(ms);
}

function stepTable({ construct, engine, weights, currentPercent }: CanaryData, anchor: string): Block {
  return {
    kind: 'table', anchor, caption: `Steps of ${construct}`,
    columns: [engine.automatic ? { title: 'After', figures: true } : { title: 'Step', figures: true }, { title: 'Share of the requests', figures: true }],
    rows: weights.map(({ atMs, percent: share }, index): Text[] => [
      engine.automatic ? atMs === 0 ? 'at once' : wait(atMs) : String(index + 1), `${share} %${share === currentPercent ? ', now' : ''}`,
    ]),
  };
}

function gateTable({ construct, gates }: CanaryData): Block {
  return {
    kind: 'table', caption: `Gates of ${construct}`,
    columns: [{ title: 'Gate' }, { title: 'Passes when' }, { title: 'Looks back', figures: true }, { title: 'Query' }],
    rows: gates.map(({ name, asks, windowMs, query }): Text[] => [name, asks, time(windowMs), code(query)]),
  };
}

export const canaries = section({
  key: 'canaries', title: 'Canaries', read: ({ model }) => model.canaries.map((canary) => canaryData(model, canary)), blocks,
});
