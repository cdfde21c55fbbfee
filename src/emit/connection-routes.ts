/** Which connections of a service are routed as a whole. */
import type { PortNode, ServiceDeclaration } from '../model/mesh-model';
import { isHttp } from '../model/protocol';
import type { RouteMatchNode, RouteNode } from '../model/route';

type Routed = Pick<ServiceDeclaration, 'routes' | 'split' | 'ports'>;

/** A route as far as it concerns the connections of one port. */
export interface ConnectionRoute {
  readonly route: RouteNode;
  /** The alternatives that decide before the first byte, so by nothing but the caller. */
  readonly matches: readonly RouteMatchNode[];
}

/** Ports whose connections are passed on or split as a whole: TCP and TLS. Sidecars leave UDP alone. */
export function connectionPorts(ports: readonly PortNode[]): readonly PortNode[] {
  return ports.filter(isConnectionPort);
}

export function isConnectionPort(port: PortNode): boolean {
  return !isHttp(port.protocol) && port.protocol !== 'udp';
}

export function connectionRoutes(service: Routed, port: PortNode): readonly ConnectionRoute[] {
  return service.routes.flatMap((route) => {
    const all = route.matches.length === 0 ? [EVERYTHING] : route.matches;
    const matches = all.filter((match) => decidesEarly(match) && (match.port ?? port.number) === port.number);
    return route.backends.length > 0 && matches.length > 0 ? [{ route, matches }] : [];
  });
}

/** Whether a port needs rules: without them Istio passes its connections on to all pods, as for any other service. */
export function routesConnections(service: Routed, port: PortNode): boolean {
  return isConnectionPort(port) && (service.split !== undefined || connectionRoutes(service, port).length > 0);
}

export const EVERYTHING: RouteMatchNode = Object.freeze({ headers: {}, query: {} });

function decidesEarly(match: RouteMatchNode): boolean {
  return match.path === undefined && match.method === undefined
    && Object.keys(match.headers).length === 0 && Object.keys(match.query).length === 0;
}
