/** The behaviour that Istio's own API is tested for, once more, said by Gateway API alone and read by the same istiod and Envoys. */
import { Chart, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  CircuitBreaker, EgressScope, FindingCode, GatewayChannel, MeshNamespace, MeshPort, MeshProvider, MeshService, Retry, RetryOn, RouteMatch,
  type RouteOptions, StringMatch,
} from '../../../src';
import { claimBetween, claimEqual, claimShare, type RequestSpec, stack, until, type Workload } from '../stack';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-gateway';
const FRONT = 'claims-gateway-front';
const HOST = `orders.${NAMESPACE}.svc.cluster.local`;
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const front = cluster.workload(FRONT, 'front');
const [orders, second, audit, plain] = ['orders-v1', 'orders-v2', 'audit', 'plain'].map(name => cluster.workload(NAMESPACE, name));

/** Every route but those that redirect says its name in the answer; there are more of them than one HTTPRoute holds. */
function program(): Program {
  const it = new Program(NAMESPACE, {
    provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }), budgets: { requestAmplification: 20 },
  }).accept('prefixes of whole segments are measured', FindingCode.PREFIX_BY_SEGMENT);
  new MeshNamespace(it.chart, FRONT, { mesh: it.mesh });
  const everything = { egress: EgressScope.everything() };
  const copies = it.service('audit', everything);
  it.service('plain', { ...everything, ports: [HTTP, MeshPort.grpc(9000)] });
  const service = it.service('orders', {
    ...everything, versions: { v1: {}, v2: { replicas: 2 } }, ports: [HTTP, MeshPort.http(8081, { port: 81 })],
    retry: Retry.upTo(2, { on: [RetryOn.GATEWAY_ERROR] }), deadline: Duration.millis(1200),
    circuitBreaker: CircuitBreaker.of({ retryBudget: { percent: 100, minConcurrency: 100 } }),
  });
  service.split({ v1: 90, v2: 10 });
  it.client('web', {}, everything);
  addFront(it, service);
  const under = (path: string, ...conditions: RouteMatch[]) => RouteMatch.all(RouteMatch.prefix(path), ...conditions);
  const routes: Record<string, [RouteMatch[], RouteOptions?]> = {
    'exact': [[RouteMatch.exact('/exact')]],
    'order-long': [[RouteMatch.prefix('/order/long')]],
    'order-short': [[RouteMatch.prefix('/order')]],
    'method': [[under('/method', RouteMatch.method('DELETE'))]],
    'header-exact': [[under('/header', RouteMatch.header('x-version', 'v2'))]],
    'header-prefix': [[under('/header', RouteMatch.headerMatching('x-version', StringMatch.prefix('canary-')))]],
    'header-regex': [[under('/header', RouteMatch.headerMatching('x-version', StringMatch.regex('[a-z]+[0-9]{3}')))]],
    'header-present': [[under('/presence', RouteMatch.headerPresent('x-debug'))]],
    'query-exact': [[under('/query', RouteMatch.query('version', '2'))]],
    'query-regex': [[under('/query', RouteMatch.queryMatching('version', StringMatch.regex('[a-z]+')))]],
    'all': [[under('/all', RouteMatch.method('POST'), RouteMatch.header('x-version', '1'), RouteMatch.query('version', '2'))]],
    'either': [[RouteMatch.exact('/one'), RouteMatch.exact('/another')]],
    'port': [[RouteMatch.all(RouteMatch.port(81), RouteMatch.prefix('/port'))]],
    'old': [[RouteMatch.prefix('/old')], { rewrite: { path: '/new' } }],
    'rename': [[RouteMatch.exact('/renamed')], { rewrite: { path: '/whole' } }],
    'tenant': [[RouteMatch.prefix('/tenant')], { rewrite: { authority: 'orders.internal.example' } }],
    'moved': [[RouteMatch.prefix('/moved')], { redirect: { path: '/here', authority: 'other.example', scheme: 'https', port: 8443, status: 308 } }],
    'secure': [[RouteMatch.prefix('/secure')], { redirect: { scheme: 'https' } }],
    'headers': [[RouteMatch.prefix('/headers')], {
      requestHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
      responseHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
    }],
    'cors': [[RouteMatch.prefix('/cors')], { cors: { origins: [StringMatch.exact('https://shop.example.com')], methods: ['GET', 'PUT'], maxAge: Duration.hours(1) } }],
    'mirrored': [[RouteMatch.prefix('/mirrored')], { mirrors: [{ service: copies }] }],
    'often': [[RouteMatch.prefix('/often')], { retry: Retry.upTo(4, { on: [RetryOn.GATEWAY_ERROR] }) }],
    'never': [[RouteMatch.prefix('/never')], { retry: Retry.never() }],
    'status': [[RouteMatch.prefix('/status')], { retry: Retry.upTo(2, { on: [RetryOn.status(429), RetryOn.RETRIABLE_4XX] }) }],
    'short': [[RouteMatch.prefix('/short')], { deadline: Duration.millis(400) }],
    'regex': [[RouteMatch.regex('/regex/[0-9]+')]],
    'any-case': [[RouteMatch.exact('/AnyCase').ignoringPathCase()]],
  };
  for (const [name, [matches, options = {}]] of Object.entries(routes)) {
    const told = options.redirect !== undefined || options.responseHeaders !== undefined ? {} : { responseHeaders: { overwrite: { 'x-route': name } } };
    service.addRoute(name, { matches, ...options, ...told });
  }
  return it;
}

/** A caller of another namespace with a policy of its own. */
function addFront(it: Program, service: MeshService): void {
  const chart = new Chart(it.app, FRONT, { namespace: FRONT });
  const workload = new k8s.KubeDeployment(chart, 'front-deployment', {
    metadata: { name: 'front' }, spec: { selector: { matchLabels: { pods: 'front' } }, template: podTemplate('front') },
  });
  new MeshService(chart, 'front', { mesh: it.mesh, workload, egress: EgressScope.everything() })
    .calls(service, { retry: Retry.upTo(3, { on: [RetryOn.GATEWAY_ERROR] }), deadline: Duration.millis(800) });
}

/** By hand: what the library does not write, and why. */
const BY_HAND = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: by-hand, namespace: ${NAMESPACE}}
spec:
  parentRefs: [{group: '', kind: Service, name: plain, port: 80}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /per-try}}]
      retry: {attempts: 2, codes: [500, 502, 503, 504]}
      timeouts: {backendRequest: 300ms}
      backendRefs: [{group: '', kind: Service, name: plain, port: 80}]
    - matches: [{path: {type: PathPrefix, value: /without-retry}}]
      timeouts: {backendRequest: 300ms}
      backendRefs: [{group: '', kind: Service, name: plain, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: by-hand-silent, namespace: ${NAMESPACE}}
spec:
  parentRefs: [{group: '', kind: Service, name: plain, port: 9000}]
  rules:
    - matches: [{path: {type: PathPrefix, value: /shop.Silent}}]
      backendRefs: [{group: '', kind: Service, name: plain, port: 9000}]
`;

beforeAll(async () => {
  const it = program();
  await cluster.apply(it.yaml());
  await cluster.apply(BY_HAND);
  await cluster.ready(NAMESPACE, FRONT);
});
beforeEach(() => Promise.all([orders, second, audit, plain].map(async one => {
  await one.configure({});
  await one.resetCounts();
})));
afterAll(() => cluster.drop(NAMESPACE, FRONT));

const get = (path: string, headers: Record<string, string> = {}, method = 'GET', from = web) => from.request({ url: `http://${HOST}${path}`, headers, method });

test('splits', async () => {
  const { byStatus, byVersion, requests } = await web.load({ url: `http://${HOST}/`, requests: 20_000, concurrency: 16 });
  claimEqual('Gateway API: every request is answered', { 200: requests }, byStatus);
  claimShare('Gateway API: a split of 90/10, share of the version with two of three pods', 0.1, byVersion.v2, requests);
});

/** Which route says that it has answered; `-` for what none takes. */
async function answers(requests: (Omit<RequestSpec, 'url'> & { readonly path: string; readonly port?: number })[]): Promise<string[]> {
  return Promise.all(requests.map(async ({ path, port = 80, ...spec }) => {
    const { status, headers } = await web.request({ ...spec, url: `http://${HOST}:${port}${path}` });
    return status === '200' ? headers?.['x-route'] ?? '-' : status;
  }));
}

const paths = (...list: string[]) => list.map(path => ({ path }));
const versions = (...values: string[]) => values.map(value => ({ path: '/header', headers: { 'x-version': value } }));

test('matches', async () => {
  claimEqual('Gateway API: exact /exact takes /exact, /exact?q=1; not /exact/, /Exact', ['exact', 'exact', '-', '-'],
    await answers(paths('/exact', '/exact?q=1', '/exact/', '/Exact')));
  claimEqual('Gateway API: a prefix takes whole segments, the longest first: /order/long/x, /order, /order/x; not /orders',
    ['order-long', 'order-short', 'order-short', '-'], await answers(paths('/order/long/x', '/order', '/order/x', '/orders')));
  claimEqual('Gateway API: expressions, behind which what takes everything is one, too: /regex/42, /ANYCASE; not /regex/4x, /anycase/',
    ['regex', 'any-case', '-', '-'], await answers(paths('/regex/42', '/ANYCASE', '/regex/4x', '/anycase/')));
  claimEqual('Gateway API: alternatives', ['either', 'either', '-'], await answers(paths('/one', '/another', '/third')));
  claimEqual('Gateway API: method DELETE; not GET', ['method', '-'], await answers(['DELETE', 'GET'].map(method => ({ path: '/method', method }))));
  claimEqual('Gateway API: headers exactly, by prefix, by expression; not v22, pre-canary-7, abc1234',
    ['header-exact', 'header-prefix', 'header-regex', '-', '-', '-'],
    await answers(versions('v2', 'canary-7', 'abc123', 'v22', 'pre-canary-7', 'abc1234')));
  claimEqual('Gateway API: a header that is there, empty, absent', ['header-present', 'header-present', '-'],
    await answers([{ path: '/presence', headers: { 'x-debug': '1' } }, { path: '/presence', headers: { 'x-debug': '' } }, { path: '/presence' }]));
  claimEqual('Gateway API: query parameters exactly, by expression; not 22, beta1', ['query-exact', 'query-regex', '-', '-'],
    await answers(paths('/query?version=2', '/query?version=beta', '/query?version=22', '/query?version=beta1')));
  const whole = { path: '/all?version=2', method: 'POST', headers: { 'x-version': '1' } };
  claimEqual('Gateway API: all conditions together; each of them missing once', ['all', '-', '-', '-'],
    await answers([whole, { ...whole, path: '/all' }, { ...whole, method: 'GET' }, { ...whole, headers: {} }]));
  claimEqual('Gateway API: the port that the route names; another one', ['port', '-'], await answers([{ path: '/port', port: 81 }, { path: '/port' }]));
});

test('rewrites, redirects, headers, CORS, mirrors', async () => {
  const received = async (path: string) => JSON.parse((await get(path)).body) as { path: string; host: string };
  claimEqual('Gateway API: a rewritten prefix, an exact path', ['/new/a?b=c', '/new', '/whole?b=c'],
    await Promise.all(['/old/a?b=c', '/old', '/renamed?b=c'].map(async path => (await received(path)).path)));
  const { host, path } = await received('/tenant/a');
  claimEqual('Gateway API: a rewritten authority, and the path as it was', ['orders.internal.example', '/tenant/a'], [host, path]);
  const [moved, secure] = await Promise.all(['/moved/a?b=c', '/secure/a?b=c'].map(one => get(one)));
  claimEqual('Gateway API: a redirect with all its parts', ['308', 'https://other.example:8443/here?b=c'], [moved.status, moved.headers?.location]);
  claimEqual('Gateway API: a redirect of the scheme alone', ['301', `https://${HOST}/secure/a?b=c`], [secure.status, secure.headers?.location]);

  await Promise.all([orders, second].map(one => one.configure({ rules: [{ path: '/headers', headers: { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1' } }] })));
  const { headers: answered, body } = await get('/headers', { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1' });
  const names = ['x-set', 'x-add', 'x-secret'];
  claimEqual('Gateway API: headers overwritten, appended, removed, of the request and of the answer', [['new', 'first,second', 'gone'], ['new', 'first,second', 'gone']],
    [JSON.parse(body).headers, answered].map(headers => names.map(name => headers?.[name] ?? 'gone')));

  const preflight = async (origin: string) => {
    const { server, headers } = await get('/cors', { origin, 'access-control-request-method': 'PUT' }, 'OPTIONS');
    return [server.name, headers?.['access-control-allow-origin'] ?? 'none', headers?.['access-control-max-age'] ?? 'none'];
  };
  claimEqual('Gateway API: the proxy answers a preflight of an allowed origin', ['', 'https://shop.example.com', '3600'], await preflight('https://shop.example.com'));
  claimEqual('Gateway API: a preflight of another origin allows nothing', 'none', (await preflight('https://evil.example'))[1]);

  await web.load({ url: `http://${HOST}/mirrored`, requests: 100, concurrency: 4 });
  await until('copies arrive', 10_000, async () => (await audit.counts()).total >= 100);
  claimEqual('Gateway API: every copy arrives', 100, (await audit.counts()).total);
});

/** How many attempts the applications see of one request to each path. */
async function attempts(from: Workload, ...list: string[]): Promise<number[]> {
  await Promise.all([orders, second].map(one => one.resetCounts()));
  await Promise.all(list.map(path => from.request({ url: `http://${HOST}${path}` })));
  const rows = (await Promise.all([orders, second].map(one => one.counts()))).flatMap(counts => counts.rows);
  return list.map(path => rows.filter(row => row.path === path).reduce((sum, { count }) => sum + count, 0));
}

test('retries', async () => {
  await Promise.all([orders, second].map(one => one.configure({ rules: [{ status: 503 }] })));
  claimEqual('Gateway API: attempts by the stronger word: service 2, route 4 retries, never', [3, 5, 1], await attempts(web, '/a', '/often/', '/never/'));
  claimEqual('Gateway API: those of a caller of another namespace have its own 3, and a route\'s own', [4, 5], await attempts(front, '/a', '/often/'));
  for (const [status, expected] of [[429, [1, 3]], [409, [1, 3]], [500, [1, 1]], [504, [3, 1]]] as const) {
    await Promise.all([orders, second].map(one => one.configure({ rules: [{ status }] })));
    claimEqual(`Gateway API: attempts of a request that fails with ${status}, on 502 to 504, on 409 and 429`, expected, await attempts(web, '/a', '/status/'));
  }
  const { configs = [] } = await (await web.envoy()).configDump('resource=dynamic_active_clusters');
  const budgets = Object.fromEntries(configs.map(({ cluster: { name, circuit_breakers: breakers } }) => (
    [name, breakers?.thresholds?.[0]?.retry_budget?.budget_percent?.value]
  )));
  claimEqual('Gateway API: the retry budget of the service and of each version, as the proxy holds it', [100, 100, 100],
    ['orders', 'orders-v1', 'orders-v2'].map(name => budgets[`outbound|80||${name}.${NAMESPACE}.svc.cluster.local`]));
});

test('deadlines', async () => {
  await Promise.all([orders, second].map(one => one.configure({ rules: [{ delayMs: 3000 }] })));
  const rows: [string, number, Workload, string][] = [
    ['of the service', 1200, web, '/a'], ['of the route', 400, web, '/short'], ['of the call from another namespace', 800, front, '/a'],
    ['of the route, against the call\'s', 400, front, '/short'],
  ];
  const answered = await Promise.all(rows.map(([, , from, path]) => get(path, {}, 'GET', from)));
  rows.forEach(([whose, ms], i) => {
    const { status, tookMs } = answered[i];
    claimBetween(`Gateway API: the deadline ${whose}: 504 after`, ms - 20, ms + 350, status === '504' ? tookMs : NaN, 'ms');
  });
});

test('what Istio makes of fields that are not written', async () => {
  await plain.configure({ rules: [{ path: '/shop.Silent', status: 14 }, { path: '/per-try', delayMs: 1500 }, { path: '/without-retry', delayMs: 1500 }] });
  const url = `http://plain.${NAMESPACE}`;
  const counted = async (path: string) => {
    const { rows } = await plain.counts();
    return rows.filter(row => row.path.startsWith(path)).reduce((sum, { count }) => sum + count, 0);
  };
  await web.request({ protocol: 'grpc', url: `${url}:9000/shop.Silent/Get` });
  claimEqual('an HTTPRoute without retry: attempts of a gRPC call that finds nobody', 3, await counted('/shop.Silent'));
  const [tried, limited] = await Promise.all(['/per-try', '/without-retry'].map(path => web.request({ url: `${url}${path}` })));
  claimBetween('backendRequest without retry is the limit of the whole request: 504 after', 280, 650, limited.status === '504' ? limited.tookMs : NaN, 'ms');
  claimBetween('backendRequest with retry ends the request, too, without a second attempt: 504 after', 280, 650, tried.status === '504' ? tried.tookMs : NaN, 'ms');
  await until('hanging requests end', 5000, async () => await counted('/per-try') > 0);
  claimEqual('and the attempts that the application sees', 1, await counted('/per-try'));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('Gateway API: rejected resources of all proxies', [], await cluster.rejections());
});
