/** The waypoint of a namespace, from which istiod makes the proxy, its account and its Service. */
import type { GatewaySpec } from '../../../imports/gateway.networking.k8s.io';
import type { MemberDeclaration, Resource, SharedNode } from '../../model/contracts';
import type { MeshNode, ServiceNode } from '../../model/mesh-model';
import { externalHasWaypoint, hasWaypoint } from '../../model/waypoint';
import type { Json } from '../json';

type Spec = Json<GatewaySpec>;

export const WAYPOINT_CLASS = 'istio-waypoint';
/** On which proxies of a mesh without sidecars pass connections to each other, in a tunnel that carries identities. */
export const HBONE_PORT = 15008;

const REVISION = 'istio.io/rev';

export const waypoint: Resource<MemberDeclaration, SharedNode> = {
  id: 'Waypoint',
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  nameOf: (_, mesh) => mesh.ambient!.waypointName,
  exists: (member, mesh) => needsWaypoint(member, mesh),
  labels: (_, { revision }): Record<string, string> => revision === undefined ? {} : { [REVISION]: revision },
  spec: (): Spec => ({
    gatewayClassName: WAYPOINT_CLASS,
    listeners: [{ name: 'mesh', port: HBONE_PORT, protocol: 'HBONE' }],
  }),
};

export function needsWaypoint(member: MemberDeclaration, mesh: MeshNode): boolean {
  return 'hosts' in member ? externalHasWaypoint(member, mesh) : hasWaypoint(member, mesh);
}

export const USE_WAYPOINT = 'istio.io/use-waypoint';

/**
 * Requests from an ingress gateway go through the waypoint, too: by itself a gateway would connect to the pods.
 */
export const waypointLabels: Readonly<Record<string, (service: ServiceNode, model: { readonly mesh: MeshNode }) => string | undefined>> = {
  [USE_WAYPOINT]: (service, { mesh }) => hasWaypoint(service, mesh) ? mesh.ambient?.waypointName : undefined,
  'istio.io/ingress-use-waypoint': (service, { mesh }) => hasWaypoint(service, mesh) ? 'true' : undefined,
};

/** How policies name the waypoint of their own namespace. */
export function gatewayRef(mesh: MeshNode) {
  return { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: mesh.ambient!.waypointName };
}
