import { RouteMatch, StringMatch } from '../../src';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

test.each([
  ['exact', RouteMatch.exact('/a'), { path: { kind: 'exact', value: '/a' } }],
  ['prefix', RouteMatch.prefix('/'), { path: { kind: 'prefix', value: '/' } }],
  ['regex', RouteMatch.regex('a.*'), { path: { kind: 'regex', value: 'a.*' } }],
  ['path', RouteMatch.path(StringMatch.exact('/a')), { path: { kind: 'exact', value: '/a' } }],
  ['ignoring case', RouteMatch.prefix('/A').ignoringPathCase(), { path: { kind: 'prefix', value: '/A' }, ignorePathCase: true }],
  ['method', RouteMatch.method('GET'), { method: { kind: 'exact', value: 'GET' } }],
  ['header', RouteMatch.header('X-User', 'me'), { headers: { 'x-user': { kind: 'exact', value: 'me' } } }],
  ['header matching', RouteMatch.headerMatching('x-user', StringMatch.prefix('m')), { headers: { 'x-user': { kind: 'prefix', value: 'm' } } }],
  ['header present', RouteMatch.headerPresent('x-user'), { headers: { 'x-user': { kind: 'present' } } }],
  ['header absent', RouteMatch.headerAbsent('x-user'), { headers: { 'x-user': { kind: 'absent' } } }],
  ['query', RouteMatch.query('Q', '1'), { query: { Q: { kind: 'exact', value: '1' } } }],
  ['query matching', RouteMatch.queryMatching('q', StringMatch.regex('[0-9]+')), { query: { q: { kind: 'regex', value: '[0-9]+' } } }],
  ['port', RouteMatch.port(65535), { port: 65535 }],
])('%s', (_, match, node) => {
  expect(match._node()).toEqual({ headers: {}, query: {}, ...node });
});

test('a caller is known by its id', () => {
  const web = service(shop(), 'web');
  expect(RouteMatch.caller(web)._node()).toEqual({ headers: {}, query: {}, caller: 'shop/web' });
  expect(RouteMatch.caller(web)._caller).toBe(web);
  expect(RouteMatch.all(RouteMatch.port(1), RouteMatch.caller(web))._caller).toBe(web);
  expect(RouteMatch.all(RouteMatch.prefix('/a'), RouteMatch.caller(web)).ignoringPathCase()._caller).toBe(web);
  expect(RouteMatch.port(1)._caller).toBeUndefined();
});

test('all joins conditions', () => {
  const match = RouteMatch.all(
    RouteMatch.prefix('/a').ignoringPathCase(), RouteMatch.method('PUT'), RouteMatch.header('a', '1'), RouteMatch.headerAbsent('b'),
    RouteMatch.query('a', '1'), RouteMatch.query('b', '2'), RouteMatch.port(80),
  );
  expect(match._node()).toEqual({
    path: { kind: 'prefix', value: '/a' }, ignorePathCase: true, method: { kind: 'exact', value: 'PUT' }, port: 80,
    headers: { a: { kind: 'exact', value: '1' }, b: { kind: 'absent' } },
    query: { a: { kind: 'exact', value: '1' }, b: { kind: 'exact', value: '2' } },
  });
  expect(RouteMatch.all(RouteMatch.port(80))._node()).toEqual(RouteMatch.port(80)._node());
});

test('names of what every object has are names like any other', () => {
  expect(RouteMatch.all(RouteMatch.header('a', '1'), RouteMatch.header('constructor', '2'))._node().headers)
    .toEqual({ a: { kind: 'exact', value: '1' }, constructor: { kind: 'exact', value: '2' } });
});

const TWICE = 'give it once, or list two matches as alternatives';

test.each([
  ['path', [RouteMatch.exact('/a'), RouteMatch.prefix('/b')], '[{"kind":"exact","value":"/a"},{"kind":"prefix","value":"/b"}]'],
  ['method', [RouteMatch.method('GET'), RouteMatch.method('PUT')], '[{"kind":"exact","value":"GET"},{"kind":"exact","value":"PUT"}]'],
  ['port', [RouteMatch.port(1), RouteMatch.port(2)], '[1,2]'],
  ['header x', [RouteMatch.headerPresent('X'), RouteMatch.headerAbsent('x')], '[{"kind":"present"},{"kind":"absent"}]'],
  ['query q', [RouteMatch.query('q', '1'), RouteMatch.query('q', '1')], '[{"kind":"exact","value":"1"},{"kind":"exact","value":"1"}]'],
])('all refuses two conditions on the %s', (key, conditions, shown) => {
  expect(refusal(() => RouteMatch.all(...conditions))).toBe(`RouteMatch.all: ${key} is ${shown}; ${TWICE}`);
});

test('all refuses no condition', () => {
  expect(refusal(() => RouteMatch.all())).toBe('RouteMatch.all: conditions is []; give at least one condition');
});

test.each(['a', 'http://a', '*'])('refuses the path %j', (path) => {
  expect(refusal(() => RouteMatch.exact(path))).toBe(`RouteMatch: path is "${path}"; begin it with a slash`);
  expect(refusal(() => RouteMatch.prefix(path))).toBe(`RouteMatch: path is "${path}"; begin it with a slash`);
});

test.each(['', 'get', 'GET ', 'G-T'])('refuses the method %j', (name) => {
  expect(refusal(() => RouteMatch.method(name))).toBe(`RouteMatch.method: name is "${name}"; give an HTTP method in capitals, for instance GET`);
});

test('refuses what is no header', () => {
  expect(refusal(() => RouteMatch.headerPresent('@request.auth.claims.sub')))
    .toBe('RouteMatch: header is "@request.auth.claims.sub"; give the name of an HTTP header: letters, digits and hyphens');
});

test('refuses a query parameter without a name, and one that begins with something', () => {
  expect(refusal(() => RouteMatch.query('', 'a'))).toBe('RouteMatch: query is ""; give the name of a query parameter');
  expect(refusal(() => RouteMatch.queryMatching('q', StringMatch.prefix('a'))))
    .toBe('RouteMatch.queryMatching: condition is {"kind":"prefix","value":"a"}; use StringMatch.exact or StringMatch.regex');
});

test.each([0, 65536, 1.5])('refuses port %d', (port) => {
  expect(refusal(() => RouteMatch.port(port))).toBe(`RouteMatch.port: number is ${port}; give a whole number from 1 to 65535`);
});

test('refuses to ignore the case of what is no plain path', () => {
  const fix = 'use it on an exact path or a prefix; write (?i) in an expression';
  expect(refusal(() => RouteMatch.regex('/a').ignoringPathCase())).toBe(`RouteMatch.ignoringPathCase: path is "/a"; ${fix}`);
  expect(refusal(() => RouteMatch.method('GET').ignoringPathCase())).toBe(`RouteMatch.ignoringPathCase: path is undefined; ${fix}`);
});
