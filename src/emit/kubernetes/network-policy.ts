/**
 * What the network itself lets through, beside the mesh: ports that callers may use, from the pods and namespaces of those callers. It
 * closes ports that no proxy takes, and pods that lost their proxy. It knows no identities, so the mesh's own policies are the narrower.
 */
import { enforcementOf, type Grant, grantsOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { MeshModel, MeshNode, PortNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { PROTOCOLS } from '../../model/protocol';
import { enforcementIn, type PolicyNamespaceNode } from '../../model/security';
import { defined } from '../json';

const API = 'networking.k8s.io/v1';
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number | string;
}

export interface Peer {
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}

export interface IngressRule {
  readonly from?: readonly Peer[];
  readonly ports?: readonly Port[];
}

export interface PodSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: 'NotIn'; readonly values: readonly string[] }[];
}

interface Spec {
  readonly podSelector: PodSelector;
  readonly policyTypes: readonly ['Ingress'];
  readonly ingress?: readonly IngressRule[];
}

/** How a mesh's connections look to the network. */
export interface NetworkDialect {
  /** By which the pods of a service are known. */
  readonly podLabels: (service: ServiceNode) => Readonly<Record<string, string>>;
  /** What reaches pods without a certificate whatever they are: probes and scrapers. */
  readonly unproven: (mesh: MeshNode, namespace: string) => readonly IngressRule[];
  /** The pods of a namespace that are closed unless a policy of their own opens them. */
  readonly closed?: (mesh: MeshNode, namespace: string) => PodSelector;
  /** Who connects to the pods of a service. Its callers, where nothing is said. */
  readonly grants?: (model: MeshModel, service: ServiceNode) => readonly Grant[];
  /** On which ports of the pods. Those of the service, where nothing is said. */
  readonly ports?: (model: MeshModel, service: ServiceNode, grant: Grant, own: readonly Port[]) => readonly Port[];
  /** The proxy's own port, on which callers' proxies bring connections for some ports of the service. */
  readonly tunnel?: Tunnel;
  /** Labels of the pods of an account, where they are known. */
  readonly accountPods?: (mesh: MeshNode, account: string) => Readonly<Record<string, string>> | undefined;
}

export function namespaceNetworkPolicy({ unproven, closed }: NetworkDialect): Resource<PolicyNamespaceNode, PolicyNamespaceNode> {
  return {
    id: 'NetworkPolicy',
    apiVersion: API,
    kind: 'NetworkPolicy',
    nameOf: () => 'default-deny',
    exists: ({ root, gateway, policy, name }) => !root && gateway === undefined && policy.networkPolicies && enforcementIn(policy, name) === 'enforce',
    spec: ({ name }, { mesh }): Spec => ({
      podSelector: closed?.(mesh, name) ?? {}, policyTypes: ['Ingress'], ingress: unproven(mesh, name),
    }),
  };
}

/** Ports of a service for which callers' proxies use the proxy's own, and its number. */
export interface Tunnel {
  readonly port: number;
  readonly isFor: (port: PortNode) => boolean;
}

export function networkPolicy(dialect: NetworkDialect): Resource<ServiceDeclaration, ServiceNode> {
  return {
    id: 'NetworkPolicy',
    apiVersion: API,
    kind: 'NetworkPolicy',
    exists: (declaration) => declaration.zeroTrust?.networkPolicies === true && enforcementOf(declaration) === 'enforce'
      && (declaration.ports.length > 0 || (declaration.security?.plaintext.length ?? 0) > 0),
    spec: (node, model): Spec => defined<Spec>({
      podSelector: { matchLabels: dialect.podLabels(node) }, policyTypes: ['Ingress'], ingress: ingressRules(model, node, dialect),
    }),
  };
}

function ingressRules(model: MeshModel, service: ServiceNode, dialect: NetworkDialect): readonly IngressRule[] {
  const { grants = grantsOf, ports: portsOf = (_model, _service, _grant, own) => own } = dialect;
  const groups = new Map<string, { ports: readonly Port[]; peers: Map<string, Peer>; open: boolean }>();
  const add = (ports: readonly Port[], peers: readonly Peer[] | undefined): void => {
    if (ports.length === 0 || peers?.length === 0) {
      return;
    }
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, peers: new Map<string, Peer>(), open: false };
    groups.set(key, group);
    group.open ||= peers === undefined;
    peers?.forEach((peer) => group.peers.set(JSON.stringify(peer), peer));
  };
  for (const grant of grants(model, service)) {
    add(portsOf(model, service, grant, wirePorts(service, grant.ports, dialect.tunnel)), peersOf(model, grant, dialect));
  }
  const udp = service.ports.filter(({ protocol }) => protocol === 'udp');
  for (const call of model.callsTo.get(service.id) ?? []) {
    const peers = peersOf(model, { principal: { kind: 'service', service: call.caller } }, dialect);
    add(udp.filter(({ number }) => call.port === undefined || call.port === number).map((port) => portOf(port)), peers);
  }
  return [...groups.values()].map(({ ports, peers, open }) => defined<IngressRule>({ from: open ? undefined : [...peers.values()], ports }));
}

function wirePorts(service: ServiceNode, ports: readonly number[], tunnel: Tunnel | undefined): readonly Port[] {
  const tunneled = tunnel !== undefined && service.ports.some((port) => ports.includes(port.number) && tunnel.isFor(port));
  return [...ports.map((port) => wirePort(service, port)), ...tunneled ? [{ protocol: 'TCP' as const, port: tunnel.port }] : []];
}

/** The port as packets carry it: proxies take connections over inside the pod, on the container's own port. */
function wirePort(service: ServiceNode, number: number): Port {
  const port = service.ports.find((one) => one.number === number && one.protocol !== 'udp');
  return port === undefined ? { protocol: 'TCP', port: number } : portOf(port);
}

function portOf({ protocol, containerPort }: PortNode): Port {
  return { protocol: PROTOCOLS[protocol].transport, port: containerPort };
}

/** Undefined: from everywhere. Accounts and identities of the mesh are unknown to the network, so their namespaces stand for them. */
function peersOf(model: MeshModel, { principal }: Pick<Grant, 'principal'>, { podLabels, accountPods }: NetworkDialect): readonly Peer[] | undefined {
  switch (principal.kind) {
    case 'service': {
      const caller = model.serviceById.get(principal.service);
      return caller?.namespace === undefined ? [] : [{ ...inNamespace(caller.namespace), podSelector: { matchLabels: podLabels(caller) } }];
    }
    case 'account': {
      const pods = accountPods?.(model.mesh, principal.account);
      return [{ ...inNamespace(principal.namespace), ...pods && { podSelector: { matchLabels: pods } } }];
    }
    case 'namespace':
      return [inNamespace(principal.namespace)];
    case 'workload':
      return [{ namespaceSelector: {} }];
    case 'anyone':
      return undefined;
    case 'addresses':
      // Addresses that gateways report are not those of the packets.
      return principal.forwarded ? undefined : principal.blocks.map((block) => ({ ipBlock: { cidr: network(block) } }));
  }
}

function inNamespace(name: string): Peer {
  return { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: name } } };
}

function network(block: string): string {
  return block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`;
}
