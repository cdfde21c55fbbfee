/**
 * Istio in ambient mode. One more resource is one file and one line here. Namespaces that still have sidecars are written as Istio with sidecars
 * writes them.
 */
import type { Emitter, Resource } from '../../model/contracts';
import { isAmbient } from '../../model/data-plane';
import { istio } from '../istio';
import { appProtocol } from '../istio/protocol';
import { kubernetes } from '../kubernetes';
import { connectionDenial, connectionPolicy, externalAuthorization, requestDenial, requestPolicy } from './authorization';
import { deliveredPolicies, destinationRule } from './destination-rule';
import { externalDestinationRule, externalRoute, serviceEntry } from './external';
import { network } from './network';
import { pathNormalization } from './path-normalization';
import { plainPorts } from './peer-authentication';
import { injectionLabels, pod } from './pod';
import { requestAuthentication } from './request-authentication';
import { grants, handover, routes, versionServices } from './routes';
import { waypoint, waypointLabels } from './waypoint';

const base = kubernetes({ appProtocol, injectionLabels, network, serviceLabels: waypointLabels });

/** Kubernetes' own resources are the same for both. */
const OWN_KINDS: ReadonlySet<string> = new Set(['Service', 'ServiceAccount']);

export const istioAmbient: Emitter = {
  provider: 'istio-ambient',
  service: [
    ...base.service,
    ...versionServices,
    ...grants,
    ...inSidecarNamespaces(istio.service.filter(({ kind }) => !OWN_KINDS.has(kind) && kind !== 'NetworkPolicy')),
    ...inAmbientNamespaces([
      ...routes,
      destinationRule,
      ...deliveredPolicies,
      connectionPolicy,
      requestPolicy,
      connectionDenial,
      requestDenial,
      externalAuthorization,
      requestAuthentication,
      plainPorts,
      pathNormalization,
    ]),
  ],
  external: [
    ...inSidecarNamespaces(istio.external),
    ...inAmbientNamespaces([
      serviceEntry,
      externalDestinationRule,
      externalRoute,
    ]),
  ],
  namespace: base.namespace,
  policy: [
    ...istio.policy.filter(({ kind }) => kind !== 'NetworkPolicy'),
    ...base.policy,
  ],
  shared: [
    waypoint,
  ],
  pod,
  handover,
};

interface Placed {
  readonly namespace?: string;
}

function inSidecarNamespaces<Declaration extends Placed, Node>(resources: readonly Resource<Declaration, Node>[]): Resource<Declaration, Node>[] {
  return resources.map((resource) => ({
    ...resource, exists: (declaration, mesh) => !isAmbient(mesh, declaration.namespace) && resource.exists(declaration, mesh),
  }));
}

function inAmbientNamespaces<Declaration extends Placed, Node>(resources: readonly Resource<Declaration, Node>[]): Resource<Declaration, Node>[] {
  return resources.map((resource) => ({
    ...resource, exists: (declaration, mesh) => isAmbient(mesh, declaration.namespace) && resource.exists(declaration, mesh),
  }));
}
