/** From what a user says of a route to the model's plain data, refusing what cannot be meant. */
import { IConstruct } from 'constructs';
import { ICallee, refuseStranger } from '../mesh/callee';
import { millis, percent, refuse, wholeNumber } from '../mesh/invalid';
import type { Mesh } from '../mesh/mesh';
import { BackendNode, CorsPolicyNode, FaultNode, HeaderChanges, MirrorNode, RedirectNode, RewriteNode, RouteNode } from '../model/route';
import { headerName, headerValue } from './header';
import { re2 } from './re2';
import { CorsPolicy, DirectResponse, FaultInjection, HeaderOptions, RouteMirror, RouteOptions, RouteRedirect, RouteRewrite } from './route';
import { checkSplit } from './traffic-split';

/** The service whose route it is. */
interface Owner extends ICallee {
  readonly mesh: Mesh;
}

export function routeNode(owner: Owner, name: string, options: RouteOptions): RouteNode {
  const at = (property: string) => `route ${name}: ${property}`;
  const serviceId = owner.calleeId;
  refuseStrangers(owner, at, options);
  const actions = (['split', 'backends', 'redirect', 'directResponse'] as const).filter((action) => options[action] !== undefined);
  if (actions.length > 1) {
    refuse(owner, at(actions[1]), options[actions[1]], `leave it out, since ${actions[0]} is given: a route does one thing`);
  }
  if (options.streaming && options.deadline !== undefined) {
    refuse(owner, at('deadline'), options.deadline, 'leave it out, since the route streams');
  }
  const answersItself = options.redirect !== undefined || options.directResponse !== undefined;
  for (const property of ['rewrite', 'mirrors', 'retry', 'deadline', 'fault'] as const) {
    if (answersItself && options[property] !== undefined) {
      refuse(owner, at(property), options[property], `leave it out, since ${actions[0]} never reaches a service`);
    }
  }
  return {
    name,
    origin: owner.node.path,
    matches: (options.matches ?? []).map((match) => match._node()),
    backends: backends(owner, serviceId, at, options),
    redirect: options.redirect && redirect(owner, at, options.redirect),
    directResponse: options.directResponse && directResponse(owner, at, options.directResponse),
    rewrite: options.rewrite && rewrite(owner, at, options.rewrite),
    mirrors: (options.mirrors ?? []).map((mirror) => mirrorNode(owner, serviceId, at, mirror)),
    requestHeaders: options.requestHeaders && requestHeaders(owner, at, options),
    responseHeaders: options.responseHeaders && headers(owner, at('responseHeaders'), options.responseHeaders, ['host']),
    cors: options.cors && cors(owner, at, options.cors),
    fault: options.fault && fault(owner, at, options.fault),
    retry: options.retry?._policy(),
    deadline: options.streaming ? 'none' : options.deadline && millis(owner, at('deadline'), options.deadline),
  };
}

type At = (property: string) => string;

function refuseStrangers(owner: Owner, at: At, options: RouteOptions): void {
  for (const target of (options.backends ?? []).map((backend) => backend._target)) {
    if (target !== undefined) {
      refuseStranger(owner, owner.mesh, at('backends'), target);
    }
  }
  for (const { service } of options.mirrors ?? []) {
    if (service !== undefined) {
      refuseStranger(owner, owner.mesh, at('mirrors.service'), service);
    }
  }
  for (const caller of (options.matches ?? []).map((match) => match._caller)) {
    if (caller !== undefined && !owner.mesh._members.isService(caller)) {
      refuse(owner, at('matches.caller'), caller.node.path, `it is no service of ${owner.mesh.node.path}, and only those are recognised as callers`);
    }
  }
}

function backends(owner: IConstruct, serviceId: string, at: At, options: RouteOptions): BackendNode[] {
  if (options.split !== undefined) {
    const split = checkSplit(owner, at('split'), options.split);
    return Object.entries(split).map(([subset, weight]) => ({ service: serviceId, subset, weight }));
  }
  if (options.backends === undefined) {
    return [];
  }
  const nodes = options.backends.map((backend) => backend._node(serviceId));
  const sum = nodes.reduce((total, node) => total + node.weight, 0);
  if (sum !== 100) {
    refuse(owner, at('backends'), nodes.map((node) => node.weight), `let the weights add up to 100; they add up to ${sum}`);
  }
  const keys = nodes.map((node) => `${node.service} ${node.subset ?? ''} ${node.port ?? ''}`);
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  if (twice >= 0) {
    refuse(owner, at('backends'), nodes[twice], 'give every backend once, with the sum of its weights');
  }
  return nodes;
}

function redirect(owner: IConstruct, at: At, options: RouteRedirect): RedirectNode {
  const status = options.status ?? 301;
  if (![301, 302, 303, 307, 308].includes(status)) {
    refuse(owner, at('redirect.status'), status, 'give 301, 302, 303, 307 or 308');
  }
  if (options.scheme !== undefined && !['http', 'https'].includes(options.scheme)) {
    refuse(owner, at('redirect.scheme'), options.scheme, 'give http or https');
  }
  if ([options.path, options.authority, options.scheme, options.port].every((part) => part === undefined)) {
    refuse(owner, at('redirect'), options, 'give a path, an authority, a scheme or a port: it would send the client in a circle');
  }
  absolute(owner, at('redirect.path'), options.path);
  filled(owner, at('redirect.authority'), options.authority);
  if (options.port !== undefined) {
    wholeNumber(owner, at('redirect.port'), options.port, 1, 65535);
  }
  return { path: options.path, authority: options.authority, scheme: options.scheme, port: options.port, status };
}

function rewrite(owner: IConstruct, at: At, options: RouteRewrite): RewriteNode {
  if ((options.pathPattern === undefined) !== (options.pathSubstitution === undefined)) {
    refuse(owner, at('rewrite'), options, 'give pathPattern and pathSubstitution together');
  }
  if (options.pathPattern !== undefined && options.path !== undefined) {
    refuse(owner, at('rewrite.path'), options.path, 'leave it out, since pathPattern is given');
  }
  if (options.path === undefined && options.pathPattern === undefined && options.authority === undefined) {
    refuse(owner, at('rewrite'), options, 'give a path, a pattern or an authority');
  }
  absolute(owner, at('rewrite.path'), options.path);
  filled(owner, at('rewrite.pathSubstitution'), options.pathSubstitution);
  filled(owner, at('rewrite.authority'), options.authority);
  return {
    path: options.path,
    pathRegex: options.pathPattern === undefined ? undefined
      : { pattern: re2(owner, at('rewrite.pathPattern'), options.pathPattern), substitution: options.pathSubstitution! },
    authority: options.authority,
  };
}

function absolute(owner: IConstruct, property: string, path: string | undefined): void {
  if (path !== undefined && !path.startsWith('/')) {
    refuse(owner, property, path, 'begin it with a slash');
  }
}

function filled(owner: IConstruct, property: string, text: string | undefined): void {
  if (text === '') {
    refuse(owner, property, text, 'leave it out, or give a text');
  }
}

/** The largest body that Istio takes. */
const LARGEST_BODY = 1024 * 1024;

function directResponse(owner: IConstruct, at: At, options: DirectResponse): DirectResponse {
  const size = Buffer.byteLength(options.body ?? '');
  if (size > LARGEST_BODY) {
    refuse(owner, at('directResponse.body'), `${size} bytes`, `give at most ${LARGEST_BODY} bytes: every proxy of every caller holds a copy`);
  }
  return { status: wholeNumber(owner, at('directResponse.status'), options.status, 200, 599), body: options.body };
}

function mirrorNode(owner: IConstruct, serviceId: string, at: At, mirror: RouteMirror): MirrorNode {
  if (mirror.service === undefined && mirror.subset === undefined) {
    refuse(owner, at('mirrors'), mirror, 'give a service or a subset: a copy to the same pods only doubles their load');
  }
  filled(owner, at('mirrors.subset'), mirror.subset);
  if (mirror.port !== undefined) {
    wholeNumber(owner, at('mirrors.port'), mirror.port, 1, 65535);
  }
  const share = percent(owner, at('mirrors.percent'), mirror.percent ?? 100);
  return { service: mirror.service?.calleeId ?? serviceId, subset: mirror.subset, port: mirror.port, percent: share };
}

function requestHeaders(owner: IConstruct, at: At, options: RouteOptions): HeaderChanges {
  const changes = headers(owner, at('requestHeaders'), options.requestHeaders!, []);
  const hosts = [changes.set, changes.add].flatMap(Object.entries<string>).filter(([name]) => name.toLowerCase() === 'host');
  if (changes.remove.some((name) => name.toLowerCase() === 'host')) {
    refuse(owner, at('requestHeaders.remove'), 'host', 'leave it out: a request needs its Host header');
  }
  if (hosts.length + (options.rewrite?.authority === undefined ? 0 : 1) > 1) {
    refuse(owner, at('requestHeaders'), hosts[0][1], 'give the Host header once, in requestHeaders.overwrite or in rewrite.authority');
  }
  return changes;
}

function headers(owner: IConstruct, property: string, options: HeaderOptions, fixed: readonly string[]): HeaderChanges {
  const changes = { set: { ...options.overwrite }, add: { ...options.append }, remove: [...options.remove ?? []] };
  for (const name of [...Object.keys(changes.set), ...Object.keys(changes.add), ...changes.remove]) {
    headerName(owner, property, name);
    if (fixed.includes(name.toLowerCase())) {
      refuse(owner, property, name, 'leave it out: proxies do not change it');
    }
  }
  for (const [name, value] of [...Object.entries(changes.set), ...Object.entries(changes.add)]) {
    headerValue(owner, `${property}.${name}`, value);
  }
  return changes;
}

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

function cors(owner: IConstruct, at: At, options: CorsPolicy): CorsPolicyNode {
  if (options.origins.length === 0) {
    refuse(owner, at('cors.origins'), options.origins, 'name at least one origin');
  }
  const unknown = options.methods?.find((method) => !CORS_METHODS.includes(method));
  if (unknown !== undefined) {
    refuse(owner, at('cors.methods'), unknown, `give some of ${CORS_METHODS.join(', ')}`);
  }
  for (const property of ['headers', 'exposeHeaders'] as const) {
    options[property]?.filter((name) => name !== '*').forEach((name) => headerName(owner, at(`cors.${property}`), name));
  }
  const maxAgeMs = options.maxAge && millis(owner, at('cors.maxAge'), options.maxAge);
  if (maxAgeMs !== undefined && maxAgeMs % 1000 !== 0) {
    refuse(owner, at('cors.maxAge'), options.maxAge, 'give whole seconds, as the header Access-Control-Max-Age counts');
  }
  return {
    origins: options.origins.map((origin) => origin._node()),
    methods: [...options.methods ?? []],
    headers: [...options.headers ?? []],
    exposeHeaders: [...options.exposeHeaders ?? []],
    maxAgeMs,
    credentials: options.credentials,
  };
}

const GRPC_STATUSES = [
  'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED',
];

function fault(owner: IConstruct, at: At, options: FaultInjection): FaultNode {
  if (options.abortStatus !== undefined && options.abortGrpcStatus !== undefined) {
    refuse(owner, at('fault.abortGrpcStatus'), options.abortGrpcStatus, 'leave it out, since abortStatus is given');
  }
  const aborts = options.abortStatus !== undefined || options.abortGrpcStatus !== undefined;
  if (!aborts && options.delay === undefined) {
    refuse(owner, at('fault'), options, 'give a delay or an abort status');
  }
  for (const [share, needed, given] of [['delayPercent', 'delay', options.delay !== undefined], ['abortPercent', 'abort status', aborts]] as const) {
    if (options[share] !== undefined && !given) {
      refuse(owner, at(`fault.${share}`), options[share], `leave it out, or give the ${needed} that it is the share of`);
    }
  }
  if (options.abortGrpcStatus !== undefined && !GRPC_STATUSES.includes(options.abortGrpcStatus)) {
    refuse(owner, at('fault.abortGrpcStatus'), options.abortGrpcStatus, `give one of ${GRPC_STATUSES.join(', ')}`);
  }
  if (options.abortStatus !== undefined) {
    wholeNumber(owner, at('fault.abortStatus'), options.abortStatus, 200, 599);
  }
  return {
    delay: options.delay && {
      ms: millis(owner, at('fault.delay'), options.delay), percent: percent(owner, at('fault.delayPercent'), options.delayPercent ?? 100),
    },
    abort: !aborts ? undefined : {
      httpStatus: options.abortStatus, grpcStatus: options.abortGrpcStatus,
      percent: percent(owner, at('fault.abortPercent'), options.abortPercent ?? 100),
    },
  };
}
