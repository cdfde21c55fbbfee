/** Models from short literals: what a test does not say is as a plain program would have it. */
import { findingsOf } from '../../src/checks';
import type { Check } from '../../src/checks/check';
import type { Finding } from '../../src/model/finding';
import type {
  CallNode, ExistingServiceNode, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, ObjectNode, PortNode, ServiceNode, VersionNode,
  WorkloadNode,
} from '../../src/model/mesh-model';
import { fullyQualified } from '../../src/model/names';
import { CircuitBreakerPolicy, DEFAULT_CIRCUIT_BREAKER, EjectionPolicy, NEVER_RETRY, RetryPolicy } from '../../src/model/policy';
import type { Protocol } from '../../src/model/protocol';
import type { RouteMatchNode, RouteNode } from '../../src/model/route';

const NAMESPACE = 'shop';

export function port(number: number, protocol: Protocol = 'http', rest: Partial<PortNode> = {}): PortNode {
  return { name: `${protocol}-${number}`, number, containerPort: number, protocol, streaming: false, ...rest };
}

export function workload(name: string, rest: Partial<WorkloadNode> = {}): WorkloadNode {
  return {
    origin: `${NAMESPACE}/${name}-pods`, kind: 'Deployment', apiVersion: 'apps/v1', name, namespace: NAMESPACE, podLabels: {}, podAnnotations: {},
    pinnedLabels: {}, containers: [{ name: 'main', image: 'registry.example.com/app:1.0', ports: [{ number: 8080 }] }], replicas: 2,
    hostNetwork: false, runsToCompletion: false, ...rest,
  };
}

export function version(name: string, rest: Partial<VersionNode> = {}): VersionNode {
  return { name, subset: name, origin: '', labels: {}, account: 'default', selector: { version: name, ...rest.labels }, ...rest };
}

/** A service of two pods that speaks HTTP on 8080; its versions get its own origin, and a workload unless they say `workload: undefined`. */
export function service(name: string, rest: Partial<ServiceNode> = {}): ServiceNode {
  const namespace = 'namespace' in rest ? rest.namespace : NAMESPACE;
  const origin = `${NAMESPACE}/${name}`;
  const outside = rest.podLabels !== undefined;
  const versions = (rest.versions ?? [version('v1')]).map((one): VersionNode => ({
    ...one,
    origin,
    workload: 'workload' in one ? one.workload : outside ? undefined : workload(one.name === 'v1' ? name : `${name}-${one.name}`, { namespace }),
  }));
  return {
    id: `${namespace ?? ''}/${name}`, origin, name, namespace, ports: [port(8080)], headless: false, existing: rest.existingService !== undefined,
    routes: [], egress: 'auto', entryPoint: false, callees: [], hasWorkload: versions.some((one) => one.workload !== undefined), runsToCompletion: false,
    host: fullyQualified(name, namespace ?? '', 'cluster.local'), accounts: [name], pods: { min: 2, max: 2 },
    selector: rest.existingService?.selector ?? rest.podLabels ?? { app: name }, ...rest, versions,
  };
}

export function existing(name: string, rest: Partial<ExistingServiceNode> = {}): ExistingServiceNode {
  return {
    origin: `${NAMESPACE}/${name}-service`, name, namespace: NAMESPACE, headless: false, selector: { app: name },
    ports: [{ name: 'http', number: 8080, transport: 'TCP' }], ...rest,
  };
}

export function external(name: string, rest: Partial<ExternalNode> = {}): ExternalNode {
  return {
    id: `${NAMESPACE}/${name}`, origin: `${NAMESPACE}/${name}`, name, namespace: NAMESPACE, hosts: [`${name}.example.com`], addresses: [], endpoints: [],
    ports: [port(443, 'https')], originateTls: false, ...rest,
  };
}

export function match(rest: Partial<RouteMatchNode> = {}): RouteMatchNode {
  return { headers: {}, query: {}, ...rest };
}

export function prefix(value: string, rest: Partial<RouteMatchNode> = {}): RouteMatchNode {
  return match({ path: { kind: 'prefix', value }, ...rest });
}

export function exact(value: string, rest: Partial<RouteMatchNode> = {}): RouteMatchNode {
  return match({ path: { kind: 'exact', value }, ...rest });
}

/** A route; `of` is the service whose construct said it. */
export function route(of: string, name: string, rest: Partial<RouteNode> = {}): RouteNode {
  return { name, origin: `${NAMESPACE}/${of}`, matches: [], backends: [], mirrors: [], ...rest };
}

export function call(caller: string, callee: string, rest: Partial<CallNode> = {}): CallNode {
  return {
    origin: `${NAMESPACE}/${caller}`, caller: `${NAMESPACE}/${caller}`, callee: `${NAMESPACE}/${callee}`, times: 1, idempotent: true, parallel: false, ...rest,
  };
}

/** An object that the program wrote by hand. */
export function object(kind: string, name: string, rest: Partial<ObjectNode> = {}): ObjectNode {
  const istio = !['Service', 'Namespace'].includes(kind);
  return {
    origin: `${NAMESPACE}/${name}-${kind.toLowerCase()}`, apiVersion: istio ? 'networking.istio.io/v1' : 'v1', kind, name,
    namespace: kind === 'Namespace' ? undefined : NAMESPACE, ours: false, ...rest,
  };
}

/** An object that the library wrote for a service. */
export function ours(kind: string, of: string, rest: Partial<ObjectNode> = {}): ObjectNode {
  return object(kind, of, { origin: `${NAMESPACE}/${of}/${kind}`, ours: true, ...rest });
}

export function retry(retries: number, rest: Partial<RetryPolicy> = {}): RetryPolicy {
  return { retries, on: ['server-error'], ...rest };
}

export function ejecting(rest: Partial<EjectionPolicy>): CircuitBreakerPolicy {
  return { pool: {}, ejection: { consecutiveServerErrors: 5, intervalMs: 10_000, baseMs: 30_000, maxPercent: 50, minHealthPercent: 50, ...rest } };
}

export interface Parts {
  readonly mesh?: Partial<Omit<MeshNode, 'defaults'>>;
  readonly defaults?: Partial<MeshNode['defaults']>;
  readonly services?: readonly ServiceNode[];
  readonly externals?: readonly ExternalNode[];
  readonly calls?: readonly CallNode[];
  readonly namespaces?: readonly NamespaceDeclaration[];
  readonly objects?: readonly ObjectNode[];
}

export function model(parts: Parts): MeshModel {
  const calls = parts.calls ?? [];
  const called = (id: string) => [...new Set(calls.filter((one) => one.caller === id).map((one) => one.callee))];
  const services = (parts.services ?? []).map((one) => one.callees.length > 0 ? one : { ...one, callees: called(one.id) });
  const externals = parts.externals ?? [];
  return {
    revision: 1,
    mesh: {
      origin: 'shop/mesh', provider: 'istio', providerVersion: '1.31', systemNamespace: 'istio-system', trustDomain: 'cluster.local',
      clusterDomain: 'cluster.local', budgets: { requestAmplification: 8, namespaceMemoryBytes: {} }, ...parts.mesh,
      defaults: {
        retry: NEVER_RETRY, deadline: 15_000, circuitBreaker: DEFAULT_CIRCUIT_BREAKER, loadBalancing: { algorithm: { kind: 'least-request' } },
        ...parts.defaults,
      },
    },
    services,
    externals,
    calls,
    namespaces: parts.namespaces ?? [],
    policies: [...new Set(services.flatMap((one) => one.zeroTrust ?? []))],
    canaries: services.flatMap(({ delivery }) => delivery ?? []),
    objects: parts.objects ?? [],
    serviceById: new Map(services.map((one) => [one.id, one])),
    externalById: new Map(externals.map((one) => [one.id, one])),
    callsFrom: grouped(calls, (one) => one.caller),
    callsTo: grouped(calls, (one) => one.callee),
  };
}

function grouped(calls: readonly CallNode[], keyOf: (call: CallNode) => string): Map<string, CallNode[]> {
  const groups = new Map<string, CallNode[]>();
  calls.forEach((one) => groups.set(keyOf(one), [...groups.get(keyOf(one)) ?? [], one]));
  return groups;
}

/** The findings of one check. */
export function found(check: Check, parts: Parts): Finding[] {
  return findingsOf(check, model(parts));
}

/** As a person reads them, each with its construct: `[shop/orders] message (evidence). fix`. */
export function lines(check: Check, parts: Parts): string[] {
  return found(check, parts).map((finding) => `[${finding.construct}] ${finding.message}${finding.evidence === '' ? '' : ` (${finding.evidence})`}. ${finding.fix}.`);
}
