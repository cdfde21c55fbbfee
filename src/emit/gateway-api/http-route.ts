/** The rules for the requests of a service, where they are matched as HTTP. */
import type { HttpRouteSpec, HttpRouteSpecRules } from '../../../imports/gateway.networking.k8s.io';
import type { Resource } from '../../model/contracts';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { RouteNode } from '../../model/route';
import { type Json, defined, nonEmpty } from '../json';
import { ownBackends } from '../own-backends';
import { backendRefs } from './backends';
import type { GatewayApiDialect } from './dialect';
import { httpFilters } from './filters';
import { httpMatch } from './http-match';
import type { RouteLayout, Slot } from './layout';
import { parentRef } from './parent';
import { routeResource } from './route-resource';

type Spec = Json<HttpRouteSpec>;
type Rule = Json<HttpRouteSpecRules>;

export function httpRoute(dialect: GatewayApiDialect): Resource<ServiceDeclaration, ServiceNode> {
  return routeResource('HTTPRoute', dialect, (node, model, layout): Spec => ({
    parentRefs: [parentRef(node, layout.port, layout.namespace)],
    rules: layout.slots.map((slot) => rule(dialect, model, node, layout, slot)),
  }));
}

function rule(dialect: GatewayApiDialect, model: MeshModel, service: ServiceNode, { port, namespace }: RouteLayout, slot: Slot): Rule {
  const route = slot.route ?? plainRoute(service);
  const [only] = slot.matches;
  const filters = httpFilters(model, route, port, namespace, slot.matches.length > 1 ? undefined : only);
  return defined<Rule>({
    name: slot.name,
    matches: nonEmpty(slot.matches.length === 0 && slot.asExpression ? [httpMatch({ headers: {}, query: {} }, true)]
      : slot.matches.map((match) => httpMatch(match, slot.asExpression))),
    filters: nonEmpty(filters),
    ...route.redirect === undefined && { backendRefs: backendRefs(model, backendsOf(service, route), port, namespace) },
    ...route.redirect === undefined && dialect.limitFields(slot.limits, model.mesh),
  });
}

export function backendsOf(service: ServiceNode, route: RouteNode) {
  return route.backends.length > 0 ? route.backends : ownBackends(service);
}

/** What no route takes goes to the service as it splits. */
export function plainRoute(service: ServiceNode): RouteNode {
  return { name: 'default', origin: service.origin, matches: [], backends: [], mirrors: [] };
}
