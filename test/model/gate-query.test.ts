import type { MetricSourceNode } from '../../src/model/delivery';
import { gateQueries } from '../../src/model/gate-queries';
import { gateQuery, podNames, promDuration } from '../../src/model/gate-query';
import { ARGO, delivered, FLAGGER, latency, manual, successRate } from '../checks/canary-builder';
import { model, version, workload } from '../checks/model-builder';

function source(kind: MetricSourceNode['kind'], rest: Partial<MetricSourceNode> = {}): MetricSourceNode {
  return { kind, address: 'http://prometheus:9090', scrapedEveryMs: 15_000, podLabel: 'pod', namespaceLabel: 'namespace', ...rest };
}

const PODS = { namespace: 'shop', pods: 'orders-x' };

test.each<[string, MetricSourceNode, string]>([
  ['Istio', source('istio'), '100 * sum(rate(istio_requests_total{reporter="destination",namespace="shop",pod=~"orders-x",response_code!~"0|5..",'
    + 'grpc_response_status!~"2|4|12|13|14|15"}[1m])) / sum(rate(istio_requests_total{reporter="destination",namespace="shop",pod=~"orders-x"}[1m]))'],
  ['a waypoint', source('istio', { fromWaypoints: true }), '100 * sum(rate(istio_requests_total{reporter="waypoint",namespace="shop",pod=~"orders-x",response_code!~"0|5..",'
    + 'grpc_response_status!~"2|4|12|13|14|15"}[1m])) / sum(rate(istio_requests_total{reporter="waypoint",namespace="shop",pod=~"orders-x"}[1m]))'],
  ['Envoy', source('envoy', { podLabel: 'pod_name', namespaceLabel: 'ns' }),
    '100 * sum(rate(envoy_cluster_upstream_rq{ns="shop",pod_name=~"orders-x",cluster_name=~"inbound.*",response_code_class=~"[1-4]xx"}[1m])) / '
    + '(sum(rate(envoy_cluster_upstream_rq{ns="shop",pod_name=~"orders-x",cluster_name=~"inbound.*",response_code_class=~".+"}[1m])) + '
    + '(sum(rate(envoy_cluster_upstream_rq_tx_reset{ns="shop",pod_name=~"orders-x",cluster_name=~"inbound.*"}[1m])) or vector(0)))'],
  ['Linkerd', source('linkerd'), '100 * sum(rate(response_total{direction="inbound",namespace="shop",pod=~"orders-x",classification="success"}[1m])) / '
    + 'sum(rate(response_total{direction="inbound",namespace="shop",pod=~"orders-x"}[1m]))'],
])('the success rate that %s reports, at the new version\'s own side', (_, from, expected) => {
  expect(gateQuery(successRate(99), from, PODS)).toBe(expected);
});

test('Linkerd labels what it reports by the kind of the workload', () => {
  const by = (kind?: string) => gateQuery(successRate(99), source('linkerd'), { ...PODS, workload: 'orders', kind }).split('/')[1];
  expect(by()).toBe(' sum(rate(response_total{direction="inbound",namespace="shop",deployment="orders"}[1m]))');
  expect(by('DaemonSet')).toBe(' sum(rate(response_total{direction="inbound",namespace="shop",daemonset="orders"}[1m]))');
});

test('latency, of each source\'s own histogram; a percentile is no sum of binary fractions', () => {
  expect((['istio', 'envoy', 'linkerd'] as const).map((kind) => /rate\((\w+)\{/.exec(gateQuery(latency(99, 1), source(kind), PODS))![1])).toEqual([
    'istio_request_duration_milliseconds_bucket', 'envoy_cluster_upstream_rq_time_bucket', 'response_latency_ms_bucket',
  ]);
  expect(gateQuery(latency(99.9, 1), source('istio'), PODS)).toMatch(/^histogram_quantile\(0\.999, sum by \(le\) \(rate\(/);
});

test('a query of the program\'s own, with what is filled in and nothing else', () => {
  const query = 'max(depth{namespace="$namespace",pod=~"$pods",other="$podsy $none"}[$window])';
  expect(gateQuery({ kind: 'promql', name: 'q', windowMs: 90_000, query, atLeast: 1 }, source('istio'), PODS))
    .toBe('max(depth{namespace="shop",pod=~"orders-x",other="$podsy $none"}[90s])');
});

test.each([[1, '1ms'], [1000, '1s'], [1500, '1500ms'], [60_000, '1m'], [90_000, '90s'], [3_600_000, '1h'], [5_400_000, '90m']])('%d ms are %s', (ms, text) => {
  expect(promDuration(ms)).toBe(text);
});

test('names of pods take those of one workload', () => {
  const matches = (kind: string, pod: string) => new RegExp(`^(?:${podNames(kind, 'orders')})$`).test(pod);
  expect(['orders-6d4b75cb6d-x2x9k', 'orders-primary-6d4b75cb6d-x2x9k', 'orders-x2x9k'].map((pod) => matches('Deployment', pod))).toEqual([true, false, false]);
  expect(['orders-x2x9k', 'orders-6d4b75cb6d-x2x9k'].map((pod) => matches('DaemonSet', pod))).toEqual([true, false]);
});

test('what a person asks: by the workload, by pods, or of the subset that is new', () => {
  const ask = (engine: typeof ARGO, own = {}) => {
    const built = model({ services: [delivered('orders', { engine, gates: [latency(99, 1)] }, own)] });
    return /\{(.*)\}/.exec(gateQueries(built.canaries[0], built)['latency-p99'])![1];
  };
  expect(ask(FLAGGER)).toBe('reporter="destination",destination_workload_namespace="shop",destination_workload="orders"');
  expect(ask(ARGO)).toBe('reporter="destination",namespace="shop",pod=~"orders-[a-z0-9]+-[a-z0-9]{5}"');
  expect(ask(manual(), { versions: [version('v1'), version('v2', { workload: workload('orders-two') })] })).toContain('destination_workload="orders-two"');
});
