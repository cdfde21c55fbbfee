import { unsafeRetry } from '../../src/checks/unsafe-retry';
import { call, found, lines, port, retry, route, service } from './model-builder';

const web = service('web');
const pay = service('pay');

test('a call that is not idempotent and retried', () => {
  expect(lines(unsafeRetry, { services: [web, { ...pay, retry: retry(2) }], calls: [call('web', 'pay', { idempotent: false })] })).toEqual([
    '[shop/web] calls to shop/pay are declared idempotent: false, and are retried 2 times (its retry is on server-error, which the callee may have seen). '
    + 'Give the call Retry.never(), or retry on CONNECT_FAILURE and REFUSED_STREAM alone; a route\'s own retry is stronger than the call\'s.',
  ]);
});

test.each([
  ['an idempotent one', { retry: retry(2) }],
  ['one that never retries', { idempotent: false, retry: retry(0) }],
  ['one that only repeats what was never seen', { idempotent: false, retry: retry(2, { on: ['connect-failure', 'refused-stream'] }) }],
] as const)('%s', (_, rest) => {
  expect(found(unsafeRetry, { services: [web, pay], calls: [call('web', 'pay', rest)] })).toEqual([]);
});

test('a route whose own retry is stronger than the call\'s', () => {
  const routed = { ...pay, routes: [route('pay', 'charge', { retry: retry(1) }), route('pay', 'list')] };
  const calls = (operation?: string) => [call('web', 'pay', { idempotent: false, retry: retry(0), operation })];
  expect(found(unsafeRetry, { services: [web, routed], calls: calls('charge') })[0].evidence).toMatch(/^the retry of its route charge is on server-error/);
  expect(found(unsafeRetry, { services: [web, routed], calls: calls() })).toHaveLength(1);
  expect(found(unsafeRetry, { services: [web, routed], calls: calls('list') })).toEqual([]);
});

test('TCP is never retried', () => {
  const tcp = { ...pay, retry: retry(2), ports: [port(5432, 'postgres')] };
  expect(found(unsafeRetry, { services: [web, tcp], calls: [call('web', 'pay', { idempotent: false })] })).toEqual([]);
});
