/** What holds in a namespace for every pod that no other policy speaks of, and in the whole mesh. */
import type { AuthorizationPolicySpec } from '../../../imports/security.istio.io';
import type { Resource } from '../../model/contracts';
import { enforcementIn, type Enforcement, type PolicyNamespaceNode } from '../../model/security';
import type { Json } from '../json';
import { DRY_RUN, SECURITY } from './security-api';

type Spec = Json<AuthorizationPolicySpec>;

/**
 * An empty policy refuses everything. Below a refusal of the whole mesh a namespace that is only counted has to be opened again, since
 * no policy takes another one's refusal back.
 */
export const defaultDeny: Resource<PolicyNamespaceNode, PolicyNamespaceNode> = {
  id: 'AuthorizationPolicy',
  apiVersion: SECURITY,
  kind: 'AuthorizationPolicy',
  nameOf: (declaration) => opens(declaration) ? 'open' : 'default-deny',
  exists: (declaration) => declaration.gateway === undefined
    && (declaration.root || declaration.policy.scope.kind !== 'mesh' || enforcementAt(declaration) !== rootEnforcement(declaration)),
  annotations: (declaration): Record<string, string> => enforcementAt(declaration) === 'audit' && !opens(declaration) ? { [DRY_RUN]: 'true' } : {},
  spec: (node): Spec => opens(node) ? { rules: [{}] } : {},
};

/** A gateway takes everybody's requests; what may go on behind it the services decide. */
export const gatewayAuthorization: Resource<PolicyNamespaceNode, PolicyNamespaceNode> = {
  id: 'GatewayAuthorization',
  apiVersion: SECURITY,
  kind: 'AuthorizationPolicy',
  nameOf: ({ gateway }) => ['gateway', ...Object.values(gateway?.labels ?? {})].join('-').toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
  exists: (declaration) => declaration.gateway !== undefined,
  spec: (node): Spec => ({ selector: { matchLabels: node.gateway!.labels }, rules: [{}] }),
};

function opens(node: PolicyNamespaceNode): boolean {
  return !node.root && node.policy.scope.kind === 'mesh' && rootEnforcement(node) === 'enforce' && enforcementAt(node) === 'audit';
}

function enforcementAt(node: PolicyNamespaceNode): Enforcement {
  return node.root ? rootEnforcement(node) : enforcementIn(node.policy, node.name);
}

function rootEnforcement({ policy }: PolicyNamespaceNode): Enforcement {
  return policy.enforcement === 'by-stage' ? policy.migration.stage === 'strict' ? 'enforce' : 'audit' : policy.enforcement;
}
