import { callerGivesUpFirst } from '../../src/checks/caller-gives-up-first';
import { call, found, lines, retry, route, service } from './model-builder';

const services = ['page', 'reviews', 'ratings', 'details'].map((name) => service(name));
const inner = call('reviews', 'ratings', { deadline: 10_000 });

test('a caller that waits shorter than its callee', () => {
  expect(lines(callerGivesUpFirst, { services, calls: [call('page', 'reviews', { deadline: 3000 }), inner] })).toEqual([
    '[shop/page] shop/page waits 3 s for shop/reviews, which may itself wait 10 s (shop/reviews waits 10 s for shop/ratings). Wait 10 s or more for each '
    + 'attempt, let shop/reviews wait less, or declare calls that it makes at the same time parallel.',
  ]);
});

test('both sides of the limit', () => {
  const waiting = (deadline: number) => found(callerGivesUpFirst, { services, calls: [call('page', 'reviews', { deadline }), inner] });
  expect(waiting(9_999)).toHaveLength(1);
  expect(waiting(10_000)).toEqual([]);
});

test('one attempt has to be long enough, not all together', () => {
  const outer = (perTryMs: number) => call('page', 'reviews', { deadline: 30_000, retry: retry(1, { perTryMs }) });
  expect(found(callerGivesUpFirst, { services, calls: [outer(9_999), inner] })).toHaveLength(1);
  expect(found(callerGivesUpFirst, { services, calls: [outer(10_000), inner] })).toEqual([]);
});

test('calls add up one after the other, and not when they are parallel', () => {
  const two = (parallel: boolean) => [inner, call('reviews', 'details', { deadline: 4_000 })].map((one) => ({ ...one, parallel }));
  const page = call('page', 'reviews', { deadline: 13_999 });
  expect(found(callerGivesUpFirst, { services, calls: [page, ...two(false)] })[0].message).toMatch(/may itself wait 14 s$/);
  expect(found(callerGivesUpFirst, { services, calls: [page, ...two(true)] })).toEqual([]);
  expect(found(callerGivesUpFirst, { services, calls: [{ ...page, deadline: 9_999 }, ...two(true)] })).toHaveLength(1);
});

test('times that nobody declared are not held against the caller', () => {
  expect(found(callerGivesUpFirst, { services, calls: [call('page', 'reviews', { deadline: 3000 }), call('reviews', 'ratings')] })).toEqual([]);
});

test('only the calls of the operation that is called count', () => {
  const routed = services.map((one) => one.name === 'reviews' ? { ...one, routes: [route('reviews', 'full'), route('reviews', 'short')] } : one);
  const calls = (operation: string) => [call('page', 'reviews', { deadline: 3000, operation }), { ...inner, during: 'full' }];
  expect(found(callerGivesUpFirst, { services: routed, calls: calls('full') })).toHaveLength(1);
  expect(found(callerGivesUpFirst, { services: routed, calls: calls('short') })).toEqual([]);
});
