/**
 * What a canary takes and risks, worked out before it runs. Figures leave out how long pods need to become ready and how long people think.
 *
 * Flagger's times were measured on Flagger 1.44: with N steps at interval I it promotes in (N + 3) I, since a tick each goes by before the
 * first step, for copying the version to the primary, for moving the requests there and for ending; it goes back a tick after the last check
 * that it forgives no more. Argo Rollouts moves on as soon as a step's analysis has succeeded, and goes back within a second.
 */
import type { CanaryNode, EngineId, ErrorBudgetNode, StrategyNode } from './delivery';

/** The share of the requests that meets the new version from a moment on. */
export interface PlannedWeight {
  readonly atMs: number;
  readonly weight: number;
}

/** When the version is checked. */
export interface PlannedChecks {
  readonly firstMs: number;
  readonly everyMs: number;
  readonly count: number;
}

export interface DeliveryPlan {
  readonly weights: readonly PlannedWeight[];
  /** Undefined where people decide. */
  readonly checks?: PlannedChecks;
  /** Until the new version is the only one; undefined where people decide. */
  readonly promoteMs?: number;
  /** From the first failed check until no request meets the new version, where every check fails. */
  readonly rollBackMs?: number;
  /** The same, from the moment at which the version turns bad, at worst. */
  readonly reactMs?: number;
  /** Share of the users' requests, in percent, that meet the new version at most before it is promoted; undefined where nobody knows. */
  readonly exposedPercent?: number;
  /** Time for which the same number of requests would be lost if all failed: of a version that turns bad at the worst moment. */
  readonly worstLossMs?: number;
  /** The same, of a version that fails as often as the success gate lets pass, from the first step to promotion. */
  readonly toleratedLossMs?: number;
}

/** How often a step is checked before the next one. */
export function checksOf(strategy: Extract<StrategyNode, { kind: 'weights' }>, step: { readonly holdMs?: number }): number {
  return step.holdMs === undefined ? 1 : Math.max(1, Math.round(step.holdMs / strategy.everyMs));
}

export function planOf(canary: CanaryNode): DeliveryPlan {
  const { engine, strategy } = canary;
  if (engine.id === 'manual') {
    const steps = strategy.kind === 'weights' ? strategy.steps : [];
    return {
      weights: steps.map(({ weight }, index) => ({ atMs: index * strategy.everyMs, weight })),
      exposedPercent: Math.max(0, ...steps.map(({ weight }) => weight).filter((weight) => weight < 100)),
    };
  }
  const weights = timeline(engine.id, strategy);
  const promoted = weights[weights.length - 1].atMs;
  const interval = strategy.everyMs;
  const flagger = engine.id === 'flagger';
  const rollBackMs = flagger ? canary.rollBackAfter * interval : (canary.rollBackAfter - 1) * interval;
  const reactMs = rollBackMs + interval;
  const known = strategy.kind !== 'ab-test';
  const exposedPercent = Math.max(0, ...weights.slice(0, -1).map(({ weight }) => weight));
  const tolerated = canary.gates.flatMap((gate) => gate.kind === 'success-rate' ? [(100 - gate.atLeast) / 100] : []);
  return {
    weights,
    checks: checksAt(engine.id, strategy),
    promoteMs: flagger ? promoted + 2 * interval : promoted,
    rollBackMs,
    reactMs,
    ...known && { exposedPercent, worstLossMs: exposedPercent / 100 * reactMs },
    ...known && tolerated.length > 0 && { toleratedLossMs: Math.min(...tolerated) * exposure(weights) },
  };
}

function checksAt(engine: EngineId, strategy: StrategyNode): PlannedChecks {
  const { everyMs } = strategy;
  const perStep = (step: { readonly holdMs?: number }): number => engine !== 'flagger' && strategy.kind === 'weights' ? checksOf(strategy, step) : 1;
  const count = strategy.kind === 'weights' ? strategy.steps.reduce((sum, step) => sum + perStep(step), 0) : strategy.iterations;
  return { firstMs: startOf(engine, everyMs) + everyMs, everyMs, count };
}

/** Flagger notices a new version, and begins a tick later. */
function startOf(engine: EngineId, everyMs: number): number {
  return engine === 'flagger' ? everyMs : 0;
}

function timeline(engine: EngineId, strategy: StrategyNode): readonly PlannedWeight[] {
  const interval = strategy.everyMs;
  const start = startOf(engine, interval);
  if (strategy.kind !== 'weights') {
    // Flagger's blue/green moves all requests to the new version for one more tick before it promotes it.
    const moved = engine === 'flagger' && strategy.kind === 'blue-green' ? interval : 0;
    return [{ atMs: 0, weight: 0 }, { atMs: start + strategy.iterations * interval + moved, weight: 100 }];
  }
  const weights: PlannedWeight[] = start > 0 ? [{ atMs: 0, weight: 0 }] : [];
  let atMs = start;
  for (const step of strategy.steps) {
    weights.push({ atMs, weight: step.weight });
    atMs += engine === 'flagger' ? interval : checksOf(strategy, step) * interval;
  }
  return [...weights, { atMs, weight: 100 }];
}

/** The sum of shares over time, up to the promotion. */
function exposure(weights: readonly PlannedWeight[]): number {
  return weights.slice(0, -1).reduce((sum, { atMs, weight }, index) => sum + weight / 100 * (weights[index + 1].atMs - atMs), 0);
}

/** Time for which everything may fail before the budget is gone. */
export function budgetMs({ objective, overMs }: ErrorBudgetNode): number {
  // In whole billionths: 100 - 99.9 is 0.09999999999999432 in binary floating point.
  return Math.round((100 - objective) * 1e9) / 1e11 * overMs;
}
