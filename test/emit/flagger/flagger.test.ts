import { flagger } from '../../../src/emit/flagger';
import { istio } from '../../../src/emit/istio';
import type { CanaryNode, EngineNode } from '../../../src/model/delivery';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { delivered, FLAGGER } from '../../checks/canary-builder';
import { ejecting, model, object, Parts, port, retry, route } from '../../checks/model-builder';
import { type Manifest, schemaErrors } from '../../support/schemas';
import { around, STRATEGIES } from '../deliveries';
import { manifestsOf } from '../resources';

type Written = Manifest & { readonly metadata: any; readonly spec: any };

const APPROVING: EngineNode = { id: 'flagger', selectorLabels: ['app'], approvalUrl: 'http://tester/gate/check' };

function written(rest: Partial<CanaryNode> = {}, own: Partial<ServiceNode> = {}, parts: Omit<Parts, 'services'> = {}): readonly Written[] {
  const services = [delivered('orders', { engine: FLAGGER, ...rest }, own)];
  const built = model({ services, ...parts });
  const manifests = manifestsOf(flagger(istio.handover), built.canaries[0], built) as Written[];
  expect(manifests.flatMap((one) => schemaErrors(one).map((error) => `${one.kind}/${one.metadata.name} ${error}`))).toEqual([]);
  return manifests;
}

function canaryOf(...args: Parameters<typeof written>): Written['spec'] {
  return written(...args).find(({ kind }) => kind === 'Canary')!.spec;
}

test('what is written, in the order in which it may be applied', () => {
  expect(written(around(APPROVING)).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    'MetricTemplate shop/orders-success-rate', 'MetricTemplate shop/orders-latency-p99', 'MetricTemplate shop/orders-queue',
    'AlertProvider shop/orders-team', 'AlertProvider shop/orders-all', 'Canary shop/orders',
  ]);
});

test('the whole Canary of a plain service', () => {
  expect(canaryOf()).toEqual({
    provider: 'istio',
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' },
    revertOnDeletion: true,
    progressDeadlineSeconds: 600,
    service: {
      name: 'orders', port: 8080, portName: 'http-8080', targetPort: 8080, appProtocol: 'http', timeout: '15s', retries: { attempts: 0 },
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        outlierDetection: { baseEjectionTime: '30s', consecutive5xxErrors: 5, interval: '10s', maxEjectionPercent: 50, minHealthPercent: 50 },
      },
    },
    analysis: {
      interval: '60s', threshold: 3, stepWeights: [10, 50],
      metrics: [{ name: 'success-rate', templateRef: { name: 'orders-success-rate' }, interval: '60s', thresholdRange: { min: 99 } }],
    },
  });
});

test.each<[keyof typeof STRATEGIES, object]>([
  ['linear', { stepWeight: 20, maxWeight: 60 }],
  // By stepWeight alone Flagger would go to 60.
  ['linear that does not divide', { stepWeights: [20, 40, 50] }],
  ['steps', { stepWeights: [1, 25, 50] }],
  ['steps that are held', { stepWeights: [10, 50] }],
  ['sessions', { stepWeights: [50], sessionAffinity: { cookieName: 'version', maxAge: 91 } }],
  ['blue/green', { iterations: 3 }],
  ['mirror', { iterations: 3, mirror: true, mirrorWeight: 20 }],
  ['A/B test', { iterations: 3, match: [{ headers: { 'x-beta': { exact: 'yes' } } }, { headers: { cookie: { regex: '^(.*;\\s*)?beta=yes(;.*)?$' } } }] }],
])('%s', (name, expected) => {
  const { interval, threshold, metrics, ...rest } = canaryOf({ strategy: STRATEGIES[name] }).analysis;
  expect(rest).toEqual(expected);
  expect([interval, threshold, metrics.length]).toEqual(['60s', 3, 1]);
});

test.each(Object.keys(STRATEGIES))('%s, with all that can be around it, is what the schema takes', (name) => {
  expect(written({ ...around(APPROVING), strategy: STRATEGIES[name] })).toHaveLength(6);
});

test('gates: each looks back as long as it says, at the version that keeps the workload\'s name', () => {
  const all = written(around(FLAGGER));
  expect(all.find(({ kind }) => kind === 'Canary')!.spec.analysis.metrics.map(({ name, interval, thresholdRange }: any) => [name, interval, thresholdRange])).toEqual([
    ['success-rate', '60s', { min: 99.5 }], ['latency-p99', '60s', { max: 250 }], ['queue', '90s', { min: 1, max: 9 }],
  ]);
  expect(all.filter(({ kind }) => kind === 'MetricTemplate').map(({ spec }) => spec)).toEqual([
    {
      provider: { type: 'prometheus', address: 'http://prometheus:9090' },
      query: '100 * sum(rate(istio_requests_total{reporter="destination",destination_workload_namespace="shop",destination_workload="orders",'
        + 'response_code!~"0|5..",grpc_response_status!~"2|4|12|13|14|15"}[1m])) / sum(rate(istio_requests_total{reporter="destination",'
        + 'destination_workload_namespace="shop",destination_workload="orders"}[1m]))',
    },
    {
      provider: { type: 'prometheus', address: 'http://prometheus:9090' },
      query: 'histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="destination",'
        + 'destination_workload_namespace="shop",destination_workload="orders"}[1m])))',
    },
    { provider: { type: 'prometheus', address: 'http://prometheus:9090' }, query: 'max(depth{pod=~"orders-[a-z0-9]+-[a-z0-9]{5}"}[90s:])' },
  ]);
});

test('webhooks, approvals and alerts; what Flagger cannot page is left out and is a finding', () => {
  const { webhooks, alerts } = canaryOf(around(APPROVING)).analysis;
  expect(webhooks).toEqual([
    { name: 'acceptance', type: 'pre-rollout', url: 'http://tester/', timeout: '10s', metadata: { cmd: 'curl' } },
    { name: 'load', type: 'rollout', url: 'http://tester/load', timeout: '3s' },
    { name: 'approve-start', type: 'confirm-rollout', url: 'http://tester/gate/check' },
    { name: 'approve-each-step', type: 'confirm-traffic-increase', url: 'http://tester/gate/check' },
    { name: 'approve-promotion', type: 'confirm-promotion', url: 'http://tester/gate/check' },
  ]);
  expect(alerts).toEqual([
    { name: 'team', severity: 'warn', providerRef: { name: 'orders-team' } }, { name: 'all', severity: 'info', providerRef: { name: 'orders-all' } },
  ]);
  expect(written(around(FLAGGER)).filter(({ kind }) => kind === 'AlertProvider').map(({ spec }) => spec)).toEqual([
    { type: 'slack', channel: 'orders', secretRef: { name: 'slack-hook' } }, { type: 'msteams', secretRef: { name: 'teams-hook' } },
  ]);
  const others = [
    { kind: 'event' as const, name: 'events', url: 'http://e', timeoutMs: 1000, metadata: {} }, { kind: 'rollback' as const, name: 'back', url: 'http://b', timeoutMs: 1000, metadata: {} },
  ];
  expect(canaryOf({ webhooks: others }).analysis.webhooks.map(({ type }: any) => type)).toEqual(['event', 'rollback']);
});

describe('the rule of the service is handed over', () => {
  test('its retries and deadline, without the fields that Flagger has not', () => {
    const own = { retry: retry(2, { perTryMs: 250, backoffMs: 100, on: ['connect-failure', 'reset'] }), deadline: 3000 };
    expect(canaryOf({}, own).service).toMatchObject({ timeout: '3s', retries: { attempts: 2, perTryTimeout: '250ms' } });
    expect(Object.keys(canaryOf({}, own).service.retries).sort()).toEqual(['attempts', 'perTryTimeout', 'retryOn']);
  });

  test('the one route that takes every request: headers, CORS, rewrite', () => {
    const all = route('orders', 'all', {
      deadline: 1000, rewrite: { path: '/v2', authority: 'orders.internal' }, requestHeaders: { set: { a: 'b' }, add: {}, remove: ['c'] },
      cors: { origins: [{ kind: 'exact', value: 'https://shop.example.com' }], methods: ['GET'], headers: [], exposeHeaders: [] },
    });
    expect(canaryOf({}, { routes: [all] }).service).toMatchObject({
      timeout: '1s', rewrite: { uri: '/v2', authority: 'orders.internal' }, headers: { request: { set: { a: 'b' }, remove: ['c'] } },
      corsPolicy: { allowOrigins: [{ exact: 'https://shop.example.com' }], allowMethods: ['GET'] },
    });
  });

  test('its policy, under the names that Flagger has for it', () => {
    const hash = { kind: 'hash' as const, key: { kind: 'header' as const, name: 'x-user' }, table: 'ring' as const, tableSize: 1024 };
    const own = {
      loadBalancing: { algorithm: hash },
      circuitBreaker: { ...ejecting({ consecutiveServerErrors: 3 }), pool: { maxRequests: 5, upgradeToHttp2: false } },
    };
    expect(canaryOf({}, own).service.trafficPolicy).toMatchObject({
      loadBalancer: { consistentHash: { httpHeaderName: 'x-user', minimumRingSize: 1024 } },
      connectionPool: { http: { http2MaxRequests: 5, h2UpgradePolicy: 'DO_NOT_UPGRADE' } }, outlierDetection: { consecutive5xxErrors: 3 },
    });
    const warm = { loadBalancing: { algorithm: { kind: 'least-request' as const }, warmUp: { durationMs: 30_000 } } };
    expect(canaryOf({}, warm).service.trafficPolicy.loadBalancer).toEqual({ simple: 'LEAST_REQUEST', warmupDurationSecs: '30s' });
  });

  test('nothing of a policy that Flagger can hold but in part: all of it is written beside', () => {
    expect(canaryOf({}, { circuitBreaker: { ...ejecting({}), pool: { maxConnections: 10, maxRequests: 5 } } }).service.trafficPolicy).toBeUndefined();
    const retryBudget = { percent: 20, minConcurrency: 3 };
    expect(canaryOf({}, { circuitBreaker: { ...ejecting({}), pool: {}, retryBudget } }).service.trafficPolicy).toBeUndefined();
  });

  test('a port of the protocol that it speaks', () => {
    expect(canaryOf({}, { ports: [port(9000, 'grpc', { containerPort: 'main' })] }).service)
      .toMatchObject({ port: 9000, portName: 'grpc-9000', targetPort: 'main', appProtocol: 'grpc' });
  });
});

test('an autoscaler of the workload is named, one of another is not', () => {
  const scaler = (name: string) => object('HorizontalPodAutoscaler', 'scaler', {
    apiVersion: 'autoscaling/v2', body: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } } },
  });
  expect(canaryOf({}, {}, { objects: [scaler('orders')] }).autoscalerRef).toEqual({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'scaler' });
  expect(canaryOf({}, {}, { objects: [scaler('other')] })).not.toHaveProperty('autoscalerRef');
});
