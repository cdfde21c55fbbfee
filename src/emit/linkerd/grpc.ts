import type { PortNode } from '../../model/mesh-model';
import type { RouteMatchNode } from '../../model/route';
import { answersItself } from '../../model/route';
import type { Declared } from '../gateway-api';

/**
 * Linkerd retries by the status of gRPC for GRPCRoutes alone, so these are written for gRPC. They match services and methods, and cannot redirect:
 * a port with other matches is routed as the HTTP/2 that it is.
 */
export function asGrpc({ routes }: Declared, port: PortNode): boolean {
  return port.protocol === 'grpc' && routes.every((route) => !answersItself(route) && route.matches.every(isCall));
}

function isCall({ path, method, query, ignorePathCase }: RouteMatchNode): boolean {
  const named = path === undefined || (path.kind === 'exact' && /^\/[^/]+\/[^/]+$/.test(path.value)) || (path.kind === 'prefix' && /^\/[^/]+\/$/.test(path.value));
  return named && ignorePathCase !== true && Object.keys(query).length === 0 && (method === undefined || (method.kind === 'exact' && method.value === 'POST'));
}
