/**
 * Where declared calls arrive. A caller's proxy sends a request to what the callee's routes lead to, with the caller's identity; so a
 * service gets requests of callers that never named it, and with the path that the route made of theirs.
 */
import { calleeOf, servingPort } from './effective';
import type { CallNode, MeshModel, PortNode, ServiceNode } from './mesh-model';
import { oncePerModel } from './once';
import { isHttp } from './protocol';
import type { RouteMatchNode, RouteNode } from './route';

export interface Arrival {
  readonly call: CallNode;
  /** Route of the callee that leads here; undefined: the call itself does. */
  readonly route?: string;
  readonly mirrored: boolean;
  /** Ports of the service at which requests arrive. */
  readonly ports: readonly number[];
  /** Empty: all. */
  readonly methods: readonly string[];
  /** Empty: all. */
  readonly paths: readonly string[];
}

interface Requests {
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

const EVERYTHING: Requests = Object.freeze({ methods: Object.freeze([]), paths: Object.freeze([]) });

/** All requests that declared calls bring to a service. */
export function arrivalsAt(model: MeshModel, service: string): readonly Arrival[] {
  return allArrivals(model).get(service) ?? [];
}

const allArrivals = oncePerModel((model): ReadonlyMap<string, readonly Arrival[]> => {
  const all = new Map<string, Arrival[]>();
  const arrive = (service: string, arrival: Arrival): void => {
    const before = all.get(service);
    if (before === undefined) {
      all.set(service, [arrival]);
    } else {
      before.push(arrival);
    }
  };
  for (const call of model.calls) {
    const callee = model.serviceById.get(call.callee);
    if (callee !== undefined) {
      follow(model, call, callee, arrive);
    }
  }
  return all;
});

function follow(model: MeshModel, call: CallNode, callee: ServiceNode, arrive: (service: string, arrival: Arrival) => void): void {
  const ports = callee.ports.filter((port) => call.port === undefined || port.number === call.port);
  const operation = callee.routes.find(({ name }) => name === call.operation);
  const routes = callee.routes.filter((route) => (operation === undefined || route === operation) && takes(route, call.caller));
  const asked: Requests | undefined = call.methods === undefined && call.paths === undefined ? undefined
    : { methods: call.methods ?? [], paths: call.paths ?? [] };
  if (operation === undefined || leadsBack(operation, callee)) {
    const own = operation !== undefined && leadsBack(operation, callee) ? operation : undefined;
    for (const requests of asked === undefined ? requestsOf(own, call.caller) : [asked]) {
      arrive(callee.id, { call, mirrored: false, ports: portsFor(ports, requests), ...requests });
    }
  }
  for (const route of routes) {
    const targets = [
      ...route.backends.map((one) => ({ ...one, mirrored: false })), ...route.mirrors.map((one) => ({ ...one, mirrored: true })),
    ];
    for (const { service, port, mirrored } of targets) {
      const target = service === callee.id ? undefined : calleeOf(model, service);
      if (target === undefined || 'hosts' in target) {
        continue;
      }
      const into = port === undefined ? ports.flatMap((from) => servingPort(target, from) ?? [])
        : target.ports.filter(({ number }) => number === port);
      // What was said of the call is about the callee's paths; a rewritten one is another.
      const scopes = asked !== undefined && route.rewrite === undefined ? [asked] : requestsOf(route, call.caller);
      for (const requests of scopes) {
        arrive(target.id, { call, route: route.name, mirrored, ports: portsFor(into, requests), ...requests });
      }
    }
  }
}

/** Rules about requests are only for ports on which a proxy reads them. */
function portsFor(ports: readonly PortNode[], { methods, paths }: Requests): readonly number[] {
  const reads = methods.length > 0 || paths.length > 0;
  return [...new Set(ports.filter((port) => !reads || isHttp(port.protocol)).map((port) => port.number))];
}

/** Whether some request that a route takes stays with the service. */
function leadsBack(route: RouteNode, service: ServiceNode): boolean {
  return route.redirect === undefined && route.directResponse === undefined
    && (route.backends.length === 0 || route.backends.some((backend) => backend.service === service.id));
}

function takes(route: RouteNode, caller: string): boolean {
  return route.redirect === undefined && route.directResponse === undefined
    && (route.matches.length === 0 || route.matches.some((match) => match.caller === undefined || match.caller === caller));
}

/** The requests that a route passes on, as far as rules can say them: one scope for each of its matches, or everything. */
export function requestsOf(route: RouteNode | undefined, caller?: string): readonly Requests[] {
  const matches = (route?.matches ?? []).filter((match) => match.caller === undefined || match.caller === caller);
  const scopes = matches.map((match) => requestsOfMatch(match, route!));
  return matches.length === 0 || scopes.some((scope) => scope === undefined) ? [EVERYTHING] : scopes.map((scope) => scope!);
}

/** Undefined where a rule cannot say it, so that it has to take everything. */
function requestsOfMatch(match: RouteMatchNode, { rewrite }: RouteNode): Requests | undefined {
  const { path, method } = match;
  if ((path !== undefined && (path.kind === 'regex' || match.ignorePathCase || /[*{}]/.test(path.value) || rewrite?.pathRegex !== undefined))
    || (method !== undefined && method.kind !== 'exact') || (path === undefined && method === undefined)) {
    return undefined;
  }
  const arriving = path === undefined ? undefined : rewrite?.path ?? path.value;
  return {
    methods: method === undefined ? [] : [method.value],
    paths: arriving === undefined ? [] : [path!.kind === 'prefix' ? `${arriving}*` : arriving],
  };
}
