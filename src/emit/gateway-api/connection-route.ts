/** The rules for connections that are routed as a whole: one rule a port, since nothing is known of a connection but its port and name. */
import type { TcpRouteSpec, TlsRouteSpec } from '../../../imports/gateway.networking.k8s.io';
import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import type { MeshModel, PortNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { isTls } from '../../model/protocol';
import type { BackendNode } from '../../model/route';
import { connectionRoutes, routesConnections } from '../connection-routes';
import type { Json } from '../json';
import { ownBackends } from '../own-backends';
import { GATEWAY } from './api';
import { backendRefs } from './backends';
import type { Declared, GatewayApiDialect } from './dialect';
import { parentRef } from './parent';
import { VERSION_SERVICE } from './version-service';

/** Of TLS, too, where the mesh does not look into it. */
export function tcpRoute({ tcpRoute: version, tlsRoute: looksIntoTls }: GatewayApiDialect): Resource<ServiceDeclaration, ServiceNode> {
  return connectionRoute('TCPRoute', version, ({ protocol }) => looksIntoTls === undefined || !isTls(protocol), (node, model, port): Json<TcpRouteSpec> => ({
    parentRefs: [parentRef(node, port, node.namespace)], rules: [{ backendRefs: backends(node, model, port) }],
  }));
}

/** The one name that a client may ask for is the service's own: the mesh drops all others from a route for one Service. */
export function tlsRoute(version: string): Resource<ServiceDeclaration, ServiceNode> {
  return connectionRoute('TLSRoute', version, ({ protocol }) => isTls(protocol), (node, model, port): Json<TlsRouteSpec> => ({
    parentRefs: [parentRef(node, port, node.namespace)], hostnames: [node.host], rules: [{ backendRefs: backends(node, model, port) }],
  }));
}

function connectionRoute(
  kind: string, version: string, takes: (port: PortNode) => boolean, spec: (node: ServiceNode, model: MeshModel, port: PortNode) => object,
): Resource<ServiceDeclaration, ServiceNode> {
  const ports = (service: Declared) => service.ports.filter((port) => takes(port) && routesConnections(service, port));
  const keyOf = (service: Declared, port: PortNode) => service.ports.length === 1 ? undefined : port.name;
  return {
    id: kind,
    apiVersion: `${GATEWAY}/${version}`,
    kind,
    afterEach: VERSION_SERVICE,
    exists: (declaration) => !ownership(declaration)?.ownsRoutes && ports(declaration).length > 0,
    each: (declaration) => ports(declaration).map((port) => keyOf(declaration, port)),
    spec: (node, model, key) => spec(node, model, ports(node).find((port) => keyOf(node, port) === key)!),
  };
}

/** A match by caller is a finding: no field says it. */
function backends(service: ServiceNode, model: MeshModel, port: PortNode) {
  const route = connectionRoutes(service, port).find(({ matches }) => matches.some(({ caller }) => caller === undefined));
  const all: readonly BackendNode[] = route?.route.backends ?? ownBackends(service);
  return backendRefs(model, all, port, service.namespace);
}
