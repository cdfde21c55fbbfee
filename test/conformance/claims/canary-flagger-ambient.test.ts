/**
 * Flagger behind a waypoint. Requests reach it as `node-proxy.ts` says. The waypoints of this stack report no metrics, so that what decides here is
 * always true; the library's own queries for them are not tried.
 */
import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  Canary, CanaryEngine, CanaryStrategy, CircuitBreaker, FindingCode, Gate, MeshProvider, MeshService, MetricSource, MtlsMigration, ZeroTrustPolicy,
} from '../../../src';
import { AMBIENT_REVISION, AmbientControlPlane, claimEqual, claimShare, Delivery, type KubeObject, PROMETHEUS_URL, stack, until } from '../stack';
import { gatewaysReady, NodeProxy } from './node-proxy';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-flagger-ambient';
const CANARIES = `/apis/flagger.app/v1beta1/namespaces/${NAMESPACE}/canaries`;
const ROUTES = `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes`;
const EVERY = Duration.seconds(15);
const STEPS = [5, 95];
const LIMIT = 321;
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const stranger = cluster.workload(NAMESPACE, 'stranger');
const nodes = Object.fromEntries(['web', 'stranger'].map((account) => [
  account, new NodeProxy(NAMESPACE, account, [{ namespace: NAMESPACE, service: 'orders', port: 80 }]),
]));

function program(version: 1 | 2): string {
  const it = new Program(NAMESPACE, { provider: MeshProvider.istioAmbient({ revision: AMBIENT_REVISION }) })
    .accept('Flagger has no field for retries', FindingCode.SILENT_RETRIES);
  const template = podTemplate('orders', { image: `orders:${version}`, labels: { app: 'orders' }, containerPorts: [8080] });
  const workload = new k8s.KubeDeployment(it.chart, 'orders-deployment', {
    metadata: { name: 'orders' }, spec: { replicas: 1, selector: { matchLabels: { app: 'orders' } }, template },
  });
  const orders = new MeshService(it.chart, 'orders', {
    mesh: it.mesh, workload, version: `v${version}`, ports: [HTTP], deadline: Duration.seconds(7),
    circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: LIMIT } }),
  });
  it.client('web').calls(orders);
  it.client('stranger');
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, mtls: MtlsMigration.strict(), sealEgress: false });
  new Canary(it.chart, 'orders-canary', {
    service: orders, engine: CanaryEngine.flagger(), strategy: CanaryStrategy.steps(STEPS, { every: EVERY }),
    gates: [Gate.promql({ name: 'holds', query: 'vector(100)', atLeast: 99, window: EVERY })],
    metrics: MetricSource.istio({ prometheus: PROMETHEUS_URL, scrapedEvery: Duration.seconds(2) }),
  });
  return it.yaml();
}

let ambient: AmbientControlPlane | undefined;
let delivery: Delivery | undefined;

beforeAll(async () => {
  ambient = await AmbientControlPlane.start(cluster);
  await cluster.apply(program(1));
  await cluster.apply(Object.values(nodes).map((node) => node.yaml()).join('---\n'));
  [delivery] = await Promise.all([Delivery.start(cluster, ['flagger']), gatewaysReady(cluster, NAMESPACE)]);
  await until('Flagger has taken the service over', 120_000, async () => (await cluster.kubernetes.get(`${CANARIES}/orders`)).status?.phase === 'Initialized', 500);
  await cluster.settled();
});

afterAll(async () => {
  try {
    await cluster.kubernetes.delete(CANARIES, { propagationPolicy: 'Background' });
    await until('the Canary is gone', 60_000, async () => (await cluster.kubernetes.items(CANARIES)).length === 0, 200);
    await cluster.drop(NAMESPACE);
  } finally {
    await delivery?.stop();
    await ambient?.stop();
  }
});

/** A request to orders by the node of a caller. */
function by(account: string) {
  return { url: `http://${nodes[account].authority('orders', 80)}/`, headers: { host: `orders.${NAMESPACE}.svc.cluster.local` } };
}

test('a release step by step, through the waypoint', async () => {
  const weights: number[] = [];
  const watch = cluster.kubernetes.watch(ROUTES, (_, { spec }: KubeObject) => {
    const weight = spec.rules[0].backendRefs.find(({ name }: KubeObject) => name === 'orders-canary')?.weight;
    if (weight !== undefined && weight !== weights.at(-1)) {
      weights.push(weight);
    }
  });
  try {
    const { code, stderr } = await cluster.tryApply(program(2));
    expect([code, stderr]).toEqual([0, '']);
    for (const step of STEPS) {
      await until(`${step} % are asked for`, 120_000, async () => weights.at(-1) === step, 50);
      await cluster.settled();
      const report = await web.load({ ...by('web'), requests: 12_000, concurrency: 24 });
      claimEqual(`at ${step} %: the share is still that`, step, weights.at(-1));
      claimEqual(`at ${step} %: answers`, { 200: report.requests }, report.byStatus);
      claimShare(`at ${step} %: share of the new version`, step / 100, report.byVersion.v2, report.requests);
      const refused = await stranger.load({ ...by('stranger'), requests: 200, concurrency: 4 });
      claimEqual(`at ${step} %: what an undeclared caller is answered`, { 403: 200 }, refused.byStatus);
      await claimWaypoint();
    }
    await until('the release ends', 180_000, async () => (await cluster.kubernetes.get(`${CANARIES}/orders`)).status?.phase === 'Succeeded', 500);
    claimEqual('shares of the new version in order', [0, ...STEPS, 0], weights);
    await cluster.settled();
    const after = await web.load({ ...by('web'), requests: 500, concurrency: 4 });
    claimEqual('who answers afterwards', { v2: 500 }, after.byVersion);
  } finally {
    watch.stop();
  }
});

/** What the service says of its requests and of connections to it, at the proxy that keeps it. */
async function claimWaypoint(): Promise<void> {
  const { configs = [] } = await (await cluster.workload(NAMESPACE, 'waypoint').envoy()).configDump();
  const clusters: KubeObject[] = configs.flatMap(({ dynamic_active_clusters: active = [] }) => active.map((one: KubeObject) => one.cluster));
  const names = ['primary', 'canary'].map((version) => `outbound|80||orders-${version}.${NAMESPACE}.svc.cluster.local`);
  claimEqual('both versions: limit of connections', [LIMIT, LIMIT],
    names.map((name) => clusters.find((one) => one.name === name)?.circuit_breakers.thresholds[0].max_connections));
  const tables: KubeObject[] = configs.flatMap(({ static_route_configs: routes = [] }) => routes.map((one: KubeObject) => one.route_config));
  const rules = tables.flatMap(({ virtual_hosts: hosts }) => hosts.flatMap(({ routes }: KubeObject) => routes)).map(({ route }) => route);
  const split = rules.filter((route) => route?.weighted_clusters?.clusters.some(({ name }: KubeObject) => names.includes(name)));
  claimEqual('rules that lead to both: deadline', ['7s'], [...new Set(split.map(({ timeout }) => timeout))]);
}
