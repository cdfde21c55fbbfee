import { ApiObject, App, Chart, Duration } from 'cdk8s';
import {
  Adoption, CircuitBreaker, LoadBalancing, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, MtlsMigration, Principal, Replicas, Retry,
  RetryOn, RouteMatch, ZeroTrustPolicy,
} from 'cdk8s-mesh';
import { TraceCall, traceGraph } from './trace-graph';

/** How services are spread over charts. */
export type Layout = 'one-chart' | 'chart-a-namespace' | 'chart-a-service';

const NAMESPACE_SIZE = 50;

export interface Options {
  /** @default - Istio */
  readonly provider?: MeshProvider;
  readonly outdir?: string;
  /** Leaves out what not every mesh can do: connection limits, an algorithm of balancing, retries on some failures, deadlines of single callers. */
  readonly common?: boolean;
  /** Which services have a workload in the program, by index; of the others only labels are known. @default - all */
  readonly pods?: (index: number) => boolean;
  /** Pods of a workload. @default 3 */
  readonly replicas?: number;
  /** A zero-trust policy for all of it, with strict mTLS. */
  readonly secured?: boolean;
  /** Who calls whom. @default - ten calls a service */
  readonly calls?: readonly TraceCall[];
}

/** Ten calls a service. */
export function callsOf(services: number): readonly TraceCall[] {
  return traceGraph(services, services * 10);
}

/** A mesh that uses what a real one uses: every feature in the share of services that its period gives. */
export function program(services: number, layout: Layout, options: Options = {}): { readonly app: App; readonly mesh: Mesh } {
  const { provider = MeshProvider.istio(), outdir, common = false, secured = false } = options;
  const app = new App({ outdir });
  const root = new Chart(app, 'mesh', { namespace: 'ns-0' });
  const mesh = new Mesh(root, 'mesh', {
    provider,
    adoption: Adoption.assess({ services: Math.max(60, services + 10), regulatedEncryption: true, hardToDebugLatency: true }),
  });
  const charts = new Map<string, Chart>();
  const chartOf = (index: number): Chart => {
    const namespace = `ns-${Math.floor(index / NAMESPACE_SIZE)}`;
    const key = layout === 'one-chart' ? 'mesh' : layout === 'chart-a-namespace' ? namespace : `service-${index}`;
    const chart = layout === 'one-chart' ? root : charts.get(key) ?? new Chart(app, key, { namespace });
    charts.set(key, chart);
    return chart;
  };
  const all = Array.from({ length: services }, (_, index) => {
    const chart = chartOf(index);
    const namespace = `ns-${Math.floor(index / NAMESPACE_SIZE)}`;
    if (index % NAMESPACE_SIZE === 0) {
      new MeshNamespace(chart, `namespace-${namespace}`, { mesh, name: namespace });
    }
    return service(chart, mesh, `s${index}`, namespace, index, options);
  });
  const { calls = callsOf(services) } = options;
  for (const [index, { caller, callee }] of calls.entries()) {
    all[caller].calls(all[callee], { parallel: true, ...(!common && index % 10 === 0 && callee % 10 !== 9 && { deadline: Duration.seconds(15) }) });
  }
  if (secured) {
    // No proxy of ambient mode stands at the caller.
    new ZeroTrustPolicy(root, 'zero-trust', { mesh, mtls: MtlsMigration.strict(), sealEgress: mesh._node.provider !== 'istio-ambient' });
    const called = new Set(calls.map(({ callee }) => callee));
    all.filter((_, index) => !called.has(index)).forEach((one) => one.allow(Principal.serviceAccount('istio-ingress', 'gateway')));
  }
  return { app, mesh };
}

function service(chart: Chart, mesh: Mesh, name: string, namespace: string, index: number, options: Options): MeshService {
  const { common = false, pods = () => true, replicas = 3 } = options;
  const pod = (id: string, port: number) => workload(chart, id, namespace, port, replicas);
  const one = new MeshService(chart, name, {
    mesh,
    namespace,
    ports: [index % 10 === 9 ? MeshPort.postgres() : index % 3 === 0 ? MeshPort.grpc(8080) : MeshPort.http(8080, { port: 80 })],
    ...pods(index) ? { workload: pod(name, index % 10 === 9 ? 5432 : 8080) } : { podLabels: { app: name }, replicas: Replicas.exactly(replicas) },
    language: ['go', 'java', 'python'][index % 3],
    ...!common && {
      circuitBreaker: index % 5 === 0 ? CircuitBreaker.of({ tcp: { maxConnections: 100 } }) : undefined,
      loadBalancing: index % 7 === 0 ? LoadBalancing.roundRobin() : undefined,
      retry: index % 20 === 8 ? Retry.upTo(1, { on: [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM] }) : undefined,
    },
  });
  if (index % 10 === 1) {
    one.addVersion('v2', pods(index) ? { workload: pod(`${name}-v2`, 8080) } : {});
    one.split({ v1: 90, v2: 10 });
  }
  // Not every mesh has rules by path for gRPC.
  if (index % 10 === 2 && !(common && index % 3 === 0)) {
    one.addRoute('beta', { matches: [RouteMatch.prefix('/beta')], deadline: Duration.seconds(20) });
    one.addRoute('old', { matches: [RouteMatch.exact('/old')], redirect: { path: '/new' } });
  }
  return one;
}

function workload(chart: Chart, name: string, namespace: string, port: number, replicas: number): ApiObject {
  return new ApiObject(chart, `${name}-pods`, {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': name } },
        spec: {
          containers: [{
            name: 'main', image: `registry.example.com/${name}:1.0`, ports: [{ containerPort: port }],
            resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
          }],
        },
      },
    },
  });
}
