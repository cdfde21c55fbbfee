import { Duration } from 'cdk8s';
import { CircuitBreaker } from '../../src';
import { refusal } from '../support/refusal';

const LARGEST = 2_147_483_647;

test('ejects by default and limits nothing', () => {
  const { pool, ejection, retryBudget } = CircuitBreaker.of({})._policy();
  expect(ejection).toBe('default');
  expect(retryBudget).toBeUndefined();
  expect(Object.values(pool).filter((value) => value !== undefined)).toEqual([]);
});

test('every limit is kept', () => {
  expect(CircuitBreaker.of({
    tcp: {
      maxConnections: 1, connectTimeout: Duration.seconds(2), maxConnectionDuration: Duration.minutes(3), idleTimeout: Duration.hours(1),
      keepaliveAfter: Duration.seconds(5), keepaliveEvery: Duration.seconds(6), keepaliveProbes: 7,
    },
    http: {
      maxPendingRequests: 8, maxRequests: 9, maxRequestsPerConnection: 10, maxRetries: 11, idleTimeout: Duration.seconds(12), upgradeToHttp2: true,
      maxConcurrentStreams: 13,
    },
  })._policy().pool).toEqual({
    maxConnections: 1, connectTimeoutMs: 2000, maxConnectionDurationMs: 180_000, tcpIdleTimeoutMs: 3_600_000,
    keepalive: { timeMs: 5000, intervalMs: 6000, probes: 7 },
    maxPendingRequests: 8, maxRequests: 9, maxRequestsPerConnection: 10, maxRetries: 11, httpIdleTimeoutMs: 12_000, upgradeToHttp2: true,
    maxConcurrentStreams: 13,
  });
});

test('ejection takes the library\'s figures where none are given', () => {
  expect(CircuitBreaker.of({ eject: {} })._policy().ejection).toEqual({
    consecutiveServerErrors: 5, consecutiveGatewayErrors: undefined, intervalMs: 10_000, baseMs: 30_000, maxPercent: 50, minHealthPercent: 50,
  });
});

test('gateway errors alone leave server errors out', () => {
  expect(CircuitBreaker.of({ eject: { afterGatewayErrors: 3 } })._policy().ejection)
    .toMatchObject({ consecutiveServerErrors: undefined, consecutiveGatewayErrors: 3 });
  expect(CircuitBreaker.of({ eject: { afterGatewayErrors: 3, after: 4 } })._policy().ejection)
    .toMatchObject({ consecutiveServerErrors: 4, consecutiveGatewayErrors: 3 });
});

test('every figure of ejection is kept', () => {
  expect(CircuitBreaker.of({
    eject: { after: 7, checkEvery: Duration.seconds(1), lasting: Duration.minutes(2), atMostPercent: 0, minHealthyPercent: 100 },
  })._policy().ejection).toEqual({
    consecutiveServerErrors: 7, consecutiveGatewayErrors: undefined, intervalMs: 1000, baseMs: 120_000, maxPercent: 0, minHealthPercent: 100,
  });
});

test('a retry budget has Envoy\'s figures by default', () => {
  expect(CircuitBreaker.of({ retryBudget: {} })._policy().retryBudget).toEqual({ percent: 20, minConcurrency: 3 });
  expect(CircuitBreaker.withoutEjection({ retryBudget: { percent: 12.5, minConcurrency: 0 } })._policy())
    .toMatchObject({ ejection: 'off', retryBudget: { percent: 12.5, minConcurrency: 0 } });
});

test('withoutEjection refuses what would eject', () => {
  expect(CircuitBreaker.withoutEjection()._policy().ejection).toBe('off');
  expect(refusal(() => CircuitBreaker.withoutEjection({ eject: { lasting: Duration.seconds(5) } })))
    .toBe('CircuitBreaker.withoutEjection: eject is {"lasting":"5 seconds"}; leave it out, or use CircuitBreaker.of');
});

const COUNTS = [
  ['tcp', 'maxConnections'], ['tcp', 'keepaliveProbes'],
  ['http', 'maxPendingRequests'], ['http', 'maxRequests'], ['http', 'maxRequestsPerConnection'], ['http', 'maxRetries'], ['http', 'maxConcurrentStreams'],
  ['eject', 'after'], ['eject', 'afterGatewayErrors'],
];

test.each(COUNTS)('%s.%s is a whole number of 32 bits', (part, property) => {
  const given = (value: number) => CircuitBreaker.of({ [part]: { [property]: value } });
  expect(() => given(1)).not.toThrow();
  expect(() => given(LARGEST)).not.toThrow();
  for (const wrong of [0, -1, 1.5, LARGEST + 1, NaN]) {
    expect(refusal(() => given(wrong))).toBe(`CircuitBreaker: ${part}.${property} is ${wrong}; give a whole number from 1 to ${LARGEST}`);
  }
});

const DURATIONS = [
  ['tcp', 'connectTimeout'], ['tcp', 'maxConnectionDuration'], ['tcp', 'idleTimeout'], ['tcp', 'keepaliveAfter'], ['tcp', 'keepaliveEvery'],
  ['http', 'idleTimeout'], ['eject', 'checkEvery'], ['eject', 'lasting'],
];

test.each(DURATIONS)('%s.%s is longer than 0', (part, property) => {
  expect(() => CircuitBreaker.of({ [part]: { [property]: Duration.millis(1) } })).not.toThrow();
  expect(refusal(() => CircuitBreaker.of({ [part]: { [property]: Duration.seconds(0) } })))
    .toBe(`CircuitBreaker: ${part}.${property} is 0 seconds; give a duration longer than 0`);
});

test.each(['atMostPercent', 'minHealthyPercent'])('eject.%s is a whole percentage', (property) => {
  const given = (value: number) => CircuitBreaker.of({ eject: { [property]: value } });
  expect(() => given(0)).not.toThrow();
  expect(() => given(100)).not.toThrow();
  for (const wrong of [-1, 101, NaN]) {
    expect(refusal(() => given(wrong))).toBe(`CircuitBreaker: eject.${property} is ${wrong}; give a percentage from 0 to 100`);
  }
  expect(refusal(() => given(12.5))).toBe(`CircuitBreaker: eject.${property} is 12.5; give a whole percentage from 0 to 100`);
});

test('a retry budget stays within its limits', () => {
  expect(refusal(() => CircuitBreaker.of({ retryBudget: { percent: 100.1 } })))
    .toBe('CircuitBreaker: retryBudget.percent is 100.1; give a percentage from 0 to 100');
  expect(refusal(() => CircuitBreaker.of({ retryBudget: { minConcurrency: -1 } })))
    .toBe(`CircuitBreaker: retryBudget.minConcurrency is -1; give a whole number from 0 to ${LARGEST}`);
});
