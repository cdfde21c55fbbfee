import { gateWithoutData } from '../../src/checks/gate-without-data';
import type { CanaryNode, StrategyNode, WebhookNode } from '../../src/model/delivery';
import { canary, delivered, latency, successRate, weights } from './canary-builder';
import { found, lines, port } from './model-builder';

const BLUE_GREEN: StrategyNode = { kind: 'blue-green', iterations: 3, everyMs: 60_000 };
const LOAD_TEST: WebhookNode = { kind: 'load-test', name: 'load-test', url: 'http://tester', timeoutMs: 10_000, metadata: {} };
const METRICS = canary('orders').metrics;

function severities(rest: Partial<CanaryNode>, own: Parameters<typeof delivered>[2] = {}): string[] {
  return found(gateWithoutData, { services: [delivered('orders', rest, own)] }).map(({ severity }) => severity);
}

test('blue/green without a load test has nothing to measure; a mirror and a load test have', () => {
  expect(severities({ strategy: BLUE_GREEN })).toEqual(['error']);
  expect(severities({ strategy: { ...BLUE_GREEN, mirrorPercent: 100 } })).toEqual([]);
  expect(severities({ strategy: BLUE_GREEN, webhooks: [LOAD_TEST] })).toEqual([]);
});

// 10 % of 16.67 requests a second over a minute are 100 requests: one failed one is exactly the 1 % that 99 lets pass.
test.each([
  [100 / 6 / 1000, 'error'], [1 / 6, 'warning'], [100 / 6 - 0.01, 'warning'], [100 / 6 + 0.01, undefined], [undefined, undefined],
] as const)('%d requests per second at 10 %%: %s', (requestsPerSecond, severity) => {
  const expected = severity === undefined ? [] : [severity];
  expect(severities({ strategy: weights(10, 50) }, { requestsPerSecond })).toEqual(expected);
  expect(severities({ strategy: weights(10, 50), gates: [latency(99, 100)] }, { requestsPerSecond })).toEqual(expected);
  expect(severities({ strategy: weights(10, 50), webhooks: [LOAD_TEST] }, { requestsPerSecond })).toEqual([]);
});

test('a gate that forgives nothing needs no number of requests', () => {
  expect(severities({ gates: [successRate(100)] }, { requestsPerSecond: 1 })).toEqual([]);
});

test.each([[29_000, ['error']], [30_000, ['warning']], [59_000, ['warning']], [60_000, []]])('a window of %d ms at a scrape every 15 s: %j', (windowMs, severity) => {
  expect(severities({ gates: [successRate(99, { windowMs })] })).toEqual(severity);
});

test('what no proxy of the mesh reports', () => {
  expect(severities({ metrics: { ...METRICS, kind: 'linkerd' } })).toEqual(['error']);
  expect(severities({ metrics: { ...METRICS, kind: 'envoy' } })).toEqual([]);
  expect(severities({}, { meshed: false })).toEqual(['error']);
  expect(severities({ metrics: { ...METRICS, kind: 'envoy' } }, { ports: [port(8080, 'grpc')] })).toEqual(['error']);
  expect(severities({}, { ports: [port(8080, 'grpc')] })).toEqual([]);
  const query = { kind: 'promql', name: 'queue', windowMs: 60_000, query: 'up', atLeast: 1 } as const;
  expect(severities({ gates: [query], metrics: { ...METRICS, kind: 'linkerd' }, strategy: BLUE_GREEN })).toEqual([]);
});

test('it says how many requests there are and how many it takes', () => {
  expect(lines(gateWithoutData, { services: [delivered('orders', { strategy: weights(5, 50) }, { requestsPerSecond: 10 })] })).toEqual([
    '[shop/orders-canary] gate success-rate sees 30 requests at 5 %: a single failed one fails the check (10 requests per second at the busiest time, '
    + '5 % of them, in 60 s; 100 would be enough). Begin with a larger share, look back longer (window), or add CanaryWebhook.loadTest.',
  ]);
});
