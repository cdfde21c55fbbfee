/** One AuthorizationPolicy for every service under a zero trust policy: who may call it, and nobody else. */
import type { AuthorizationPolicySpec, AuthorizationPolicySpecRules } from '../../../imports/security.istio.io';
import { type Grant, grantsOf, podPorts } from '../../model/access';
import type { Resource } from '../../model/contracts';
import { grouped } from '../../model/grouped';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { type Json, defined, nonEmpty } from '../json';
import type { ToOperation } from './denial';
import { operation } from './operation';
import { DRY_RUN, hasProxies, isAudited, SECURITY, selector, type Source, sources } from './security-api';

type Spec = Json<AuthorizationPolicySpec>;
type Rule = Json<AuthorizationPolicySpecRules>;

/**
 * A policy that allows something refuses all the rest, so one without rules closes the service. Every rule names its ports: without them
 * it would hold for ports of the pod that the service never declared.
 */
export const authorizationPolicy: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'AuthorizationPolicy',
  apiVersion: SECURITY,
  kind: 'AuthorizationPolicy',
  exists: (declaration) => declaration.zeroTrust !== undefined && hasProxies(declaration)
    && (declaration.ports.length > 0 || (declaration.security?.plaintext.length ?? 0) > 0),
  annotations: (declaration): Record<string, string> => isAudited(declaration) ? { [DRY_RUN]: 'true' } : {},
  spec: (node, model): Spec => defined<Spec>({ ...selector(node), action: 'ALLOW', rules: nonEmpty(allowRules(model, node)) }),
};

/** One rule for all callers that may send the same requests. */
function allowRules(model: MeshModel, service: ServiceNode): readonly Rule[] {
  return rulesOf(model, service, grantsOf(model, service), operation);
}

export function rulesOf(model: MeshModel, service: ServiceNode, grants: readonly Grant[], toOperation: ToOperation): readonly Rule[] {
  // A port whose number nobody knows is a finding; a rule without ports would be for all of them.
  const known = grants.filter(({ ports }) => podPorts(service, ports).length > 0);
  const groups = grouped(known, (grant) => JSON.stringify([toOperation(service, grant), grant.plainOnly]));
  return [...groups.values()].flatMap((alike): Rule[] => {
    const from = sources(model, alike.map(({ principal }) => principal));
    const narrowed = alike[0].plainOnly ? withoutIdentity(from) : from;
    const to = [{ operation: toOperation(service, alike[0]) }];
    return narrowed?.length === 0 ? [] : [defined<Rule>({ from: narrowed?.map((source) => ({ source })), to })];
  });
}

/** An exception for plain connections is none for callers that the mesh knows, and refuses. */
function withoutIdentity(from: readonly Source[] | undefined): readonly Source[] {
  return (from ?? [{}]).map((source) => ({ ...source, notPrincipals: ['*'] }));
}
