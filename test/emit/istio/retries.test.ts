import { retries, timeout } from '../../../src/emit/istio/retries';
import { NEVER_RETRY, type RetryCondition } from '../../../src/model/policy';

test('never is said with 0 attempts and nothing else, since Istio refuses more', () => {
  expect(retries(NEVER_RETRY)).toStrictEqual({ attempts: 0 });
  expect(retries({ retries: 0, on: ['reset'], perTryMs: 100, backoffMs: 10 })).toStrictEqual({ attempts: 0 });
});

test('all parts', () => {
  expect(retries({ retries: 3, perTryMs: 2000, backoffMs: 50, on: ['server-error', 'reset', 'connect-failure'] })).toStrictEqual({
    attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset,connect-failure', backoff: '50ms',
  });
});

test('no conditions leave Istio\'s own', () => {
  expect(retries({ retries: 1, on: [] })).toStrictEqual({ attempts: 1 });
});

test.each<[RetryCondition, string]>([
  ['server-error', '5xx'], ['gateway-error', 'gateway-error'], ['reset', 'reset'], ['reset-before-request', 'reset-before-request'],
  ['connect-failure', 'connect-failure'], ['refused-stream', 'refused-stream'], ['retriable-4xx', 'retriable-4xx'], ['grpc-cancelled', 'cancelled'],
  ['grpc-deadline-exceeded', 'deadline-exceeded'], ['grpc-internal', 'internal'], ['grpc-resource-exhausted', 'resource-exhausted'],
  ['grpc-unavailable', 'unavailable'], ['status:503', '503'],
])('%s is %s', (condition, word) => {
  expect(retries({ retries: 1, on: [condition] }).retryOn).toBe(word);
});

test('deadlines', () => {
  expect([timeout(1500), timeout('none')]).toEqual(['1500ms', undefined]);
});
