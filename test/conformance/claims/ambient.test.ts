/** Istio's ambient mode: what a waypoint makes of a program. What the proxies of nodes make of it is not seen here; see node-proxy.ts. */
import { Chart, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  CircuitBreaker, ExternalService, FindingCode, GatewayChannel, HashKey, LoadBalancing, MeshNamespace, MeshPort, MeshProvider, MeshService, Retry,
  RetryOn, RouteBackend, RouteMatch,
} from '../../../src';
import {
  AMBIENT_REVISION, AmbientControlPlane, claimBetween, claimEqual, claimShare, type KubeObject, type LoadReport, type LoadSpec, type RequestSpec,
  stack, type Workload,
} from '../stack';
import { addRoutes, claimActions, claimMatches, claimMirrors, type RouteSuite } from './http-routes';
import { gatewaysReady, NodeProxy } from './node-proxy';
import { plainPod } from './plain-pod';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-ambient';
const FRONT = 'claims-ambient-front';
const OUTSIDE = 'claims-ambient-outside';
const PARTNER = 'partner.example';
const cluster = stack();
const workload = (name: string) => cluster.workload(NAMESPACE, name);
const [web, orders, second, audit] = ['web', 'orders-v1', 'orders-v2', 'audit'].map(workload);
const front = cluster.workload(FRONT, 'front');
const hostOf = (service: string) => service.includes('.') ? service : `${service}.${NAMESPACE}.svc.cluster.local`;

const SERVICES = ['orders', 'audit', 'next', 'flaky', 'narrow', 'busy', 'sticky', 'in-turn', 'versions', 'budgeted', 'upgraded', 'near', 'elder', 'plain'];
const targets = [
  ...SERVICES.map(service => ({ namespace: NAMESPACE, service, port: 80 })),
  ...[['orders', 81], ['orders', 9000], [PARTNER, 80]].map(([service, port]) => ({ namespace: NAMESPACE, service: `${service}`, port: Number(port) })),
];
const nodes = { web: new NodeProxy(NAMESPACE, 'web', targets), front: new NodeProxy(FRONT, 'front', targets) };

export function program(partner: string): Program {
  const it = new Program(NAMESPACE, {
    provider: MeshProvider.istioAmbient({ channel: GatewayChannel.EXPERIMENTAL, revision: AMBIENT_REVISION }), budgets: { requestAmplification: 20 },
  }).accept('prefixes of whole segments are measured', FindingCode.PREFIX_BY_SEGMENT);
  new MeshNamespace(it.chart, FRONT, { mesh: it.mesh });
  const caller = it.client('web');
  const copies = it.service('audit');
  const next = it.service('next');
  const own = it.service('orders', {
    versions: { v1: {}, v2: { replicas: 2 } }, ports: [HTTP, MeshPort.http(8081, { port: 81 }), MeshPort.grpc(9000)],
    retry: Retry.upTo(2, { on: [RetryOn.GATEWAY_ERROR] }), deadline: Duration.millis(1200),
    circuitBreaker: CircuitBreaker.of({ retryBudget: { percent: 100, minConcurrency: 100 } }),
  });
  own.split({ v1: 90, v2: 10 });
  own.addRoute('moving', { matches: [RouteMatch.prefix('/moving')], backends: [RouteBackend.subset('v1', { weight: 99 }), RouteBackend.service(next, { weight: 1 })] });
  own.addRoute('back-off', {
    matches: [RouteMatch.prefix('/back-off')], retry: Retry.upTo(3, { backOff: Duration.millis(200), on: [RetryOn.GATEWAY_ERROR] }), deadline: Duration.seconds(10),
  });
  addRoutes(own, copies);
  const loadBalancing = LoadBalancing.roundRobin();
  const services = [
    own, copies, next, it.service('plain'),
    it.service('flaky', {
      loadBalancing, pods: { replicas: 3 },
      circuitBreaker: CircuitBreaker.of({ eject: { after: 3, checkEvery: Duration.seconds(1), lasting: Duration.seconds(4) } }),
    }),
    it.service('narrow', { circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 1 }, http: { maxPendingRequests: 1 } }) }),
    it.service('busy', { circuitBreaker: CircuitBreaker.of({ http: { maxRequests: 3 } }) }),
    it.service('sticky', { pods: { replicas: 3 }, loadBalancing: LoadBalancing.consistentHash(HashKey.header('x-session')) }),
    it.service('budgeted', { retry: Retry.upTo(3), circuitBreaker: CircuitBreaker.of({ retryBudget: { percent: 20, minConcurrency: 3 } }) }),
    it.service('upgraded', { circuitBreaker: CircuitBreaker.of({ http: { upgradeToHttp2: true } }) }),
    it.service('in-turn', { pods: { replicas: 3 }, loadBalancing }),
  ];
  services.forEach(service => caller.calls(service));
  caller.calls(versioned(it));
  caller.calls(elder(it));
  caller.calls(it.service('near', {
    circuitBreaker: CircuitBreaker.of({ eject: { after: 3, atMostPercent: 67, minHealthyPercent: 0 } }),
    versions: { here: { nodeSelector: zone('zone-1') }, beside: { nodeSelector: zone('zone-2') }, away: { nodeSelector: zone('zone-3') } },
  }));
  caller.calls(new ExternalService(it.chart, 'partner', {
    // Gateways, other than ztunnel, take no notice of the address that istiod gives an entry without one.
    mesh: it.mesh, hosts: [PARTNER], addresses: ['240.1.1.1'], endpoints: [partner], ports: [HTTP], retry: Retry.upTo(2), deadline: Duration.millis(900),
  }));
  const chart = new Chart(it.app, FRONT, { namespace: FRONT });
  const pods = new k8s.KubeDeployment(chart, 'front-deployment', {
    metadata: { name: 'front' }, spec: { selector: { matchLabels: { pods: 'front' } }, template: podTemplate('front') },
  });
  new MeshService(chart, 'front', { mesh: it.mesh, workload: pods }).calls(own);
  return it;
}

const zone = (name: string) => ({ 'topology.kubernetes.io/zone': name });

/** One version has a policy of its own. */
function versioned(it: Program): MeshService {
  const versions = it.service('versions');
  versions.addVersion('v2', {
    workload: it.deployment('versions-v2', { containerPorts: [8080] }), circuitBreaker: CircuitBreaker.of({ http: { maxRequests: 1 } }),
  });
  versions.addRoute('second', { matches: [RouteMatch.prefix('/v2')], split: { v2: 100 } });
  versions.split({ v1: 100, v2: 0 });
  return versions;
}

/** A Service that was there before names its waypoint itself. */
function elder(it: Program): MeshService {
  const service = new k8s.KubeService(it.chart, 'elder-service', {
    metadata: { name: 'elder', labels: { 'istio.io/use-waypoint': 'waypoint', 'istio.io/ingress-use-waypoint': 'true' } },
    spec: { selector: { app: 'elder' }, ports: [{ name: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(8080) }] },
  });
  const pods = it.deployment('elder', { labels: { app: 'elder' }, containerPorts: [8080] });
  return MeshService.fromService(it.chart, 'elder', { mesh: it.mesh, service, workload: pods, retry: Retry.upTo(2) });
}

const outside = `
apiVersion: v1
kind: Namespace
metadata: {name: ${OUTSIDE}}
---${plainPod(OUTSIDE, 'partner', 8080)}`;

let ambient: AmbientControlPlane | undefined;

beforeAll(async () => {
  ambient = await AmbientControlPlane.start(cluster);
  await cluster.apply(outside);
  await cluster.ready(OUTSIDE);
  const [partner] = await cluster.workload(OUTSIDE, 'partner').pods();
  await cluster.apply(program(partner.status.podIP).yaml());
  // The entry of an external service has no word for gateways, such as those that play ztunnel here.
  await cluster.kubernetes.merge(`/api/v1/namespaces/${NAMESPACE}`, { metadata: { labels: { 'istio.io/ingress-use-waypoint': 'true' } } });
  await cluster.apply(Object.values(nodes).map(node => node.yaml()).join('---\n'));
  await gatewaysReady(cluster, NAMESPACE, FRONT);
});
beforeEach(() => Promise.all([orders, second, audit].map(async one => {
  await one.configure({});
  await one.resetCounts();
})));
afterAll(async () => {
  await cluster.drop(NAMESPACE, FRONT, OUTSIDE);
  await ambient?.stop();
});

/** A request to a service by the node of a caller. */
function to(service: string, path = '/', port = 80, node = nodes.web): { url: string; headers: Record<string, string> } {
  return { url: `http://${node.authority(service, port)}${path}`, headers: { host: hostOf(service) } };
}

function ask(service: string, path: string, { headers, ...spec }: Omit<RequestSpec, 'url'> = {}, port = 80, from = web, node = nodes.web) {
  const way = to(service, path, port, node);
  return from.request({ ...spec, ...way, headers: { ...way.headers, ...headers } });
}

const suite: RouteSuite = {
  title: 'waypoint', host: hostOf('orders'), versions: [orders, second], request: (path, spec, port) => ask('orders', path, spec, port),
};

/** Names and bodies of what the waypoint holds. */
async function held(): Promise<{ clusters: Record<string, KubeObject>; chains: Record<string, string> }> {
  const { configs = [] } = await (await workload('waypoint').envoy()).configDump();
  const all = configs.flatMap(config => [...config.dynamic_active_clusters ?? [], ...config.dynamic_listeners ?? []]);
  const listeners: KubeObject[] = all.flatMap(({ active_state: state }) => state ? [state.listener] : []);
  return {
    clusters: Object.fromEntries(all.flatMap(({ cluster: one }) => one ? [[one.name, one]] : [])),
    chains: Object.fromEntries(listeners.flatMap(({ filter_chains: chains = [] }) => chains)
      .map((chain: KubeObject) => [chain.name, JSON.stringify(chain)])),
  };
}

test('istiod makes the waypoint, which holds what the program says', async () => {
  const gateway = await cluster.kubernetes.get(`/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/gateways/waypoint`);
  const conditions = Object.fromEntries(gateway.status.conditions.map((one: KubeObject) => [one.type, one.status]));
  claimEqual('the Gateway of the program: accepted, programmed', ['True', 'True'], [conditions.Accepted, conditions.Programmed]);
  const { clusters, chains } = await held();
  const chain = (service: string, port = 80) => `inbound-vip|${port}|http|${hostOf(service)}`;
  const guarded = SERVICES.filter(service => !['audit', 'next', 'plain'].includes(service)).map(service => chain(service));
  claimEqual('one chain of filters for each HTTP port of each service with wishes, under the name that EnvoyFilters of the program match', [],
    [...guarded, chain('orders', 81), chain('orders', 9000), chain(PARTNER)].filter(name => !(name in chains)));
  claimEqual('and none for services without', [], ['audit', 'next', 'plain'].map(service => chain(service)).filter(name => name in chains));
  const routes = [...new Set([...chains[chain('orders')].matchAll(/"key":"x-route","value":"([a-z-]+)"/g)].map(([, name]) => name))];
  claimEqual('its routes for this port: those that say their names', 23, routes.length);
  const cluster_ = (service: string) => clusters[chain(service)] ?? clusters[`outbound|80||${hostOf(service)}`];
  const threshold = (service: string) => cluster_(service).circuit_breakers.thresholds[0];
  claimEqual('limits of DestinationRules: connections, pending requests, requests', [1, 1, 3],
    [threshold('narrow').max_connections, threshold('narrow').max_pending_requests, threshold('busy').max_requests]);
  claimEqual('ejection, balancing, a retry budget, a limit of one version', [3, 'RING_HASH', 100, 1], [
    cluster_('flaky').outlier_detection.consecutive_5xx, cluster_('sticky').lb_policy, threshold('orders').retry_budget.budget_percent.value,
    threshold('versions-v2').max_requests,
  ]);
});

test('splits', async () => {
  const { byStatus, byVersion, requests } = await web.load({ ...to('orders'), requests: 20_000, concurrency: 16 });
  claimEqual('waypoint: every request is answered', { 200: requests }, byStatus);
  claimShare('waypoint: a split of 90/10, share of the version with two of three pods', 0.1, byVersion.v2, requests);
  const calls = await web.load({ ...to('orders', '/shop.Orders/Get', 9000), protocol: 'grpc', requests: 20_000, concurrency: 16 });
  claimEqual('waypoint: every gRPC call is answered', { 'grpc-0': calls.requests }, calls.byStatus);
  claimShare('waypoint: the same split for gRPC calls, though all share a connection', 0.1, calls.byVersion.v2, calls.requests);
  const moving = await web.load({ ...to('orders', '/moving'), requests: 4000, concurrency: 16 });
  claimShare('waypoint: a route that sends 1 % to a service without a waypoint', 0.01, moving.byServer.next, moving.requests);
});

test('matches', () => claimMatches(suite));

test('rewrites, redirects, headers, CORS, mirrors', async () => {
  await claimActions(suite);
  await claimMirrors(suite, (path, requests) => web.load({ ...to('orders', path), requests, concurrency: 4 }), audit);
});

/** How many attempts the applications see of one request to each path. */
async function attempts(from: Workload, node: NodeProxy, ...paths: string[]): Promise<number[]> {
  await Promise.all([orders, second].map(one => one.resetCounts()));
  await Promise.all(paths.map(path => ask('orders', path, {}, 80, from, node)));
  const rows = (await Promise.all([orders, second].map(one => one.counts()))).flatMap(counts => counts.rows);
  return paths.map(path => rows.filter(row => row.path === path).reduce((sum, { count }) => sum + count, 0));
}

test('retries', async () => {
  await Promise.all([orders, second].map(one => one.configure({ rules: [{ status: 503 }] })));
  claimEqual('waypoint: attempts by the stronger word: service 2, route 4 retries, never', [3, 5, 1], await attempts(web, nodes.web, '/a', '/often/', '/never/'));
  claimEqual('waypoint: the same for a caller of another namespace', [3, 5, 1], await attempts(front, nodes.front, '/a', '/often/', '/never/'));
  for (const [status, expected] of [[429, [1, 3]], [409, [1, 3]], [500, [1, 1]], [504, [3, 1]]] as const) {
    await Promise.all([orders, second].map(one => one.configure({ rules: [{ status }] })));
    claimEqual(`waypoint: attempts of a request that fails with ${status}, on 502 to 504, on 409 and 429`, expected, await attempts(web, nodes.web, '/a', '/status/'));
  }
});

test('back-off', async () => {
  await orders.configure({ rules: [{ status: 503 }] });
  await second.configure({ rules: [{ status: 503 }] });
  // Connections are opened first: a handshake would count as pause.
  await web.load({ ...to('orders', '/never/'), requests: 400, concurrency: 40 });
  await Promise.all([orders, second].map(one => one.resetCounts()));
  await web.load({ ...to('orders', '/back-off/'), requests: 400, concurrency: 40 });
  const byRequest = new Map<string, number[]>();
  for (const { atMs, headers } of (await Promise.all([orders, second].map(one => one.recent()))).flat().sort((a, b) => a.atMs - b.atMs)) {
    byRequest.set(headers['x-request-id'], [...byRequest.get(headers['x-request-id']) ?? [], atMs]);
  }
  claimEqual('waypoint: attempts of each of 400 requests', [4], [...new Set([...byRequest.values()].map(times => times.length))]);
  for (const [retry, base] of [[1, 200], [2, 400], [3, 800]]) {
    const gaps = [...byRequest.values()].map(times => times[retry] - times[retry - 1]);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // The mean of 400 draws from 0 to the base is off by 0.07 of the base less than once in a million runs; an attempt takes time, too.
    claimBetween(`waypoint: pause before retry ${retry}, drawn from 0 to ${base} ms: mean`, 0.43 * base, 0.57 * base + 120, mean, 'ms');
  }
});

test('deadlines', async () => {
  await Promise.all([orders, second].map(one => one.configure({ rules: [{ delayMs: 3000 }] })));
  const answers = await Promise.all(['/a', '/short'].map(path => ask('orders', path)));
  [['of the service', 1200], ['of the route', 400]].forEach(([whose, ms], i) => {
    const { status, tookMs } = answers[i];
    claimBetween(`waypoint: the deadline ${whose}: 504 after`, Number(ms) - 20, Number(ms) + 350, status === '504' ? tookMs : NaN, 'ms');
  });
});

/** Requests at the same time, to applications that take 800 ms for each, over connections that are open already. */
async function burst(service: string, requests: number, path = '/', pods = [service]): Promise<LoadReport> {
  await Promise.all(pods.map(name => workload(name).configure({})));
  await ask(service, path);
  await Promise.all(pods.map(name => workload(name).configure({ rules: [{ delayMs: 800 }] })));
  await Promise.all(pods.map(name => workload(name).resetCounts()));
  return web.load({ ...to(service, path), requests, concurrency: requests });
}

test('connection pools', async () => {
  claimEqual('waypoint: 1 connection, 1 pending request: of 10 at once', { 200: 2, 503: 8 }, (await burst('narrow', 10)).byStatus);
  claimEqual('the application never has more at a time than', 1, (await workload('narrow').counts()).peak);
  claimEqual('waypoint: 3 requests in flight: of 10 at once', { 200: 3, 503: 7 }, (await burst('busy', 10)).byStatus);
  const pods = ['versions', 'versions-v2'];
  const [both, alone] = [await burst('versions', 5, '/', pods), await burst('versions', 5, '/v2', pods)];
  claimEqual('waypoint: 5 requests at once: to v1, to v2, which takes 1 at a time', [{ 200: 5 }, { 200: 1, 503: 4 }], [both.byStatus, alone.byStatus]);
});

test('retry budget', async () => {
  const budgeted = workload('budgeted');
  await budgeted.configure({ rules: [{ status: 503, delayMs: 100 }] });
  await web.load({ ...to('budgeted'), requests: 1000, concurrency: 100 });
  claimBetween('waypoint: 1,000 requests that fail, 100 at a time, 3 retries, a budget of 20 %: attempts', 1000, 1250, (await budgeted.counts()).total);
});

test('HTTP/2 upgrade', async () => {
  await ask('upgraded', '/');
  const { rows } = await workload('upgraded').counts();
  claimEqual('waypoint: the application itself is spoken to in HTTP/2', ['http2'], rows.map(({ protocol }) => protocol));
});

test('ejection', async () => {
  const flaky = workload('flaky');
  const [bad] = await flaky.pods();
  await workload(bad.metadata.name).configure({ rules: [{ status: 500 }] });
  const spec: Partial<LoadSpec> = { rate: 40, durationMs: 6500, bucketMs: 100 };
  const report = await web.load({ ...to('flaky'), ...spec });
  const failures = Object.entries(report.by('bucket', cell => cell.status === '500')).map(([bucket, count]) => ({ ms: Number(bucket) * 100, count }));
  claimEqual('waypoint: an endpoint that always fails is ejected after 3 failures', 3,
    failures.filter(({ ms }) => ms < 3000).reduce((sum, { count }) => sum + count, 0));
  claimBetween('taken back after 4 s, by a sweep every second: from the first failure to the next', 4000, 5600,
    (failures.find(({ ms }) => ms >= 3000)?.ms ?? NaN) - failures[0].ms, 'ms');
});

test('balancing', async () => {
  const { byPod } = await web.load({ ...to('in-turn'), requests: 300 });
  claimEqual('waypoint: round robin over three pods: of 300 requests', [100, 100, 100], Object.values(byPod));
  const values = Array.from({ length: 100 }, (_, i) => `session-${i}`);
  const report = await web.load({ ...to('sticky'), vary: { header: 'x-session', values }, requests: 1000, concurrency: 4 });
  const pods = values.map(key => Object.keys(report.by('pod', cell => cell.variant === key)));
  claimEqual('waypoint: consistent hashing by header: of 100 keys, 10 requests each, those with several pods; pods in use', [0, 3],
    [pods.filter(one => one.length !== 1).length, new Set(pods.flat()).size]);
});

test('nearest first', async () => {
  // Slow enough for the next request to come after an ejection has reached the proxy's worker.
  const places = async () => (await web.load({ ...to('near'), requests: 60, rate: 100 })).by('version', cell => cell.status === '200');
  claimEqual('waypoint: pods in its zone, in the zone beside, in another region: of 60', { here: 60 }, await places());
  await workload('near-here').configure({ rules: [{ status: 500 }] });
  claimEqual('waypoint: the pod in its zone fails, ejected after 3: of 60', { beside: 57 }, await places());
});

test('a Service that was there before', async () => {
  await workload('elder').configure({ rules: [{ status: 503 }] });
  await ask('elder', '/');
  claimEqual('waypoint: attempts of a request that fails, 2 retries', 3, (await workload('elder').counts()).total);
});

test('a service without wishes', async () => {
  const { status, headers } = await ask('plain', '/');
  claimEqual('it answers, and no proxy has read the request', ['200', undefined], [status, headers?.server]);
});

test('an external service', async () => {
  const partner = cluster.workload(OUTSIDE, 'partner');
  claimEqual('waypoint: it answers under its name', ['200', 'partner'], await ask(PARTNER, '/').then(({ status, server }) => [status, server.name]));
  await partner.configure({ rules: [{ status: 503 }] });
  await partner.resetCounts();
  await ask(PARTNER, '/');
  claimEqual('waypoint: attempts of a request that fails, 2 retries', 3, (await partner.counts()).total);
  await partner.configure({ rules: [{ delayMs: 2000 }] });
  const { status, tookMs } = await ask(PARTNER, '/');
  claimBetween('waypoint: its deadline: 504 after', 880, 1250, status === '504' ? tookMs : NaN, 'ms');
});

test('no proxy rejects its configuration', async () => {
  claimEqual('waypoint: rejected resources of all proxies', [], await cluster.rejections());
});
