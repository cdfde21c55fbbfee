import { httpMatches, takesEverything } from '../../../src/emit/istio/http-match';
import type { RouteMatchNode } from '../../../src/model/route';
import { HTTP, aModel, aService } from '../model';

const model = aModel({ services: [aService('web')] });

function matchOf(match: Partial<RouteMatchNode>) {
  return httpMatches(model, [{ headers: {}, query: {}, ...match }], { port: HTTP, portNamed: false })?.[0];
}

test.each<[string, Partial<RouteMatchNode>, object]>([
  ['an exact path', { path: { kind: 'exact', value: '/a' } }, { uri: { exact: '/a' } }],
  ['a prefix in any case', { path: { kind: 'prefix', value: '/a' }, ignorePathCase: true }, { uri: { prefix: '/a' }, ignoreUriCase: true }],
  ['an expression', { path: { kind: 'regex', value: '/a.*' } }, { uri: { regex: '/a.*' } }],
  ['a method', { method: { kind: 'exact', value: 'GET' } }, { method: { exact: 'GET' } }],
  ['a header\'s value', { headers: { 'x-a': { kind: 'exact', value: '1' } } }, { headers: { 'x-a': { exact: '1' } } }],
  ['a header that is there', { headers: { 'x-a': { kind: 'present' } } }, { headers: { 'x-a': {} } }],
  ['a header that is not there', { headers: { 'x-a': { kind: 'absent' } } }, { withoutHeaders: { 'x-a': {} } }],
  ['a parameter\'s value', { query: { a: { kind: 'regex', value: '[0-9]+' } } }, { queryParams: { a: { regex: '[0-9]+' } } }],
  ['a parameter that is there', { query: { a: { kind: 'present' } } }, { queryParams: { a: {} } }],
  ['a caller', { caller: 'shop/web' }, { sourceLabels: { app: 'web' }, sourceNamespace: 'shop' }],
])('%s', (_, match, expected) => {
  expect(matchOf(match)).toStrictEqual(expected);
});

test('all conditions of a match are one element', () => {
  expect(matchOf({
    path: { kind: 'prefix', value: '/a' }, method: { kind: 'exact', value: 'POST' },
    headers: { a: { kind: 'prefix', value: 'x' }, b: { kind: 'absent' } }, query: { c: { kind: 'exact', value: '1' } }, caller: 'shop/web', port: 80,
  })).toStrictEqual({
    uri: { prefix: '/a' }, method: { exact: 'POST' }, headers: { a: { prefix: 'x' } }, withoutHeaders: { b: {} }, queryParams: { c: { exact: '1' } },
    sourceLabels: { app: 'web' }, sourceNamespace: 'shop',
  });
});

test('equal alternatives are written once, in whatever order their conditions stand', () => {
  const [present, absent] = [{ kind: 'present' }, { kind: 'absent' }] as const;
  const twice = [{ headers: { a: present, b: absent, c: present }, query: {} }, { headers: { c: present, b: absent, a: present }, query: {} }];
  expect(httpMatches(model, twice, { port: HTTP, portNamed: false })).toHaveLength(1);
  const one: RouteMatchNode = { path: { kind: 'prefix', value: '/a' }, headers: {}, query: {} };
  expect(httpMatches(model, [one, { ...one, port: 80 }, one], { port: HTTP, portNamed: false })).toHaveLength(1);
});

test('an alternative that always holds makes the others pointless', () => {
  const matches: RouteMatchNode[] = [{ path: { kind: 'prefix', value: '/a' }, headers: {}, query: {} }, { headers: {}, query: {} }];
  expect(httpMatches(model, matches, { port: HTTP, portNamed: false })).toEqual([]);
  expect(httpMatches(model, matches, { port: HTTP, portNamed: true })).toEqual([{ port: 80 }]);
});

test.each<[boolean, Partial<RouteMatchNode>]>([
  [true, {}], [true, { port: 80 }], [false, { port: 81 }], [false, { caller: 'shop/web' }], [false, { path: { kind: 'prefix', value: '/' } }],
  [false, { method: { kind: 'exact', value: 'GET' } }], [false, { headers: { a: { kind: 'present' } } }], [false, { query: { a: { kind: 'present' } } }],
])('takes everything of port 80: %s, %j', (everything, match) => {
  expect(takesEverything({ headers: {}, query: {}, ...match }, HTTP)).toBe(everything);
});
