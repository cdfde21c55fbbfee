/** The plain ports of one service. */
import type { PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import { plainPodPorts } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { hasProxies, SECURITY, selector } from '../istio/security-api';
import type { Json } from '../json';

type Spec = Json<PeerAuthenticationSpec>;

/**
 * Always permissive. Connections with an identity come in a tunnel on a port of its own, so nothing has to be guessed from the first bytes of
 * a plain one; and istiod takes no notice of DISABLE where the namespace is strict.
 */
export const plainPorts: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'PeerAuthentication',
  apiVersion: SECURITY,
  kind: 'PeerAuthentication',
  exists: (declaration) => hasProxies(declaration) && (declaration.security?.plaintext.length ?? 0) > 0,
  spec: (node): Spec => ({
    ...selector(node),
    portLevelMtls: Object.fromEntries(plainPodPorts(node).map(({ port }) => [String(port), { mode: 'PERMISSIVE' as const }])),
  }),
};
