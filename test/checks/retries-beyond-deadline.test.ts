import { retriesBeyondDeadline } from '../../src/checks/retries-beyond-deadline';
import { call, external, found, lines, port, retry, route, service } from './model-builder';

const threeTimesTwoSeconds = retry(2, { perTryMs: 2000 });

test.each([[6075, 0], [6074, 1]])('three attempts of 2 s in %s ms: %s findings', (deadline, count) => {
  expect(found(retriesBeyondDeadline, { services: [service('orders', { retry: threeTimesTwoSeconds, deadline })] })).toHaveLength(count);
});

test('it says how many attempts ever happen', () => {
  expect(lines(retriesBeyondDeadline, { services: [service('orders', { retry: retry(4, { perTryMs: 2000 }), deadline: 5000 })] })).toEqual([
    '[shop/orders] 5 attempts of 2 s do not fit in the deadline of 5 s (they take up to 10.375 s with the pauses between them; when the callee hangs, only 3 of 5 ever happen, the last one cut off after 925 ms). '
    + 'Let the deadline be 10.4 s or more, perTry 925 ms or less, or retry 1 time at the most.',
  ]);
  expect(found(retriesBeyondDeadline, { services: [service('orders', { retry: retry(4, { perTryMs: 2000 }), deadline: 4000 })] }))
    .toMatchObject([{ evidence: 'they take up to 10.375 s with the pauses between them; when the callee hangs, only 2 of 5 ever happen, the last one cut off after 1.975 s' }]);
  expect(found(retriesBeyondDeadline, { services: [service('orders', { retry: retry(1, { perTryMs: 2000 }), deadline: 1500 })] }))
    .toMatchObject([{ evidence: 'they take up to 4.025 s with the pauses between them; when the callee hangs, only 1 of 2 ever happens, the last one cut off after 1.5 s' }]);
});

test('without retries, without a time for each, or without a deadline nothing is cut off', () => {
  for (const rest of [{ retry: retry(0), deadline: 1 }, { retry: retry(5), deadline: 1 }, { retry: threeTimesTwoSeconds, deadline: 'none' as const }]) {
    expect(found(retriesBeyondDeadline, { services: [service('orders', rest)] })).toEqual([]);
  }
});

test('the mesh\'s defaults are judged once, on the mesh', () => {
  const defaults = { retry: threeTimesTwoSeconds, deadline: 5000 };
  expect(found(retriesBeyondDeadline, { services: [service('a'), service('b')], defaults })).toMatchObject([{ construct: 'shop/mesh' }]);
  expect(found(retriesBeyondDeadline, { services: [service('a', { ports: [port(5432, 'postgres')] })], defaults })).toEqual([]);
});

test('half of it may come from the mesh', () => {
  expect(found(retriesBeyondDeadline, { services: [service('a', { deadline: 5000 })], defaults: { retry: threeTimesTwoSeconds } })).toMatchObject([{ construct: 'shop/a' }]);
  expect(found(retriesBeyondDeadline, { services: [service('a', { retry: threeTimesTwoSeconds })], defaults: { deadline: 5000 } })).toMatchObject([{ construct: 'shop/a' }]);
  expect(found(retriesBeyondDeadline, { services: [service('a', { retry: threeTimesTwoSeconds, ports: [port(1, 'grpc', { streaming: true })] })], defaults: { deadline: 5000 } })).toEqual([]);
});

test('a call is judged with what it inherits', () => {
  const parts = (deadline: number) => ({
    services: [service('web'), service('orders', { retry: threeTimesTwoSeconds, deadline: 6075 })], calls: [call('web', 'orders', { deadline })],
  });
  expect(found(retriesBeyondDeadline, parts(6075))).toEqual([]);
  expect(found(retriesBeyondDeadline, parts(5999))).toMatchObject([{ construct: 'shop/web', message: '3 attempts of 2 s of the call to shop/orders do not fit in the deadline of 5.999 s' }]);
});

test('calls to an external service', () => {
  const externals = [external('pay', { ports: [port(80)] })];
  expect(found(retriesBeyondDeadline, { services: [service('web')], externals, calls: [call('web', 'pay', { retry: threeTimesTwoSeconds, deadline: 5000 })] }))
    .toMatchObject([{ construct: 'shop/web' }]);
});

describe('a route', () => {
  test.each([[6075, 0], [6074, 1]])('with both of its own, %s ms: %s findings', (deadline, count) => {
    const routes = [route('orders', 'main', { retry: threeTimesTwoSeconds, deadline })];
    expect(found(retriesBeyondDeadline, { services: [service('orders', { routes })] })).toHaveLength(count);
  });

  test('with neither is not judged again', () => {
    const services = [service('orders', { routes: [route('orders', 'main')], retry: threeTimesTwoSeconds, deadline: 5000 })];
    expect(found(retriesBeyondDeadline, { services })).toHaveLength(1);
  });

  test('with a retry of its own is judged with the most impatient caller', () => {
    const services = [service('a'), service('b'), service('orders', { deadline: 20_000, routes: [route('orders', 'main', { retry: threeTimesTwoSeconds })] })];
    const calls = (deadline: number) => [call('a', 'orders', { deadline: 15_000 }), call('b', 'orders', { deadline })];
    expect(found(retriesBeyondDeadline, { services, calls: calls(6075) })).toEqual([]);
    expect(found(retriesBeyondDeadline, { services, calls: calls(5000) })).toMatchObject([
      { construct: 'shop/orders', message: '3 attempts of 2 s of the route main, called by shop/b, do not fit in the deadline of 5 s' },
    ]);
  });

  test('with a deadline of its own is judged with the most stubborn caller', () => {
    const services = [service('a'), service('b'), service('orders', { routes: [route('orders', 'main', { deadline: 5375 })] })];
    const calls = (retries: number) => [call('a', 'orders', { retry: retry(1, { perTryMs: 2000 }) }), call('b', 'orders', { retry: retry(retries, { perTryMs: 1000 }) })];
    expect(found(retriesBeyondDeadline, { services, calls: calls(4) })).toEqual([]);
    expect(found(retriesBeyondDeadline, { services, calls: calls(5) })).toMatchObject([{ construct: 'shop/orders' }]);
  });
});
