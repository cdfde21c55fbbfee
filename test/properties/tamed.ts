/** Mends what makes a random program wrong though every value in it is right. */
import { BalancingSpec, BreakerSpec, ExternalSpec, MatchSpec, ProgramSpec, RouteSpec, ServiceSpec, TargetSpec, subsetsOf } from './program';

const HTTP = ['http', 'http2', 'grpc', 'grpcWeb'];
const onlyHttp = ({ ports }: Pick<ServiceSpec, 'ports'>) => ports.length > 0 && ports.every(({ protocol }) => HTTP.includes(protocol));
const speaksHttp = ({ ports }: Pick<ServiceSpec, 'ports'>) => ports.some(({ protocol }) => HTTP.includes(protocol));

/** Without what a constructor refuses. */
export function acceptable(spec: ProgramSpec): ProgramSpec {
  const { services } = spec;
  const externals = spec.externals.map((one) => {
    const ports = one.ports.map((port) => ({ ...port, protocol: port.protocol === 'udp' ? 'tcp' as const : port.protocol }));
    const http1or2 = ports.some(({ protocol }) => protocol === 'http' || protocol === 'http2' || protocol === 'grpc');
    return {
      ...one, ports, endpoints: one.hosts.some((host) => host.startsWith('*')) ? undefined : one.endpoints,
      originateTls: http1or2 ? one.originateTls : undefined,
    };
  });
  const callees = services.length + externals.length;
  return {
    ...spec, externals,
    services: services.map((one, self) => ({
      ...one, routes: one.routes.map((route) => ({ ...route, backends: route.backends && unique(route.backends, self, services, callees) })),
    })),
    calls: spec.calls.map((call) => ({ ...call, from: call.from % services.length, to: call.to % callees }))
      .filter(({ from, to }, n, all) => from !== to && all.findIndex((other) => other.from === from && other.to === to) === n),
  };
}

/** Each backend once. */
function unique(list: RouteSpec['backends'] & object, self: number, services: readonly ServiceSpec[], callees: number): RouteSpec['backends'] {
  const byKey = new Map<string, TargetSpec & { weight: number }>();
  for (const one of list) {
    const callee = (one.service ?? self) % callees;
    const subset = one.subset === undefined || callee >= services.length ? '' : one.subset % subsetsOf(services[callee]).length;
    const key = `${callee} ${subset}`;
    byKey.set(key, { ...one, service: callee, weight: one.weight + (byKey.get(key)?.weight ?? 0) });
  }
  return [...byKey.values()];
}

/** Without what is a finding. */
export function tamed(spec: ProgramSpec): ProgramSpec {
  const services = spec.services.map(service);
  const externals = spec.externals.map(external);
  const callees = [...services, ...externals];
  const routed = services.map((one, index) => ({ ...one, routes: routes(one, index, services) }));
  return acceptable({
    ...spec,
    amplification: 1_000_000_000,
    balancing: withoutLocality(spec.balancing),
    breaker: safe(spec.breaker),
    services: routed.map((one) => ({ ...one, split: takesAll(one.routes) || one.ports.length === 0 ? undefined : one.split })),
    externals,
    // Calls go one way, to services with ports, and everything may be repeated.
    calls: spec.calls.map(({ from, to, ...call }) => ({ ...call, from: from % services.length, to: to % callees.length, idempotent: true }))
      .filter(({ from, to }) => to > from && callees[to].ports.length > 0)
      .map((call) => onlyHttp(callees[call.to]) ? call : { ...call, retry: undefined, deadline: undefined }),
  });
}

/** Without what only HTTP can fulfil, where a port does not speak it. */
function plain<T extends Pick<ServiceSpec, 'ports' | 'retry' | 'deadline' | 'breaker' | 'balancing'>>(spec: T): T {
  const { breaker, balancing } = spec;
  const byRequest = balancing?.algorithm === 'header' || balancing?.algorithm === 'cookie' || balancing?.algorithm === 'query';
  const eject = breaker?.eject && { ...breaker.eject, afterGatewayErrors: undefined };
  return onlyHttp(spec) ? spec : {
    ...spec, retry: undefined, deadline: undefined, breaker: breaker && { ...breaker, http: undefined, retryBudget: undefined, eject },
    balancing: byRequest ? undefined : balancing,
  };
}

function service(given: ServiceSpec): ServiceSpec {
  const spec = plain(given);
  const breaker = safe(spec.breaker);
  const ejects = breaker?.ejects === true && breaker.eject !== undefined && spec.replicas?.[1] !== 1;
  return {
    ...spec, breaker, balancing: ejects ? spec.balancing : withoutLocality(spec.balancing),
    // A job has no lasting address, and a subset needs its pods.
    kind: spec.ports.length > 0 && (spec.kind === 'Job' || spec.kind === 'CronJob') ? 'Deployment' : spec.kind,
    carried: spec.form === 'workload' ? spec.carried : undefined,
    versions: spec.versions.map((version) => ({
      labels: version.labels, hasWorkload: spec.form !== 'podLabels', balancing: withoutLocality(plain({ ...version, ports: spec.ports }).balancing),
      breaker: ejects && spec.balancing?.locality !== undefined ? undefined : safe(plain({ ...version, ports: spec.ports }).breaker),
    })),
  };
}

function external(given: ExternalSpec, index: number): ExternalSpec {
  // Where there is no host name in the traffic, an address of its own tells it.
  const opaque = given.ports.some(({ protocol }) => !HTTP.includes(protocol) && protocol !== 'https' && protocol !== 'tls');
  const spec = plain(given);
  return {
    ...spec, breaker: safe(spec.breaker), addresses: opaque ? [`10.1.2.${index + 1}`] : undefined,
    hosts: (opaque ? spec.hosts.slice(0, 1) : spec.hosts).map((host) => host.includes('#') ? host : `host-${index}.example.com`),
    originateTls: onlyHttp(spec) ? spec.originateTls : undefined,
  };
}

/** Every match has a path of its own, so that every route is reached; a route without matches stands last. */
function routes(owner: ServiceSpec, self: number, services: readonly ServiceSpec[]): RouteSpec[] {
  // Among other protocols a route says which port it is for.
  const port = onlyHttp(owner) ? undefined : httpPort(owner);
  return (speaksHttp(owner) ? owner.routes : []).map((route, n) => {
    const own = (one: MatchSpec, path: string) => ({
      ...one, path: { kind: 'exact' as const, value: path }, port: one.port === undefined ? port : httpPort(owner),
    });
    const matches = route.matches?.map((one, m) => own(one, `/r${n}/m${m}`)) ?? [];
    const all = n === owner.routes.length - 1 && port === undefined ? [] : [own({}, `/r${n}`)];
    return {
      ...route, matches: matches.length === 0 ? all : matches, split: owner.versions.length === 0 ? undefined : route.split,
      backends: route.backends?.map((one) => target(one, self, services)), mirrors: route.mirrors?.map((one) => target(one, self, services)),
    };
  });
}

const takesAll = (list: readonly RouteSpec[]) => list.some(({ matches }) => matches === undefined || matches.length === 0);
const httpPort = ({ ports }: ServiceSpec) => ports.findIndex(({ protocol }) => HTTP.includes(protocol));

/** A service that speaks HTTP, at a port on which it does. */
function target<T extends TargetSpec>(spec: T, self: number, services: readonly ServiceSpec[]): T & Required<Pick<TargetSpec, 'service' | 'port'>> {
  const meant = (spec.service ?? self) % services.length;
  const found = speaksHttp(services[meant]) ? meant : self;
  return { ...spec, service: found, port: httpPort(services[found]), subset: spec.subset && spec.subset % subsetsOf(services[found]).length };
}

/** Ejection that leaves somebody. */
function safe(spec: BreakerSpec | undefined): BreakerSpec | undefined {
  return spec?.eject === undefined ? spec : { ...spec, eject: { ...spec.eject, atMostPercent: 50, minHealthyPercent: 50 } };
}

function withoutLocality(spec: BalancingSpec | undefined): BalancingSpec | undefined {
  return spec && { ...spec, locality: undefined };
}
