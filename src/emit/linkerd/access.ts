/**
 * Who may do what at each port of a service, in the parts that Linkerd has for it. A Server closes a port; an AuthorizationPolicy opens it, or
 * one route of it, to callers. Of all routes of a port the most specific one decides about a request, so callers that are limited to some
 * requests get routes for these, with everybody's policy who may send them.
 */
import { enforcementOf, type Grant, grantsOf, guardedPorts, mtlsModeOf, podPorts, readsRequests, securityOf } from '../../model/access';
import { containerPorts } from '../../model/container-ports';
import { grouped } from '../../model/grouped';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import { oncePerModel } from '../../model/once';
import { isHttp } from '../../model/protocol';
import { type Cell, isPrefix, type LimitedGrant, requestCells } from '../../model/request-cells';
import type { PrincipalNode } from '../../model/security';
import { MISLEADING, pathMatch, type PathMatch } from './path';
import { proxyProtocol } from './protocol';

export interface Match {
  readonly path?: PathMatch;
  readonly method?: string;
}

export interface AccessServer {
  readonly key: string;
  /** Of the pods: a name or a number. */
  readonly port: number | string;
  readonly protocol: string;
  readonly accessPolicy: string;
}

export interface AccessRoute {
  readonly key: string;
  readonly server: string;
  readonly hostnames: readonly string[];
  readonly matches: readonly Match[];
}

/** Something that is opened to callers. */
export interface AccessTarget {
  readonly key: string;
  readonly kind: 'Server' | 'HTTPRoute';
  readonly principals: readonly PrincipalNode[];
}

export interface Access {
  readonly servers: readonly AccessServer[];
  readonly routes: readonly AccessRoute[];
  readonly targets: readonly AccessTarget[];
}

const NOTHING: Access = Object.freeze({ servers: [], routes: [], targets: [] });

/** A schema takes 16 rules of 8 matches. */
export const MATCHES_PER_RULE = 8;
const MATCHES_PER_ROUTE = 16 * MATCHES_PER_RULE;

const known = oncePerModel(() => new Map<string, Access>());

/** Worked out once for a model and service: every one of its resources asks. */
export function accessOf(model: MeshModel, service: ServiceNode): Access {
  const all = known(model);
  const access = all.get(service.id) ?? (enforcementOf(service) === undefined ? NOTHING : workOut(model, service));
  all.set(service.id, access);
  return access;
}

/** A port of the pods, with the service's ports that stand for it. */
interface Gate {
  readonly key: string;
  readonly target: number | string;
  readonly port?: PortNode;
  readonly numbers: readonly number[];
}

function workOut(model: MeshModel, service: ServiceNode): Access {
  const grants = grantsOf(model, service);
  const parts = gatesOf(service)
    .map((gate) => accessOfGate(service, gate, grants.filter(({ ports }) => ports.some((port) => gate.numbers.includes(port)))));
  return {
    servers: parts.flatMap(({ servers }) => servers), routes: parts.flatMap(({ routes }) => routes), targets: parts.flatMap(({ targets }) => targets),
  };
}

/** Two ports of a service may lead to one port of its pods, which takes one Server. */
function gatesOf(service: ServiceNode): readonly Gate[] {
  const gates = new Map<string, Gate>();
  const add = (wire: string, gate: Gate): void => {
    const before = gates.get(wire);
    gates.set(wire, before === undefined ? gate : { ...before, numbers: [...before.numbers, ...gate.numbers] });
  };
  for (const port of guardedPorts(service)) {
    const [number] = containerPorts(service, port);
    add(String(number ?? port.containerPort), { key: port.name, target: port.containerPort, port, numbers: [port.number] });
  }
  for (const { port } of securityOf(service).plaintext) {
    const [number = port] = podPorts(service, [port]);
    add(String(number), { key: `port-${port}`, target: port, numbers: [port] });
  }
  return [...gates.values()];
}

function accessOfGate(service: ServiceNode, gate: Gate, grants: readonly Grant[]): Access {
  const http = gate.port !== undefined && isHttp(gate.port.protocol);
  const whole = grants.filter((grant) => !http || !readsRequests(grant)).map(({ principal }) => principal);
  const limited = http ? limitedGrants(service, gate, grants.filter(readsRequests)) : [];
  const server: AccessServer = {
    key: gate.key,
    port: gate.target,
    // gRPC, too, is read as the HTTP that it is where single methods are opened: its own routes know no prefixes.
    protocol: gate.port === undefined ? 'unknown' : limited.length > 0 && gate.port.protocol === 'grpc' ? 'HTTP/2' : proxyProtocol(gate.port),
    accessPolicy: accessPolicy(service, gate),
  };
  const opened: AccessTarget[] = whole.length === 0 ? [] : [{ key: gate.key, kind: 'Server', principals: whole }];
  if (limited.length === 0) {
    return { servers: [server], routes: [], targets: opened };
  }
  const { routes, targets } = routesOf(gate.key, limited, service.zeroTrust?.refuseEncodedSlashes ?? true);
  return { servers: [server], routes, targets: [...opened, ...targets] };
}

/** Where nothing is refused, `audit` lets everybody in and counts who came without a policy; only callers with an identity pass a strict port. */
function accessPolicy(service: ServiceNode, gate: Gate): string {
  if (enforcementOf(service) === 'enforce') {
    return 'deny';
  }
  return gate.numbers.every((port) => mtlsModeOf(service, port) === 'strict') ? 'all-authenticated' : 'audit';
}

/**
 * Linkerd lets the kubelet's HTTP probes through by itself only while a port has no routes, and gRPC probes never. The kubelet has no identity.
 */
function limitedGrants(service: ServiceNode, gate: Gate, grants: readonly Grant[]): readonly LimitedGrant[] {
  const named = grants.map(({ methods, paths, hosts, principal }) => ({ methods, paths, hosts, who: JSON.stringify(principal) }));
  const probes = probesOf(service, gate, named.length > 0);
  return probes.length === 0 ? named : [...named, ...probes];
}

const ANYONE = JSON.stringify({ kind: 'anyone' } satisfies PrincipalNode);
const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

function probesOf(service: ServiceNode, gate: Gate, routed: boolean): readonly LimitedGrant[] {
  const numbers = new Set(gate.port === undefined ? [] : [...containerPorts(service, gate.port), gate.target]);
  const probes = service.versions.flatMap(({ workload }) => workload?.containers ?? []).flatMap(({ ports, probes: asked = [] }) => asked
    .filter(({ port }) => numbers.has(port) || ports.some(({ name, number }) => name === port && numbers.has(number))));
  const grpc = probes.some(({ kind }) => kind === 'grpc') ? [HEALTH_CHECK] : [];
  const http = routed || grpc.length > 0 ? probes.flatMap(({ kind, path }) => kind === 'http' && path !== undefined ? [path] : []) : [];
  const grant = (method: string, paths: readonly string[]): LimitedGrant => (
    { methods: [method], paths: [...new Set(paths)], hosts: [], who: ANYONE }
  );
  return [...grpc.length > 0 ? [grant('POST', grpc)] : [], ...http.length > 0 ? [grant('GET', http)] : []];
}

function routesOf(server: string, limited: readonly LimitedGrant[], strict: boolean): Pick<Access, 'routes' | 'targets'> {
  const cells = requestCells(limited);
  const groups = grouped(cells, ({ host, who }) => JSON.stringify([host, who]));
  const opened = [...groups.values()].flatMap(chunks).map((group, index) => ({
    key: `${server}-route-${index + 1}`, server, hostnames: hostsOf(group), who: group[0].who,
    matches: group.map(({ path, method }): Match => (
      { ...path !== undefined && { path: pathMatch(path, strict) }, ...method !== undefined && { method } }
    )),
  }));
  const misleading = strict && cells.some(({ path }) => path !== undefined && isPrefix(path));
  const hosts = [...new Set(cells.flatMap(({ host }) => host ?? []))];
  const closed = (name: string, hostnames: readonly string[], matches: readonly Match[]): AccessRoute => (
    { key: `${server}-${name}`, server, hostnames, matches }
  );
  return {
    routes: [
      ...opened.map(({ who: _, ...route }) => route),
      ...misleading ? [closed('misleading', [], [{ path: MISLEADING }])] : [],
      // A route for a host is stronger than every path.
      ...misleading && hosts.length > 0 ? [closed('misleading-hosts', hosts, [{ path: MISLEADING }])] : [],
      closed('rest', [], [{ path: { type: 'PathPrefix', value: '/' } }]),
    ],
    targets: opened.map(({ key, who }) => ({ key, kind: 'HTTPRoute', principals: who.map((one) => JSON.parse(one) as PrincipalNode) })),
  };
}

function hostsOf([{ host }]: readonly Cell[]): readonly string[] {
  return host === undefined ? [] : [host];
}

function chunks(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const count = Math.ceil(cells.length / MATCHES_PER_ROUTE);
  return Array.from({ length: count }, (_, index) => cells.slice(index * MATCHES_PER_ROUTE, (index + 1) * MATCHES_PER_ROUTE));
}
