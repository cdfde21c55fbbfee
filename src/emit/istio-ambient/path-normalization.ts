/** Keeps other spellings of a path from slipping under a rule, at the waypoint that keeps the rule. */
import type { EnvoyFilterSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { hasWaypoint } from '../../model/waypoint';
import { MANAGER, normalizesPaths, patches, pathNormalization as ofSidecars } from '../istio/path-normalization';
import type { Json } from '../json';
import { gatewayRef } from './waypoint';

type Spec = Json<EnvoyFilterSpec>;

/** A waypoint has one chain of filters for each port of each service, under the name of the cluster that it leads to. */
export const pathNormalization: Resource<ServiceDeclaration, ServiceNode> = {
  ...ofSidecars,
  exists: (declaration, mesh) => hasWaypoint(declaration, mesh) && normalizesPaths(declaration),
  spec: (node, { mesh }): Spec => ({
    targetRefs: [gatewayRef(mesh)],
    configPatches: httpPorts(node).flatMap(({ number }) => patches({
      context: 'SIDECAR_INBOUND', listener: { filterChain: { name: `inbound-vip|${number}|http|${node.host}`, filter: { name: MANAGER } } },
    })),
  }),
};
