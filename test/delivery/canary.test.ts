/** Who writes what, once an engine brings a service's new versions, in whatever order the program says so. */
import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import {
  Canary, CanaryEngine, CanaryProps, CanaryStrategy, FindingCode, Gate, MeshPort, MeshProvider, MeshService, Retry, RouteMatch, Severity,
} from '../../src';
import { service, Shop, shop, workload } from '../support/shop';

const STRATEGY = CanaryStrategy.steps([10, 50], { every: Duration.minutes(1) });

function orders(it: Shop, props: Parameters<typeof service>[2] = {}): MeshService {
  const pods = { labels: { app: 'orders' }, selector: { app: 'orders' }, workload: { replicas: 1 } };
  return service(it, 'orders', { workload: workload(it.chart, 'orders-pods', pods), ...props });
}

function canary(it: Shop, of: MeshService, engine: CanaryEngine, props: Partial<CanaryProps> = {}): Canary {
  return new Canary(it.chart, 'orders-canary', { service: of, engine, strategy: STRATEGY, gates: [Gate.successRate({ atLeast: 99 })], ...props });
}

/** `Kind name` of what is written for the service and its canary. */
function written(it: Shop): readonly string[] {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const manifests = it.chart.toJson() as { kind: string; metadata: { name: string } }[];
  jest.restoreAllMocks();
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

function body(it: Shop, kind: string, name = 'orders'): any {
  return (it.chart.toJson()).find((one) => one.kind === kind && one.metadata.name === name);
}

afterEach(() => jest.restoreAllMocks());

test('Flagger owns routes and policy: the service writes neither, whatever it had written before', () => {
  const it = shop();
  const of = orders(it);
  expect(written(it)).toEqual(expect.arrayContaining(['VirtualService orders', 'DestinationRule orders']));
  canary(it, of, CanaryEngine.flagger());
  expect(written(it)).toEqual(expect.arrayContaining(['Canary orders', 'MetricTemplate orders-success-rate', 'Service orders']));
  expect(written(it).filter((name) => /^(VirtualService|DestinationRule) /.test(name))).toEqual([]);
  expect(body(it, 'Service').spec).not.toHaveProperty('selector');
  expect(body(it, 'Deployment', 'orders-pods').spec).not.toHaveProperty('replicas');
});

describe.each([
  ['Gateway API', MeshProvider.gatewayApi(), 'istio_requests_total{reporter="destination"', 'http://prometheus.istio-system:9090'],
  ['Istio in ambient mode', MeshProvider.istioAmbient(), 'istio_requests_total{reporter="waypoint"', 'http://prometheus.istio-system:9090'],
  ['Linkerd', MeshProvider.linkerd(), 'response_total', 'http://prometheus.linkerd-viz:9090'],
])('on %s', (_, provider, metric, address) => {
  beforeEach(() => {
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });

  test('Flagger writes the HTTPRoute, in the service\'s place', () => {
    const it = shop({ provider });
    const of = orders(it);
    of.addRoute('all', { matches: [], deadline: Duration.seconds(4) });
    const route = of.node.findChild('HTTPRoute') as ApiObject;
    expect(written(it)).toContain('HTTPRoute orders');
    canary(it, of, CanaryEngine.flagger());
    expect(written(it)).toEqual(expect.arrayContaining(['Canary orders', 'MetricTemplate orders-success-rate', 'Service orders']));
    expect(written(it).filter((name) => /Route |Policy |Rule orders$/.test(name))).toEqual([]);
    expect(body(it, 'Service').spec).not.toHaveProperty('selector');
    expect(body(it, 'Canary').spec).toMatchObject({ provider: 'gatewayapi:v1', service: { gatewayRefs: [{ group: '', kind: 'Service', name: 'orders' }] } });
    route.addJsonPatch(JsonPatch.add('/spec/rules/0/name', 'main'));
    expect(it.mesh.findings.map(({ code }) => code)).toContain(FindingCode.PATCH_ON_RELEASED_OBJECT);
  });

  test('the gates ask for the mesh\'s own metrics, where its add-on puts them', () => {
    const it = shop({ provider });
    canary(it, orders(it), CanaryEngine.flagger());
    const { query, provider: { address: asked } } = body(it, 'MetricTemplate', 'orders-success-rate').spec;
    expect([query.includes(metric), asked]).toEqual([true, address]);
    expect(it.mesh.findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
  });

  test('a gRPC service is written no route either', () => {
    const it = shop({ provider });
    canary(it, orders(it, { ports: [MeshPort.grpc(9000, { streaming: true })] }), CanaryEngine.flagger());
    expect(written(it).filter((name) => name.includes('Route '))).toEqual([]);
    expect(it.mesh.findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
  });

  test('Argo Rollouts is refused, with the engine that can', () => {
    const it = shop({ provider });
    canary(it, orders(it), CanaryEngine.argoRollouts());
    expect(it.mesh.findings.filter(({ severity }) => severity === Severity.ERROR).map(({ code, message, fix }) => [code, message.split(' cannot ')[1], fix.slice(0, 27)]))
      .toEqual([[FindingCode.UNSUPPORTED_CAPABILITY, 'do canary-by-argo-rollouts', 'Take CanaryEngine.flagger()']]);
  });
});

test('in a namespace of an ambient mesh that still has sidecars, Flagger writes Istio\'s own API', () => {
  const it = shop({ provider: MeshProvider.istioAmbient({ sidecarNamespaces: ['shop'] }) });
  canary(it, orders(it), CanaryEngine.flagger());
  expect(body(it, 'Canary').spec.provider).toBe('istio');
});

test('Argo Rollouts owns weights: the service keeps its rule, with two subsets', () => {
  const it = shop();
  canary(it, orders(it), CanaryEngine.argoRollouts());
  expect(written(it)).toEqual(expect.arrayContaining(['VirtualService orders', 'DestinationRule orders', 'Rollout orders', 'AnalysisTemplate orders']));
  expect(body(it, 'VirtualService').spec.http[0].route.map(({ destination, weight }: any) => [destination.subset, weight])).toEqual([['stable', 100], ['canary', 0]]);
  expect(body(it, 'Rollout').spec.replicas).toBe(1);
  expect(body(it, 'Deployment', 'orders-pods').spec).not.toHaveProperty('replicas');
});

test('a person moves the split, by a commit, within the service\'s own rule', () => {
  const it = shop();
  const of = orders(it, { version: 'v1' });
  of.addVersion('v2', { workload: workload(it.chart, 'orders-v2', { labels: { app: 'orders' }, selector: { app: 'orders', version: 'v2' } }) });
  const strategy = CanaryStrategy.steps([10, 50, 100], { every: Duration.minutes(1) });
  canary(it, of, CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 50 }), { strategy, gates: [] });
  expect(body(it, 'VirtualService').spec.http[0].route.map(({ destination, weight }: any) => [destination.subset, weight])).toEqual([['v1', 50], ['v2', 50]]);
  expect(it.mesh.findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
});

test('what is said of the service after its canary is handed over, too', () => {
  const it = shop();
  const of = orders(it, { retry: Retry.upTo(2, { perTry: Duration.seconds(1) }), deadline: Duration.seconds(4) });
  canary(it, of, CanaryEngine.flagger());
  const web = service(it, 'web');
  web.calls(of);
  expect(body(it, 'Canary').spec.service).toMatchObject({ timeout: '4s', retries: { attempts: 2, perTryTimeout: '1s' } });
  of.addRoute('history', { matches: [RouteMatch.prefix('/history')] });
  expect(it.mesh.findings.map(({ code }) => code)).toContain(FindingCode.ENGINE_CANNOT_CARRY);
  expect(() => it.app.synthYaml()).toThrow('MESH509');
});

test.each([true, false])('a patch of what the engine writes now is a finding, said before the canary: %s', (before) => {
  const it = shop();
  const of = orders(it);
  const rule = of.node.findChild('VirtualService') as ApiObject;
  const patch = () => rule.addJsonPatch(JsonPatch.add('/spec/http/0/name', 'main'));
  if (before) {
    patch();
  }
  canary(it, of, CanaryEngine.flagger());
  if (!before) {
    patch();
  }
  const found = it.mesh.findings.filter(({ code }) => code === FindingCode.PATCH_ON_RELEASED_OBJECT);
  expect(found.map(({ construct }) => construct)).toEqual(['shop/orders-canary']);
});

describe('what others must leave alone', () => {
  const paths = (engine: CanaryEngine) => {
    const it = shop();
    return canary(it, orders(it), engine).ignoreDifferences.map(({ kind, name, namespace, jsonPointers = [], jqPathExpressions = [] }) => (
      `${kind} ${namespace}/${name} ${[...jsonPointers, ...jqPathExpressions].join(' ')}`
    ));
  };

  test.each<[string, CanaryEngine, readonly string[]]>([
    ['Flagger', CanaryEngine.flagger(), ['Service shop/orders /spec/selector', 'Deployment shop/orders-pods /spec/replicas']],
    ['Argo Rollouts', CanaryEngine.argoRollouts(), [
      'VirtualService shop/orders .spec.http[].route[].weight', 'DestinationRule shop/orders .spec.subsets[].labels["rollouts-pod-template-hash"]',
      'Deployment shop/orders-pods /spec/replicas',
    ]],
  ])('%s', (_, engine, expected) => {
    expect(paths(engine)).toEqual(expected);
  });
});

test('the queries of its gates, as a person can ask them', () => {
  const it = shop();
  const gates = [Gate.successRate({ atLeast: 99 }), Gate.promql({ name: 'queue', query: 'max(depth{namespace="$namespace"})', atMost: 5 })];
  const { gateQueries } = canary(it, orders(it), CanaryEngine.flagger(), { gates });
  expect(Object.keys(gateQueries)).toEqual(['success-rate', 'queue']);
  expect(gateQueries.queue).toBe('max(depth{namespace="shop"})');
});

test('a second synth writes the same', () => {
  const it = shop();
  canary(it, orders(it), CanaryEngine.argoRollouts());
  expect(it.chart.toJson()).toEqual(it.chart.toJson());
});
