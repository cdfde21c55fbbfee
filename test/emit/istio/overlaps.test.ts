import type { HttpMatch } from '../../../src/emit/istio/http-match';
import { distinguish, withoutDead } from '../../../src/emit/istio/overlaps';

const web = { sourceLabels: { app: 'web' }, sourceNamespace: 'shop' };
const api = { uri: { prefix: '/api' } };
const v2 = { uri: { prefix: '/api/v2' } };

/** The earlier match as it is written before the later one. */
function written(earlier: HttpMatch, later: HttpMatch): HttpMatch {
  const rules = [{ name: 'a', match: [earlier] }, { name: 'b', match: [later] }, { name: 'default' }];
  const result = distinguish(rules);
  expect(result.slice(1)).toEqual(rules.slice(1));
  return result[0].match![0];
}

// Each of these was put before istioctl 1.31, which called the second match unreachable.
test.each<[string, HttpMatch, HttpMatch]>([
  ['a caller before everybody', { ...api, ...web }, v2],
  ['one caller before another', { ...api, ...web }, { ...v2, sourceLabels: { app: 'batch' }, sourceNamespace: 'shop' }],
  ['one namespace before another', { ...api, ...web }, { ...v2, ...web, sourceNamespace: 'jobs' }],
  ['GET before every method', { ...api, method: { exact: 'GET' } }, v2],
  ['an expression on the method', { ...api, method: { regex: 'P.*' } }, v2],
  ['two expressions on one header', { ...api, headers: { a: { regex: 'x.*' } } }, { ...v2, headers: { a: { regex: 'y.*' } } }],
  ['a value before mere presence', { ...api, headers: { a: { exact: 'x' } } }, { ...v2, headers: { a: {} } }],
  ['two expressions on one parameter', { ...api, queryParams: { a: { regex: '1' } } }, { ...v2, queryParams: { a: { regex: '2' } } }],
  ['case before no case', api, { ...v2, ignoreUriCase: true }],
])('asks for :path where Istio would be wrong: %s', (_, earlier, later) => {
  expect(written(earlier, later)).toStrictEqual({ ...earlier, headers: { ...earlier.headers, ':path': {} } });
});

test.each<[string, HttpMatch, HttpMatch]>([
  ['the later is really unreachable', api, v2],
  ['really, for one caller', { ...api, ...web }, { ...v2, ...web }],
  ['really, whatever the case', { ...api, ignoreUriCase: true }, v2],
  ['really, with a header both have', { ...api, headers: { a: { exact: 'x' } } }, { ...v2, headers: { a: { exact: 'x' } } }],
  ['the longer prefix stands first', v2, { ...api, ...web }],
  ['the same prefix', { ...api, ...web }, api],
  ['different ports', { ...api, ...web, port: 80 }, { ...v2, port: 81 }],
  ['different methods', { ...api, method: { exact: 'POST' } }, v2],
  ['a header more', { ...api, headers: { a: { exact: 'x' } } }, v2],
  ['another header', { ...api, headers: { a: {} } }, { ...v2, headers: { b: {} } }],
  ['another value', { ...api, headers: { a: { exact: 'x' } } }, { ...v2, headers: { a: { exact: 'y' } } }],
  ['an absent header more', { ...api, withoutHeaders: { a: {} } }, v2],
  ['no prefix', { uri: { exact: '/api' }, ...web }, v2],
])('leaves rules as they are where Istio says nothing wrong: %s', (_, earlier, later) => {
  expect(written(earlier, later)).toBe(earlier);
});

describe('matches that are dead', () => {
  const rules = (...matches: HttpMatch[][]) => [...matches.map((match, index) => ({ name: String(index), match })), { name: 'default' }];

  test.each<[string, HttpMatch, HttpMatch]>([
    ['a second time the same', { uri: { exact: '/a' }, port: 80 }, { uri: { exact: '/a' }, port: 80 }],
    ['a longer prefix', api, v2],
    ['a longer prefix, of one caller', api, { ...v2, ...web }],
    ['a longer prefix that asks for more', { ...api, headers: { a: {} } }, { ...v2, headers: { a: {}, b: {} }, method: { exact: 'GET' } }],
  ])('are not written: %s', (_, earlier, later) => {
    expect(withoutDead(rules([earlier], [later]))).toEqual(rules([earlier]).map((rule) => rule.name === 'default' ? rule : { ...rule, match: [earlier] }));
    expect(withoutDead(rules([earlier], [later, { uri: { exact: '/b' } }]))[1]).toStrictEqual({ name: '1', match: [{ uri: { exact: '/b' } }] });
  });

  test.each<[string, HttpMatch, HttpMatch]>([
    ['of another port', { ...api, port: 80 }, { ...v2, port: 81 }], ['of another caller', { ...api, ...web }, v2], ['a shorter prefix', v2, api],
    ['the same text as an exact path', { uri: { exact: '/api' } }, api], ['without a prefix', api, { headers: { a: {} } }],
  ])('are not those %s', (_, earlier, later) => {
    expect(withoutDead(rules([earlier], [later]))).toEqual(rules([earlier], [later]));
  });
});
