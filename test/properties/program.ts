/**
 * A whole program as plain data, and how it is built. Indices are taken modulo what is there, so that nearly every program makes sense
 * and shrinking keeps it so; a wild value stands in it as it is.
 */
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import {
  CircuitBreaker, EgressScope, ExternalService, HashKey, ICallee, LoadBalancing, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, Replicas,
  Retry, RetryOn, RouteBackend, RouteMatch, RouteOptions, StringMatch,
} from '../../src';
import { FULL_MESH, workload } from '../support/shop';

export const PROTOCOLS = ['http', 'http2', 'grpc', 'grpcWeb', 'https', 'tls', 'tcp', 'udp', 'mongo', 'mysql', 'redis', 'postgres', 'amqp'] as const;
export const RETRY_ON = [
  'SERVER_ERROR', 'GATEWAY_ERROR', 'RESET', 'RESET_BEFORE_REQUEST', 'CONNECT_FAILURE', 'REFUSED_STREAM', 'RETRIABLE_4XX', 'GRPC_CANCELLED',
  'GRPC_DEADLINE_EXCEEDED', 'GRPC_INTERNAL', 'GRPC_RESOURCE_EXHAUSTED', 'GRPC_UNAVAILABLE',
] as const;
export const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'] as const;

export interface PortSpec {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly containerPort: number;
  readonly port?: number;
  readonly suffix?: string;
  readonly streaming?: boolean;
}

export interface RetrySpec {
  readonly retries: number;
  readonly perTry?: number;
  readonly backOff?: number;
  readonly on?: readonly (typeof RETRY_ON)[number][];
  readonly status?: number;
}

export interface PolicySpec {
  /** 'never', or what is repeated. */
  readonly retry?: 'never' | RetrySpec;
  /** Milliseconds. */
  readonly deadline?: number;
}

export interface BreakerSpec {
  readonly ejects: boolean;
  readonly tcp?: Readonly<Record<string, number>>;
  readonly tcpTimes?: Readonly<Record<string, number>>;
  readonly http?: Readonly<Record<string, number | boolean>>;
  readonly eject?: Readonly<Record<string, number | undefined>>;
  readonly ejectTimes?: Readonly<Record<string, number>>;
  readonly retryBudget?: { readonly percent?: number; readonly minConcurrency?: number };
}

export interface BalancingSpec {
  readonly algorithm: 'leastRequest' | 'roundRobin' | 'random' | 'header' | 'cookie' | 'query' | 'sourceIp';
  readonly warmUp?: number;
  readonly table?: { readonly maglevTableSize?: number; readonly minimumRingSize?: number };
  readonly locality?: {
    readonly failover?: readonly { region: string; failoverTo: string }[];
    readonly failoverPriority?: readonly string[];
    readonly distribute?: readonly { locality: string; shares: Record<string, number> }[];
  };
}

export interface MatchSpec {
  readonly path?: { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string; readonly ignoreCase?: boolean };
  readonly method?: string;
  readonly header?: { readonly name: string; readonly kind: 'exact' | 'prefix' | 'regex' | 'present' | 'absent'; readonly value: string };
  readonly query?: { readonly name: string; readonly kind: 'exact' | 'regex'; readonly value: string };
  readonly caller?: number;
  /** Index of a port of the service, or the number of a port that it may not have. */
  readonly port?: number;
  readonly rawPort?: number;
}

export interface TargetSpec {
  /** Index of a callee; undefined: a subset of the service itself. */
  readonly service?: number;
  readonly subset?: number;
  /** Index of a port of the callee, or the number of a port that it may not have. */
  readonly port?: number;
  readonly rawPort?: number;
}

export interface RouteSpec extends PolicySpec {
  readonly matches?: readonly MatchSpec[];
  readonly backends?: readonly (TargetSpec & { readonly weight: number })[];
  readonly split?: readonly number[];
  readonly mirrors?: readonly (TargetSpec & { readonly percent?: number })[];
  readonly streaming?: boolean;
  readonly cors?: Readonly<Record<string, unknown>> & { readonly maxAgeSeconds?: number };
  readonly fault?: Readonly<Record<string, unknown>> & { readonly delayMs?: number };
  /** Parts that are plain data already. */
  readonly plain: Pick<RouteOptions, 'redirect' | 'directResponse' | 'rewrite' | 'requestHeaders' | 'responseHeaders'>;
}

export interface VersionSpec {
  readonly labels?: Readonly<Record<string, string>>;
  readonly hasWorkload: boolean;
  readonly breaker?: BreakerSpec;
  readonly balancing?: BalancingSpec;
}

export interface ServiceSpec extends PolicySpec {
  readonly namespace: number;
  readonly form: 'workload' | 'podLabels' | 'existing';
  readonly kind: (typeof KINDS)[number];
  readonly ports: readonly PortSpec[];
  readonly headless?: boolean;
  readonly replicas?: readonly [number, number];
  readonly account?: 'service' | 'workload';
  readonly carried?: Readonly<Record<string, string>>;
  readonly subset?: string;
  readonly egress?: 'declared' | 'namespace' | 'everything';
  readonly breaker?: BreakerSpec;
  readonly balancing?: BalancingSpec;
  readonly versions: readonly VersionSpec[];
  readonly split?: readonly number[];
  readonly routes: readonly RouteSpec[];
}

export interface ExternalSpec extends PolicySpec {
  readonly namespace: number;
  readonly hosts: readonly string[];
  readonly ports: readonly PortSpec[];
  readonly addresses?: readonly string[];
  readonly endpoints?: readonly string[];
  readonly originateTls?: boolean;
  readonly breaker?: BreakerSpec;
}

export interface CallSpec extends PolicySpec {
  readonly from: number;
  readonly to: number;
  /** Index of a port of the callee. */
  readonly port?: number;
  readonly times?: number;
  readonly idempotent?: boolean;
}

export interface ProgramSpec extends PolicySpec {
  readonly release: '1.30' | '1.31';
  readonly revision?: string;
  readonly meshUnderApp: boolean;
  readonly declaresNamespaces: boolean;
  /** Budget of requests that one request may become. */
  readonly amplification?: number;
  readonly namespaces: number;
  readonly breaker?: BreakerSpec;
  readonly balancing?: BalancingSpec;
  readonly services: readonly ServiceSpec[];
  readonly externals: readonly ExternalSpec[];
  readonly calls: readonly CallSpec[];
  /** Ranks of the declarations that come after the constructors: another order is the same program. */
  readonly order: readonly number[];
}

export interface Program {
  readonly app: App;
  readonly mesh: Mesh;
  readonly services: readonly MeshService[];
  readonly externals: readonly ExternalService[];
}

const at = <T>(list: readonly T[], index: number): T => list[index % list.length];
const ms = (value: number | undefined) => value === undefined ? undefined : Duration.millis(value);
const times = (record: Readonly<Record<string, number>> = {}) => (
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, Duration.millis(value)]))
);

const numberOf = ({ port: number, containerPort }: PortSpec) => number ?? containerPort;

function meshPort({ protocol, containerPort, ...options }: PortSpec): MeshPort {
  return MeshPort[protocol](containerPort, options);
}

function policy({ retry, deadline }: PolicySpec): { retry?: Retry; deadline?: Duration } {
  const repeated = retry === undefined || retry === 'never' ? undefined : Retry.upTo(retry.retries, {
    perTry: ms(retry.perTry), backOff: ms(retry.backOff),
    on: retry.on && [...retry.on.map((name) => RetryOn[name]), ...(retry.status === undefined ? [] : [RetryOn.status(retry.status)])],
  });
  return { retry: retry === 'never' ? Retry.never() : repeated, deadline: ms(deadline) };
}

function breaker(spec: BreakerSpec | undefined): CircuitBreaker | undefined {
  if (spec === undefined) {
    return undefined;
  }
  const options = {
    tcp: { ...spec.tcp, ...times(spec.tcpTimes) }, http: { ...spec.http }, retryBudget: spec.retryBudget,
    eject: spec.eject && { ...spec.eject, ...times(spec.ejectTimes) },
  };
  return spec.ejects ? CircuitBreaker.of(options) : CircuitBreaker.withoutEjection({ ...options, eject: undefined });
}

function balancing(spec: BalancingSpec | undefined): LoadBalancing | undefined {
  if (spec === undefined) {
    return undefined;
  }
  const { algorithm } = spec;
  const options = { warmUp: ms(spec.warmUp), locality: spec.locality as never };
  switch (algorithm) {
    case 'leastRequest': case 'roundRobin': case 'random': return LoadBalancing[algorithm](options);
    case 'sourceIp': return LoadBalancing.consistentHash(HashKey.sourceIp(), { ...options, ...spec.table });
    case 'header': case 'cookie': case 'query': return LoadBalancing.consistentHash(HashKey[algorithm]('x-key'), { ...options, ...spec.table });
  }
}

function headerMatch({ name, kind, value }: MatchSpec['header'] & object): RouteMatch {
  switch (kind) {
    case 'present': return RouteMatch.headerPresent(name);
    case 'absent': return RouteMatch.headerAbsent(name);
    case 'exact': case 'prefix': case 'regex': return RouteMatch.headerMatching(name, StringMatch[kind](value));
  }
}

function match(spec: MatchSpec, owner: MeshService, callees: Callees): RouteMatch {
  const { path, header, query } = spec;
  const port = callees.port(owner, spec);
  const conditions = [
    path && RouteMatch.path(StringMatch[path.kind](path.value)),
    spec.method === undefined ? undefined : RouteMatch.method(spec.method),
    header && headerMatch(header),
    query && RouteMatch.queryMatching(query.name, StringMatch[query.kind](query.value)),
    spec.caller === undefined ? undefined : RouteMatch.caller(at(callees.services, spec.caller)),
    port === undefined ? undefined : RouteMatch.port(port),
  ].filter((condition) => condition !== undefined);
  const all = conditions.length === 0 ? RouteMatch.prefix('/') : RouteMatch.all(...conditions);
  return path?.ignoreCase === true && path.kind !== 'regex' ? all.ignoringPathCase() : all;
}

/** Whom the routes of a program may lead to. */
interface Callees {
  readonly all: readonly ICallee[];
  readonly services: readonly MeshService[];
  readonly subsets: ReadonlyMap<ICallee, readonly string[]>;
  /** The port of a callee that is meant. */
  readonly port: (callee: ICallee, meant: { readonly port?: number; readonly rawPort?: number }) => number | undefined;
}

export function subsetsOf({ form, subset, carried, versions }: ServiceSpec): string[] {
  return [subset ?? (form === 'podLabels' ? undefined : carried?.version) ?? 'v1', ...versions.map((_, index) => `v${index + 2}`)];
}

/** A split over the first so many subsets. */
const shares = (subsets: readonly string[], weights: readonly number[]) => (
  Object.fromEntries(weights.map((weight, index) => [subsets[index] ?? `unknown-${index}`, weight]))
);

function route(spec: RouteSpec, owner: MeshService, callees: Callees): RouteOptions {
  const target = ({ service, subset }: TargetSpec) => {
    const callee = service === undefined ? owner : at(callees.all, service);
    const subsets = callees.subsets.get(callee);
    return { callee, subset: subset === undefined || subsets === undefined ? undefined : at(subsets, subset) };
  };
  const { maxAgeSeconds, ...cors } = spec.cors ?? {};
  const { delayMs, ...fault } = spec.fault ?? {};
  return {
    ...policy(spec), ...spec.plain, streaming: spec.streaming,
    matches: spec.matches?.map((one) => match(one, owner, callees)),
    split: spec.split && shares(callees.subsets.get(owner)!, spec.split),
    backends: spec.backends?.map((backend) => {
      const { callee, subset } = target(backend);
      return RouteBackend.service(callee, { subset, port: callees.port(callee, backend), weight: backend.weight });
    }),
    mirrors: spec.mirrors?.map((mirror) => {
      const { callee, subset } = target(mirror);
      return { service: callee, subset, port: callees.port(callee, mirror), percent: mirror.percent };
    }),
    cors: spec.cors && {
      ...cors, origins: [StringMatch.exact('https://shop.example.com')],
      maxAge: maxAgeSeconds === undefined ? undefined : Duration.seconds(maxAgeSeconds),
    },
    fault: spec.fault && { ...fault, delay: ms(delayMs) },
  };
}

function pods(chart: Chart, id: string, spec: ServiceSpec): ApiObject {
  const ports = spec.ports.map(({ containerPort }) => ({ containerPort }));
  return workload(chart, id, {
    kind: spec.kind, labels: spec.carried && { ...spec.carried, ...(spec.carried.app !== undefined && { app: `${id}-${spec.carried.app}` }) },
    spec: {
      containers: [{ name: 'app', image: 'example.com/app:1', ports }], ...(spec.account === 'workload' && { serviceAccountName: `${id}-robot` }),
      ...(['Job', 'CronJob'].includes(spec.kind) && { restartPolicy: 'Never' }),
    },
  });
}

/** How a person names a port whose protocol meshes call otherwise. */
const PORT_NAMES: Partial<Record<PortSpec['protocol'], string>> = { grpcWeb: 'grpc-web', postgres: 'tcp-pg', amqp: 'tcp-amqp' };

function makeService(spec: ServiceSpec, index: number, chart: Chart, mesh: Mesh): MeshService {
  const id = `service-${index}`;
  const common = {
    mesh, ...policy(spec), circuitBreaker: breaker(spec.breaker), loadBalancing: balancing(spec.balancing), subset: spec.subset,
    replicas: spec.replicas && Replicas.between(...spec.replicas), egress: spec.egress && EgressScope[spec.egress](),
    serviceAccountName: spec.account === 'service' ? `${id}.account` : undefined,
  };
  if (spec.form === 'existing') {
    const object = new ApiObject(chart, `${id}-service`, {
      apiVersion: 'v1', kind: 'Service', metadata: { name: id },
      spec: {
        selector: { 'example.com/app': id },
        ports: spec.ports.map(({ protocol, containerPort, port: number = containerPort }, n) => ({
          name: `${PORT_NAMES[protocol] ?? protocol}-${n}`, port: number, targetPort: containerPort, protocol: protocol === 'udp' ? 'UDP' : 'TCP',
        })),
      },
    });
    return MeshService.fromService(chart, id, {
      ...common, service: object, workload: pods(chart, `${id}-pods`, { ...spec, carried: { ...spec.carried, 'example.com/app': id } }),
    });
  }
  return new MeshService(chart, id, {
    ...common, ports: spec.ports.map(meshPort), headless: spec.headless,
    ...(spec.form === 'podLabels' ? { podLabels: { 'app.kubernetes.io/name': id } } : { workload: pods(chart, `${id}-pods`, spec) }),
  });
}

/** @param order ranks of the declarations, where not those of the program itself */
export function build(spec: ProgramSpec, order = spec.order): Program {
  const app = new App();
  const charts = Array.from({ length: spec.namespaces }, (_, index) => new Chart(app, `chart-${index}`, { namespace: `ns-${index}` }));
  const mesh = new Mesh(spec.meshUnderApp ? app : charts[0], 'mesh', {
    provider: MeshProvider.istio({ release: spec.release, revision: spec.revision }), adoption: FULL_MESH,
    budgets: { requestAmplification: spec.amplification },
    defaults: { ...policy(spec), circuitBreaker: breaker(spec.breaker), loadBalancing: balancing(spec.balancing) },
  });
  const services = spec.services.map((one, index) => makeService(one, index, at(charts, one.namespace), mesh));
  const externals = spec.externals.map((one, index) => new ExternalService(at(charts, one.namespace), `external-${index}`, {
    mesh, ...policy(one), circuitBreaker: breaker(one.breaker), hosts: one.hosts.map((host) => host.replace('#', String(index))),
    ports: one.ports.map(meshPort), addresses: one.addresses && [...one.addresses],
    endpoints: one.endpoints && [...one.endpoints], originateTls: one.originateTls,
  }));
  const all: readonly ICallee[] = [...services, ...externals];
  const ports = new Map([...spec.services, ...spec.externals].map((one, index) => [all[index], one.ports.map(numberOf)]));
  const callees: Callees = {
    all, services, subsets: new Map(services.map((one, index) => [one, subsetsOf(spec.services[index])])),
    port: (callee, { port, rawPort }) => {
      const numbers = ports.get(callee)!;
      return rawPort ?? (port === undefined || numbers.length === 0 ? undefined : at(numbers, port));
    },
  };
  // Versions and routes of one service are an order of their own; everything else may come in any.
  const steps: (() => void)[] = spec.services.flatMap((one, index) => [() => {
    const owner = services[index];
    one.versions.forEach((version, n) => owner.addVersion(`v${n + 2}`, {
      labels: version.labels, circuitBreaker: breaker(version.breaker), loadBalancing: balancing(version.balancing),
      workload: version.hasWorkload && one.form !== 'podLabels'
        ? pods(at(charts, one.namespace), `service-${index}-v${n + 2}`, {
          ...one, carried: one.form === 'existing' ? { 'example.com/app': `service-${index}` } : undefined,
        }) : undefined,
    }));
    one.routes.forEach((each, n) => owner.addRoute(`route-${n}`, route(each, owner, callees)));
    if (one.split !== undefined) {
      owner.split(shares(subsetsOf(one), one.split));
    }
  }]);
  steps.push(...spec.calls.map((call) => () => {
    const callee = at(all, call.to);
    at(services, call.from).calls(callee, { ...policy(call), times: call.times, idempotent: call.idempotent, port: callees.port(callee, call) });
  }));
  if (spec.declaresNamespaces) {
    steps.push(...charts.map((chart, index) => () => void new MeshNamespace(chart, 'namespace', { mesh, name: `ns-${index}` })));
  }
  const ranks = steps.map((_, index) => order.length === 0 ? index : at(order, index));
  steps.map((step, index) => ({ step, rank: ranks[index] })).sort((a, b) => a.rank - b.rank).forEach(({ step }) => step());
  return { app, mesh, services, externals };
}

/** Every manifest of the program, chart by chart, in the order in which it is written. */
export function manifestsOf({ app }: Pick<Program, 'app'>): { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } }[] {
  return app.charts.flatMap((chart) => chart.toJson() as never[]);
}
