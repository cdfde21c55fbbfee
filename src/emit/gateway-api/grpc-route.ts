/** The rules for the requests of a service, where they are matched as gRPC. It has no fields for retries and time limits. */
import type { GrpcRouteSpec, GrpcRouteSpecRules, GrpcRouteSpecRulesMatches } from '../../../imports/gateway.networking.k8s.io';
import type { Resource } from '../../model/contracts';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { RouteMatchNode } from '../../model/route';
import { type Json, defined, nonEmpty } from '../json';
import { backendRefs } from './backends';
import type { GatewayApiDialect } from './dialect';
import { headerFilters, mirrorFilters } from './filters';
import { httpMatch } from './http-match';
import { backendsOf, plainRoute } from './http-route';
import type { RouteLayout, Slot } from './layout';
import { parentRef } from './parent';
import { routeResource } from './route-resource';

type Spec = Json<GrpcRouteSpec>;
type Rule = Json<GrpcRouteSpecRules>;
type Match = Json<GrpcRouteSpecRulesMatches>;

export function grpcRoute(dialect: GatewayApiDialect): Resource<ServiceDeclaration, ServiceNode> {
  return routeResource('GRPCRoute', dialect, (node, model, layout): Spec => ({
    parentRefs: [parentRef(node, layout.port, layout.namespace)],
    rules: layout.slots.map((slot) => rule(model, node, layout, slot)),
  }));
}

function rule(model: MeshModel, service: ServiceNode, { port, namespace }: RouteLayout, slot: Slot): Rule {
  const route = slot.route ?? plainRoute(service);
  return defined<Rule>({
    name: slot.name,
    matches: nonEmpty(slot.matches.map(grpcMatch)),
    filters: nonEmpty([...headerFilters(route), ...mirrorFilters(model, route, port, namespace)]) as Rule['filters'],
    backendRefs: backendRefs(model, backendsOf(service, route), port, namespace) as Rule['backendRefs'],
  });
}

/** A path is a service and a method. What it cannot be is a finding. */
function grpcMatch(match: RouteMatchNode): Match {
  const { headers } = httpMatch(match, false);
  const [, service, method] = /^\/([^/]*)\/?([^/]*)/.exec(match.path?.value ?? '') ?? [];
  return defined<Match>({
    method: service ? defined<NonNullable<Match['method']>>({ service, method: method || undefined }) : undefined,
    headers: headers,
  });
}
