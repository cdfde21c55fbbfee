/** Istio with sidecars. One more resource is one file and one line here. */
import type { Emitter } from '../../model/contracts';
import { kubernetes } from '../kubernetes';
import { migrationRule } from '../migration-rule';
import { authorizationPolicy } from './authorization-policy';
import { defaultDeny, gatewayAuthorization } from './default-deny';
import { deliveredPolicies } from './delivered-policy';
import { denial } from './denial';
import { destinationRule } from './destination-rule';
import { externalAuthorization } from './external-authorization';
import { externalDestinationRule } from './external-destination-rule';
import { handover } from './handover';
import { proofs } from './migration-proof';
import { network } from './network';
import { pathNormalization } from './path-normalization';
import { namespacePeerAuthentication, plainPorts } from './peer-authentication';
import { injectionLabels, pod } from './pod';
import { appProtocol } from './protocol';
import { requestAuthentication } from './request-authentication';
import { serviceEntry } from './service-entry';
import { sidecar } from './sidecar';
import { externalVirtualService, virtualService } from './virtual-service';

const base = kubernetes({ appProtocol, injectionLabels, network });

export const istio: Emitter = {
  provider: 'istio',
  service: [
    ...base.service,
    destinationRule,
    ...deliveredPolicies,
    virtualService,
    sidecar,
    authorizationPolicy,
    denial,
    externalAuthorization,
    requestAuthentication,
    plainPorts,
    pathNormalization,
  ],
  external: [
    serviceEntry,
    externalDestinationRule,
    externalVirtualService,
  ],
  namespace: base.namespace,
  policy: [
    namespacePeerAuthentication,
    defaultDeny,
    gatewayAuthorization,
    ...base.policy,
    migrationRule(proofs),
  ],
  pod,
  handover,
};
