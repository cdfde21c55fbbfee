import { App } from 'cdk8s';
import type { CanaryData } from '../../src/report/canary-data';
import { words } from '../../src/report/tree';
import { ticksUntil, WeightChart } from '../../src/report/weight-chart';
import { ARGO, delivered, FLAGGER, latency, linear, manual, successRate, weights } from '../checks/canary-builder';
import { service, version } from '../checks/model-builder';
import { fortyOne } from './forty-one';
import { blocksOf, dataOf, paragraphs, reportOf, ReportParts, table } from './support';

const MINUTE = 60_000;

function of(rest: Parameters<typeof delivered>[1], own: Parameters<typeof delivered>[2] = {}): ReportParts {
  return { services: [delivered('orders', rest, own)], findings: [] };
}

function chartOf(parts: ReportParts): WeightChart {
  const block = blocksOf('canaries', parts).find(({ kind }) => kind === 'chart');
  return (block as Extract<typeof block, { kind: 'chart' }>).chart;
}

/** `label: value (note)` of the figures and the facts. */
function facts(parts: ReportParts, kind: 'figures' | 'facts'): readonly string[] {
  return blocksOf('canaries', parts).flatMap((block) => block.kind !== kind || !('facts' in block) ? []
    : block.facts.map(({ label, value, note = '', tone = '' }) => `${label}: ${words(value)} (${words(note)}) ${tone}`.trim()));
}

test('a program without canaries says so', () => {
  expect(paragraphs(blocksOf('canaries', { services: [service('orders')] }))).toEqual(['The program declares no canary: a new version gets its requests as its pods start.']);
  expect(dataOf('canaries', {})).toEqual([]);
});

describe('Flagger by steps', () => {
  const errorBudget = { objective: 99.9, overMs: 30 * 86_400_000, perReleasePercent: 10 };
  const parts = of({ engine: FLAGGER, strategy: linear(20, 60), gates: [successRate(99), latency(99.9, 250)], errorBudget, rollBackAfter: 2 });

  test('takes three intervals more than it has steps, and is taken back two ticks and one later', () => {
    expect(dataOf<CanaryData[]>('canaries', parts)[0]).toMatchObject({
      construct: 'shop/orders-canary', service: 'shop/orders', engine: { id: 'flagger', label: 'Flagger', automatic: true },
      weights: [
        { atMs: 0, percent: 0 }, { atMs: MINUTE, percent: 20 }, { atMs: 2 * MINUTE, percent: 40 }, { atMs: 3 * MINUTE, percent: 60 },
        { atMs: 4 * MINUTE, percent: 100 },
      ],
      checks: { firstMs: 2 * MINUTE, everyMs: MINUTE, count: 3 },
      plan: { promoteMs: 6 * MINUTE, rollBackMs: 2 * MINUTE, reactMs: 3 * MINUTE, exposedPercent: 60, worstLossMs: 1.8 * MINUTE },
      errorBudget: { ...errorBudget, perReleaseMs: 259_200, exceeded: false }, currentPercent: null,
    });
  });

  test('is told in figures', () => {
    expect(facts(parts, 'figures')).toEqual([
      'Promoted after: 6 min (3 checks, one every 60 s)', 'Taken back after: 3 min (at most, once it is bad: 2 failed checks)',
      'Exposed at most: 60 % (of the requests, before promotion)',
      'Loss at worst: 108 s (as much as without any answer so long; a release may cost 259.2 s) good',
    ].map((line) => expect.stringContaining(line)));
    expect(table(blocksOf('canaries', parts), 'Steps of shop/orders-canary')).toEqual([
      ['at once', '0 %'], ['60 s', '20 %'], ['2 min', '40 %'], ['3 min', '60 %'], ['4 min', '100 %'],
    ]);
  });

  test('is drawn: shares, checks, and the worst that may happen', () => {
    const chart = chartOf(parts);
    expect(chart.weights.map(({ at, percent }) => [at / MINUTE, percent])).toEqual([[0, 0], [1, 20], [2, 40], [3, 60], [4, 100]]);
    expect(chart.checks.map((at) => at / MINUTE)).toEqual([2, 3, 4]);
    expect(chart.worst).toEqual({ from: 3 * MINUTE, to: 6 * MINUTE, percent: 60 });
    expect(chart.description).toBe('If every check passes, it is the only version after 6 min. A version that turns bad when it has the most requests is gone 3 min later.');
  });

  test('beyond the error budget is red', () => {
    const tight = of({ engine: FLAGGER, strategy: linear(20, 60), errorBudget: { ...errorBudget, perReleasePercent: 1 } });
    expect(facts(tight, 'figures')[3]).toMatch(/ error$/);
    expect(dataOf('canaries', tight)).toMatchObject([{ errorBudget: { exceeded: true } }]);
  });

  test('names what it asks, and the query that a person can ask', () => {
    const rows = table(blocksOf('canaries', parts), 'Gates of shop/orders-canary');
    expect(rows.map((row) => row.slice(0, 3))).toEqual([
      ['success-rate', 'at least 99 % of the requests succeed', '60 s'], ['latency-p99.9', '99.9 % of the requests take at most 250 ms', '60 s'],
    ]);
    expect(rows[0][3]).toMatch(/^100 \* sum\(rate\(istio_requests_total\{reporter="destination",destination_workload_namespace="shop",destination_workload="orders",/);
  });
});

test('Argo Rollouts holds steps as long as they say, and asks that often', () => {
  const strategy = { kind: 'weights' as const, everyMs: MINUTE, steps: [{ weight: 10 }, { weight: 50, holdMs: 3 * MINUTE }] };
  const parts = of({ engine: ARGO, strategy });
  expect(dataOf('canaries', parts)).toMatchObject([{ checks: { firstMs: MINUTE, count: 4 }, plan: { promoteMs: 4 * MINUTE, reactMs: 3 * MINUTE } }]);
  expect(chartOf(parts).worst).toEqual({ from: MINUTE, to: 4 * MINUTE, percent: 50 });
  expect(facts(parts, 'facts')).toContainEqual(expect.stringContaining('Strategy: shares of 10, 50 %'));
});

test('blue/green and mirrors expose nobody; an A/B test nobody knows how many', () => {
  const every = { everyMs: MINUTE, iterations: 5 };
  const blueGreen = of({ engine: ARGO, strategy: { kind: 'blue-green', ...every } });
  expect(chartOf(blueGreen)).toMatchObject({ worst: undefined, description: 'If every check passes, it is the only version after 5 min. Until then no user does.' });
  expect(facts(blueGreen, 'figures')[3]).toContain('Loss at worst: none (no user meets it before');
  const mirror = of({ engine: FLAGGER, strategy: { kind: 'blue-green', ...every, mirrorPercent: 20 } });
  expect(facts(mirror, 'facts')).toContainEqual(expect.stringContaining('Strategy: a copy of 20 % of the requests until all checks have passed'));
  const audiences = [{ header: 'x-beta', value: { kind: 'exact' as const, value: 'yes' } }, { header: 'cookie', value: { kind: 'regex' as const, value: 'beta=1' } }];
  const abTest = of({ engine: ARGO, strategy: { kind: 'ab-test', ...every, audiences } });
  expect(facts(abTest, 'facts')).toContainEqual(expect.stringContaining('requests with x-beta = yes or cookie = matching beta=1 until'));
  expect(dataOf('canaries', abTest)).toMatchObject([{ plan: { exposedPercent: null, worstLossMs: null } }]);
  expect(facts(abTest, 'figures')[2]).toContain('Exposed at most: unknown (as many as the test is for)');
});

test('a canary that is moved by commits shows where it stands', () => {
  const parts = of({ engine: manual(50), strategy: weights(10, 50, 100), gates: [] }, { versions: [version('v1'), version('v2')] });
  expect(chartOf(parts)).toMatchObject({
    weights: [{ at: 0, percent: 0 }, { at: 1, percent: 10 }, { at: 2, percent: 50 }, { at: 3, percent: 100 }], now: 2.5, checks: [],
    description: 'Each step is a commit, 60 s after the one before it at the earliest. It stands at 50 %.',
  });
  expect(table(blocksOf('canaries', parts), 'Steps of shop/orders-canary')).toEqual([['1', '10 %'], ['2', '50 %, now'], ['3', '100 %']]);
  expect(facts(parts, 'figures').map((line) => line.trim())).toEqual([
    'New version now: 50 % (of the requests; each step is a commit)', 'Exposed at most: 50 % (of the requests, before it is the only version)',
  ]);
  expect(dataOf('canaries', parts)).toMatchObject([{ checks: null, currentPercent: 50, plan: { promoteMs: null, reactMs: null }, gates: [] }]);
});

test('approvals, webhooks and alerts', () => {
  const parts = of({
    approvals: ['start', 'each-step', 'promotion'],
    webhooks: [{ kind: 'load-test', name: 'load', url: 'http://tester/', timeoutMs: 1000, metadata: {} }],
    alerts: [{ kind: 'slack', name: 'team', severity: 'error', receiver: 'orders' }, { kind: 'teams', name: 'all', severity: 'info', secret: 'hook' }],
  });
  expect(facts(parts, 'facts')).toEqual(expect.arrayContaining([
    'People agree: before it begins, before each step, before promotion ()', 'Webhooks: load (load-test) http://tester/ ()',
    'Alerts: team (slack to orders, from error on), all (teams, from info on) ()',
  ]));
  expect(chartOf(parts).description).toContain('not counting the time that people take to agree');
});

test('more than a hundred checks are no marks any more', () => {
  const strategy = (iterations: number) => of({ engine: ARGO, strategy: { kind: 'blue-green' as const, everyMs: MINUTE, iterations } });
  expect([chartOf(strategy(100)).checks.length, chartOf(strategy(101)).checks.length]).toEqual([100, 0]);
  expect(dataOf('canaries', strategy(101))).toMatchObject([{ checks: { count: 101 } }]);
});

test.each([[1000, 2], [8 * MINUTE, 9], [9 * MINUTE, 5], [86_400_000, 5], [40 * 604_800_000, 9]])('an axis of %d ms has %d ticks', (end, count) => {
  const ticks = ticksUntil(end, String);
  expect(ticks).toHaveLength(count);
  expect(ticks[0]).toEqual({ at: 0, label: '0' });
  expect(ticks[ticks.length - 1].at).toBeLessThanOrEqual(end);
});

test('the page of a service leads to its canary, and charts of a page are as many as canaries', () => {
  const judged = fortyOne(new App())._judgement();
  const page = reportOf(judged).toHtml();
  expect(page.match(/<figure class="chart"/g)).toHaveLength(judged.model.canaries.length);
  expect(page).toContain('by the canary <a href="#canary-sales/catalog-canary">sales/catalog-canary</a>');
  expect(page).toContain('<article class="part" id="canary-sales/catalog-canary">');
});
