import { beyondGatewayApi } from '../../src/checks/beyond-gateway-api';
import type { MeshNode } from '../../src/model/mesh-model';
import type { RouteNode } from '../../src/model/route';
import { call, exact, found, match, port, prefix, retry, route, service, version } from './model-builder';

const mesh = (gatewayChannel: MeshNode['gatewayChannel'] = 'experimental') => ({ provider: 'gateway-api', providerVersion: '1.5', gatewayChannel } as const);

function judged(rest: Partial<RouteNode>) {
  return found(beyondGatewayApi, { mesh: mesh(), services: [service('orders', { routes: [route('orders', 'one', rest)] })] }).map(({ message }) => message);
}

const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, { kind: 'present' as const }]));
const changes = (set: Record<string, string>) => ({ set, add: {}, remove: [] });
const cors = (value: string, kind: 'exact' | 'regex' = 'exact', methods: string[] = []) => ({ origins: [{ kind, value }], methods, headers: [], exposeHeaders: [] });

test.each<[string, Partial<RouteNode>, Partial<RouteNode>]>([
  ['a path of odd characters', { matches: [prefix('/ä')] }, { matches: [prefix('/a')] }],
  ['an empty segment', { matches: [exact('/a//b')] }, { matches: [exact('/a/b')] }],
  ['a dot segment', { matches: [exact('/a/..')] }, { matches: [exact('/a/...')] }],
  ['an encoded slash', { matches: [exact('/a%2fb')] }, { matches: [exact('/a%20b')] }],
  ['a path too long', { matches: [prefix(`/${'a'.repeat(1024)}`)] }, { matches: [prefix(`/${'a'.repeat(1023)}`)] }],
  ['a method of its own', { matches: [match({ method: { kind: 'exact', value: 'PURGE' } })] }, { matches: [match({ method: { kind: 'exact', value: 'PATCH' } })] }],
  ['too many headers', { matches: [match({ headers: headers(17) })] }, { matches: [match({ headers: headers(16) })] }],
  ['too many parameters', { matches: [match({ query: headers(17) })] }, { matches: [match({ query: headers(16) })] }],
  ['an odd value', { matches: [match({ headers: { a: { kind: 'exact', value: 'a  b' } } })] }, { matches: [match({ headers: { a: { kind: 'exact', value: 'a b' } } })] }],
  ['an odd parameter', { matches: [match({ query: { 'a[]': { kind: 'present' } } })] }, { matches: [match({ query: { a: { kind: 'present' } } })] }],
  ['a rewritten host with a port', { rewrite: { authority: 'a.example:80' } }, { rewrite: { authority: 'a.example' } }],
  ['a redirect to an upper-case host', { redirect: { authority: 'A.example:80', status: 301 } }, { redirect: { authority: 'a.example:80', status: 301 } }],
  ['an odd scheme', { redirect: { scheme: 'ftp', status: 301 } }, { redirect: { scheme: 'https', status: 301 } }],
  ['an odd status', { redirect: { path: '/', status: 304 } }, { redirect: { path: '/', status: 303 } }],
  ['an empty header', { requestHeaders: changes({ a: '' }) }, { requestHeaders: changes({ a: '1' }) }],
  ['an origin by expression', { cors: cors('https://.*', 'regex') }, { cors: cors('https://*.a.example:8443') }],
  ['a CORS method of its own', { cors: cors('*', 'exact', ['PURGE']) }, { cors: cors('*', 'exact', ['*']) }],
  ['a status below 400', { retry: retry(1, { on: ['status:302'] }) }, { retry: retry(1, { on: ['status:400'] }) }],
])('%s', (_, bad, good) => {
  expect(judged(bad)).toHaveLength(1);
  expect(judged(good)).toEqual([]);
});

test('it names the route, the value and why', () => {
  expect(found(beyondGatewayApi, { mesh: mesh(), services: [service('orders', { routes: [route('orders', 'one', { matches: [prefix('/ä')] })] })] })).toEqual([expect.objectContaining({
    construct: 'shop/orders', message: 'the route one matches the path /ä, which Gateway API refuses', fix: 'Ask for it with RouteMatch.regex',
  })]);
});

test('an expression may hold what a path may not', () => {
  expect(judged({ matches: [match({ path: { kind: 'regex', value: '/ä' } }), exact('/ä', { ignorePathCase: true })] })).toEqual([]);
});

test('names of versions', () => {
  const long = 'a'.repeat(57);
  const of = (subset: string) => found(beyondGatewayApi, { mesh: mesh(), services: [service('orders', { versions: [version('v1'), version(subset)] })] });
  expect(of(`${long}`).map(({ message }) => message)).toEqual([`the Service of subset ${long} would be called orders-${long}, which Gateway API refuses`]);
  expect(of('a'.repeat(56))).toEqual([]);
});

test('a retry budget in parts of a percent', () => {
  const of = (percent: number) => found(beyondGatewayApi, {
    mesh: mesh(), services: [service('orders', { circuitBreaker: { pool: {}, ejection: 'off', retryBudget: { percent, minConcurrency: 1 } } })],
  });
  expect(of(2.5).map(({ message }) => message)).toEqual(['retryBudget.percent is 2.5, which Gateway API refuses']);
  expect(of(2)).toEqual([]);
});

test('statuses of calls, where the channel has retries', () => {
  const parts = { services: [service('orders'), service('web')], calls: [call('web', 'orders', { retry: retry(1, { on: ['status:302'] }) })] };
  expect(found(beyondGatewayApi, { mesh: mesh(), ...parts })).toHaveLength(1);
  expect(found(beyondGatewayApi, { mesh: mesh('standard'), ...parts })).toEqual([]);
});

describe('a GRPCRoute', () => {
  const grpc = (rest: Partial<RouteNode>, streaming = true) => found(beyondGatewayApi, {
    mesh: mesh('standard'), services: [service('orders', { ports: [port(9000, 'grpc', { streaming })], routes: [route('orders', 'one', rest)] })],
  });

  test.each<[string, Partial<RouteNode>]>([
    ['an odd path', { matches: [exact('/shop.Orders')] }], ['a prefix of letters', { matches: [prefix('/shop.Ord')] }],
    ['a method', { matches: [match({ method: { kind: 'exact', value: 'GET' } })] }], ['a parameter', { matches: [match({ query: { q: { kind: 'present' } } })] }],
    ['a deadline', { deadline: 1 }], ['retries', { retry: retry(1) }], ['a redirect', { redirect: { path: '/', status: 301 } }], ['a rewrite', { rewrite: { path: '/' } }],
    ['CORS', { cors: cors('*') }],
  ])('cannot say %s, an HTTPRoute can', (_, rest) => {
    expect(grpc(rest)).toHaveLength(1);
    expect(grpc(rest, false)).toEqual([]);
  });

  test('says services, methods and headers', () => {
    expect(grpc({ matches: [exact('/shop.Orders/Get'), prefix('/shop.Orders/'), match({ headers: headers(1), method: { kind: 'exact', value: 'POST' } })], retry: retry(0), deadline: 'none' })).toEqual([]);
  });
});

test('other meshes are not asked', () => {
  expect(found(beyondGatewayApi, { services: [service('orders', { routes: [route('orders', 'one', { matches: [prefix('/ä')] })] })] })).toEqual([]);
});
