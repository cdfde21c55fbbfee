import { applicationLogicInRoute } from '../../src/checks/application-logic-in-route';
import type { RouteNode } from '../../src/model/route';
import { found, lines, match, route, service } from './model-builder';

function routed(rest: Partial<RouteNode>) {
  return { services: [service('orders', { routes: [route('orders', 'premium', rest)] })] };
}

const exact = (value: string) => ({ kind: 'exact', value }) as const;

test('a route on a user\'s role', () => {
  expect(lines(applicationLogicInRoute, routed({ matches: [match({ headers: { 'x-user-role': exact('premium') } })] }))).toEqual([
    '[shop/orders] route premium of shop/orders decides on the header x-user-role (what it does with these requests is not the choice of a version of this '
    + 'service). Decide it in the application, or in the gateway that knows the user; here, route on a version that the caller names.',
  ]);
});

test.each(['cookie', 'authorization', 'end-user', 'x-user-id', 'x-tenant', 'x-session-id', 'x-jwt-claims'])('the header %s', (name) => {
  expect(found(applicationLogicInRoute, routed({ matches: [match({ headers: { [name]: exact('x') } })] }))).toHaveLength(1);
});

test.each(['x-api-version', 'x-canary', 'accept', 'content-type', 'x-username-format', 'x-request-id', 'user-agent'])('not the header %s', (name) => {
  expect(found(applicationLogicInRoute, routed({ matches: [match({ headers: { [name]: exact('x') } })] }))).toEqual([]);
});

test('a query parameter, unless it names a version', () => {
  const query = (name: string) => found(applicationLogicInRoute, routed({ matches: [match({ query: { [name]: exact('x') } })] }));
  expect(query('category')).toHaveLength(1);
  expect(query('version')).toEqual([]);
});

test('an A/B test sends users to a version', () => {
  const backends = [{ service: 'shop/orders', subset: 'v2', weight: 100 }];
  expect(found(applicationLogicInRoute, routed({ backends, matches: [match({ headers: { cookie: exact('beta') } })] }))).toEqual([]);
});
