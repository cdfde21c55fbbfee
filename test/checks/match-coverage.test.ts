import { coverageOf } from '../../src/checks/match-coverage';
import type { RouteMatchNode, StringMatch, ValueMatch } from '../../src/model/route';
import fc from '../support/fc';
import { exact, match, port, prefix, route } from './model-builder';

const regex = (value: string): RouteMatchNode => match({ path: { kind: 'regex', value } });

/** Whether `later` is covered by a route with the match `earlier`, on a service of two ports. */
function covers(earlier: RouteMatchNode, later: RouteMatchNode, ports = [port(80), port(81)]): boolean {
  const routes = [route('a', 'earlier', { matches: [earlier] }), route('a', 'later', { matches: [later] })];
  return coverageOf({ routes, ports })[1].unreachable;
}

const header = (value: ValueMatch, name = 'x') => match({ headers: { [name]: value } });
const query = (value: ValueMatch) => match({ query: { q: value } });

test.each<[string, RouteMatchNode, RouteMatchNode]>([
  ['the same prefix', prefix('/api'), prefix('/api')],
  ['a longer prefix', prefix('/api'), prefix('/api/v2')],
  ['a prefix counts characters, not segments', prefix('/api'), prefix('/apis')],
  ['an exact path below a prefix', prefix('/api'), exact('/api')],
  ['the prefix / is every path', prefix('/'), regex('/.*')],
  ['no condition at all', match(), exact('/x')],
  ['the same expression', regex('/a.*'), regex('/a.*')],
  ['one more condition', prefix('/api'), prefix('/api', { method: { kind: 'exact', value: 'GET' } })],
  ['letter case is ignored before', prefix('/API', { ignorePathCase: true }), exact('/api/x')],
  ['letter case is ignored in both', prefix('/API', { ignorePathCase: true }), prefix('/Api/x', { ignorePathCase: true })],
  ['presence of a header with a value', header({ kind: 'present' }), header({ kind: 'regex', value: 'a' })],
  ['the start of a header', header({ kind: 'prefix', value: 'a' }), header({ kind: 'exact', value: 'ab' })],
  ['header names do not care for case', header({ kind: 'present' }, 'X-A'), header({ kind: 'present' }, 'x-a')],
  ['absence', header({ kind: 'absent' }), header({ kind: 'absent' })],
  ['presence of a parameter', query({ kind: 'present' }), query({ kind: 'exact', value: '1' })],
  ['the same caller', match({ caller: 'shop/a' }), match({ caller: 'shop/a', port: 80 })],
  ['the same port', match({ port: 80 }), prefix('/x', { port: 80 })],
])('covered: %s', (_, earlier, later) => {
  expect(covers(earlier, later)).toBe(true);
});

test.each<[string, RouteMatchNode, RouteMatchNode]>([
  ['a shorter prefix', prefix('/api/v2'), prefix('/api')],
  ['a prefix behind an exact path', exact('/api'), prefix('/api')],
  ['another expression', regex('/.*'), regex('/a.*')],
  ['a prefix behind an expression', regex('.*'), prefix('/a')],
  ['one condition less', prefix('/api', { method: { kind: 'exact', value: 'GET' } }), prefix('/api')],
  ['another method', match({ method: { kind: 'exact', value: 'GET' } }), match({ method: { kind: 'exact', value: 'POST' } })],
  ['letter case is ignored behind', prefix('/api'), prefix('/api', { ignorePathCase: true })],
  ['another letter case', prefix('/API'), prefix('/api')],
  ['absence of what must be present', header({ kind: 'absent' }), header({ kind: 'present' })],
  ['a value of what need only be present', header({ kind: 'exact', value: 'a' }), header({ kind: 'present' })],
  ['another header', header({ kind: 'present' }, 'a'), header({ kind: 'present' }, 'b')],
  ['query parameters care for case', match({ query: { A: { kind: 'present' } } }), match({ query: { a: { kind: 'present' } } })],
  ['a header is no query parameter', match({ headers: { a: { kind: 'present' } } }), match({ query: { a: { kind: 'present' } } })],
  ['another caller', match({ caller: 'shop/a' }), match({ caller: 'shop/b' })],
  ['another port', match({ port: 80 }), match({ port: 81 })],
  ['a port of several', match({ port: 80 }), prefix('/x')],
])('not covered: %s', (_, earlier, later) => {
  expect(covers(earlier, later)).toBe(false);
});

test('the only port is no condition', () => {
  expect(covers(match({ port: 80 }), prefix('/x'), [port(80)])).toBe(true);
});

test('all ports together are every request', () => {
  const routes = [80, 81].map((number) => route('a', `to-${number}`, { matches: [match({ port: number })] })).concat(route('a', 'rest', { matches: [prefix('/x')] }));
  expect(coverageOf({ routes, ports: [port(80), port(81)] }).map(({ unreachable }) => unreachable)).toEqual([false, false, true]);
  expect(coverageOf({ routes, ports: [port(80), port(81), port(82)] }).map(({ unreachable }) => unreachable)).toEqual([false, false, false]);
});

test('a route is reached while one of its matches is', () => {
  const routes = [route('a', 'api', { matches: [prefix('/api')] }), route('a', 'both', { matches: [prefix('/api/v2'), prefix('/v2')] })];
  const [, both] = coverageOf({ routes, ports: [port(80)] });
  expect(both.unreachable).toBe(false);
  expect(both.covered).toEqual([{ index: 0, by: routes[0], byIndex: 0 }]);
});

test('a match covered within its own route leaves the route reachable', () => {
  const routes = [route('a', 'api', { matches: [prefix('/api'), prefix('/api/v2')] })];
  const [api] = coverageOf({ routes, ports: [port(80)] });
  expect(api).toMatchObject({ unreachable: false, covered: [{ index: 1, byIndex: 0 }] });
});

test('a second route without matches', () => {
  const routes = [route('a', 'one'), route('a', 'two')];
  expect(coverageOf({ routes, ports: [port(80)] })).toMatchObject([{ unreachable: false }, { unreachable: true, takenBy: { name: 'one' } }]);
});

/** A tiny world of requests, in which every match can be tried on every request. */
const PATHS = ['/', '/a', '/ab', '/A', '/b'];
const VALUES = [undefined, 'a', 'ab', 'b'];
const REQUESTS = PATHS.flatMap((path) => ['GET', 'POST'].flatMap((method) => VALUES.map((value) => ({ path, method, value }))));

const text = (values: string[]) => fc.record<StringMatch>({ kind: fc.constantFrom('exact', 'prefix', 'regex'), value: fc.constantFrom(...values) });
const matches = fc.record({
  path: fc.option(text(['/', '/a', '/ab', '/A']), { nil: undefined }),
  ignore: fc.boolean(),
  method: fc.option(fc.constantFrom('GET', 'POST'), { nil: undefined }),
  value: fc.option(fc.oneof(text(['a', 'ab']), fc.constantFrom<ValueMatch>({ kind: 'present' }, { kind: 'absent' })), { nil: undefined }),
}).map(({ path, ignore, method, value }): RouteMatchNode => match({
  path,
  ignorePathCase: path !== undefined && path.kind !== 'regex' && ignore ? true : undefined,
  method: method === undefined ? undefined : { kind: 'exact', value: method },
  headers: value === undefined ? {} : { x: value },
}));

function fulfils(condition: StringMatch, value: string): boolean {
  switch (condition.kind) {
    case 'exact': return value === condition.value;
    case 'prefix': return value.startsWith(condition.value);
    case 'regex': return new RegExp(`^(?:${condition.value})$`).test(value);
  }
}

function takes(condition: RouteMatchNode, request: (typeof REQUESTS)[number]): boolean {
  const { path, method, headers, ignorePathCase } = condition;
  const lower = (value: string) => ignorePathCase ? value.toLowerCase() : value;
  const x = headers.x;
  return (path === undefined || fulfils({ kind: path.kind, value: lower(path.value) }, lower(request.path)))
    && (method === undefined || method.value === request.method)
    && (x === undefined || (x.kind === 'absent' ? request.value === undefined
      : request.value !== undefined && (x.kind === 'present' || fulfils(x, request.value))));
}

test('no match is called covered that takes a request which the routes before it left', () => {
  fc.assert(fc.property(fc.array(fc.array(matches, { maxLength: 3 }), { minLength: 1, maxLength: 5 }), (program) => {
    const routes = program.map((list, index) => route('a', `route-${index}`, { matches: list }));
    const left = new Set(REQUESTS);
    for (const { route: one, covered, unreachable } of coverageOf({ routes, ports: [port(80)] })) {
      const before = [...left];
      const own = one.matches.length === 0 ? [match()] : one.matches;
      const dead = new Set(unreachable ? own : covered.map(({ index }) => own[index]));
      for (const request of before) {
        const first = own.find((condition) => takes(condition, request));
        if (first !== undefined) {
          expect(dead.has(first)).toBe(false);
          left.delete(request);
        }
      }
    }
  }), { numRuns: 500 });
});

test('the work grows with the routes, not with their pairs', () => {
  const routes = Array.from({ length: 20_000 }, (_, index) => route('a', `r${index}`, {
    matches: [prefix('/api', { headers: { tenant: { kind: 'exact', value: `t${index}` } } })],
  }));
  const before = performance.now();
  expect(coverageOf({ routes, ports: [port(80)] }).filter(({ unreachable }) => unreachable)).toEqual([]);
  // 200 million pairs would take minutes; on a 2-core machine this takes about 0.2 s.
  expect(performance.now() - before).toBeLessThan(5000);
});
