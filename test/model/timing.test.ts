import { callTime, pauses, serviceTime } from '../../src/model/timing';
import { call, model, port, retry, service } from '../checks/model-builder';

test('pauses double from Envoy\'s base, ten times the base at the most', () => {
  expect([0, 1, 2, 3, 5].map((retries) => pauses(retry(retries)))).toEqual([0, 25, 75, 175, 625]);
  expect(pauses(retry(5, { backoffMs: 100 }))).toBe(100 + 200 + 400 + 800 + 1000);
});

function time(rest: Parameters<typeof call>[2]) {
  const one = call('web', 'orders', rest);
  return callTime(model({ services: [service('web'), service('orders')], calls: [one] }), one);
}

test('a call takes at most its deadline, or all its attempts with their pauses where that is less', () => {
  expect(time({})).toEqual({ attemptMs: 15_000, totalMs: 15_000, declared: false });
  expect(time({ deadline: 3000 })).toEqual({ attemptMs: 3000, totalMs: 3000, declared: true });
  expect(time({ deadline: 10_000, retry: retry(2, { perTryMs: 1000 }) })).toEqual({ attemptMs: 1000, totalMs: 3075, declared: true });
  expect(time({ deadline: 2000, retry: retry(2, { perTryMs: 1000 }) })).toEqual({ attemptMs: 1000, totalMs: 2000, declared: true });
  expect(time({ deadline: 'none' })!.totalMs).toBe(Infinity);
});

test('TCP has no time of its own', () => {
  const one = call('web', 'db');
  expect(callTime(model({ services: [service('web'), service('db', { ports: [port(5432, 'postgres')] })], calls: [one] }), one)).toBeUndefined();
});

test('a service waits for its calls one after the other, and for the longest of parallel ones', () => {
  const of = model({
    services: ['web', 'a', 'b', 'c'].map((name) => service(name)),
    calls: [
      call('web', 'a', { deadline: 1000, times: 2 }), call('web', 'b', { deadline: 5000, parallel: true }), call('web', 'c', { deadline: 3000, parallel: true }),
    ],
  });
  expect(serviceTime(of, of.services[0])).toMatchObject({ totalMs: 7000, declaredMs: 7000 });
});
