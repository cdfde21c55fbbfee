import fc from 'fast-check';
import { routePrecedence } from '../../src/checks/route-precedence';
import type { RouteMatchNode } from '../../src/model/route';
import { orderedRules, outranks, ranked } from '../../src/model/route-precedence';
import { exact, found, lines, match, port, prefix, route, service } from './model-builder';

const GATEWAY = { provider: 'gateway-api', providerVersion: '1.5', gatewayChannel: 'experimental' } as const;

function judged(...routes: [string, RouteMatchNode[]][]) {
  return { mesh: GATEWAY, services: [service('orders', { routes: routes.map(([name, matches]) => route('orders', name, { matches })) })] };
}

const regex = (value: string, rest: Partial<RouteMatchNode> = {}) => match({ path: { kind: 'regex', value }, ...rest });
const header = (name: string, value: string) => match({ headers: { [name]: { kind: 'exact', value } } });

test('a route whose requests a more exact one behind it takes', () => {
  expect(lines(routePrecedence, judged(['testers', [header('x-tester', 'yes')]], ['health', [exact('/health')]]))).toEqual([
    '[shop/orders] the route health stands behind the route testers, and would take requests from it (Gateway API tries path exact /health before '
    + 'header x-tester exact yes, and one request can be both; provider gateway-api). Add the route health before testers if that is meant; else ask for as much in '
    + 'testers, or take MeshProvider.istio(), which tries routes in order.',
  ]);
  expect(found(routePrecedence, judged(['health', [exact('/health')]], ['testers', [header('x-tester', 'yes')]]))).toEqual([]);
});

test('a mesh that tries routes in order has no such trouble', () => {
  const { services } = judged(['testers', [header('x-tester', 'yes')]], ['health', [exact('/health')]]);
  expect(found(routePrecedence, { services })).toEqual([]);
});

test.each<[string, RouteMatchNode, RouteMatchNode, number]>([
  ['a longer prefix', prefix('/a'), prefix('/a/b', { method: { kind: 'exact', value: 'GET' } }), 1],
  ['a prefix elsewhere', prefix('/a'), prefix('/bcd'), 0],
  ['a prefix that only shares letters', prefix('/a'), prefix('/ab'), 0],
  ['a method', prefix('/a'), prefix('/a', { method: { kind: 'exact', value: 'GET' } }), 1],
  ['more headers', header('a', '1'), match({ headers: { b: { kind: 'present' }, c: { kind: 'present' } } }), 1],
  ['as many headers', header('a', '1'), header('b', '1'), 0],
  ['another value of one header', header('a', '1'), match({ path: { kind: 'exact', value: '/x' }, headers: { a: { kind: 'exact', value: '2' } } }), 0],
  ['a value that begins otherwise', header('a', '1'), exact('/x', { headers: { a: { kind: 'prefix', value: '2' } } }), 0],
  ['another method', match({ method: { kind: 'exact', value: 'GET' } }), exact('/x', { method: { kind: 'exact', value: 'PUT' } }), 0],
  ['a query parameter', match({ headers: {}, method: { kind: 'exact', value: 'GET' } }), match({ method: { kind: 'exact', value: 'GET' }, query: { q: { kind: 'present' } } }), 1],
  ['an exact path that an expression takes, too', regex('/v[0-9]+'), exact('/v1'), 1],
  ['an exact path that it does not take', regex('/v[0-9]+'), exact('/x'), 0],
  ['a prefix below which an expression begins', regex('/v[0-9]+/.*'), prefix('/v'), 1],
  ['a prefix with which an expression begins otherwise', regex('/v[0-9]+/.*'), prefix('/a'), 0],
  ['a prefix, behind an expression of several beginnings', regex('/v|/a/.*'), prefix('/a'), 1],
  ['a prefix, behind an expression whose last letter may be missing', regex('/ab?.*'), prefix('/ac'), 1],
  ['any prefix behind an expression without a beginning', regex('.*[.]png'), prefix('/a'), 1],
  ['a longer expression', regex('/v.*'), regex('/v[0-9]+/.*'), 1],
  ['a shorter expression', regex('/v[0-9]+/.*'), regex('/v.*'), 0],
])('%s', (_, first, second, count) => {
  expect(found(routePrecedence, judged(['first', [first]], ['second', [second]]))).toHaveLength(count);
});

test('what no route takes never comes first, unless an expression is shorter than any', () => {
  expect(found(routePrecedence, judged(['all', [regex('/v[0-9]+')]]))).toEqual([]);
  expect(found(routePrecedence, judged(['all', [regex('.')]])).map(({ message }) => message))
    .toEqual(['what no route takes stands behind the route all, and would take requests from it']);
});

test('matches of one route, and of different ports, do not matter', () => {
  expect(found(routePrecedence, judged(['one', [prefix('/a'), exact('/a/b')]]))).toEqual([]);
  const ports = [port(80), port(81)];
  const routes = [route('orders', 'a', { matches: [prefix('/a', { port: 80 })] }), route('orders', 'b', { matches: [exact('/a/b', { port: 81 })] })];
  expect(found(routePrecedence, { mesh: GATEWAY, services: [service('orders', { ports, routes })] })).toEqual([]);
});

describe('random routes', () => {
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/ab', '/c'];
  const path = fc.oneof(
    fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), value: fc.constantFrom(...PATHS) }),
    fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('/a.*', '/a/[a-z]+', '/[ac]', '/a|/c', '/ab?') }),
  );
  const value = fc.constantFrom('1', '2').map((text) => ({ kind: 'exact' as const, value: text }));
  const one: fc.Arbitrary<RouteMatchNode> = fc.record({
    path: maybe(path), method: maybe(fc.constantFrom('GET', 'PUT').map((text) => ({ kind: 'exact' as const, value: text }))),
    headers: fc.dictionary(fc.constantFrom('x', 'y'), value, { maxKeys: 2 }), query: fc.dictionary(fc.constantFrom('q'), value, { maxKeys: 1 }),
  });
  const requests = PATHS.flatMap((text) => ['GET', 'PUT'].flatMap((method) => [undefined, '1', '2'].flatMap((x) => [undefined, '1'].flatMap((y) => (
    [undefined, '1'].map((q) => ({ path: text, method, headers: { x, y }, query: { q } }))
  )))));
  type Request = (typeof requests)[number];

  function takes(condition: RouteMatchNode, request: Request): boolean {
    const onPath = condition.path === undefined
      || (condition.path.kind === 'exact' ? condition.path.value === request.path
        : condition.path.kind === 'regex' ? new RegExp(`^(?:${condition.path.value})$`).test(request.path)
          : condition.path.value === '/' || request.path === condition.path.value || request.path.startsWith(`${condition.path.value}/`));
    const holds = (values: RouteMatchNode['headers'], given: Record<string, string | undefined>) => (
      Object.entries(values).every(([name, asked]) => 'value' in asked && given[name] === asked.value)
    );
    return onPath && (condition.method === undefined || condition.method.value === request.method)
      && holds(condition.headers, request.headers) && holds(condition.query, request.query);
  }

  test('without a finding go where the program says', () => {
    fc.assert(fc.property(fc.array(fc.array(one, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 }), (all) => {
      const precedence = { expressionsLast: true };
      const routes = all.map((matches, index) => route('orders', `r${index}`, { matches }));
      const services = [service('orders', { routes })];
      fc.pre(found(routePrecedence, { mesh: GATEWAY, services }).length === 0);
      const entries = orderedRules(routes, services[0].ports[0], precedence).flatMap(({ route: of, matches, asExpression }) => (
        (matches.length === 0 ? [match()] : matches).map((condition) => ({ name: of?.name, ...ranked(condition, asExpression, precedence) }))
      ));
      const astray = requests.filter((request) => {
        const taken = entries.filter((entry) => takes(entry.match, request));
        const byRank = taken.find((entry) => !taken.some((other) => outranks(other, entry)));
        return byRank === undefined || byRank.name !== routes.find(({ matches }) => matches.some((condition) => takes(condition, request)))?.name;
      });
      expect(astray).toEqual([]);
    }), { numRuns: 200 });
  });
});
