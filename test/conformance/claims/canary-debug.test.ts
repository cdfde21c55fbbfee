import { CanaryEngine } from '../../../src';
import { claimBetween, claimEqual, claimShare, Delivery, type KubeObject, stack, until } from '../stack';
import { BEHAVIORS, canaryProgram, EVERY, type Release, RELEASES, ROLL_BACK_AFTER, STEPS } from './canary-program';
import { CanaryWatch, type Seen } from './canary-watch';

const NAMESPACE = 'claims-flagger';
const URL = `http://orders.${NAMESPACE}/`;
const CANARY = `/apis/flagger.app/v1beta1/namespaces/${NAMESPACE}/canaries/orders`;
const INTERVAL_MS = EVERY.toMilliseconds();
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
let delivery: Delivery;
let watch: CanaryWatch | undefined;

beforeAll(async () => {
  cluster.behaviors(BEHAVIORS);
  await canaryProgram(NAMESPACE, RELEASES.first).program.start(cluster);
  delivery = await Delivery.start(cluster, ['flagger']);
});

afterEach(async () => {
  await watch?.abandon();
  watch = undefined;
});

afterAll(async () => {
  try {
    // Flagger brings back what was before, which it can no longer do once the namespace goes.
    await cluster.kubernetes.delete(CANARY).catch(() => undefined);
    await until('the Canary is gone', 60_000, async () => (await cluster.kubernetes.items(CANARY.replace(/\/orders$/, ''))).length === 0, 200);
    await cluster.drop(NAMESPACE);
  } finally {
    await delivery?.stop();
  }
});

function manifest(release: Release): string {
  return canaryProgram(NAMESPACE, release, CanaryEngine.flagger()).program.yaml();
}

/** Share of the new version in Flagger's own VirtualService. */
function weightOf({ spec }: KubeObject): number | undefined {
  return spec.http[0].route.find(({ destination }: KubeObject) => destination.host === 'orders-canary')?.weight;
}

function watched(): CanaryWatch {
  return watch = new CanaryWatch(cluster, NAMESPACE, web, URL, weightOf);
}

async function phase(...wanted: string[]): Promise<string> {
  return until(`Flagger's Canary is ${wanted.join(' or ')}`, 280_000, async () => {
    const { status } = await cluster.kubernetes.get(CANARY);
    if (!wanted.includes(status?.phase)) {
      throw new Error(`it is ${status?.phase}: ${JSON.stringify(status?.conditions ?? [])}\n${cluster.log('flagger', 5)}`);
    }
    return status.phase as string;
  }, 200);
}

function claimWeights(release: Release, seen: Seen): void {
  for (const span of seen.spans.filter(({ weight }) => weight > 0)) {
    const { hits, all } = seen.shareOf(release.version, span);
    claimBetween(`${release.version} at weight ${span.weight}: requests counted`, 4000, Infinity, all);
    claimShare(`${release.version} at weight ${span.weight}: its share`, span.weight / 100, hits, all);
  }
}

/** What `canary.gitOps` says to do before the first apply with the canary: somebody else asks for the values that the cluster has. */
async function handOver(path: string, kind: string, field: string): Promise<void> {
  const { spec } = await cluster.kubernetes.get(`${path}/namespaces/${NAMESPACE}/${kind.toLowerCase()}s/orders`);
  const object = { apiVersion: path.replace(/^\/apis?\//, ''), kind, metadata: { name: 'orders', namespace: NAMESPACE }, spec: { [field]: spec[field] } };
  const { code, stderr } = await cluster.kubernetes.kubectl(
    ['apply', '--server-side', '--field-manager=canary-hand-over', '--force-conflicts', '-f', '-'], JSON.stringify(object));
  expect([code, stderr]).toEqual([0, '']);
}

const log = (text: string) => require('fs').appendFileSync('/tmp/w/cn/events.log', new Date().toISOString() + ' ' + text + '\n');
test('a running service is taken over without a lost request', async () => {
  const seen = watched();
  const stops = [
    cluster.kubernetes.watch(`/api/v1/namespaces/${NAMESPACE}/services`, (t, o) => log(`svc ${t} ${o.metadata.name} ${JSON.stringify(o.spec.selector)}`)),
    cluster.kubernetes.watch(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, (t, o) => log(`dep ${t} ${o.metadata.name} ${o.spec.replicas} ${JSON.stringify(o.status)}`)),
    cluster.kubernetes.watch(`/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`, (t, o) => log(`eps ${t} ${o.metadata.name} ${JSON.stringify((o.endpoints??[]).map((e: any) => [e.addresses[0], e.conditions]))}`)),
    cluster.kubernetes.watch(`/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices`, (t, o) => log(`vs ${t} ${o.metadata.name} ${JSON.stringify(o.spec.http[0].route)}`)),
    cluster.kubernetes.watch(`/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/destinationrules`, (t, o) => log(`dr ${t} ${o.metadata.name} ${JSON.stringify(o.spec)}`)),
    cluster.kubernetes.watch(`/api/v1/namespaces/${NAMESPACE}/pods`, (t, o) => log(`pod ${t} ${o.metadata.name} ${o.status.podIP} ${o.metadata.deletionTimestamp} ${JSON.stringify((o.status.conditions??[]).map((c: any) => c.type + c.status))}`)),
  ];
  await handOver('/apis/apps/v1', 'Deployment', 'replicas');
  await handOver('/api/v1', 'Service', 'selector');
  await cluster.apply(manifest(RELEASES.first));
  // What a GitOps tool prunes, since the manifest no longer holds it.
  await cluster.kubernetes.delete(`/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices/orders`);
  await cluster.kubernetes.delete(`/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/destinationrules/orders`);
  await phase('Initialized');
  await cluster.settled();
  const result = await seen.end();
  stops.forEach(one => one.stop());
  log(JSON.stringify(result.failures));
  log(cluster.log('flagger', 60));
  const { report, failed } = result;
  claimBetween('taking over: requests sent meanwhile', 4000, Infinity, report.requests);
  claimEqual('taking over: requests lost', {}, failed);
});

test('a good version is promoted step by step, and a new synth on the way disturbs nothing', async () => {
  const seen = watched();
  const startedMs = Date.now();
  await cluster.apply(manifest(RELEASES.good));
  await until('the second step is there', 200_000, async () => seen.weights.includes(STEPS[1]), 200);
  const { code, stderr } = await cluster.tryApply(manifest(RELEASES.good));
  claimEqual('a new synth in the middle: server-side apply without force', [0, ''], [code, stderr]);
  await phase('Succeeded');
  const promotedMs = Date.now() - startedMs;
  await cluster.settled();
  const run = await seen.end();
  claimEqual('a good version: shares in order', [0, ...STEPS, 0], seen.weights);
  claimWeights(RELEASES.good, run);
  claimEqual('a good version: requests lost', {}, run.failed);
  claimBetween('a good version: intervals until it is promoted', STEPS.length + 2, STEPS.length + 5, promotedMs / INTERVAL_MS);
  claimEqual('after the promotion: who answers', ['v2'], Object.keys((await web.load({ url: URL, requests: 500 })).byVersion));
});

test('the limits of the service hold for both versions', async () => {
  const { configs = [] } = await (await web.envoy()).configDump('resource=dynamic_active_clusters');
  for (const host of ['orders-primary', 'orders-canary']) {
    const { cluster: found } = configs.find((one: KubeObject) => one.cluster.name === `outbound|80||${host}.${NAMESPACE}.svc.cluster.local`);
    const [threshold] = found.circuit_breakers.thresholds;
    claimEqual(`${host}: connections, retry budget, requests per connection, ejection`, [321, 37, 123, true], [
      threshold.max_connections, threshold.retry_budget?.budget_percent?.value,
      found.typed_extension_protocol_options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'].common_http_protocol_options.max_requests_per_connection,
      found.outlier_detection !== undefined,
    ]);
  }
});

test('authorization holds for the copy of the workload, too', async () => {
  const stranger = cluster.workload(NAMESPACE, 'stranger');
  const primary = await cluster.kubernetes.get(`/api/v1/namespaces/${NAMESPACE}/services/orders-primary`);
  const refused = await stranger.request({ url: `http://${primary.spec.clusterIP}/`, headers: { host: `orders.${NAMESPACE}` } });
  claimEqual('an undeclared caller of orders-primary', 403, refused.status);
});

test.each([
  ['5 % errors', RELEASES.failing], ['slow answers', RELEASES.slow],
])('a version with %s is rolled back', async (what, release) => {
  const seen = watched();
  await cluster.apply(manifest(release));
  await phase('Failed');
  await cluster.settled();
  const run = await seen.end();
  claimEqual(`${what}: shares in order`, [0, STEPS[0], 0], seen.weights);
  claimWeights(release, run);
  const exposed = run.spans.find(({ weight }) => weight > 0)!;
  claimBetween(`${what}: intervals from the first share to none`, ROLL_BACK_AFTER, ROLL_BACK_AFTER + 1.5, (exposed.toMs - exposed.fromMs) / INTERVAL_MS);
  claimEqual(`${what}: requests lost`, {}, run.failed);
  claimEqual(`${what}: who answers afterwards`, ['v2'], Object.keys((await web.load({ url: URL, requests: 500 })).byVersion));
  // The way back to a version that is promoted: Flagger sees the template that it knows.
  await cluster.apply(manifest(RELEASES.good));
  await phase('Succeeded', 'Initialized');
});
