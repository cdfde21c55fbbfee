/**
 * Whose connections the proxy of the node lets into the pods of a service. It reads no requests, and it knows the caller as whoever
 * connects: where a waypoint stands in between, that is the waypoint.
 *
 * Sidecars go around the waypoints of the services that they call, and route by themselves. So do callers without an identity. Where
 * a service has rules about requests, which only its waypoint keeps, nobody may go around it.
 */
import { type Grant, grantsOf, guardedPorts, readsRequests } from '../../model/access';
import { isAmbient } from '../../model/data-plane';
import type { MeshModel, MeshNode, ServiceNode } from '../../model/mesh-model';
import type { PrincipalNode } from '../../model/security';
import { guardsRequests, hasWaypoint } from '../../model/waypoint';

/** The identity of the waypoint of a namespace: istiod gives it an account of its own name. */
export function waypointPrincipal(mesh: MeshNode, namespace: string): PrincipalNode {
  return { kind: 'account', namespace, account: mesh.ambient!.waypointName };
}

export function connectionGrants(model: MeshModel, service: ServiceNode): readonly Grant[] {
  const grants = service.zeroTrust === undefined ? grantsOf(model, service).filter(({ cause }) => cause === 'plaintext') : grantsOf(model, service);
  const connections = grants.flatMap((grant) => ofConnections(model, service, grant));
  return hasWaypoint(service, model.mesh) && service.namespace !== undefined
    ? [fromWaypoint(model.mesh, service, service.namespace), ...connections] : connections;
}

/** Everything that comes through the waypoint was judged there. */
function fromWaypoint(mesh: MeshNode, service: ServiceNode, namespace: string): Grant {
  return {
    principal: waypointPrincipal(mesh, namespace), cause: 'route', reason: 'its waypoint passes requests on', origin: service.origin, plainOnly: false,
    ports: guardedPorts(service).map(({ number }) => number), methods: [], paths: [], hosts: [],
  };
}

function ofConnections(model: MeshModel, service: ServiceNode, grant: Grant): readonly Grant[] {
  const direct = !hasWaypoint(service, model.mesh) || goesAround(model.mesh, grant);
  const open = !hasWaypoint(service, model.mesh) || !guardsRequests(service) || grant.cause === 'plaintext';
  if (grant.via === undefined) {
    return direct && open && !readsRequests(grant) ? [grant] : [];
  }
  // Which requests the route takes was decided where it was taken.
  const all = { ...grant, methods: [], paths: [] };
  return routesAtCaller(model, grant) ? direct && open ? [all] : [] : throughRoute(model, all, grant.via);
}

/** A waypoint in between connects with its own identity. Without one no route is taken at all. */
function throughRoute(model: MeshModel, grant: Grant, via: string): readonly Grant[] {
  const router = model.serviceById.get(via);
  return router?.namespace === undefined || !hasWaypoint(router, model.mesh) ? []
    : [{ ...grant, principal: waypointPrincipal(model.mesh, router.namespace) }];
}

function routesAtCaller({ mesh, serviceById }: MeshModel, { principal }: Grant): boolean {
  return principal.kind === 'service' && !isAmbient(mesh, serviceById.get(principal.service)?.namespace);
}

/** Whether a caller's connections come to the pods without a waypoint. */
function goesAround(mesh: MeshNode, { principal, cause }: Grant): boolean {
  switch (principal.kind) {
    case 'service': return cause === 'peers' || !isAmbient(mesh, principal.service.split('/')[0]);
    case 'account':
    case 'namespace': return !isAmbient(mesh, principal.namespace);
    case 'workload': return (mesh.ambient?.sidecarNamespaces.length ?? 0) > 0;
    case 'anyone':
    case 'addresses': return true;
  }
}
