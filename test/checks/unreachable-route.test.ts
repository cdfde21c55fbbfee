import { unreachableRoute } from '../../src/checks/unreachable-route';
import { exact, found, lines, match, prefix, route, service } from './model-builder';

function orders(...routes: [string, ReturnType<typeof match>[]][]) {
  return service('orders', { routes: routes.map(([name, matches]) => route('orders', name, { matches })) });
}

test('a route behind a wider one', () => {
  const services = [orders(['api', [prefix('/api')]], ['refunds', [prefix('/api/refunds'), exact('/api')]])];
  expect(lines(unreachableRoute, { services })).toEqual([
    '[shop/orders] no request ever reaches the route refunds (api before it takes path prefix /api/refunds and path exact /api). '
    + 'Add refunds before api, or narrow the matches there.',
  ]);
});

test('the other way round each of them gets its requests', () => {
  expect(found(unreachableRoute, { services: [orders(['refunds', [prefix('/api/refunds')]], ['api', [prefix('/api')]])] })).toEqual([]);
});

test('a route of which one match is left over is reached', () => {
  expect(found(unreachableRoute, { services: [orders(['api', [prefix('/api')]], ['more', [prefix('/api/x'), prefix('/more')]])] })).toEqual([]);
});

test('a route behind one without matches', () => {
  const services = [orders(['all', []], ['api', [prefix('/api')]], ['again', []])];
  expect(found(unreachableRoute, { services }).map(({ evidence }) => evidence)).toEqual([
    'all before it takes path prefix /api', 'all before it takes every request',
  ]);
});

describe('the split', () => {
  const split = { v1: 90, v2: 10 };
  const backends = [{ service: 'shop/orders', subset: 'v1', weight: 100 }];

  test('behind a route that answers everything by itself', () => {
    const services = [service('orders', { split, routes: [route('orders', 'all', { backends })] })];
    expect(lines(unreachableRoute, { services })).toEqual([
      '[shop/orders] no request ever reaches the split {"v1":90,"v2":10} (the route all takes every request and has an answer of its own). '
      + 'Leave the backends of all out, so that it uses the split, or take the split away.',
    ]);
  });

  test.each([
    ['a route that takes everything and uses it', [route('orders', 'all')]],
    ['a route that takes some requests', [route('orders', 'some', { matches: [prefix('/x')], backends })]],
    ['an earlier route that uses it', [route('orders', 'some', { matches: [prefix('/x')] }), route('orders', 'all', { backends })]],
  ])('is reached behind %s', (_, routes) => {
    expect(found(unreachableRoute, { services: [service('orders', { split, routes })] })).toEqual([]);
  });

  test('is not reached by a route that itself is never reached', () => {
    const routes = [route('orders', 'all', { directResponse: { status: 200 } }), route('orders', 'dead')];
    expect(found(unreachableRoute, { services: [service('orders', { split, routes })] }).map(({ message }) => message)).toEqual([
      'no request ever reaches the route dead', 'no request ever reaches the split {"v1":90,"v2":10}',
    ]);
  });
});
