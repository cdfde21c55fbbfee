import { argoRollouts } from '../../../src/emit/argo-rollouts';
import { istio } from '../../../src/emit/istio';
import type { CanaryNode } from '../../../src/model/delivery';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { ARGO, delivered } from '../../checks/canary-builder';
import { call, model, object, Parts, prefix, route, service, workload, version } from '../../checks/model-builder';
import { type Manifest, schemaErrors } from '../../support/schemas';
import { around, STRATEGIES } from '../deliveries';
import { manifestsOf } from '../resources';

type Written = Manifest & { readonly metadata: any; readonly spec: any };

function written(rest: Partial<CanaryNode> = {}, own: Partial<ServiceNode> = {}, parts: Omit<Parts, 'services'> = {}): readonly Written[] {
  const built = model({ services: [delivered('orders', { engine: ARGO, ...rest }, own), service('web')], ...parts });
  const manifests = manifestsOf(argoRollouts(istio.handover), built.canaries[0], built) as Written[];
  expect(manifests.flatMap((one) => schemaErrors(one).map((error) => `${one.kind}/${one.metadata.name} ${error}`))).toEqual([]);
  return manifests;
}

function rolloutOf(...args: Parameters<typeof written>): Written {
  return written(...args).find(({ kind }) => kind === 'Rollout')!;
}

/** In short: `10` a weight, `?` the gates, `acceptance` the acceptance test, `person` a pause, `scale …` pods. */
function stepsOf(rest: Partial<CanaryNode>): readonly string[] {
  return rolloutOf(rest).spec.strategy.canary.steps.map((step: any): string => {
    if (step.analysis !== undefined) {
      return step.analysis.templates[0].templateName === 'orders' ? '?' : 'acceptance';
    }
    return step.setWeight !== undefined ? String(step.setWeight) : step.pause !== undefined ? 'person' : `scale ${JSON.stringify(step.setCanaryScale)}`;
  });
}

test('what is written, in the order in which it may be applied', () => {
  expect(written(around(ARGO)).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    'AnalysisTemplate shop/orders', 'AnalysisTemplate shop/orders-acceptance', 'Rollout shop/orders',
  ]);
  expect(written().map(({ kind }) => kind)).toEqual(['AnalysisTemplate', 'Rollout']);
});

test('the whole Rollout of a plain service', () => {
  const gates = {
    analysis: { templates: [{ templateName: 'orders' }], args: [{ name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } }] },
  };
  expect(rolloutOf().spec).toEqual({
    replicas: 1,
    selector: { matchLabels: { app: 'orders' } },
    workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders', scaleDown: 'onsuccess' },
    progressDeadlineSeconds: 600,
    progressDeadlineAbort: true,
    strategy: {
      canary: {
        trafficRouting: {
          istio: {
            virtualService: { name: 'orders', routes: ['default'] },
            destinationRule: { name: 'orders', stableSubsetName: 'stable', canarySubsetName: 'canary' },
          },
        },
        steps: [{ setWeight: 10 }, gates, { setWeight: 50 }, gates],
      },
    },
  });
});

test.each<[keyof typeof STRATEGIES, readonly string[]]>([
  ['linear', ['20', '?', '40', '?', '60', '?']],
  ['linear that does not divide', ['20', '?', '40', '?', '50', '?']],
  ['steps', ['1', '?', '25', '?', '50', '?']],
  ['steps that are held', ['10', '?', '50', '?', '?', '?']],
  // What it cannot keep is a finding.
  ['sessions', ['50', '?']],
  ['blue/green', ['scale {"weight":100}', '?', '?', '?', '100']],
  ['A/B test', ['100', '?', '?', '?']],
])('%s', (name, steps) => {
  expect(stepsOf({ strategy: STRATEGIES[name] })).toEqual(steps);
});

test.each(Object.keys(STRATEGIES))('%s, with all that can be around it, is what the schema takes', (name) => {
  expect(written({ ...around(ARGO), strategy: STRATEGIES[name] })).toHaveLength(3);
});

test('people and the acceptance test come where the program says', () => {
  expect(stepsOf({ ...around(ARGO), strategy: STRATEGIES.steps })).toEqual([
    'person', 'scale {"replicas":1}', 'acceptance', 'scale {"matchTrafficWeight":true}',
    'person', '1', '?', 'person', '25', '?', 'person', '50', '?', 'person',
  ]);
  expect(stepsOf({ approvals: ['promotion'], strategy: STRATEGIES['A/B test'] }).slice(-2)).toEqual(['?', 'person']);
});

test('gates look at the pods of the new hash, pass with one good answer, and fail after as many bad ones as are forgiven', () => {
  const [template] = written({ ...around(ARGO), rollBackAfter: 4 });
  const common = { initialDelay: '60s', interval: '60s', count: 4, failureLimit: 3, consecutiveSuccessLimit: 1, consecutiveErrorLimit: 3 };
  const pods = 'orders-{{args.canary-hash}}-[a-z0-9]{5}';
  const provider = (query: string) => ({ prometheus: { address: 'http://prometheus:9090', query } });
  expect(template.spec.args).toEqual([{ name: 'canary-hash' }]);
  expect(template.spec.metrics).toEqual([
    {
      name: 'load', count: 1, consecutiveErrorLimit: 3,
      provider: { web: { method: 'POST', url: 'http://tester/load', timeoutSeconds: 3, jsonBody: { name: 'orders', namespace: 'shop' } } },
    },
    {
      name: 'success-rate', ...common, successCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] >= 99.5',
      provider: provider(`100 * sum(rate(istio_requests_total{reporter="destination",namespace="shop",pod=~"${pods}",response_code!~"0|5..",`
        + `grpc_response_status!~"2|4|12|13|14|15"}[1m])) / sum(rate(istio_requests_total{reporter="destination",namespace="shop",pod=~"${pods}"}[1m]))`),
    },
    {
      name: 'latency-p99', ...common, successCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] <= 250',
      provider: provider('histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket'
        + `{reporter="destination",namespace="shop",pod=~"${pods}"}[1m])))`),
    },
    {
      name: 'queue', ...common, successCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] >= 1 && result[0] <= 9',
      provider: provider(`max(depth{pod=~"${pods}"}[90s:])`),
    },
  ]);
});

test('the acceptance test is one request, with what the program adds', () => {
  expect(written(around(ARGO))[1].spec).toEqual({
    metrics: [{
      name: 'acceptance', count: 1, consecutiveErrorLimit: 2,
      provider: { web: { method: 'POST', url: 'http://tester/', timeoutSeconds: 10, jsonBody: { name: 'orders', namespace: 'shop', metadata: { cmd: 'curl' } } } },
    }],
  });
});

test('alerts are subscriptions, by the least that is told', () => {
  expect(rolloutOf(around(ARGO)).metadata.annotations).toEqual({
    'notifications.argoproj.io/subscribe.on-rollout-aborted.slack': 'orders',
    'notifications.argoproj.io/subscribe.on-analysis-run-failed.slack': 'orders',
    'notifications.argoproj.io/subscribe.on-analysis-run-error.slack': 'orders',
    'notifications.argoproj.io/subscribe.on-rollout-paused.slack': 'orders',
    'notifications.argoproj.io/subscribe.on-rollout-aborted.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-analysis-run-failed.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-analysis-run-error.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-rollout-paused.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-rollout-updated.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-rollout-step-completed.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-rollout-completed.teams': 'everybody',
    'notifications.argoproj.io/subscribe.on-rollout-aborted.pagerdutyv2': 'on-call',
    'notifications.argoproj.io/subscribe.on-analysis-run-failed.pagerdutyv2': 'on-call',
    'notifications.argoproj.io/subscribe.on-analysis-run-error.pagerdutyv2': 'on-call',
  });
});

test('every rule that splits between the versions is moved: routes, and rules of single callers', () => {
  const routes = [route('orders', 'api', { matches: [prefix('/api')], deadline: 1000 }), route('orders', 'old', { matches: [prefix('/old')], redirect: { path: '/new', status: 301 } })];
  const moved = (own: Partial<ServiceNode>, parts: Omit<Parts, 'services'> = {}): readonly string[] =>
    rolloutOf({}, own, parts).spec.strategy.canary.trafficRouting.istio.virtualService.routes;
  expect(moved({ routes })).toEqual(['api', 'default']);
  expect(moved({}, { calls: [call('web', 'orders', { deadline: 2000 })] })).toEqual(['default-from-web', 'default']);
});

test('pods are as many as the workload says, unless an autoscaler of the Rollout decides', () => {
  const pods = version('v1', { workload: workload('orders', { pinnedLabels: { app: 'orders' }, replicas: 5 }) });
  const scaler = (kind: string) => object('HorizontalPodAutoscaler', 'scaler', { body: { spec: { scaleTargetRef: { kind, name: 'orders' } } } });
  expect(rolloutOf({}, { versions: [pods] }).spec.replicas).toBe(5);
  expect(rolloutOf({}, { versions: [pods] }, { objects: [scaler('Deployment')] }).spec.replicas).toBe(5);
  expect(rolloutOf({}, { versions: [pods] }, { objects: [scaler('Rollout')] }).spec).not.toHaveProperty('replicas');
});
