/**
 * Who may call a service, and why: declared calls, the routes that lead on, what the service itself allows, and its plain ports. Emitters
 * write exactly these grants, the report shows them, and checks judge them.
 */
import { arrivalsAt } from './arrivals';
import { containerPorts } from './container-ports';
import type { MeshModel, PortNode, ServiceNode } from './mesh-model';
import { isHttp } from './protocol';
import { Enforcement, enforcementIn, MtlsModeName, namespaceMode, NO_SECURITY, PlaintextNode, PrincipalNode, RequestScope, ServiceSecurityNode } from './security';

export type GrantCause = 'call' | 'route' | 'peers' | 'allow' | 'plaintext';

export interface Grant extends RequestScope {
  readonly principal: PrincipalNode;
  readonly cause: GrantCause;
  /** In words, for the report. */
  readonly reason: string;
  readonly origin: string;
  /** It is for connections without identity alone. */
  readonly plainOnly: boolean;
  /** The service whose route leads here. */
  readonly via?: string;
}

export function isMeshed(service: Pick<ServiceNode, 'meshed'>): boolean {
  return service.meshed !== false;
}

export function securityOf(service: Pick<ServiceNode, 'security'>): ServiceSecurityNode {
  return service.security ?? NO_SECURITY;
}

/** Whether everything that is not granted is refused, or only counted; undefined where nothing is about the service. */
export function enforcementOf(service: Pick<ServiceNode, 'zeroTrust' | 'namespace' | 'meshed'>): Enforcement | undefined {
  const { zeroTrust, namespace } = service;
  return zeroTrust === undefined || namespace === undefined || !isMeshed(service) ? undefined : enforcementIn(zeroTrust, namespace);
}

/** What a connection to a port must prove. A mesh takes both kinds where nothing else is said. */
export function mtlsModeOf(service: Pick<ServiceNode, 'zeroTrust' | 'namespace' | 'meshed' | 'security'>, port?: number): MtlsModeName {
  const { zeroTrust, namespace } = service;
  if (!isMeshed(service)) {
    return 'disabled';
  }
  const exception = securityOf(service).plaintext.find((one) => one.port === port);
  return exception?.mode ?? (zeroTrust === undefined || namespace === undefined ? 'permissive' : namespaceMode(zeroTrust, namespace));
}

/** Ports that a proxy takes connections on. */
export function guardedPorts(service: Pick<ServiceNode, 'ports'>): readonly PortNode[] {
  return service.ports.filter((port) => port.protocol !== 'udp');
}

/** Ports of a rule: those that it names, else all; those that speak HTTP where it is about requests. */
export function portsOfRule(service: Pick<ServiceNode, 'ports'>, rule: RequestScope): readonly number[] {
  const named = guardedPorts(service).filter((port) => rule.ports.length === 0 || rule.ports.includes(port.number));
  return named.filter((port) => !readsRequests(rule) || isHttp(port.protocol)).map((port) => port.number);
}

/** Whether a rule is about requests, which a proxy reads only on ports that speak HTTP. */
export function readsRequests(rule: RequestScope): boolean {
  return rule.methods.length > 0 || rule.paths.length > 0 || rule.hosts.length > 0;
}

export function grantsOf(model: MeshModel, service: ServiceNode): readonly Grant[] {
  const all = guardedPorts(service).map(({ number }) => number);
  const { allow, plaintext } = securityOf(service);
  return [
    ...arrivalsAt(model, service.id).filter(({ ports }) => ports.length > 0).map(({ call, route, mirrored, ports, methods, paths }): Grant => ({
      principal: { kind: 'service', service: call.caller },
      cause: route === undefined ? 'call' : 'route',
      reason: route === undefined ? `${call.caller} calls it`
        : `${call.caller} calls ${call.callee}, whose route ${route} ${mirrored ? 'copies requests here' : 'leads here'}`,
      origin: call.origin, plainOnly: false, ports: all.filter((port) => ports.includes(port)), methods, paths, hosts: [],
      ...route !== undefined && { via: call.callee },
    })),
    ...service.headless && all.length > 0 ? [{
      principal: { kind: 'service', service: service.id } as const,
      cause: 'peers' as const, reason: 'pods of a headless service find each other by its name', origin: service.origin, plainOnly: false,
      ports: all, methods: [], paths: [], hosts: [],
    }] : [],
    ...allow.map((rule): Grant => ({
      principal: rule.principal, cause: 'allow', reason: rule.reason ?? 'the service allows it', origin: rule.origin, plainOnly: false,
      ports: portsOfRule(service, rule), methods: rule.methods, paths: rule.paths, hosts: rule.hosts,
    })).filter(({ ports }) => ports.length > 0),
    ...plaintext.map((one): Grant => ({
      principal: one.addresses.length === 0 ? { kind: 'anyone' } : { kind: 'addresses', blocks: one.addresses, forwarded: false },
      cause: 'plaintext', reason: one.reason, origin: one.origin,
      // Where nobody proves an identity, everybody is plain.
      plainOnly: one.mode === 'permissive', ports: [one.port], methods: [], paths: [], hosts: [],
    })),
  ];
}

/** Numbers by which policies about pods know the ports of a service; a plain port may be the container's own. */
export function podPorts(service: ServiceNode, ports: readonly number[]): readonly number[] {
  const numbers = ports.flatMap((number) => {
    const port = service.ports.find((one) => one.number === number && one.protocol !== 'udp');
    return port === undefined ? [number] : containerPorts(service, port);
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** The plain ports by the numbers of their pods' ports. */
export function plainPodPorts(service: ServiceNode): readonly { readonly port: number; readonly plaintext: PlaintextNode }[] {
  return securityOf(service).plaintext.flatMap((plaintext) => podPorts(service, [plaintext.port]).map((port) => ({ port, plaintext })));
}

/** An identity as certificates carry it: `trust domain/ns/namespace/sa/account`. */
export function identities(model: MeshModel, principal: PrincipalNode): readonly string[] {
  const { trustDomain, trustDomainAliases = [] } = model.mesh;
  const own = [trustDomain, ...trustDomainAliases];
  switch (principal.kind) {
    case 'service': {
      const service = model.serviceById.get(principal.service);
      return service?.namespace === undefined ? []
        : own.flatMap((domain) => service.accounts.map((account) => `${domain}/ns/${service.namespace}/sa/${account}`));
    }
    case 'account':
      return (principal.trustDomain === undefined ? own : [principal.trustDomain])
        .map((domain) => `${domain}/ns/${principal.namespace}/sa/${principal.account}`);
    case 'namespace':
      return own.map((domain) => `${domain}/ns/${principal.namespace}/sa/*`);
    case 'workload':
      return ['*'];
    case 'anyone':
    case 'addresses':
      return [];
  }
}

/** Whether a principal stands for a service of the program: by its own name, or by an account that they share. */
export function standsFor(model: MeshModel, principal: PrincipalNode, service: ServiceNode): boolean {
  if (principal.kind === 'anyone') {
    return true;
  }
  if (principal.kind === 'addresses' || !isMeshed(service)) {
    return false;
  }
  const own = identities(model, { kind: 'service', service: service.id });
  const named = identities(model, principal);
  return named.some((name) => name.endsWith('*') ? own.some((identity) => identity.startsWith(name.slice(0, -1))) : own.includes(name));
}

/** A principal in words. */
export function principalText(principal: PrincipalNode): string {
  switch (principal.kind) {
    case 'service': return principal.service;
    case 'account': return `account ${principal.namespace}/${principal.account}`;
    case 'namespace': return `every account of namespace ${principal.namespace}`;
    case 'workload': return 'every workload of the mesh';
    case 'anyone': return 'anyone';
    case 'addresses': return principal.blocks.join(', ');
  }
}
