/**
 * Which policy is in force where several could be: the route's own word, then the caller's, then the service's, then the mesh's.
 * Emitters write what these functions answer, and checks judge it, so both always mean the same.
 */
import { serviceNames } from './delivery';
import { merged } from './merged';
import type { CallNode, ExternalNode, MeshModel, PortNode, ServiceNode, VersionNode } from './mesh-model';
import { oncePerModel } from './once';
import type { CircuitBreakerPolicy, Deadline, EjectionPolicy, LoadBalancingPolicy, RetryPolicy } from './policy';
import { isHttp } from './protocol';
import type { RouteNode } from './route';
import { sealsEgress } from './security';
import { isUnread } from './waypoint';

/** What a call can end at. */
export type Callee = ServiceNode | ExternalNode;

export function calleeOf(model: MeshModel, id: string): Callee | undefined {
  return model.serviceById.get(id) ?? model.externalById.get(id);
}

/** The fully qualified names a callee answers to. */
export function hostsOf(callee: Callee): readonly string[] {
  return 'host' in callee ? [callee.host] : callee.hosts;
}

/** The names to which a caller's proxy may have to send its requests: a delivery engine gives each version one of its own. */
export function targetHostsOf(callee: Callee): readonly string[] {
  return 'host' in callee ? serviceNames(callee).map((name) => `${name}${callee.host.slice(callee.name.length)}`) : callee.hosts;
}

export function retryFor(model: MeshModel, callee: Callee, route?: RouteNode, call?: Pick<CallNode, 'retry'>): RetryPolicy {
  return route?.retry ?? call?.retry ?? callee.retry ?? model.mesh.defaults.retry;
}

/**
 * Streams have no default deadline, and neither have requests that no proxy reads. A port that streams overrides the mesh's default, never what
 * was said of the service, the call or the route. Without a port the answer is for all HTTP ports together, which stream only when each does.
 */
export function deadlineFor(model: MeshModel, callee: Callee, route?: RouteNode, call?: Pick<CallNode, 'deadline'>, port?: PortNode): Deadline {
  const said = route?.deadline ?? call?.deadline ?? callee.deadline;
  if (said !== undefined || isUnread(callee, model.mesh)) {
    return said ?? 'none';
  }
  const ports = port === undefined ? httpPorts(callee) : [port];
  return ports.length > 0 && ports.every((each) => each.streaming) ? 'none' : model.mesh.defaults.deadline;
}

export function circuitBreakerFor(model: MeshModel, callee: Callee): CircuitBreakerPolicy {
  return callee.circuitBreaker ?? model.mesh.defaults.circuitBreaker;
}

export function loadBalancingFor(model: MeshModel, service: ServiceNode): LoadBalancingPolicy {
  return service.loadBalancing ?? model.mesh.defaults.loadBalancing;
}

/**
 * The library's own ejection. Five failures in a row and 30 s are Istio's documented defaults, written out; at most half of the
 * endpoints, and none while fewer than half are healthy, so that ejection can never empty a service of two or more.
 */
export const DEFAULT_EJECTION: EjectionPolicy = Object.freeze({
  consecutiveServerErrors: 5, intervalMs: 10_000, baseMs: 30_000, maxPercent: 50, minHealthPercent: 50,
});

/** Undefined: no ejection, either by wish or since a single pod is all there is. */
export function ejectionFor(policy: CircuitBreakerPolicy, callee: Callee): EjectionPolicy | undefined {
  if (policy.ejection === 'off') {
    return undefined;
  }
  if (policy.ejection === 'default') {
    const single = 'host' in callee ? callee.pods?.max === 1 : true;
    return single ? undefined : DEFAULT_EJECTION;
  }
  return policy.ejection;
}

export function httpPorts(callee: Pick<Callee, 'ports'>): readonly PortNode[] {
  const { ports } = callee;
  for (const { protocol } of ports) {
    if (!isHttp(protocol)) {
      return ports.length === 1 ? NO_PORTS : ports.filter((port) => isHttp(port.protocol));
    }
  }
  // Nearly always all of them, and nobody needs a list of its own.
  return ports;
}

const NO_PORTS: readonly PortNode[] = [];

/**
 * The port of a backend that stands for the one that a request came for, where the route names none: the same number where there is such a
 * one, else the first that speaks in the same way.
 */
export function servingPort(target: Pick<Callee, 'ports'>, from: PortNode): PortNode | undefined {
  const same = target.ports.filter((port) => isHttp(port.protocol) === isHttp(from.protocol) && port.protocol !== 'udp');
  return target.ports.length <= 1 ? target.ports[0] : same.find((port) => port.number === from.number) ?? same[0] ?? target.ports[0];
}

const reached = oncePerModel(() => new Map<string, readonly Callee[]>());

/** Every service and external service that a proxy of `service` must know: its callees, and where their routes lead. */
export function reachable(model: MeshModel, service: ServiceNode): readonly Callee[] {
  const all = reached(model);
  const known = all.get(service.id) ?? reachedBy(model, service);
  all.set(service.id, known);
  return known;
}

function reachedBy(model: MeshModel, service: ServiceNode): readonly Callee[] {
  const found = new Map<string, Callee>();
  const visit = (id: string): void => {
    const callee = found.has(id) ? undefined : calleeOf(model, id);
    if (callee === undefined) {
      return;
    }
    found.set(id, callee);
    if ('routes' in callee) {
      for (const route of callee.routes) {
        route.backends.forEach((backend) => visit(backend.service));
        route.mirrors.forEach((mirror) => visit(mirror.service));
      }
    }
  };
  service.callees.forEach(visit);
  return [...found.values()];
}

/** Whether the proxies of a service are given only what it declared to call. */
export function egressOf(service: Pick<ServiceNode, 'egress' | 'callees' | 'zeroTrust' | 'namespace'>): 'declared' | 'namespace' | 'everything' {
  if (service.egress === 'auto') {
    return service.callees.length > 0 || sealsEgress(service) ? 'declared' : 'everything';
  }
  return service.egress;
}

/** The labels that the pods of a version are given. A Service of the program's own keeps its selector, so only its versions are told apart. */
export function addedLabels(service: ServiceNode, version: VersionNode): Readonly<Record<string, string>> {
  return service.existing ? version.selector : merged(service.selector, version.selector);
}
