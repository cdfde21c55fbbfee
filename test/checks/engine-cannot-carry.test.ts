import { engineCannotCarry } from '../../src/checks/engine-cannot-carry';
import { ENGINES } from '../../src/model/delivery';
import { ENGINE_TABLE, ENGINE_WISHES, engineAnswer } from '../../src/model/engine-capability';
import { DEFAULT_CIRCUIT_BREAKER } from '../../src/model/policy';
import { PROVIDERS } from '../../src/model/provider';
import { ARGO, delivered, FLAGGER, manual, weights } from './canary-builder';
import { call, existing, found, lines, match, port, prefix, retry, route, service, version, workload } from './model-builder';

type Own = Parameters<typeof delivered>[2];

const every = { everyMs: 60_000, iterations: 3 };

/** One program for each wish, made of what the canary and the service say. */
const WISHED: Readonly<Record<(typeof ENGINE_WISHES)[number], readonly [Parameters<typeof delivered>[1], Own?]>> = {
  'weights': [{}],
  'gates': [{}],
  'uneven-steps': [{ strategy: { kind: 'weights', everyMs: 60_000, steps: [{ weight: 50, holdMs: 120_000 }] } }],
  'keep-session': [{ strategy: { ...weights(50), session: { cookie: 'v', maxAgeMs: 1000 } } as ReturnType<typeof weights> }],
  'blue-green': [{ strategy: { kind: 'blue-green', ...every } }],
  'mirror': [{ strategy: { kind: 'blue-green', ...every, mirrorPercent: 100 } }],
  'ab-test': [{ strategy: { kind: 'ab-test', ...every, audiences: [{ header: 'x-beta', value: { kind: 'exact', value: '1' } }] } }],
  'approval': [{ approvals: ['promotion'] }],
  'acceptance-webhook': [webhook('acceptance')],
  'load-test-webhook': [webhook('load-test')],
  'event-webhook': [webhook('event')],
  'rollback-webhook': [webhook('rollback')],
  'slack-alert': [alert('slack')],
  'teams-alert': [alert('teams')],
  'pagerduty-alert': [alert('pagerduty')],
  'daemon-set': [{}, { versions: [version('v1', { workload: workload('orders', { kind: 'DaemonSet', pinnedLabels: { app: 'orders' } }) })] }],
  'headless': [{}, { headless: true }],
  'existing-service': [{}, { existing: true, existingService: existing('orders') }],
  'several-ports': [{}, { ports: [port(8080), port(9090)] }],
  'several-versions': [{}, { versions: [version('v1'), version('v2')] }],
  'pinned-subset': [{}, { routes: [route('orders', 'pinned', { backends: [{ service: 'shop/orders', subset: 'v1', weight: 100 }] })] }],
  'routes': [{}, { routes: [route('orders', 'api', { matches: [prefix('/api')] })] }],
  'caller-policy': [{}],
  'fault': [{}, { routes: [route('orders', 'all', { fault: { abort: { percent: 1, httpStatus: 500 } } })] }],
  'route-mirror': [{}, { routes: [route('orders', 'all', { mirrors: [{ service: 'shop/audit', percent: 100 }] })] }],
  'regex-rewrite': [{}, { routes: [route('orders', 'all', { rewrite: { pathRegex: { pattern: 'a', substitution: 'b' } } })] }],
  'retry-back-off': [{}, { retry: retry(2, { backoffMs: 100 }) }],
  'retries': [{}, { retry: retry(2) }],
  'grpc-retries': [{}, { ports: [port(9000, 'grpc')], retry: retry(2, { on: ['grpc-unavailable'] }) }],
  'mirror-share': [{ strategy: { kind: 'blue-green', ...every, mirrorPercent: 10 } }],
  'prefix-audience': [{ strategy: { kind: 'ab-test', ...every, audiences: [{ header: 'x-beta', value: { kind: 'prefix', value: '1' } }] } }],
};

function webhook(kind: 'acceptance' | 'load-test' | 'event' | 'rollback') {
  return { webhooks: [{ kind, name: kind, url: 'http://hook', timeoutMs: 1000, metadata: {} }] };
}

function alert(kind: 'slack' | 'teams' | 'pagerduty') {
  return { alerts: [{ kind, name: kind, severity: 'error' as const, receiver: 'shop', secret: 'hook' }] };
}

const MESHES = {
  'istio': {}, 'gateway-api': { provider: 'gateway-api', gatewayChannel: 'experimental' }, 'istio-ambient': { provider: 'istio-ambient' }, 'linkerd': { provider: 'linkerd' },
} as const;

const engines = { 'flagger': FLAGGER, 'argo-rollouts': ARGO, 'manual': manual() };

function findingsOf(wish: (typeof ENGINE_WISHES)[number], engine: (typeof ENGINES)[number], provider: (typeof PROVIDERS)[number]) {
  const [rest, own] = WISHED[wish];
  const services = [delivered('orders', { engine: engines[engine], ...rest }, own), service('web'), service('audit')];
  const calls = wish === 'caller-policy' ? [call('web', 'orders', { deadline: 1000 })] : [];
  return found(engineCannotCarry, { services, calls, mesh: MESHES[provider] });
}

describe.each(ENGINES)('%s', (engine) => {
  test.each(ENGINE_WISHES)('%s is taken, or told', (wish) => {
    const findings = findingsOf(wish, engine, 'istio');
    const answer = engineAnswer(wish, engine, 'istio');
    expect(answer.support).toBe(ENGINE_TABLE[wish][engine].support);
    expect(findings.map(({ severity, fix }) => ({ severity, fix }))).toEqual(
      answer.support === 'unsupported' ? expect.arrayContaining([{ severity: 'error', fix: answer.instead }]) : []);
  });
});

describe.each(PROVIDERS.filter((provider) => provider !== 'istio'))('on %s', (provider) => {
  test.each(ENGINE_WISHES)('%s is taken, or told, and never with an engine that cannot be had there', (wish) => {
    const answer = engineAnswer(wish, 'flagger', provider);
    const fixes = findingsOf(wish, 'flagger', provider).map(({ fix }) => fix);
    expect(fixes).toEqual(answer.support === 'unsupported' ? expect.arrayContaining([answer.instead]) : []);
    expect(fixes.filter((fix) => fix.includes('argoRollouts'))).toEqual([]);
  });
});

test('what an HTTPRoute of Flagger\'s cannot hold, and what annotations of it can', () => {
  const otherwise = (provider: (typeof PROVIDERS)[number]) => ENGINE_WISHES.filter((wish) => engineAnswer(wish, 'flagger', provider).support !== ENGINE_TABLE[wish].flagger.support);
  expect(otherwise('istio')).toEqual([]);
  expect(otherwise('gateway-api')).toEqual(['mirror-share', 'prefix-audience', 'retries', 'grpc-retries']);
  expect(otherwise('istio-ambient')).toEqual(otherwise('gateway-api'));
  // Where callers agree, the service itself has what they ask for.
  expect(otherwise('linkerd')).toEqual(['prefix-audience', 'caller-policy', 'grpc-retries']);
  expect(engineAnswer('caller-policy', 'flagger', 'linkerd').support).toBe('native');
  expect(lines(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { retry: retry(2) })], mesh: MESHES['gateway-api'] })).toEqual([
    '[shop/orders] Flagger cannot take the retries of shop/orders (shop/orders is delivered by shop/orders-canary). Leave the retries out, or let callers retry by '
    + 'themselves. Take CanaryEngine.manual(), whose weights are moved by commits, or MeshProvider.istio().',
  ]);
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { retry: retry(0) })], mesh: MESHES['gateway-api'] })).toEqual([]);
  // What another mesh cannot do at all is not said to be written beside the engine's.
  const circuitBreaker = { ...DEFAULT_CIRCUIT_BREAKER, pool: { maxConnections: 10 } };
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { circuitBreaker })], mesh: MESHES['gateway-api'] })).toEqual([]);
});

test('what Flagger has no field for is written beside it, and said', () => {
  const retryBudget = { percent: 20, minConcurrency: 3 };
  const circuitBreaker = { ...DEFAULT_CIRCUIT_BREAKER, pool: { maxConnections: 10, maxRequests: 5 }, retryBudget };
  const services = [delivered('orders', { engine: FLAGGER }, { circuitBreaker })];
  expect(lines(engineCannotCarry, { services })).toEqual([
    '[shop/orders-canary] Flagger has no field for the limit of connections and the retry budget; it is written beside the engine\'s own resources '
    + '(DestinationRules orders-primary-policy and orders-canary-policy hold the whole policy of shop/orders). Nothing has to be done.',
  ]);
  expect(found(engineCannotCarry, { services })[0].severity).toBe('info');
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: ARGO }, { circuitBreaker })] })).toEqual([]);
});

test('the one rule that takes every request is handed over', () => {
  const routes = [route('orders', 'all', { deadline: 1000, requestHeaders: { set: { a: 'b' }, add: {}, remove: [] } })];
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { routes })] })).toEqual([]);
  const after = [...routes, route('orders', 'late', { matches: [match()] })];
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { routes: after })] })).toHaveLength(1);
  const elsewhere = [route('orders', 'all', { redirect: { path: '/x', status: 301 } })];
  expect(found(engineCannotCarry, { services: [delivered('orders', { engine: FLAGGER }, { routes: elsewhere })] })).toHaveLength(1);
});
