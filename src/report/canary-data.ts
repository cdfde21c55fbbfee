/** Everything that the report says of one canary. */
import { CanaryNode, ENGINE_FACTS, StrategyNode } from '../model/delivery';
import { budgetMs, PlannedChecks, planOf } from '../model/delivery-plan';
import { gateQueries } from '../model/gate-queries';
import { gateBounds } from '../model/gate-query';
import type { MeshModel } from '../model/mesh-model';
import { matchText } from './route-words';

export interface GateData {
  readonly name: string;
  /** What passes, in words. */
  readonly asks: string;
  /** In percent, milliseconds, or whatever the program's own query says; null without that limit. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  readonly windowMs: number;
  readonly query: string;
}

export interface CanaryData {
  readonly construct: string;
  readonly service: string;
  readonly engine: { readonly id: string; readonly label: string; readonly automatic: boolean };
  readonly strategy: { readonly kind: StrategyNode['kind']; readonly words: string; readonly everyMs: number };
  /** Share that meets the new version from a moment on. */
  readonly weights: readonly { readonly atMs: number; readonly percent: number }[];
  /** Null where people decide. */
  readonly checks: PlannedChecks | null;
  /** Share now, of a canary that is moved by commits; null for all others. */
  readonly currentPercent: number | null;
  readonly rollBackAfter: number;
  readonly readyWithinMs: number;
  readonly plan: {
    readonly promoteMs: number | null;
    readonly rollBackMs: number | null;
    readonly reactMs: number | null;
    readonly exposedPercent: number | null;
    readonly worstLossMs: number | null;
    readonly toleratedLossMs: number | null;
  };
  readonly errorBudget: {
    readonly objective: number; readonly overMs: number; readonly perReleasePercent: number;
    /** Time without any answer that one release may cost. */
    readonly perReleaseMs: number;
    readonly exceeded: boolean;
  } | null;
  readonly gates: readonly GateData[];
  readonly approvals: readonly string[];
  readonly webhooks: readonly { readonly kind: string; readonly name: string; readonly url: string }[];
  readonly alerts: readonly { readonly kind: string; readonly name: string; readonly severity: string; readonly receiver: string | null }[];
}

export function canaryData(model: MeshModel, canary: CanaryNode): CanaryData {
  const { engine, strategy, errorBudget } = canary;
  const { label, automatic } = ENGINE_FACTS[engine.id];
  const { weights, checks, promoteMs, rollBackMs, reactMs, exposedPercent, worstLossMs, toleratedLossMs } = planOf(canary);
  const queries = gateQueries(canary, model);
  return {
    construct: canary.origin, service: canary.service, engine: { id: engine.id, label, automatic },
    strategy: { kind: strategy.kind, words: strategyWords(strategy), everyMs: strategy.everyMs },
    weights: weights.map(({ atMs, weight }) => ({ atMs, percent: weight })),
    checks: checks ?? null,
    currentPercent: engine.id === 'manual' ? engine.weight : null,
    rollBackAfter: canary.rollBackAfter, readyWithinMs: canary.readyWithinMs,
    plan: {
      promoteMs: promoteMs ?? null, rollBackMs: rollBackMs ?? null, reactMs: reactMs ?? null, exposedPercent: exposedPercent ?? null,
      worstLossMs: worstLossMs ?? null, toleratedLossMs: toleratedLossMs ?? null,
    },
    errorBudget: errorBudget === undefined ? null : {
      ...errorBudget, perReleaseMs: budgetMs(errorBudget) * errorBudget.perReleasePercent / 100,
      exceeded: Math.max(worstLossMs ?? 0, toleratedLossMs ?? 0) > budgetMs(errorBudget) * errorBudget.perReleasePercent / 100,
    },
    gates: canary.gates.map((gate): GateData => {
      const { min, max } = gateBounds(gate);
      const asks = gateWords(gate);
      return { name: gate.name, asks, atLeast: min ?? null, atMost: max ?? null, windowMs: gate.windowMs, query: queries[gate.name] };
    }),
    approvals: canary.approvals,
    webhooks: canary.webhooks.map(({ kind, name, url }) => ({ kind, name, url })),
    alerts: canary.alerts.map(({ kind, name, severity, receiver }) => ({ kind, name, severity, receiver: receiver ?? null })),
  };
}

function strategyWords(strategy: StrategyNode): string {
  switch (strategy.kind) {
    case 'weights': {
      const session = strategy.session === undefined ? '' : `; a user stays at one version by the cookie ${strategy.session.cookie}`;
      const { linear, steps } = strategy;
      return linear === undefined ? `shares of ${steps.map(({ weight }) => weight).join(', ')} %${session}` : `${linear.step} % more each time, up to ${linear.max} %${session}`;
    }
    case 'blue-green':
      return strategy.mirrorPercent === undefined ? 'blue/green: nobody\'s requests until all checks have passed, then everybody\'s'
        : `a copy of ${strategy.mirrorPercent} % of the requests until all checks have passed, then all of them`;
    case 'ab-test':
      return `A/B test: requests with ${strategy.audiences.map(({ header, value }) => `${header} ${matchText(value)}`).join(' or ')} until all checks have passed, then all`;
  }
}

function gateWords(gate: CanaryNode['gates'][number]): string {
  switch (gate.kind) {
    case 'success-rate': return `at least ${gate.atLeast} % of the requests succeed`;
    case 'latency': return `${gate.percentile} % of the requests take at most ${gate.atMostMs} ms`;
    case 'promql': return [gate.atLeast === undefined ? '' : `at least ${gate.atLeast}`, gate.atMost === undefined ? '' : `at most ${gate.atMost}`]
      .filter((part) => part !== '').join(' and ');
  }
}
