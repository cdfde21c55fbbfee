import { Duration } from 'cdk8s';
import { Retry, RetryOn } from '../../src';
import { NEVER_RETRY } from '../../src/model/policy';
import { refusal } from '../support/refusal';

test('never is the explicit policy of no retries', () => {
  expect(Retry.never()._policy()).toBe(NEVER_RETRY);
});

test('by default only what a wait usually cures, or what nobody has seen, is repeated', () => {
  expect(Retry.upTo(2)._policy()).toEqual({
    retries: 2, perTryMs: undefined, backoffMs: undefined,
    on: ['connect-failure', 'refused-stream', 'reset-before-request', 'gateway-error', 'grpc-unavailable'],
  });
});

test('every part is kept', () => {
  expect(Retry.upTo(3, { perTry: Duration.seconds(2), backOff: Duration.millis(50), on: [RetryOn.SERVER_ERROR, RetryOn.status(429)] })._policy())
    .toEqual({ retries: 3, perTryMs: 2000, backoffMs: 50, on: ['server-error', 'status:429'] });
});

test('every condition has its own word', () => {
  const constants = Object.entries(RetryOn).filter((entry): entry is [string, RetryOn] => entry[1] instanceof RetryOn);
  const named = constants.map(([name, value]) => [name, value._condition()]);
  expect(named).toEqual([
    ['SERVER_ERROR', 'server-error'], ['GATEWAY_ERROR', 'gateway-error'], ['RESET', 'reset'], ['RESET_BEFORE_REQUEST', 'reset-before-request'],
    ['CONNECT_FAILURE', 'connect-failure'], ['REFUSED_STREAM', 'refused-stream'], ['RETRIABLE_4XX', 'retriable-4xx'],
    ['GRPC_CANCELLED', 'grpc-cancelled'], ['GRPC_DEADLINE_EXCEEDED', 'grpc-deadline-exceeded'], ['GRPC_INTERNAL', 'grpc-internal'],
    ['GRPC_RESOURCE_EXHAUSTED', 'grpc-resource-exhausted'], ['GRPC_UNAVAILABLE', 'grpc-unavailable'],
  ]);
});

test.each([1, 10])('takes %d retries', (retries) => {
  expect(Retry.upTo(retries)._policy().retries).toBe(retries);
});

test.each([0, 11, 1.5, -1, NaN, Infinity])('refuses %d retries', (retries) => {
  expect(refusal(() => Retry.upTo(retries))).toBe(`Retry.upTo: retries is ${retries}; give a whole number from 1 to 10`);
});

test('refuses an empty list of conditions', () => {
  expect(refusal(() => Retry.upTo(1, { on: [] }))).toBe('Retry.upTo: on is []; name at least one condition, or use Retry.never()');
});

test.each(['perTry', 'backOff'])('refuses %s of 0', (property) => {
  expect(refusal(() => Retry.upTo(1, { [property]: Duration.millis(0) }))).toBe(`Retry.upTo: ${property} is 0 millis; give a duration longer than 0`);
  expect(Retry.upTo(1, { [property]: Duration.millis(1) })._policy()).toMatchObject({ retries: 1 });
});

test.each([400, 418, 421, 426, 428, 429, 431, 451, 500, 508, 510, 511])('takes status %d', (code) => {
  expect(RetryOn.status(code)._condition()).toBe(`status:${code}`);
});

test.each([399, 600, 503.5])('refuses status %d', (code) => {
  expect(refusal(() => RetryOn.status(code))).toBe(`RetryOn.status: code is ${code}; give a whole number from 400 to 599`);
});

test.each([419, 420, 427, 430, 432, 450, 452, 499, 509, 512, 599])('refuses status %d, which has no name', (code) => {
  expect(refusal(() => RetryOn.status(code))).toBe(`RetryOn.status: code is ${code}; give a registered HTTP status, for instance 503 or 429`);
});
