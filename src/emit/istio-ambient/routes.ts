/** Routes on Services, which waypoints read as sidecars do, but for those of other namespaces than the service's and their own. */
import type { Resource } from '../../model/contracts';
import { hasGrpcRoute } from '../../model/grpc-routes';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { hasSidecars, isPoliced } from '../../model/waypoint';
import { limitFields } from '../gamma/limits';
import { gatewayApi, type GatewayApiDialect, routeHandover } from '../gateway-api';
import { appProtocol } from '../istio/protocol';

type Routes = readonly Resource<ServiceDeclaration, ServiceNode>[];

const dialect: GatewayApiDialect = {
  appProtocol, grpc: hasGrpcRoute, limitFields, expressionsLast: true, grants: true, tcpRoute: 'v1', tlsRoute: 'v1', consumers: false, retryBudgets: false,
};

const all: Routes = gatewayApi(dialect);

/** In namespaces that still have sidecars engines are handed what `emit/istio/` has. */
export const handover = routeHandover(dialect);

/** Services of single versions. A route may lead to those of a service that still has sidecars, too. */
export const versionServices: Routes = all.filter(({ kind }) => kind === 'Service').map((resource) => ({
  ...resource, exists: (declaration, mesh) => (isPoliced(declaration, mesh) || hasSidecars(mesh)) && resource.exists(declaration, mesh),
}));

export const grants: Routes = all.filter(({ kind }) => kind === 'ReferenceGrant');

export const routes: Routes = all.filter(({ kind }) => kind !== 'Service' && kind !== 'ReferenceGrant').map((resource) => ({
  ...resource, exists: (declaration, mesh) => isPoliced(declaration, mesh) && resource.exists(declaration, mesh),
}));
