/** Whether connections have to prove an identity: for a namespace, for the whole mesh, and for the plain ports of one service. */
import type { PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import { plainPodPorts } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { type MtlsModeName, namespaceMode, type PolicyNamespaceNode } from '../../model/security';
import type { Json } from '../json';
import { proofAnnotation } from './migration-proof';
import { hasProxies, SECURITY, selector } from './security-api';

type Spec = Json<PeerAuthenticationSpec>;

const MODE: Readonly<Record<MtlsModeName, NonNullable<NonNullable<Spec['mtls']>['mode']>>> = {
  strict: 'STRICT', permissive: 'PERMISSIVE', disabled: 'DISABLE',
};

/** Numbers are those of the pods' ports. What is not said here the namespace says. */
export const plainPorts: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'PeerAuthentication',
  apiVersion: SECURITY,
  kind: 'PeerAuthentication',
  exists: (declaration) => hasProxies(declaration) && (declaration.security?.plaintext.length ?? 0) > 0,
  spec: (node): Spec => ({
    ...selector(node),
    portLevelMtls: Object.fromEntries(plainPodPorts(node).map(({ port, plaintext }) => [String(port), { mode: MODE[plaintext.mode] }])),
  }),
};

/** A namespace that is as the whole mesh needs none of its own. */
export const namespacePeerAuthentication: Resource<PolicyNamespaceNode, PolicyNamespaceNode> = {
  id: 'PeerAuthentication',
  apiVersion: SECURITY,
  kind: 'PeerAuthentication',
  nameOf: () => 'default',
  exists: (declaration) => declaration.gateway === undefined
    && (declaration.root || declaration.policy.scope.kind !== 'mesh' || modeIn(declaration) !== rootMode(declaration)),
  annotations: (declaration, mesh) => proofAnnotation(declaration, mesh),
  spec: (node): Spec => ({ mtls: { mode: MODE[modeIn(node)] } }),
};

/** The whole mesh is strict when every namespace but the exceptions is. */
function rootMode({ policy }: PolicyNamespaceNode): 'strict' | 'permissive' {
  return policy.migration.stage === 'strict' ? 'strict' : 'permissive';
}

function modeIn(node: PolicyNamespaceNode): 'strict' | 'permissive' {
  return node.root ? rootMode(node) : namespaceMode(node.policy, node.name);
}
