/** From what a user says of a route to the model's plain data, refusing what cannot be meant. */
import { IConstruct } from 'constructs';
import { millis, percent, refuse, wholeNumber } from '../mesh/invalid';
import { BackendNode, CorsPolicyNode, FaultNode, HeaderChanges, MirrorNode, RedirectNode, RewriteNode, RouteNode } from '../model/route';
import { CorsPolicy, FaultInjection, HeaderOptions, RouteMirror, RouteOptions, RouteRedirect, RouteRewrite } from './route';
import { re2 } from './string-match';
import { checkSplit } from './traffic-split';

export function routeNode(owner: IConstruct, serviceId: string, name: string, options: RouteOptions): RouteNode {
  const at = (property: string) => `route ${name}: ${property}`;
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
    directResponse: options.directResponse && {
      status: wholeNumber(owner, at('directResponse.status'), options.directResponse.status, 200, 599), body: options.directResponse.body,
    },
    rewrite: options.rewrite && rewrite(owner, at, options.rewrite),
    mirrors: (options.mirrors ?? []).map((mirror) => mirrorNode(owner, serviceId, at, mirror)),
    requestHeaders: options.requestHeaders && headers(owner, at('requestHeaders'), options.requestHeaders),
    responseHeaders: options.responseHeaders && headers(owner, at('responseHeaders'), options.responseHeaders),
    cors: options.cors && cors(owner, at, options.cors),
    fault: options.fault && fault(owner, at, options.fault),
    retry: options.retry?._policy(),
    deadline: options.streaming ? 'none' : options.deadline && millis(owner, at('deadline'), options.deadline),
  };
}

type At = (property: string) => string;

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
  return {
    path: options.path,
    pathRegex: options.pathPattern === undefined ? undefined
      : { pattern: re2(owner.node.path, at('rewrite.pathPattern'), options.pathPattern), substitution: options.pathSubstitution! },
    authority: options.authority,
  };
}

function mirrorNode(owner: IConstruct, serviceId: string, at: At, mirror: RouteMirror): MirrorNode {
  if (mirror.service === undefined && mirror.subset === undefined) {
    refuse(owner, at('mirrors'), mirror, 'give a service or a subset: a copy to the same pods only doubles their load');
  }
  const share = percent(owner, at('mirrors.percent'), mirror.percent ?? 100);
  return { service: mirror.service?.calleeId ?? serviceId, subset: mirror.subset, port: mirror.port, percent: share };
}

function headers(owner: IConstruct, property: string, options: HeaderOptions): HeaderChanges {
  const changes = { set: options.overwrite ?? {}, add: options.append ?? {}, remove: options.remove ?? [] };
  for (const name of [...Object.keys(changes.set), ...Object.keys(changes.add), ...changes.remove]) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      refuse(owner, property, name, 'give the name of an HTTP header');
    }
  }
  return changes;
}

function cors(owner: IConstruct, at: At, options: CorsPolicy): CorsPolicyNode {
  if (options.origins.length === 0) {
    refuse(owner, at('cors.origins'), options.origins, 'name at least one origin');
  }
  return {
    origins: options.origins.map((origin) => origin._node()),
    methods: options.methods ?? [],
    headers: options.headers ?? [],
    exposeHeaders: options.exposeHeaders ?? [],
    maxAgeMs: options.maxAge && millis(owner, at('cors.maxAge'), options.maxAge),
    credentials: options.credentials,
  };
}

function fault(owner: IConstruct, at: At, options: FaultInjection): FaultNode {
  if (options.abortStatus !== undefined && options.abortGrpcStatus !== undefined) {
    refuse(owner, at('fault.abortGrpcStatus'), options.abortGrpcStatus, 'leave it out, since abortStatus is given');
  }
  const aborts = options.abortStatus !== undefined || options.abortGrpcStatus !== undefined;
  if (!aborts && options.delay === undefined) {
    refuse(owner, at('fault'), options, 'give a delay or an abort status');
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
