/**
 * Which routes a service has, and what stands in each of them. A route holds at most 16 rules, a rule 64 matches, and all of them together
 * 128, so a long list goes on in further routes. Gateway API decides between all routes of a Service by how exact a match is, and where two
 * are equal by the older route, then by the route's name, then by the order of its rules: the further routes are numbered, and depend on
 * the one before.
 *
 * All of it rests on what is declared, and one more route, version or caller only ever adds.
 */
import { strongestCall } from '../../model/caller-policy';
import { httpPorts } from '../../model/effective';
import type { CallNode, MeshNode, PortNode } from '../../model/mesh-model';
import type { RouteMatchNode } from '../../model/route';
import { orderedRules } from '../../model/route-precedence';
import { type RouteInForce, routesInForce } from '../delivered-routes';
import type { Declared, GatewayApiDialect, Limits } from './dialect';
import { replacesPrefix } from './filters';

export const MOST_RULES = 16;
export const MOST_MATCHES_OF_A_RULE = 64;
export const MOST_MATCHES = 128;

/** One rule: a route of the program, or a part of it, or what no route takes. */
export interface Slot {
  readonly route?: RouteInForce;
  /** Empty takes everything. */
  readonly matches: readonly RouteMatchNode[];
  /** A path that is not asked for is written as an expression, so that it does not take precedence over the expressions before it. */
  readonly asExpression: boolean;
  readonly name: string;
  readonly limits: Limits;
}

export interface RouteLayout {
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  /** What stands behind the name of the service in the name of the route. */
  readonly key?: string;
  readonly port: PortNode;
  /** Its own: the service's, or that of the callers that it is for. */
  readonly namespace?: string;
  readonly slots: readonly Slot[];
}

export function routeLayouts(service: Declared, mesh: MeshNode, dialect: GatewayApiDialect): readonly RouteLayout[] {
  const ports = httpPorts(service);
  const consumers = dialect.consumers === false ? [] : service.consumers ?? [];
  return [undefined, ...consumers].flatMap((consumer) => ports.flatMap((port) => {
    const kind = dialect.grpc(service, port, mesh) ? 'GRPCRoute' as const : 'HTTPRoute' as const;
    const limits = (route: RouteInForce | undefined) => limitsOf(service, port, route, mesh, consumer?.calls);
    return chunks(slotsOf(service, port, limits, dialect), dialect).map((slots, index): RouteLayout => (
      { kind, key: keyOf(service, port, consumer?.namespace, index), port, namespace: consumer?.namespace ?? service.namespace, slots }
    ));
  }));
}

function keyOf({ ports }: Declared, port: PortNode, consumer: string | undefined, index: number): string | undefined {
  const parts = [
    ...consumer === undefined ? [] : [`from-${consumer}`],
    ...ports.length === 1 ? [] : [port.name],
    ...index === 0 ? [] : [String(index + 1).padStart(2, '0')],
  ];
  // None of the parts can hold a dot, so no two keys are alike.
  return parts.length === 0 ? undefined : parts.join('.');
}

/** The limits of requests of a rule: everybody's, or those of callers with a policy of their own. */
export function limitsOf(
  service: Declared, port: PortNode, route: RouteInForce | undefined, { defaults }: MeshNode, calls: readonly CallNode[] = [],
): Limits {
  const call = strongestCall(calls, port, route?.copyOf ?? route?.name);
  return {
    retry: route?.retry ?? call?.retry ?? service.retry ?? defaults.retry,
    deadline: route?.deadline ?? call?.deadline ?? service.deadline ?? (port.streaming ? 'none' : defaults.deadline),
  };
}

type LimitsOf = (route: RouteInForce | undefined) => Limits;

function slotsOf(service: Declared, port: PortNode, limits: LimitsOf, dialect: GatewayApiDialect): Slot[] {
  return orderedRules(routesInForce(service), port, dialect).flatMap(({ route, matches, asExpression }) => (
    route === undefined ? [{ matches, asExpression, name: 'default', limits: limits(undefined) }] : partsOf(route, matches, asExpression, limits(route))
  ));
}

/** A rule that replaces the prefix it was found by has one match; of others, a long list goes on in a further rule. */
function partsOf(route: RouteInForce, matches: readonly RouteMatchNode[], asExpression: boolean, limits: Limits): Slot[] {
  const size = matches.some((match) => replacesPrefix(route, match)) ? 1 : MOST_MATCHES_OF_A_RULE;
  const count = Math.max(1, Math.ceil(matches.length / size));
  const parts = Array.from({ length: count }, (_, index) => matches.slice(index * size, (index + 1) * size));
  return parts.map((part, index) => ({ route, matches: part, asExpression, name: index === 0 ? route.name : `${route.name}-${index + 1}`, limits }));
}

/** What a rule says of its limits itself. What it leaves to the service may still change when all calls are known, for all rules alike. */
function saidBy({ route }: Slot): Partial<Limits> {
  return { retry: route?.retry, deadline: route?.deadline };
}

/** The rules, in their order, on as few routes as hold them. */
function chunks(slots: readonly Slot[], { sameRoute = () => true }: GatewayApiDialect): Slot[][] {
  const full: Slot[][] = [];
  let matches = 0;
  for (const slot of slots) {
    const last = full[full.length - 1];
    const more = Math.max(1, slot.matches.length);
    const fits = last !== undefined && last.length < MOST_RULES && matches + more <= MOST_MATCHES && sameRoute(saidBy(last[0]), saidBy(slot));
    if (fits) {
      last.push(slot);
      matches += more;
    } else {
      full.push([slot]);
      matches = more;
    }
  }
  return full;
}
