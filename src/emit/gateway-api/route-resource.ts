/** What HTTPRoutes and GRPCRoutes have in common: one for each part of a service's layout. */
import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import type { MeshModel, MeshNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { GATEWAY } from './api';
import type { Declared, GatewayApiDialect } from './dialect';
import { type RouteLayout, routeLayouts } from './layout';
import { VERSION_SERVICE } from './version-service';

export function routeResource(
  kind: RouteLayout['kind'], dialect: GatewayApiDialect, spec: (node: ServiceNode, model: MeshModel, layout: RouteLayout) => object,
): Resource<ServiceDeclaration, ServiceNode> {
  const layouts = (service: Declared, mesh: MeshNode) => routeLayouts(service, mesh, dialect).filter((layout) => layout.kind === kind);
  const layoutOf = (service: Declared, mesh: MeshNode, key: string | undefined) => layouts(service, mesh).find((layout) => layout.key === key)!;
  const { annotations } = dialect;
  return {
    id: kind,
    apiVersion: `${GATEWAY}/v1`,
    kind,
    afterEach: VERSION_SERVICE,
    growsBy: 'consumers',
    exists: (declaration, mesh) => !ownership(declaration)?.ownsRoutes && layouts(declaration, mesh).length > 0,
    each: (declaration, mesh) => layouts(declaration, mesh).map(({ key }) => key),
    namespaceOf: (declaration, mesh, key) => layoutOf(declaration, mesh, key).namespace,
    // Which rules stand in a route is settled at the end: a route that is added later may move them.
    lateAnnotations: annotations && Object.fromEntries(annotations.names.map((name) => [
      name, (node: ServiceNode, model: MeshModel, key?: string) => annotations.of(layoutOf(node, model.mesh, key).slots[0].limits, kind)[name],
    ])),
    spec: (node, model, key) => spec(node, model, layoutOf(node, model.mesh, key)),
  };
}
