import { releaseExceedsErrorBudget } from '../../src/checks/release-exceeds-error-budget';
import { DAY } from '../support/time';
import { ARGO, delivered, FLAGGER, successRate, weights } from './canary-builder';
import { found, lines } from './model-builder';

const budget = (objective: number, perReleasePercent = 10) => ({ objective, overMs: 30 * DAY, perReleasePercent });

// 50 % of the requests for 3 checks and one interval of 60 s with Argo Rollouts: 0.5 × 180 s. 99.9 % over 30 days leave 2,592 s.
test.each([[90 / 25.92 - 0.01, 1], [90 / 25.92 + 0.01, 0]])('a release that may spend %d %% of the budget: %d findings', (percent, count) => {
  const errorBudget = budget(99.9, percent);
  const services = [delivered('orders', { engine: ARGO, strategy: weights(10, 50), errorBudget, gates: [successRate(99.99)] })];
  expect(found(releaseExceedsErrorBudget, { services }).filter(({ severity }) => severity === 'error')).toHaveLength(count);
});

// Flagger looks once more: 0.5 × (3 + 1) × 60 s.
test.each([[120 / 25.92 - 0.01, 1], [120 / 25.92 + 0.01, 0]])('with Flagger, %d %%: %d findings', (percent, count) => {
  const errorBudget = budget(99.9, percent);
  const services = [delivered('orders', { engine: FLAGGER, strategy: weights(10, 50), errorBudget, gates: [successRate(99.99)] })];
  expect(found(releaseExceedsErrorBudget, { services })).toHaveLength(count);
});

test('what the gate lets pass counts, too: a long way to promotion', () => {
  const strategy = { kind: 'weights', everyMs: 60_000, steps: [{ weight: 1, holdMs: 1000 * 60_000 }] } as const;
  // 1 % of the requests for 60,000 s, of which 1 % fail: 6 s.
  const errorBudget = budget(99.9, 0.2);
  expect(found(releaseExceedsErrorBudget, { services: [delivered('orders', { strategy, errorBudget, gates: [successRate(99.9)] })] })).toHaveLength(0);
  expect(lines(releaseExceedsErrorBudget, { services: [delivered('orders', { strategy, errorBudget, gates: [successRate(99)] })] })).toEqual([
    '[shop/orders-canary] a version that fails as often as the gate lets pass costs as much as 6 s without any answer; a release may cost 5.2 s '
    + '(99.9 % over 30 days, of which one release may spend 0.2 %; 1000 min to promote, 3 min until a bad version is taken back, at most 1 % of the '
    + 'requests exposed). Raise `atLeast` of the success gate, or promote in less time.',
    expect.stringContaining('the success gate promotes at 99 %, below the objective of 99.9 %'),
  ]);
});

test('without a budget nothing is judged', () => {
  expect(found(releaseExceedsErrorBudget, { services: [delivered('orders', { gates: [successRate(1)] })] })).toEqual([]);
});
