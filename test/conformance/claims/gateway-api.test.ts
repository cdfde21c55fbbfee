/** The behaviour that Istio's own API is tested for, once more, said by Gateway API alone and read by the same istiod and Envoys. */
import { Chart, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  CircuitBreaker, EgressScope, FindingCode, GatewayChannel, MeshNamespace, MeshPort, MeshProvider, MeshService, Retry, RetryOn,
} from '../../../src';
import { claimBetween, claimEqual, claimShare, stack, until, type Workload } from '../stack';
import { addRoutes, claimActions, claimMatches, claimMirrors, type RouteSuite } from './http-routes';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-gateway';
const FRONT = 'claims-gateway-front';
const HOST = `orders.${NAMESPACE}.svc.cluster.local`;
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const front = cluster.workload(FRONT, 'front');
const [orders, second, audit, plain] = ['orders-v1', 'orders-v2', 'audit', 'plain'].map(name => cluster.workload(NAMESPACE, name));

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
  addRoutes(service, copies);
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

const suite: RouteSuite = {
  title: 'Gateway API', host: HOST, versions: [orders, second],
  request: (path, spec = {}, port = 80) => web.request({ ...spec, url: `http://${HOST}:${port}${path}` }),
};

test('matches', () => claimMatches(suite));

test('rewrites, redirects, headers, CORS, mirrors', async () => {
  await claimActions(suite);
  await claimMirrors(suite, (path, requests) => web.load({ url: `http://${HOST}${path}`, requests, concurrency: 4 }), audit);
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
