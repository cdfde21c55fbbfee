/**
 * Which services need a waypoint: a proxy that reads requests, beside the one of the node that reads connections alone.
 *
 * Only what a program says asks for one. The library's own defaults (a deadline of 15 s, ejection after five failures, no retries) do not: the
 * deadline and ejection are there where a proxy reads requests anyway, and without one nothing is retried. The answer depends on declarations
 * alone and only ever goes from no to yes, so that a waypoint's objects can be created at once.
 */
import { isAmbient } from './data-plane';
import type { ExternalDeclaration, MeshNode, ServiceDeclaration } from './mesh-model';
import type { CircuitBreakerPolicy, Deadline, LoadBalancingPolicy, RetryPolicy } from './policy';
import { isHttp } from './protocol';
import type { ServiceSecurityNode } from './security';

type Declared = Pick<ServiceDeclaration,
'ports' | 'namespace' | 'routes' | 'split' | 'retry' | 'deadline' | 'circuitBreaker' | 'loadBalancing' | 'versions' | 'security' | 'zeroTrust'
| 'delivery' | 'calledByRequest' | 'meshed'>;

/** What of a service only a waypoint can do, in words; empty where the proxy of the node is enough. */
export function waypointReasons(service: Declared, mesh: MeshNode): readonly string[] {
  if (!isAmbient(mesh, service.namespace) || !service.ports.some(({ protocol }) => protocol !== 'udp')) {
    return [];
  }
  return [...servicePolicies(service, mesh), ...securityReasons(service, speaksHttp(service))];
}

/** What the program says of requests to a service, and of the connections for them, apart from who may send them. */
export function servicePolicies(service: Declared, mesh: MeshNode): readonly string[] {
  const http = speaksHttp(service);
  return [
    ...service.routes.map(({ name }) => `route ${name}`),
    ...when(service.split !== undefined, 'split'),
    ...when(service.delivery !== undefined, 'canary'),
    ...policyReasons(service, http),
    ...when(service.versions.some(({ circuitBreaker, loadBalancing }) => limits(circuitBreaker) || loadBalancing !== undefined), 'policy of a version'),
    ...http ? defaultReasons(mesh) : [],
  ];
}

const known = new WeakMap<MeshNode, WeakMap<Declared, boolean>>();

/** Whether a waypoint stands before the service. */
export function hasWaypoint(service: Declared, mesh: MeshNode): boolean {
  if (mesh.ambient?.waypoints !== 'where-needed') {
    return false;
  }
  const services = known.get(mesh) ?? new WeakMap<Declared, boolean>();
  known.set(mesh, services);
  const answer = services.get(service) ?? waypointReasons(service, mesh).length > 0;
  services.set(service, answer);
  return answer;
}

/** Whether some proxy reads how requests to a member are to be treated: its waypoint, or the sidecars that are left. */
export function isPoliced(service: Declared, mesh: MeshNode): boolean {
  return hasWaypoint(service, mesh) || (isAmbient(mesh, service.namespace) && hasSidecars(mesh));
}

export function isPolicedOutside(external: ExternalDeclaration, mesh: MeshNode): boolean {
  return externalHasWaypoint(external, mesh) || (isAmbient(mesh, external.namespace) && hasSidecars(mesh));
}

/** Whether some namespaces have not moved yet. */
export function hasSidecars({ ambient }: MeshNode): boolean {
  return ambient !== undefined && ambient.sidecarNamespaces.length > 0;
}

/** Whether no proxy reads requests to a callee, so that no time limit holds that nobody asked for. */
export function isUnread(callee: Declared | ExternalDeclaration, mesh: MeshNode): boolean {
  return isAmbient(mesh, callee.namespace) && !('hosts' in callee ? isPolicedOutside(callee, mesh) : isPoliced(callee, mesh));
}

/** What of an external service only a waypoint can do. */
export function externalWaypointReasons(external: ExternalDeclaration, mesh: MeshNode): readonly string[] {
  return isAmbient(mesh, external.namespace) ? externalPolicies(external, mesh) : [];
}

/** What the program says of requests to an external service. */
export function externalPolicies(external: ExternalDeclaration, mesh: MeshNode): readonly string[] {
  const http = speaksHttp(external);
  return [
    ...when(external.originateTls, 'TLS for plain requests'),
    ...policyReasons(external, http),
    ...http ? defaultReasons(mesh) : [],
  ];
}

export function externalHasWaypoint(external: ExternalDeclaration, mesh: MeshNode): boolean {
  return mesh.ambient?.waypoints === 'where-needed' && externalWaypointReasons(external, mesh).length > 0;
}

/** Whether some rule of the service is about requests, so that a caller who goes around the waypoint would go around the rule. */
export function guardsRequests(service: Declared): boolean {
  return securityReasons(service, speaksHttp(service)).length > 0;
}

interface Policies {
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
  readonly circuitBreaker?: CircuitBreakerPolicy;
  readonly loadBalancing?: LoadBalancingPolicy;
}

function policyReasons({ retry, deadline, circuitBreaker, loadBalancing }: Policies, http: boolean): readonly string[] {
  return [
    ...when(http && retry !== undefined && retry.retries > 0, 'retry'),
    ...when(http && typeof deadline === 'number', 'deadline'),
    ...when(limits(circuitBreaker), 'circuitBreaker'),
    ...when(loadBalancing !== undefined && loadBalancing.algorithm.kind !== 'passthrough', 'loadBalancing'),
  ];
}

/** What the program says for all of its services. */
function defaultReasons({ defaults }: MeshNode): readonly string[] {
  const { retry, deadline, deadlineSaid, circuitBreaker, loadBalancing } = defaults;
  const spread = loadBalancing.algorithm.kind !== 'least-request' || loadBalancing.locality !== undefined || loadBalancing.warmUp !== undefined;
  return policyReasons({
    retry, deadline: deadlineSaid ? deadline : undefined, circuitBreaker, loadBalancing: spread ? loadBalancing : undefined,
  }, true).map((reason) => `defaults.${reason} of the mesh`);
}

function limits(policy: CircuitBreakerPolicy | undefined): boolean {
  return policy !== undefined && (typeof policy.ejection === 'object' || policy.retryBudget !== undefined
    || Object.values(policy.pool).some((value) => value !== undefined));
}

function securityReasons({ security, zeroTrust, calledByRequest }: Declared, http: boolean): readonly string[] {
  const rules = [...security?.deny ?? [], ...zeroTrust === undefined ? [] : security?.allow ?? []];
  return [
    ...when(http && rules.some(readsMoreThanConnections), 'rule about requests'),
    ...when(http && zeroTrust !== undefined && calledByRequest === true, 'call that names requests'),
    ...when(http && (security?.tokens.length ?? 0) > 0, 'required token'),
    ...when((security?.external.length ?? 0) > 0, 'external authorizer'),
  ];
}

function readsMoreThanConnections({ methods, paths, hosts, principal }: ServiceSecurityNode['allow'][number]): boolean {
  return methods.length > 0 || paths.length > 0 || hosts.length > 0 || (principal.kind === 'addresses' && principal.forwarded);
}

function when(condition: boolean, reason: string): readonly string[] {
  return condition ? [reason] : [];
}

function speaksHttp({ ports }: Pick<Declared, 'ports'>): boolean {
  return ports.some(({ protocol }) => isHttp(protocol));
}
