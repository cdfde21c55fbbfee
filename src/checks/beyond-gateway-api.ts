import { factsOf, isGatewayApiOfIstio } from '../model/data-plane';
import { httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { hasGrpcRoute } from '../model/grpc-routes';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { refusedServiceName } from '../model/names';
import { outlineOf } from '../model/outline';
import type { RetryPolicy } from '../model/policy';
import type { HeaderChanges, RouteMatchNode, RouteNode, ValueMatch } from '../model/route';
import type { Check } from './check';

export const beyondGatewayApi: Check = {
  code: FindingCode.BEYOND_GATEWAY_API,
  name: 'beyond-gateway-api',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A value that the definitions of Gateway API refuse',
  why: 'Gateway API is narrower than what proxies can do: it knows nine HTTP methods, paths and header values of certain characters, hosts without '
    + 'ports, statuses from 400 on, at most 16 of most things, and gRPC by service and method. The API server would refuse the whole route.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const cache = new MeshService(chart, 'cache', {
  mesh: portable, workload: deployment('cache'), ports: [MeshPort.http(8080)],
});
cache.addRoute('purge', { matches: [RouteMatch.method('PURGE')], deadline: Duration.minutes(1) });`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const cache = new MeshService(chart, 'cache', {
  mesh: portable, workload: deployment('cache'), ports: [MeshPort.http(8080)],
});
cache.addRoute('purge', { matches: [RouteMatch.header('x-purge', 'yes')], deadline: Duration.minutes(1) });`,
  run: (model, report) => {
    for (const service of model.services.filter(({ namespace }) => factsOf(model.mesh, namespace).precedence !== undefined)) {
      const accuse = (origin: string, problems: readonly Problem[]) => problems.forEach(({ what, why, fix }) => report(origin, {
        message: `${what}, which Gateway API refuses`, evidence: why, fix: fix ?? 'Say it otherwise, or take MeshProvider.istio()',
      }));
      accuse(service.origin, [...ofVersions(service), ...ofRetry('retry', service.retry, model), ...ofBudget(service)]);
      if (httpPorts(service).length > 0) {
        service.routes.forEach((route) => accuse(route.origin, ofRoute(model, service, route)));
      }
    }
    outlineOf(model).detailed.filter(({ retry }) => retry !== undefined).forEach((call) => ofRetry(`the retry of the call to ${call.callee}`, call.retry, model)
      .forEach(({ what, why }) => report(call.origin, { message: `${what}, which Gateway API refuses`, evidence: why, fix: 'Leave the status out' })));
  },
};

interface Problem {
  readonly what: string;
  readonly why: string;
  readonly fix?: string;
}

const MOST = 16;
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
const PATH = /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/;
const ODD_PATH = /\/\/|\/\.\.?(\/|$)|%2f|#/i;
const VALUE = /^[!-~]+([\t ]?[!-~]+)*$/;
const PARAMETER = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
const HOST = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const ORIGIN = /^\*$|^https?:\/\/((\*\.)?([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(:[0-9]{1,5})?$/;

function when(condition: boolean, what: string, why: string, fix?: string): readonly Problem[] {
  return condition ? [{ what, why, fix }] : [];
}

/** Each version has a Service of its own, and a grant or a budget names them all. */
function ofVersions({ name, versions, circuitBreaker, routedFrom = [] }: ServiceNode): readonly Problem[] {
  return versions.length < 2 ? [] : [
    ...versions.flatMap(({ subset, declaredSubset = subset }) => {
      const refused = refusedServiceName(`${name}-${declaredSubset}`);
      return when(refused !== undefined, `the Service of subset ${declaredSubset} would be called ${name}-${declaredSubset}`, `it ${refused}`, 'Give the subset another name');
    }),
    ...when(versions.length >= MOST && (routedFrom.length > 0 || circuitBreaker?.retryBudget !== undefined), `${name} has ${versions.length} versions`, `a grant or a retry budget names at most ${MOST} Services`),
  ];
}

function ofBudget({ circuitBreaker }: ServiceNode): readonly Problem[] {
  const percent = circuitBreaker?.retryBudget?.percent ?? 0;
  return when(!Number.isInteger(percent), `retryBudget.percent is ${percent}`, 'it takes whole percents', 'Round it');
}

function ofRetry(what: string, retry: RetryPolicy | undefined, { mesh }: MeshModel): readonly Problem[] {
  const statuses = retry === undefined || retry.retries === 0 || mesh.gatewayChannel !== 'experimental' ? []
    : retry.on.flatMap((condition) => condition.startsWith('status:') ? [Number(condition.slice('status:'.length))] : []);
  return statuses.filter((status) => status < 400).map((status) => ({ what: `${what} is on status ${status}`, why: 'it takes statuses from 400 to 599', fix: 'Leave the status out' }));
}

function ofRoute(model: MeshModel, service: ServiceNode, route: RouteNode): readonly Problem[] {
  const at = (text: string) => `the route ${route.name} ${text}`;
  const { redirect, rewrite, cors, mirrors, backends, requestHeaders, responseHeaders } = route;
  const host = redirect?.authority?.replace(/:\d+$/, '') ?? rewrite?.authority;
  return [
    ...route.matches.flatMap((match) => ofMatch(match, at)),
    ...ofGrpc(model, service, route, at),
    ...when(host !== undefined && (host.length > 253 || !HOST.test(host)), at(`has the host ${host}`), 'a host there is a lower-case name without a port'),
    ...when(redirect?.scheme !== undefined && !['http', 'https'].includes(redirect.scheme), at(`redirects to ${redirect?.scheme}`), 'the scheme is http or https'),
    ...when(redirect !== undefined && ![301, 302, 303, 307, 308].includes(redirect.status), at(`redirects with ${redirect?.status}`), 'the status is 301, 302, 303, 307 or 308'),
    ...[requestHeaders, responseHeaders].flatMap((changes) => changes === undefined ? [] : ofHeaders(changes, at)),
    ...when(mirrors.length > MOST - 4, at(`has ${mirrors.length} mirrors`), `a rule has at most ${MOST} filters`),
    ...when(backends.length > MOST, at(`has ${backends.length} backends`), `a rule has at most ${MOST}`),
    ...(cors?.origins ?? []).filter(({ kind, value }) => kind !== 'exact' || value.length > 253 || !ORIGIN.test(value))
      .map(({ kind, value }): Problem => ({ what: at(`allows the origin ${kind} ${value}`), why: 'an origin is a scheme, a host and a port, or *' })),
    ...(cors?.methods ?? []).filter((method) => method !== '*' && !METHODS.has(method))
      .map((method): Problem => ({ what: at(`allows the method ${method}`), why: `the methods are ${[...METHODS].join(', ')}` })),
    ...ofRetry(at('has a retry that'), route.retry, model),
  ];
}

function ofMatch(match: RouteMatchNode, at: (text: string) => string): readonly Problem[] {
  const { path, method, headers, query } = match;
  const text = path === undefined || path.kind === 'regex' || match.ignorePathCase === true ? undefined : path.value;
  const names = Object.keys(query);
  return [
    ...when(text !== undefined && (text.length > 1024 || !PATH.test(text) || ODD_PATH.test(text)), at(`matches the path ${text}`),
      'a path has letters, digits, some signs and encoded bytes, and neither empty segments nor dots alone', 'Ask for it with RouteMatch.regex'),
    ...when(method !== undefined && !METHODS.has(method.value), at(`matches the method ${method?.value}`), `the methods are ${[...METHODS].join(', ')}`),
    ...[...Object.entries(headers), ...Object.entries(query)].flatMap(([name, value]) => ofValue(name, value, at)),
    ...names.filter((name) => !PARAMETER.test(name) || name.length > 256)
      .map((name): Problem => ({ what: at(`matches the query parameter ${name}`), why: 'its name has letters, digits and some signs' })),
    ...when(Object.keys(headers).length > MOST, at(`matches ${Object.keys(headers).length} headers`), `a match has at most ${MOST}`),
    ...when(names.length > MOST, at(`matches ${names.length} query parameters`), `a match has at most ${MOST}`),
  ];
}

function ofValue(name: string, value: ValueMatch, at: (text: string) => string): readonly Problem[] {
  return when('value' in value && !VALUE.test(value.value), at(`matches ${name} by ${'value' in value ? JSON.stringify(value.value) : ''}`),
    'a value has visible characters of ASCII and single spaces between them', 'Ask for it with StringMatch.regex');
}

function ofHeaders({ set, add, remove }: HeaderChanges, at: (text: string) => string): readonly Problem[] {
  return [
    ...[...Object.entries(set), ...Object.entries(add)].filter(([, value]) => !VALUE.test(value))
      .map(([name, value]): Problem => ({ what: at(`gives ${name} the value ${JSON.stringify(value)}`), why: 'a value has visible characters of ASCII and single spaces between them' })),
    ...[Object.keys(set), Object.keys(add), remove].filter((list) => list.length > MOST)
      .map((list): Problem => ({ what: at(`changes ${list.length} headers`), why: `at most ${MOST} are set, added or removed` })),
  ];
}

/** What a GRPCRoute cannot say of a port that has one. */
function ofGrpc({ mesh }: MeshModel, service: ServiceNode, route: RouteNode, at: (text: string) => string): readonly Problem[] {
  const ports = isGatewayApiOfIstio(mesh, service.namespace) ? httpPorts(service).filter((port) => hasGrpcRoute(service, port, mesh)) : [];
  const concerned = ports.find((port) => route.matches.length === 0 || route.matches.some((match) => (match.port ?? port.number) === port.number));
  if (concerned === undefined) {
    return [];
  }
  const why = `port ${concerned.number} has a GRPCRoute: it speaks gRPC without a deadline, and the channel is ${mesh.gatewayChannel ?? 'standard'}`;
  const fix = 'Give the service a deadline, so that it gets an HTTPRoute';
  const unsaid = route.matches.filter(({ path, method, query, ignorePathCase }) => (
    (path !== undefined && !isGrpcPath(path)) || (method !== undefined && method.value !== 'POST') || Object.keys(query).length > 0 || ignorePathCase === true
  ));
  return [
    ...when(unsaid.length > 0, at('matches otherwise than by gRPC service and method'), why, fix),
    ...when(typeof route.deadline === 'number', at('has a deadline'), why, fix),
    ...when(route.retry !== undefined && route.retry.retries > 0, at('has retries'), why, fix),
    ...when(route.redirect !== undefined, at('redirects'), why, fix),
    ...when(route.rewrite !== undefined, at('rewrites'), why, fix),
    ...when(route.cors !== undefined, at('has CORS'), why, fix),
  ];
}

function isGrpcPath({ kind, value }: NonNullable<RouteMatchNode['path']>): boolean {
  return kind === 'exact' ? /^\/[^/]+\/[^/]+$/.test(value) : kind === 'prefix' && /^\/([^/]+\/)?$/.test(value);
}
