/**
 * Everything but plain weights that Flagger is handed on Gateway API: users who stay at a version, users of a test, copies of requests, and a rule
 * with all that Flagger's route can hold. Were there a field that Flagger reads otherwise than it wrote it, it would begin with its first share
 * again at the next check. What decides about the releases is always true.
 */
import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  Audience, Canary, CanaryEngine, CanaryStrategy, EgressScope, FindingCode, Gate, MeshProvider, MeshService, MetricSource, type RouteOptions,
  StringMatch,
} from '../../../src';
import { claimEqual, Delivery, type KubeObject, PROMETHEUS_URL, type RequestSpec, stack, until } from '../stack';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-strategies';
const CANARIES = `/apis/flagger.app/v1beta1/namespaces/${NAMESPACE}/canaries`;
const ROUTES = `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes`;
const every = Duration.seconds(10);
const STEPS = [40, 50, 60, 70];
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');

const ORIGIN = 'https://shop.example.com';
const RULE: RouteOptions = {
  deadline: Duration.seconds(7), rewrite: { path: '/inside' },
  cors: { origins: [StringMatch.exact(ORIGIN)], methods: ['GET', 'PUT'], credentials: true },
  requestHeaders: { overwrite: { 'x-b': '2', 'x-a': '1' }, append: { 'x-d': '4', 'x-c': '3' }, remove: ['x-secret', 'x-inner'] },
  responseHeaders: { overwrite: { 'x-z': '26' }, append: { 'x-y': '25' }, remove: ['x-powered-by'] },
};

const STRATEGIES = {
  filled: CanaryStrategy.steps(STEPS, { every }),
  sessions: CanaryStrategy.steps(STEPS, { every, keepSession: { cookie: 'stay' } }),
  tested: CanaryStrategy.abTest({ every, iterations: 5, audiences: [Audience.header('x-beta', StringMatch.exact('yes')), Audience.cookie('beta', 'yes')] }),
  shadowed: CanaryStrategy.mirror({ every, iterations: 5 }),
};
type Name = keyof typeof STRATEGIES;
const NAMES = Object.keys(STRATEGIES) as Name[];

function program(version: 1 | 2): string {
  const it = new Program(NAMESPACE, { provider: MeshProvider.gatewayApi() })
    .accept('the standard channel has no field for retries', FindingCode.SILENT_RETRIES);
  const web_ = it.client('web', {}, { egress: EgressScope.everything() });
  for (const name of NAMES) {
    const template = podTemplate(name, { image: `${name}:${version}`, labels: { app: name }, containerPorts: [8080] });
    const workload = new k8s.KubeDeployment(it.chart, `${name}-deployment`, {
      metadata: { name }, spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
    });
    const service = new MeshService(it.chart, name, { mesh: it.mesh, workload, version: `v${version}`, ports: [HTTP], egress: EgressScope.everything() });
    if (name === 'filled') {
      service.addRoute('all', { matches: [], ...RULE });
    }
    web_.calls(service);
    new Canary(it.chart, `${name}-canary`, {
      service, engine: CanaryEngine.flagger(), strategy: STRATEGIES[name],
      gates: [Gate.promql({ name: 'holds', query: 'vector(100)', atLeast: 99, window: every })],
      metrics: MetricSource.envoy({ prometheus: PROMETHEUS_URL, scrapedEvery: Duration.seconds(2) }),
    });
  }
  return it.yaml();
}

/** Share of the new version and whether it gets copies, of the rule that leads to it. */
function stateOf({ metadata, spec }: KubeObject): string {
  const canary = `${metadata.name}-canary`;
  const rule = spec.rules.find(({ matches, backendRefs }: KubeObject) =>
    backendRefs.length === 2 && !matches.some(({ headers = [] }: KubeObject) => headers.some(({ value }: KubeObject) => value.includes('stay')))) ?? spec.rules[0];
  const copied = (rule.filters ?? []).some(({ requestMirror }: KubeObject) => requestMirror?.backendRef.name === canary);
  return `${rule.backendRefs.find(({ name }: KubeObject) => name === canary)?.weight ?? 0}${copied ? ' and copies' : ''}`;
}

const seen: Record<Name, string[]> = { filled: [], sessions: [], tested: [], shadowed: [] };
let delivery: Delivery;
let watch: { stop(): void };

beforeAll(async () => {
  await cluster.apply(program(1));
  [delivery] = await Promise.all([Delivery.start(cluster, ['flagger']), cluster.ready(NAMESPACE)]);
  await all('Initialized', 180_000);
  await cluster.settled();
  watch = cluster.kubernetes.watch(ROUTES, (_, object) => {
    const states = seen[object.metadata.name as Name];
    const state = stateOf(object);
    if (state !== states.at(-1)) {
      states.push(state);
    }
  });
  const { code, stderr } = await cluster.tryApply(program(2));
  expect([code, stderr]).toEqual([0, '']);
});

afterAll(async () => {
  try {
    watch?.stop();
    await cluster.kubernetes.delete(CANARIES, { propagationPolicy: 'Background' });
    await until('the Canaries are gone', 60_000, async () => (await cluster.kubernetes.items(CANARIES)).length === 0, 200);
    await cluster.drop(NAMESPACE);
  } finally {
    await delivery?.stop();
  }
});

async function all(phase: string, timeoutMs: number): Promise<void> {
  await until(`all canaries are ${phase}`, timeoutMs, async () => (await cluster.kubernetes.items(CANARIES)).every(({ status }) => status?.phase === phase), 500);
}

/** Waits until the release of a service is there, and all proxies know. */
async function reached(name: Name, state: string): Promise<void> {
  await until(`${name} is at ${state}`, 120_000, async () => seen[name].at(-1) === state, 100);
  await cluster.settled();
}

function ask(name: Name, rest: Partial<RequestSpec> = {}) {
  return web.request({ url: `http://${name}.${NAMESPACE}/`, ...rest });
}

async function versions(name: Name, count: number, headers: Record<string, string> = {}): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(name, { headers })));
  return [...new Set(answers.map(({ status, server }) => `${status} ${server.version}`))].sort();
}

test('the users of an A/B test', async () => {
  await reached('tested', '100');
  claimEqual('A/B test: those with the header', ['200 v2'], await versions('tested', 40, { 'x-beta': 'yes' }));
  claimEqual('A/B test: those with the cookie', ['200 v2'], await versions('tested', 40, { cookie: 'a=b; beta=yes; c=d' }));
  claimEqual('A/B test: all others', ['200 v1'], [...new Set([
    ...await versions('tested', 40), ...await versions('tested', 10, { 'x-beta': 'no' }), ...await versions('tested', 10, { cookie: 'beta=yesterday' }),
  ])]);
});

test('copies of requests', async () => {
  await reached('shadowed', '0 and copies');
  const fresh = cluster.workload(NAMESPACE, 'shadowed');
  const { total: before } = await fresh.counts();
  claimEqual('mirror: who answers', ['200 v1'], await versions('shadowed', 100));
  await until('copies arrive', 10_000, async () => (await fresh.counts()).total >= before + 100);
  claimEqual('mirror: copies of 100 requests', 100, (await fresh.counts()).total - before);
});

test('users who stay', async () => {
  await until('sessions are split', 120_000, async () => STEPS.map(String).includes(seen.sessions.at(-1) ?? ''), 100);
  await cluster.settled();
  const first = await until('somebody meets the new version', 20_000, async () => {
    const answer = await ask('sessions');
    return answer.server.version === 'v2' && answer;
  }, 20);
  const [cookie] = (first.headers?.['set-cookie'] ?? '').split(';');
  claimEqual('sessions: the new version hands out the cookie', true, cookie.startsWith('stay='));
  claimEqual('sessions: whom those with the cookie meet', ['200 v2'], await versions('sessions', 60, { cookie }));
  claimEqual('sessions: whom all others meet', ['200 v1', '200 v2'], await versions('sessions', 60));
});

test('all that a rule can hold', async () => {
  await until('the rule is split', 120_000, async () => STEPS.map(String).includes(seen.filled.at(-1) ?? ''), 100);
  await cluster.settled();
  const { status, headers } = await ask('filled', { headers: { 'x-secret': 'a', 'x-inner': 'b', 'origin': ORIGIN } });
  claimEqual('a full rule: status, headers of the answer', ['200', '26', '25', ORIGIN, 'true'], [
    status, ...['x-z', 'x-y', 'access-control-allow-origin', 'access-control-allow-credentials'].map((name) => headers?.[name]),
  ]);
  const workloads = ['filled', 'filled-primary'].map((name) => cluster.workload(NAMESPACE, name));
  const recent = (await Promise.all(workloads.map((one) => one.recent()))).flat().at(-1)!;
  const arrived = Object.fromEntries(Object.entries(recent.headers).map(([name, value]) => [name.toLowerCase(), value]));
  claimEqual('a full rule: path and headers of the request that arrives', ['/inside', '1', '2', '3', '4', undefined, undefined], [
    recent.path, ...['x-a', 'x-b', 'x-c', 'x-d', 'x-secret', 'x-inner'].map((name) => arrived[name]),
  ]);
  const preflight = await ask('filled', { method: 'OPTIONS', headers: { 'origin': ORIGIN, 'access-control-request-method': 'PUT' } });
  claimEqual('a full rule: a preflight is answered by the proxy', ['GET,PUT', ''], [preflight.headers?.['access-control-allow-methods'], preflight.server.name]);
});

test('each release ends once, and never begins anew', async () => {
  await all('Succeeded', 200_000);
  claimEqual('a full rule: shares in order', ['0', ...STEPS.map(String), '0'], seen.filled);
  claimEqual('sessions: shares in order', ['0', ...STEPS.map(String), '0'], seen.sessions);
  claimEqual('A/B test: shares of its users in order', ['0', '100', '0'], seen.tested);
  claimEqual('mirror: in order', ['0', '0 and copies', '100', '0'], seen.shadowed);
  for (const name of NAMES) {
    claimEqual(`${name}: who answers afterwards`, ['200 v2'], await versions(name, 40));
  }
  const { metadata } = await cluster.kubernetes.get(`${ROUTES}/filled`);
  claimEqual('a full rule: changes of the route, one for each share', STEPS.length + 1, metadata.generation - 1);
});
