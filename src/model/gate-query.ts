/**
 * The query behind a gate. It looks at what arrives at the new version's own pods, since callers that retry do not see what fails there.
 *
 * Requests that got no answer count as failed: that is how a caller's time limit shows at a version that answers too late. Statuses of gRPC
 * that blame the server count, too; its requests all have HTTP status 200.
 */
import type { GateNode, MetricSourceNode } from './delivery';

/** The new version's pods, in the words of one engine; both are put into the query as they are. */
export interface CanaryPods {
  readonly namespace: string;
  /** Name of the workload, where no other pods have it. */
  readonly workload?: string;
  /** Kind of the workload. */
  readonly kind?: string;
  /** RE2 expression that takes the names of its pods and no others. */
  readonly pods: string;
}

/** UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS. */
const GRPC_SERVER_ERRORS = '2|4|12|13|14|15';

/** A query whose answer is one number: percent of the requests that succeeded, milliseconds, or whatever the program's own query says. */
export function gateQuery(gate: GateNode, source: MetricSourceNode, pods: CanaryPods): string {
  switch (gate.kind) {
    case 'success-rate': return successRate(source, pods, promDuration(gate.windowMs));
    case 'latency': return latency(source, pods, promDuration(gate.windowMs), gate.percentile / 100);
    case 'promql': return substituted(gate.query, { namespace: pods.namespace, pods: pods.pods, window: promDuration(gate.windowMs) });
  }
}

/** The program's query with `$namespace`, `$pods` and `$window` filled in. */
export function substituted(query: string, values: Readonly<Record<'namespace' | 'pods' | 'window', string>>): string {
  return query.replace(/\$(namespace|pods|window)\b/g, (_, name: keyof typeof values) => values[name]);
}

function successRate(source: MetricSourceNode, pods: CanaryPods, window: string): string {
  const all = selector(source, pods);
  const rate = (metric: string, ...conditions: string[]) => `sum(rate(${metric}{${[...all, ...conditions].join(',')}}[${window}]))`;
  switch (source.kind) {
    case 'istio': {
      const good = rate('istio_requests_total', 'response_code!~"0|5.."', `grpc_response_status!~"${GRPC_SERVER_ERRORS}"`);
      return `100 * ${good} / ${rate('istio_requests_total')}`;
    }
    case 'envoy': {
      const good = rate('envoy_cluster_upstream_rq', 'response_code_class=~"[1-4]xx"');
      // Attempts that a caller gave up are in no class.
      const all_ = `(${rate('envoy_cluster_upstream_rq', 'response_code_class=~".+"')} + (${rate('envoy_cluster_upstream_rq_tx_reset')} or vector(0)))`;
      return `100 * ${good} / ${all_}`;
    }
    case 'linkerd':
      return `100 * ${rate('response_total', 'classification="success"')} / ${rate('response_total')}`;
  }
}

const LATENCY_BUCKETS: Readonly<Record<MetricSourceNode['kind'], string>> = {
  istio: 'istio_request_duration_milliseconds_bucket', envoy: 'envoy_cluster_upstream_rq_time_bucket', linkerd: 'response_latency_ms_bucket',
};

function latency(source: MetricSourceNode, pods: CanaryPods, window: string, quantile: number): string {
  const series = `${LATENCY_BUCKETS[source.kind]}{${selector(source, pods).join(',')}}`;
  return `histogram_quantile(${Number(quantile.toPrecision(12))}, sum by (le) (rate(${series}[${window}])))`;
}

/** The series of the inbound side of the new version's pods, or of the waypoint before them. */
function selector(source: MetricSourceNode, { namespace, workload, kind = 'Deployment', pods }: CanaryPods): readonly string[] {
  const byPod = [`${source.namespaceLabel}="${namespace}"`, `${source.podLabel}=~"${pods}"`];
  switch (source.kind) {
    case 'istio':
      return [`reporter="${source.fromWaypoints ? 'waypoint' : 'destination'}"`, ...workload === undefined ? byPod
        : [`destination_workload_namespace="${namespace}"`, `destination_workload="${workload}"`]];
    case 'envoy':
      return [...byPod, 'cluster_name=~"inbound.*"'];
    case 'linkerd':
      return ['direction="inbound"', ...workload === undefined ? byPod : [`namespace="${namespace}"`, `${kind.toLowerCase()}="${workload}"`]];
  }
}

/** A whole number of the largest unit that PromQL has for it. */
export function promDuration(ms: number): string {
  const units: [number, string][] = [[3_600_000, 'h'], [60_000, 'm'], [1000, 's']];
  const unit = units.find(([size]) => ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[0]}${unit[1]}`;
}

/** What a gate asks of the value of its query; `value` stands for it. */
export function gateBounds(gate: GateNode): { readonly min?: number; readonly max?: number } {
  switch (gate.kind) {
    case 'success-rate': return { min: gate.atLeast };
    case 'latency': return { max: gate.atMostMs };
    case 'promql': return { min: gate.atLeast, max: gate.atMost };
  }
}

/** Takes the names of all pods of a workload, and of no other whose name begins alike. */
export function podNames(kind: string, name: string): string {
  const own = name.replace(/\./g, '\\\\.');
  return kind === 'DaemonSet' ? `${own}-[a-z0-9]{5}` : `${own}-[a-z0-9]+-[a-z0-9]{5}`;
}
