/**
 * The routes of a service in an A/B test of which an engine moves the weights: before every rule that leads to the service itself stands its
 * copy for the users of the test, with the same retries, time limits and changes. Only in those copies does the engine move anything.
 */
import { type AudienceNode, CANARY_SUBSET, ownership, STABLE_SUBSET } from '../model/delivery';
import type { ServiceNode } from '../model/mesh-model';
import { answersItself, type RouteMatchNode, type RouteNode } from '../model/route';
import { EVERYTHING } from './connection-routes';

export interface RouteInForce extends RouteNode {
  /** The route that it is a copy of. */
  readonly copyOf?: string;
}

export function routesInForce(service: Pick<ServiceNode, 'id' | 'origin' | 'routes' | 'delivery'>): readonly RouteInForce[] {
  const strategy = service.delivery?.strategy;
  if (strategy?.kind !== 'ab-test' || !ownership(service)?.ownsWeights) {
    return service.routes;
  }
  const { audiences } = strategy;
  const rest: RouteNode = { name: 'default', origin: service.origin, matches: [], backends: [], mirrors: [] };
  return [
    ...service.routes.flatMap((route) => leadsHome(route) ? [copy(service, route, audiences), route] : [route]),
    copy(service, rest, audiences),
  ];
}

function leadsHome(route: RouteNode): boolean {
  return route.backends.length === 0 && !answersItself(route);
}

function copy(service: Pick<ServiceNode, 'id'>, route: RouteNode, audiences: readonly AudienceNode[]): RouteInForce {
  const matches = route.matches.length === 0 ? [EVERYTHING] : route.matches;
  return {
    ...route,
    name: `${route.name}-test`,
    copyOf: route.name,
    matches: matches.flatMap((match) => audiences.map((audience) => joined(match, audience))),
    backends: [
      { service: service.id, subset: STABLE_SUBSET, weight: 100 }, { service: service.id, subset: CANARY_SUBSET, weight: 0, moved: true },
    ],
  };
}

/** Where the route has a condition on that header already, the route's own holds. */
function joined(match: RouteMatchNode, { header, value }: AudienceNode): RouteMatchNode {
  return { ...match, headers: { [header]: value, ...match.headers } };
}
