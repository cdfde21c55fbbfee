/** What Linkerd's policy controller refuses of routes, its own and Gateway API's, although their schemas take it. */
import type { ObjectNode } from '../../model/mesh-model';
import { labels, list, record, records, text } from '../raw';
import { goDurationMs, wrongLimit } from './grammar';
import { type Broken, GATEWAY_GROUP, isGroup, isKind, type Json, type LinkerdRule, POLICY_GROUP, shown } from './rule';

/** The same rule for both groups of HTTPRoutes. */
function both(name: string, broken: LinkerdRule['broken'], gatewayKinds: readonly string[] = ['HTTPRoute']): readonly LinkerdRule[] {
  return [{ name, group: POLICY_GROUP, kinds: ['HTTPRoute'], broken }, { name, group: GATEWAY_GROUP, kinds: gatewayKinds, broken }];
}

export const ROUTE_RULES: readonly LinkerdRule[] = [
  ...both('egress-parent-port', ({ parentRefs }) => records(parentRefs).filter((parent) => isEgressNetwork(parent) && parent.port === undefined)
    .map(({ name }) => ({ what: `has the EgressNetwork ${shown(name)} as parent without a port`, fix: 'Name the port' })), ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']),
  ...both('route-annotations', (spec, object) => isOutbound(spec) ? wrongAnnotations(object) : [], ['HTTPRoute', 'GRPCRoute']),
  ...both('absolute-path', (spec) => paths(spec).filter(({ type, value }) => type !== 'RegularExpression' && !(text(value) ?? '/').startsWith('/'))
    .map(({ value }) => ({ what: `matches the path ${shown(value)}`, fix: 'Begin it with a slash' }))),
  ...both('path-expression', (spec) => paths(spec).filter(({ type, value }) => type === 'RegularExpression' && !compiles(value))
    .map(({ value }) => ({ what: `matches paths by ${shown(value)}, which is no regular expression`, fix: 'Correct the expression' }))),
  ...both('redirect-path', (spec) => filters(spec).flatMap(({ requestRedirect }) => Object.entries(record(record(requestRedirect).path)))
    .filter(([key, value]) => key !== 'type' && !(text(value) ?? '').startsWith('/'))
    .map(([key, value]) => ({ what: `redirects with ${key} ${shown(value)}`, fix: 'Begin it with a slash' }))),
  {
    name: 'route-timeouts', group: POLICY_GROUP, kinds: ['HTTPRoute'],
    broken: ({ rules }) => records(rules).flatMap(({ timeouts }) => timeoutProblems(record(timeouts))),
  },
  {
    name: 'backend-port', group: GATEWAY_GROUP, kinds: ['HTTPRoute', 'GRPCRoute'],
    broken: ({ rules }) => records(rules).flatMap(({ backendRefs }) => records(backendRefs))
      .filter(({ group, kind, port }) => isGroup(group ?? '', '') && isKind(kind ?? 'Service', 'Service') && port === undefined)
      .map(({ name }) => ({ what: `has the Service ${shown(name)} as backend without a port`, fix: 'Name the port' })),
  },
  {
    name: 'grpc-method-type', group: GATEWAY_GROUP, kinds: ['GRPCRoute'],
    broken: ({ rules }) => records(rules).flatMap(({ matches }) => records(matches)).map(({ method }) => record(method).type)
      .filter((type) => type !== undefined && type !== 'Exact').map((type) => ({ what: `matches methods by ${shown(type)}`, fix: 'Name service and method exactly' })),
  },
  {
    name: 'one-rule', group: GATEWAY_GROUP, kinds: ['TLSRoute', 'TCPRoute'],
    broken: ({ rules }) => list(rules).length === 1 ? [] : [{ what: `has ${list(rules).length} rules`, fix: 'Give it one rule' }],
  },
];

/** What is admitted, and then does less than it says, or nothing. */
export const IGNORED_ROUTE_RULES: readonly LinkerdRule[] = [
  {
    name: 'parent-kind', group: POLICY_GROUP, kinds: ['HTTPRoute'],
    broken: ({ parentRefs }) => records(parentRefs).filter(({ kind, group }) => kind === undefined || group === undefined)
      .map(({ name }) => ({ what: `has the parent ${shown(name)} without group and kind, so a Gateway, which Linkerd leaves alone`, fix: 'Say group and kind' })),
  },
  ...both('inbound-parent-port', ({ parentRefs }) => records(parentRefs).filter((parent) => isServer(parent) && (parent.port !== undefined || parent.sectionName !== undefined))
    .map(({ name }) => ({ what: `names a port or section of the Server ${shown(name)}, so it is not read`, fix: 'Leave port and sectionName out: a Server is one port' })), ['HTTPRoute', 'GRPCRoute']),
  {
    name: 'outbound-filters', group: GATEWAY_GROUP, kinds: ['HTTPRoute', 'GRPCRoute'],
    broken: (spec) => !isOutbound(spec) ? [] : ruleFilters(spec).map(({ type }) => type).filter((type) => ['RequestMirror', 'URLRewrite', 'ExtensionRef', 'CORS'].includes(type as string))
      .map((type) => ({ what: `has the filter ${shown(type)}, so the whole route is dropped`, fix: 'Take it away: Linkerd changes headers and redirects, and nothing else' })),
  },
  ...both('inbound-response-headers', (spec) => !records(spec.parentRefs).some(isServer) ? [] : ruleFilters(spec).filter(({ type }) => type === 'ResponseHeaderModifier')
    .map(() => ({ what: 'changes headers of answers on a Server, which is dropped', fix: 'Change them in a route on the Service' }))),
  {
    name: 'unread-limits', group: GATEWAY_GROUP, kinds: ['HTTPRoute'],
    broken: (spec) => !isOutbound(spec) ? [] : records(spec.rules).flatMap(({ retry, timeouts }): Broken[] => [
      ...retry === undefined ? [] : [{ what: 'has the field retry, which Linkerd does not read', fix: 'Use the annotations retry.linkerd.io/http and retry.linkerd.io/limit' }],
      ...record(timeouts).backendRequest === undefined ? [] : [{ what: 'has timeouts.backendRequest, which Linkerd does not read', fix: 'Use the annotation retry.linkerd.io/timeout' }],
      ...wrongLimit('timeout.linkerd.io/request', text(record(timeouts).request) ?? '0') === undefined ? []
        : [{ what: `has timeouts.request ${shown(record(timeouts).request)}, which Linkerd does not read`, fix: 'Give one whole number of one unit, such as 90s' }],
    ]),
  },
  {
    name: 'no-weight', group: GATEWAY_GROUP, kinds: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'],
    broken: (spec) => !isOutbound(spec) ? [] : records(spec.rules).map(({ backendRefs }) => records(backendRefs))
      .filter((refs) => refs.length > 1 && refs.every(({ weight }) => weight === 0))
      .map((refs) => ({ what: `has ${refs.length} backends of weight 0, which stops the proxies that read it`, fix: 'Give one of them a weight' })),
  },
  {
    name: 'tls-route-version', group: GATEWAY_GROUP, kinds: ['TLSRoute', 'TCPRoute'],
    broken: (spec, { apiVersion }) => !isOutbound(spec) || apiVersion.endsWith('/v1alpha2') ? []
      : [{ what: `is of ${apiVersion}, and Linkerd reads v1alpha2 alone`, fix: 'Write v1alpha2, which the experimental channel serves' }],
  },
];

export function isOutbound({ parentRefs }: Json): boolean {
  return records(parentRefs).some((parent) => isEgressNetwork(parent) || (isGroup(parent.group, '') && parent.group !== undefined && isKind(parent.kind, 'Service')));
}

function isEgressNetwork({ group, kind }: Json): boolean {
  return isGroup(group, POLICY_GROUP) && isKind(kind, 'EgressNetwork');
}

function isServer({ group, kind }: Json): boolean {
  return isGroup(group, POLICY_GROUP) && isKind(kind, 'Server');
}

export function annotationsOf({ body }: ObjectNode): Readonly<Record<string, string>> {
  return labels(record(body?.metadata).annotations);
}

export function wrongAnnotations(object: ObjectNode): readonly Broken[] {
  return Object.entries(annotationsOf(object)).flatMap(([key, value]): Broken[] => {
    const expected = wrongLimit(key, value);
    return expected === undefined ? [] : [{ what: `has the annotation ${key} with ${shown(value)}`, fix: `Give ${expected}` }];
  });
}

function paths({ rules }: Json): readonly Json[] {
  return records(rules).flatMap(({ matches }) => records(matches)).map(({ path }) => record(path));
}

function ruleFilters({ rules }: Json): readonly Json[] {
  return records(rules).flatMap((rule) => records(rule.filters));
}

function filters(spec: Json): readonly Json[] {
  return [...ruleFilters(spec), ...records(spec.rules).flatMap(({ backendRefs }) => records(backendRefs)).flatMap((ref) => records(ref.filters))];
}

/** As far as the expressions of JavaScript and of Rust are alike; flags at the start are Rust's. */
function compiles(value: unknown): boolean {
  try {
    new RegExp(String(text(value) ?? '').replace(/^\(\?[a-zA-Z]+\)/, ''));
    return true;
  } catch {
    return false;
  }
}

function timeoutProblems({ request, backendRequest }: Json): readonly Broken[] {
  const said = Object.entries({ request, backendRequest }).flatMap(([name, value]) => typeof value === 'string' ? [{ name, value, ms: goDurationMs(value) }] : []);
  const wrong = said.filter(({ ms }) => ms === undefined || ms < 0)
    .map(({ name, value }) => ({ what: `has timeouts.${name} ${shown(value)}`, fix: 'Give a duration such as 10s, not below 0' }));
  const [whole, part] = ['request', 'backendRequest'].map((name) => said.find((one) => one.name === name)?.ms);
  return wrong.length > 0 || whole === undefined || part === undefined || part <= whole || whole === 0 ? wrong
    : [{ what: `has timeouts.backendRequest ${shown(backendRequest)}, above timeouts.request ${shown(request)}`, fix: 'Give the shorter time to backendRequest' }];
}
