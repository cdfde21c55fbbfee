/**
 * How connections look to the network where the proxies of the nodes carry them: all of them in one tunnel, on one port of every pod, from
 * the address of the caller's pod or of a waypoint. Ports are told apart inside, by the mesh's own policies.
 */
import { type Grant, grantsOf } from '../../model/access';
import { isAmbient } from '../../model/data-plane';
import type { MeshModel, ServiceNode } from '../../model/mesh-model';
import { network as ofSidecars } from '../istio/network';
import type { IngressRule, NetworkDialect, Port } from '../kubernetes/network-policy';
import { connectionGrants } from './connection-grants';
import { HBONE_PORT } from './waypoint';

const TUNNEL: Port = { protocol: 'TCP', port: HBONE_PORT };
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** Istio's node agent gives the kubelet's own connections these addresses, so that probes are known from other callers. */
const PROBES: IngressRule = {
  from: ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'].map((cidr) => ({ ipBlock: { cidr } })),
};

export const network: NetworkDialect = {
  podLabels: ofSidecars.podLabels,
  unproven: (mesh, namespace) => isAmbient(mesh, namespace) ? [PROBES] : ofSidecars.unproven(mesh, namespace),
  // A waypoint takes requests for many services, and by itself nobody without an identity.
  closed: (mesh, namespace) => isAmbient(mesh, namespace) && mesh.ambient?.waypoints === 'where-needed'
    ? { matchExpressions: [{ key: GATEWAY_NAME, operator: 'NotIn', values: [mesh.ambient.waypointName] }] } : {},
  grants: (model, service) => isAmbient(model.mesh, service.namespace) ? connectionGrants(model, service) : grantsOf(model, service),
  ports,
  accountPods: (mesh, account) => account === mesh.ambient?.waypointName ? { [GATEWAY_NAME]: account } : undefined,
};

/** Callers in ambient mode reach a sidecar by the tunnel, and sidecars take it to pods that have none; others come on the port itself. */
function ports({ mesh }: MeshModel, service: ServiceNode, { principal, cause, plainOnly }: Grant, own: readonly Port[]): readonly Port[] {
  const plain = cause === 'plaintext' || principal.kind === 'anyone' || principal.kind === 'addresses';
  if (plainOnly) {
    return own;
  }
  return isAmbient(mesh, service.namespace) && !plain ? [TUNNEL] : [...own, TUNNEL];
}
