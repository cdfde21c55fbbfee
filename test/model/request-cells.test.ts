import { type Cell, coversPath, indistinct, isExact, isPrefix, type LimitedGrant, requestCells, sharePaths } from '../../src/model/request-cells';
import fc from '../support/fc';

function grant(who: string, rest: Partial<LimitedGrant> = {}): LimitedGrant {
  return { who, methods: [], paths: [], hosts: [], ...rest };
}

test.each([
  ['/api/*', '/api', true], ['/api/*', '/api/v1', true], ['/api/*', '/apis', false], ['/api/*', '/api/v1/*', true], ['/api/v1/*', '/api/*', false],
  ['/*', '/a/b', true], ['/a', '/a', true], ['/a', '/a/*', false], ['/a/{*}', '/a/b', true], ['/a/{*}', '/a/b/c', false], ['/a/{*}', '/a/*', false],
  ['/a/{*}/c', '/a/{*}/c', true], ['/a/{*}/c', '/a/b/c', true], ['/a/{**}', '/a/b/c', true], ['/a/{**}', '/a/*', true], ['/a/{**}/z', '/a/b/z', true],
  ['/a/{**}/z', '/a/b/y', false], ['/a/*', '/a/{*}/c', true],
])('%s covers %s: %s', (wide, narrow, covers) => {
  expect(coversPath(wide, narrow)).toBe(covers);
});

test.each([
  ['/a/{*}', '/a/b', true], ['/a/{*}', '/{*}/b', true], ['/a/{*}', '/b/{*}', false], ['/a/*', '/a/b/*', true], ['/a/*', '/b/*', false], ['/a', '/a/b', false],
])('%s and %s have a path in common: %s', (a, b, shared) => {
  expect([sharePaths(a, b), sharePaths(b, a)]).toEqual([shared, shared]);
});

test('kinds of patterns', () => {
  expect(['/a', '/a/*', '/a/{*}', '/a/{**}'].map((path) => [isExact(path), isPrefix(path)])).toEqual([[true, false], [false, true], [false, false], [false, false]]);
});

test('requests that two rules share belong to the callers of both', () => {
  expect(requestCells([grant('web', { paths: ['/api*'] }), grant('batch', { paths: ['/api/jobs'], methods: ['POST'] })])).toEqual([
    { path: '/api/*', who: ['web'] },
    { path: '/api/jobs', method: undefined, who: ['web'] },
    { path: '/api/jobs', method: 'POST', who: ['batch', 'web'] },
  ]);
});

test('a host is a cell of its own, with the callers that no host limits', () => {
  expect(requestCells([grant('web', { hosts: ['shop.example.com'] }), grant('ops', { hosts: ['*.example.com'] }), grant('batch', { methods: ['GET'] })])).toEqual([
    { host: 'shop.example.com', who: ['ops', 'web'] },
    { host: 'shop.example.com', method: 'GET', who: ['batch', 'ops', 'web'] },
    { host: '*.example.com', who: ['ops'] },
    { host: '*.example.com', method: 'GET', who: ['batch', 'ops'] },
    { method: 'GET', who: ['batch'] },
  ]);
});

const SEGMENTS = ['a', 'b'];
const path = fc.oneof(
  fc.array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  fc.array(fc.constantFrom(...SEGMENTS), { minLength: 0, maxLength: 2 }).map((parts) => `/${[...parts, '*'].join('/')}`),
  fc.array(fc.constantFrom(...SEGMENTS, '{*}'), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
);
const limited = fc.record({
  who: fc.constantFrom('web', 'batch', 'ops'), methods: fc.subarray(['GET', 'POST']), paths: fc.array(path, { maxLength: 2 }),
  hosts: fc.subarray(['shop.example.com', '*.example.com'], { maxLength: 1 }),
});

/** What a proxy does: the most exact host, then the longest match, then a method; of equals the first. */
function decide(cells: readonly Cell[], host: string, asked: string, method: string): readonly string[] {
  const length = (cell: Cell) => cell.path === undefined ? 1 : isPrefix(cell.path) ? Math.max(1, cell.path.length - 2) : asked.length;
  const rank = (cell: Cell) => [cell.host === undefined ? 0 : cell.host.startsWith('*') ? 1 : 2, length(cell), cell.method === undefined ? 0 : 1];
  const matching = cells.filter((cell) => (cell.host === undefined || cell.host === host || (cell.host.startsWith('*') && host.endsWith(cell.host.slice(1))))
    && (cell.method ?? method) === method && (cell.path === undefined || coversPath(cell.path, asked)));
  const better = (a: Cell, b: Cell) => (rank(a).map((one, index) => rank(b)[index] - one).find((difference) => difference !== 0) ?? 0) > 0;
  return matching.length === 0 ? [] : matching.reduce((a, b) => better(a, b) ? b : a).who;
}

test('the most specific cell of every request has exactly the callers that any rule lets send it, unless a check says that it is not told', () => {
  fc.assert(fc.property(fc.array(limited, { minLength: 1, maxLength: 4 }), fc.constantFrom('shop.example.com', 'x.example.com', 'other.test'),
    fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 }), fc.constantFrom('GET', 'POST', 'PUT'), (grants, host, parts, method) => {
      const cells = requestCells(grants);
      fc.pre(indistinct(cells).length === 0);
      const asked = `/${parts.join('/')}`;
      const allowed = grants.filter(({ methods, paths, hosts }) => (methods.length === 0 || methods.includes(method))
        && (paths.length === 0 || paths.some((one) => coversPath(one, asked)))
        && (hosts.length === 0 || hosts.some((one) => one === host || (one.startsWith('*') && host.endsWith(one.slice(1)))))).map(({ who }) => who);
      expect(decide(cells, host, asked, method)).toEqual([...new Set(allowed)].sort());
    }), { numRuns: 500 });
});

test.each([
  ['templates cross each other', ['/a/{*}', '/{*}/b'], 1], ['a template takes an exact path', ['/a/{*}', '/a/b'], 1],
  ['a prefix begins with the exact path', ['/a/*', '/a'], 1], ['a prefix takes a longer path', ['/a/*', '/a/b'], 0],
  ['one prefix takes another', ['/a/*', '/a/b/*'], 0], ['a prefix takes a template', ['/a/*', '/a/{*}/c'], 0], ['nothing in common', ['/a/{*}', '/b/{*}'], 0],
])('where %s, the mesh cannot tell: %j %d', (_, [a, b], pairs) => {
  expect(indistinct(requestCells([grant('web', { paths: [a] }), grant('batch', { paths: [b] })]))).toHaveLength(pairs);
  expect(indistinct(requestCells([grant('web', { paths: [a] }), grant('web', { paths: [b] })]))).toEqual([]);
});

test('methods tell apart what paths do not', () => {
  expect(indistinct(requestCells([grant('web', { paths: ['/a/*'], methods: ['GET'] }), grant('batch', { paths: ['/a'], methods: ['POST'] })]))).toEqual([]);
});
