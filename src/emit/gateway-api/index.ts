/**
 * Routes on Services, as every mesh that reads Gateway API has them, and how such meshes differ in them. One more resource is one file and
 * one line here.
 */
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { tcpRoute, tlsRoute } from './connection-route';
import type { GatewayApiDialect } from './dialect';
import { grpcRoute } from './grpc-route';
import { httpRoute } from './http-route';
import { referenceGrant } from './reference-grant';
import { retryBudget } from './retry-budget';
import { versionService } from './version-service';

export { backendRef, backendRefs } from './backends';
export type { Declared, GatewayApiDialect, LimitFields, Limits } from './dialect';
export { gatewayDuration } from './duration';
export { routeHandover } from './handover';

export function gatewayApi(dialect: GatewayApiDialect): readonly Resource<ServiceDeclaration, ServiceNode>[] {
  return [
    versionService(dialect.appProtocol),
    ...dialect.grants ? [referenceGrant] : [],
    httpRoute(dialect),
    grpcRoute(dialect),
    ...dialect.tlsRoute === undefined ? [] : [tlsRoute(dialect.tlsRoute)],
    tcpRoute(dialect),
    ...dialect.retryBudgets ? [retryBudget] : [],
  ];
}
