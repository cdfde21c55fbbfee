/**
 * No control plane of Linkerd runs here. What Flagger writes for Linkerd is judged by the rules of Linkerd's admission, as the library knows them,
 * and Linkerd's answer to a route is written by hand, as its policy controller gives it: without the generation that it is about.
 */
import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Canary, CanaryEngine, CanaryStrategy, Gate, MeshProvider, MeshService, MetricSource, Retry, RetryOn } from '../../../src';
import { IGNORED_RULES } from '../../../src/checks/ignored-by-linkerd';
import { wrongAnnotations } from '../../../src/checks/linkerd/routes';
import { ADMISSION_RULES } from '../../../src/checks/refused-by-linkerd';
import { claimEqual, Delivery, type KubeObject, PROMETHEUS_URL, stack, until } from '../stack';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-flagger-linkerd';
const CANARY = `/apis/flagger.app/v1beta1/namespaces/${NAMESPACE}/canaries/orders`;
const ROUTES = `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes`;
const EVERY = Duration.seconds(10);
const STEPS = [10, 50];
const cluster = stack();
let delivery: Delivery;

/** One service of one pod, which Flagger delivers by a gate that always holds. */
function program(version: number): string {
  const it = new Program(NAMESPACE, { provider: MeshProvider.linkerd() });
  const template = podTemplate('orders', { image: `orders:${version}`, labels: { app: 'orders' }, containerPorts: [8080] });
  const workload = new k8s.KubeDeployment(it.chart, 'orders-deployment', {
    metadata: { name: 'orders' }, spec: { replicas: 1, selector: { matchLabels: { app: 'orders' } }, template },
  });
  const orders = new MeshService(it.chart, 'orders', {
    mesh: it.mesh, workload, version: `v${version}`, ports: [HTTP], deadline: Duration.seconds(2),
    retry: Retry.upTo(2, { on: [RetryOn.GATEWAY_ERROR], perTry: Duration.millis(300) }),
  });
  orders.addRoute('all', { matches: [], responseHeaders: { overwrite: { 'x-delivered': 'yes' } } });
  new Canary(it.chart, 'orders-canary', {
    service: orders, engine: CanaryEngine.flagger(), strategy: CanaryStrategy.steps(STEPS, { every: EVERY }),
    gates: [Gate.promql({ name: 'holds', query: 'vector(100)', atLeast: 99, window: EVERY })],
    metrics: MetricSource.linkerd({ prometheus: PROMETHEUS_URL, scrapedEvery: Duration.seconds(2) }),
  });
  return it.yaml();
}

beforeAll(async () => {
  await cluster.apply(program(1));
  [delivery] = await Promise.all([Delivery.start(cluster, ['flagger']), cluster.ready(NAMESPACE)]);
});

afterAll(async () => {
  try {
    await cluster.kubernetes.delete(CANARY).catch(() => undefined);
    await until('the Canary is gone', 60_000, async () => (await cluster.kubernetes.items(CANARY.replace('/orders', ''))).length === 0, 200);
    await cluster.drop(NAMESPACE);
  } finally {
    await delivery?.stop();
  }
});

const phase = async () => (await cluster.kubernetes.get(CANARY)).status?.phase;

test('Flagger\'s route says what the service says, in a form that Linkerd takes', async () => {
  await until('Flagger has taken the service over', 120_000, async () => await phase() === 'Initialized', 500);
  const route = await cluster.kubernetes.get(`${ROUTES}/orders`);
  const { annotations } = route.metadata;
  claimEqual('limits, in annotations of the route', {
    'retry.linkerd.io/http': 'gateway-error', 'retry.linkerd.io/limit': '2', 'retry.linkerd.io/timeout': '300ms', 'timeout.linkerd.io/request': '2s',
  }, Object.fromEntries(Object.entries(annotations).filter(([key]) => key.includes('linkerd.io/'))));
  const backend = (version: string, weight: number) => ({ group: '', kind: 'Service', name: `orders-${version}`, port: 80, weight });
  claimEqual('the route as a whole', {
    parentRefs: [{ group: '', kind: 'Service', name: 'orders' }],
    rules: [{
      matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-delivered', value: 'yes' }] } }],
      backendRefs: [backend('primary', 100), backend('canary', 0)],
    }],
  }, route.spec);
  const object = { origin: 'orders', apiVersion: route.apiVersion, kind: route.kind, name: 'orders', ours: false, body: route };
  const rules = [...ADMISSION_RULES, ...IGNORED_RULES].filter(({ group, kinds }) => group === 'gateway.networking.k8s.io' && kinds.includes('HTTPRoute'));
  expect(rules.length).toBeGreaterThan(8);
  claimEqual('rules of Linkerd that it breaks', [], [...rules.flatMap(({ broken }) => broken(route.spec, object)), ...wrongAnnotations(object)].map(({ what }) => what));
});

test('an answer that names no generation does not hold the release up', async () => {
  const weights: number[] = [];
  const watch = cluster.kubernetes.watch(ROUTES, (_, { metadata, spec }: KubeObject) => {
    const weight = spec.rules[0].backendRefs.find(({ name }: KubeObject) => name === 'orders-canary')?.weight;
    if (metadata.name === 'orders' && weight !== undefined && weight !== weights.at(-1)) {
      weights.push(weight);
    }
  });
  try {
    const now = new Date().toISOString();
    const condition = (type: string) => ({ type, status: 'True', reason: type, message: '', lastTransitionTime: now });
    const { status } = await cluster.kubernetes.get(`${ROUTES}/orders`);
    const others = (status?.parents ?? []).filter(({ controllerName }: KubeObject) => controllerName !== 'linkerd.io/policy-controller');
    await cluster.kubernetes.merge(`${ROUTES}/orders/status`, {
      status: {
        parents: [...others, {
          controllerName: 'linkerd.io/policy-controller', parentRef: { group: 'core', kind: 'Service', namespace: NAMESPACE, name: 'orders' },
          conditions: [condition('Accepted'), condition('ResolvedRefs')],
        }],
      },
    });
    const { code, stderr } = await cluster.tryApply(program(2));
    expect([code, stderr]).toEqual([0, '']);
    await until('the release ends', 180_000, async () => await phase() === 'Succeeded', 500);
    claimEqual('shares of the new version in order', [0, ...STEPS, 0], weights);
    const answered = (await cluster.kubernetes.get(`${ROUTES}/orders`)).status.parents.map(({ controllerName }: KubeObject) => controllerName);
    claimEqual('Linkerd\'s answer still stands there', true, answered.includes('linkerd.io/policy-controller'));
  } finally {
    watch.stop();
  }
});
