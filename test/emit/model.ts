/** Models for the emitters' tests, each with nothing in it but what the test says. */
import type {
  CallNode, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, PortNode, ServiceNode, VersionNode, WorkloadNode,
} from '../../src/model/mesh-model';
import { fullyQualified } from '../../src/model/names';
import { DEFAULT_CIRCUIT_BREAKER, NEVER_RETRY, type RetryPolicy } from '../../src/model/policy';
import type { Protocol } from '../../src/model/protocol';
import type { RouteMatchNode, RouteNode } from '../../src/model/route';

export function aPort(protocol: Protocol, number: number, rest: Partial<PortNode> = {}): PortNode {
  return { name: protocol, number, containerPort: number, protocol, streaming: false, ...rest };
}

export const HTTP = aPort('http', 80, { containerPort: 8080 });

export function aWorkload(rest: Partial<WorkloadNode> = {}): WorkloadNode {
  return {
    origin: 'shop/deployment', kind: 'Deployment', apiVersion: 'apps/v1', name: 'orders', podLabels: {}, podAnnotations: {}, pinnedLabels: {},
    containers: [], hostNetwork: false, runsToCompletion: false, ...rest,
  };
}

export function aVersion(name: string, rest: Partial<VersionNode> = {}): VersionNode {
  return { name, subset: name, origin: 'shop/orders', labels: {}, selector: { version: name }, account: 'orders', ...rest };
}

/** `web`, or `web.jobs` for another namespace than `shop`. */
export function aService(address: string, rest: Partial<ServiceNode> = {}): ServiceNode {
  const [name, namespace = 'shop'] = address.split('.');
  return {
    id: `${namespace}/${name}`, origin: `${namespace}/${name}`, name, namespace, ports: [HTTP], headless: false, existing: false,
    versions: [aVersion('v1')], routes: [], egress: 'auto', entryPoint: false, callees: [], hasWorkload: true, runsToCompletion: false,
    host: fullyQualified(name, namespace, 'cluster.local'), selector: { app: name }, accounts: [name], ...rest,
  };
}

export function anExternal(name: string, rest: Partial<ExternalNode> = {}): ExternalNode {
  return {
    id: `shop/${name}`, origin: `shop/${name}`, name, namespace: 'shop', hosts: [`${name}.example.com`], addresses: [], endpoints: [],
    ports: [aPort('http', 80)], originateTls: false, ...rest,
  };
}

export function aCall(caller: string, callee: string, rest: Partial<CallNode> = {}): CallNode {
  return { origin: `shop/${caller}`, caller: `shop/${caller}`, callee: `shop/${callee}`, times: 1, parallel: false, idempotent: true, ...rest };
}

export function aRoute(name: string, matches: Partial<RouteMatchNode>[], rest: Partial<RouteNode> = {}): RouteNode {
  return { name, origin: 'shop/orders', matches: matches.map((match) => ({ headers: {}, query: {}, ...match })), backends: [], mirrors: [], ...rest };
}

export function prefix(value: string): Partial<RouteMatchNode> {
  return { path: { kind: 'prefix', value } };
}

export function retry(retries: number, rest: Partial<RetryPolicy> = {}): RetryPolicy {
  return { retries, on: ['connect-failure'], ...rest };
}

export interface Members {
  readonly services?: readonly ServiceNode[];
  readonly externals?: readonly ExternalNode[];
  readonly calls?: readonly CallNode[];
  readonly namespaces?: readonly NamespaceDeclaration[];
  readonly mesh?: Partial<MeshNode>;
  readonly defaults?: Partial<MeshNode['defaults']>;
}

export function aMesh(rest: Partial<MeshNode> = {}, defaults: Partial<MeshNode['defaults']> = {}): MeshNode {
  return {
    origin: 'mesh', provider: 'istio', providerVersion: '1.31', systemNamespace: 'istio-system', trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local', ...rest,
    defaults: {
      retry: NEVER_RETRY, deadline: 15_000, circuitBreaker: DEFAULT_CIRCUIT_BREAKER, loadBalancing: { algorithm: { kind: 'least-request' } },
      ...defaults,
    },
  } as MeshNode;
}

export function aModel({ services = [], externals = [], calls = [], namespaces = [], mesh, defaults }: Members): MeshModel {
  return {
    revision: 1, mesh: aMesh(mesh, defaults), services, externals, calls, namespaces, policies: [], objects: [],
    canaries: services.flatMap(({ delivery }) => delivery ?? []),
    serviceById: new Map(services.map((one) => [one.id, one])),
    externalById: new Map(externals.map((one) => [one.id, one])),
    callsFrom: grouped(calls, ({ caller }) => caller),
    callsTo: grouped(calls, ({ callee }) => callee),
  };
}

function grouped(calls: readonly CallNode[], keyOf: (call: CallNode) => string): Map<string, CallNode[]> {
  const groups = new Map<string, CallNode[]>();
  calls.forEach((call) => groups.set(keyOf(call), [...groups.get(keyOf(call)) ?? [], call]));
  return groups;
}
