import { httpPolicyOnTcp } from '../../src/checks/http-policy-on-tcp';
import type { ServiceNode } from '../../src/model/mesh-model';
import type { RouteNode } from '../../src/model/route';
import { call, ejecting, external, found, lines, match, port, prefix, retry, route, service, version } from './model-builder';

const ON_TCP = [port(5432, 'postgres')];
const ON_BOTH = [port(8080), port(5432, 'postgres')];

function db(rest: Partial<ServiceNode>) {
  return { services: [service('web'), service('db', { ports: ON_TCP, ...rest })] };
}

test('it names the wishes, the port and its protocol', () => {
  expect(lines(httpPolicyOnTcp, db({ retry: retry(2), deadline: 2000 }))).toEqual([
    '[shop/db] retry of 2 and deadline of 2 s work only on HTTP, and port 5432 of shop/db does not speak it (5432 is postgres). '
    + 'Take it away, or give the port its real protocol, for instance MeshPort.http or MeshPort.grpc.',
  ]);
});

test.each<[string, Partial<ServiceNode>]>([
  ['retries', { retry: retry(1) }],
  ['a deadline', { deadline: 1 }],
  ['an HTTP limit', { circuitBreaker: { pool: { maxRequests: 1 }, ejection: 'default' } }],
  ['an HTTP/2 upgrade', { circuitBreaker: { pool: { upgradeToHttp2: true }, ejection: 'default' } }],
  ['a retry budget', { circuitBreaker: { pool: {}, ejection: 'off', retryBudget: { percent: 20, minConcurrency: 3 } } }],
  ['ejection by gateway errors alone', { circuitBreaker: ejecting({ consecutiveServerErrors: undefined, consecutiveGatewayErrors: 3 }) }],
  ['a hash of a header', { loadBalancing: { algorithm: { kind: 'hash', table: 'ring', key: { kind: 'header', name: 'x-user' } } } }],
  ['a hash of a header in one version', { versions: [version('v1', { loadBalancing: { algorithm: { kind: 'hash', table: 'ring', key: { kind: 'query', name: 'u' } } } })] }],
])('%s on a service that speaks no HTTP, and on one that does', (_, rest) => {
  expect(found(httpPolicyOnTcp, db(rest))).toHaveLength(1);
  expect(found(httpPolicyOnTcp, db({ ...rest, ports: ON_BOTH }))).toEqual([]);
});

test.each<[string, Partial<ServiceNode>]>([
  ['an explicit never and for ever', { retry: retry(0), deadline: 'none' }],
  ['connection limits and ejection', { circuitBreaker: { ...ejecting({}), pool: { maxConnections: 1, connectTimeoutMs: 1, upgradeToHttp2: false } } }],
  ['a hash of the address', { loadBalancing: { algorithm: { kind: 'hash', table: 'ring', key: { kind: 'source-ip' } } } }],
])('%s work on TCP', (_, rest) => {
  expect(found(httpPolicyOnTcp, db(rest))).toEqual([]);
});

test.each<[string, Partial<RouteNode>]>([
  ['a path', { matches: [prefix('/')] }],
  ['a method', { matches: [match({ method: { kind: 'exact', value: 'GET' } })] }],
  ['a header', { matches: [match({ headers: { a: { kind: 'present' } } })] }],
  ['a parameter', { matches: [match({ query: { a: { kind: 'present' } } })] }],
  ['a redirect', { redirect: { path: '/', status: 301 } }],
  ['an answer', { directResponse: { status: 200 } }],
  ['a rewrite', { rewrite: { path: '/' } }],
  ['a mirror', { mirrors: [{ service: 'shop/web', percent: 100 }] }],
  ['headers', { requestHeaders: { set: {}, add: {}, remove: ['a'] } }],
  ['CORS', { cors: { origins: [], methods: [], headers: [], exposeHeaders: [] } }],
  ['a fault', { fault: {} }],
  ['a retry', { retry: retry(1) }],
])('a route with %s on TCP', (_, rest) => {
  const on = (ports: typeof ON_TCP) => found(httpPolicyOnTcp, db({ ports, routes: [route('db', 'main', rest)] }));
  expect(on(ON_TCP)).toHaveLength(1);
  expect(on(ON_BOTH)).toEqual([]);
});

test('a route over connections needs no HTTP', () => {
  const routes = [route('db', 'split', { matches: [match({ port: 5432, caller: 'shop/web' })], backends: [{ service: 'shop/db', subset: 'v1', weight: 100 }] })];
  expect(found(httpPolicyOnTcp, db({ routes }))).toEqual([]);
});

test('a match of the one port that is not HTTP', () => {
  const at = (number: number) => found(httpPolicyOnTcp, db({ ports: ON_BOTH, routes: [route('db', 'main', { matches: [prefix('/', { port: number })] })] }));
  expect(at(8080)).toEqual([]);
  expect(at(5432)).toMatchObject([{ message: 'the route main: a path match works only on HTTP, and port 5432 of shop/db does not speak it' }]);
});

test('calls', () => {
  const of = (ports: typeof ON_TCP, number?: number) => found(httpPolicyOnTcp, { ...db({ ports }), calls: [call('web', 'db', { retry: retry(1), port: number })] });
  expect(of(ON_TCP)).toMatchObject([{ construct: 'shop/web' }]);
  expect(of(ON_BOTH, 5432)).toMatchObject([{ construct: 'shop/web' }]);
  expect(of(ON_BOTH, 8080)).toEqual([]);
  expect(of(ON_BOTH)).toEqual([]);
  expect(of([port(8080)])).toEqual([]);
  expect(found(httpPolicyOnTcp, { ...db({}), calls: [call('web', 'db')] })).toEqual([]);
});

test('external services', () => {
  expect(found(httpPolicyOnTcp, { externals: [external('pay', { retry: retry(1) })] })).toHaveLength(1);
  expect(found(httpPolicyOnTcp, { externals: [external('pay', { retry: retry(1), ports: [port(80)], originateTls: true })] })).toEqual([]);
});

test('a service without ports', () => {
  expect(found(httpPolicyOnTcp, db({ ports: [], deadline: 1 }))).toMatchObject([{ evidence: 'it has no port' }]);
});
