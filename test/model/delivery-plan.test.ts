import type { EngineNode, StrategyNode } from '../../src/model/delivery';
import { budgetMs, checksOf, planOf } from '../../src/model/delivery-plan';
import { ARGO, canary, FLAGGER, linear, manual, successRate, weights } from '../checks/canary-builder';

const MINUTE = 60_000;
const every = { everyMs: MINUTE, iterations: 4 };

/** `minute:percent`. */
function timeline(engine: EngineNode, strategy: StrategyNode): string {
  return planOf(canary('orders', { engine, strategy })).weights.map(({ atMs, weight }) => `${atMs / MINUTE}:${weight}`).join(' ');
}

test.each<[string, EngineNode, StrategyNode, string]>([
  ['Flagger by steps', FLAGGER, linear(20, 60), '0:0 1:20 2:40 3:60 4:100'],
  ['Flagger knows no steps of other lengths', FLAGGER, { kind: 'weights', everyMs: MINUTE, steps: [{ weight: 10 }, { weight: 50, holdMs: 3 * MINUTE }] }, '0:0 1:10 2:50 3:100'],
  ['Flagger blue/green', FLAGGER, { kind: 'blue-green', ...every }, '0:0 6:100'],
  ['Flagger A/B', FLAGGER, { kind: 'ab-test', ...every, audiences: [] }, '0:0 5:100'],
  ['Argo Rollouts by steps', ARGO, weights(10, 50), '0:10 1:50 2:100'],
  ['Argo Rollouts by steps that are held', ARGO, { kind: 'weights', everyMs: MINUTE, steps: [{ weight: 10 }, { weight: 50, holdMs: 3 * MINUTE }] }, '0:10 1:50 4:100'],
  ['Argo Rollouts blue/green', ARGO, { kind: 'blue-green', ...every }, '0:0 4:100'],
  ['by commits', manual(10), weights(10, 50, 100), '0:10 1:50 2:100'],
])('%s', (_, engine, strategy, expected) => {
  expect(timeline(engine, strategy)).toBe(expected);
});

test('N steps of Flagger take N + 3 intervals, and so does everything before its first check', () => {
  for (const steps of [1, 2, 5, 10]) {
    const plan = planOf(canary('orders', { engine: FLAGGER, strategy: linear(10, steps * 10) }));
    expect([plan.promoteMs, plan.checks]).toEqual([(steps + 3) * MINUTE, { firstMs: 2 * MINUTE, everyMs: MINUTE, count: steps }]);
  }
});

test('going back: a tick after the last check that is not forgiven, or at once', () => {
  const plan = (engine: EngineNode, rollBackAfter: number) => planOf(canary('orders', { engine, rollBackAfter, strategy: weights(10, 50) }));
  const times = (engine: EngineNode) => [1, 3].map((count) => plan(engine, count))
    .map(({ rollBackMs, reactMs }) => [rollBackMs! / MINUTE, reactMs! / MINUTE]);
  expect(times(FLAGGER)).toEqual([[1, 2], [3, 4]]);
  expect(times(ARGO)).toEqual([[0, 1], [2, 3]]);
});

test('what is risked: the largest share for as long as it takes to react, and what the gate lets pass', () => {
  const strategy = weights(10, 50);
  const plan = planOf(canary('orders', { engine: ARGO, strategy, gates: [successRate(99), successRate(99.5)], rollBackAfter: 2 }));
  expect(plan.exposedPercent).toBe(50);
  expect(plan.worstLossMs).toBe(0.5 * 2 * MINUTE);
  // 10 % and 50 % for a minute each, of which the stricter gate lets 0.5 % fail.
  expect(plan.toleratedLossMs).toBeCloseTo(0.005 * 0.6 * MINUTE);
  expect(planOf(canary('orders', { engine: ARGO, strategy, gates: [] }))).not.toHaveProperty('toleratedLossMs');
});

test('nobody is exposed by blue/green, nobody knows how many by an A/B test, and a commit has no time', () => {
  expect(planOf(canary('orders', { strategy: { kind: 'blue-green', ...every } }))).toMatchObject({ exposedPercent: 0, worstLossMs: 0 });
  const abTest = planOf(canary('orders', { strategy: { kind: 'ab-test', ...every, audiences: [] } }));
  expect(abTest).not.toHaveProperty('exposedPercent');
  expect(abTest).not.toHaveProperty('worstLossMs');
  expect(planOf(canary('orders', { engine: manual(), strategy: weights(10, 50, 100) }))).toEqual({
    weights: [{ atMs: 0, weight: 10 }, { atMs: MINUTE, weight: 50 }, { atMs: 2 * MINUTE, weight: 100 }], exposedPercent: 50,
  });
});

test('a step is checked once an interval', () => {
  const strategy = weights(10) as Extract<StrategyNode, { kind: 'weights' }>;
  expect([undefined, 30_000, MINUTE, 3 * MINUTE].map((holdMs) => checksOf(strategy, { holdMs }))).toEqual([1, 1, 1, 3]);
});

test.each([[99.9, 30, 2_592_000], [99, 1, 864_000], [50, 1, 43_200_000]])('%d %% over %d days leave %d ms', (objective, days, expected) => {
  expect(budgetMs({ objective, overMs: days * 86_400_000, perReleasePercent: 10 })).toBe(expected);
});
