import { ineffectiveMatch } from '../../src/checks/ineffective-match';
import { exact, found, lines, match, prefix, route, service } from './model-builder';

function orders(...routes: [string, ReturnType<typeof match>[]][]) {
  return { services: [service('orders', { routes: routes.map(([name, matches]) => route('orders', name, { matches })) })] };
}

test('a match that an earlier one of the same route covers', () => {
  expect(lines(ineffectiveMatch, orders(['api', [prefix('/api'), exact('/api/x')]]))).toEqual([
    '[shop/orders] matches[1] of the route api (path exact /api/x) has no effect (path prefix /api is taken by the same route before it). Take the match away.',
  ]);
});

test('a match that an earlier route covers, while another one of its route is left', () => {
  expect(lines(ineffectiveMatch, orders(['api', [prefix('/api')]], ['mixed', [prefix('/b'), prefix('/api/x')]]))).toEqual([
    '[shop/orders] matches[1] of the route mixed (path prefix /api/x) has no effect (path prefix /api is taken by the route api before it). '
    + 'Add mixed before api, or take the match away.',
  ]);
});

test('matches that all have an effect', () => {
  expect(found(ineffectiveMatch, orders(['api', [exact('/api/x'), prefix('/api')]], ['rest', [prefix('/b'), match({ method: { kind: 'exact', value: 'PUT' } })]]))).toEqual([]);
});

test('a route of which no match is left is left to unreachable-route', () => {
  expect(found(ineffectiveMatch, orders(['api', [prefix('/api')]], ['dead', [prefix('/api/x'), prefix('/api/y')]]))).toEqual([]);
});
