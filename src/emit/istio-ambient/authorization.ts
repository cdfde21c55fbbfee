/**
 * Who may call a service, said to both of its proxies. The one of the node knows policies by the labels of pods, and keeps rules about
 * connections; a waypoint knows policies by the Service that they name, and keeps rules about requests, too. Each reads its own alone.
 */
import type { AuthorizationPolicySpec } from '../../../imports/security.istio.io';
import { grantsOf, guardedPorts, readsRequests, securityOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { AccessRuleNode } from '../../model/security';
import { guardsRequests, hasWaypoint } from '../../model/waypoint';
import { rulesOf } from '../istio/authorization-policy';
import { denies, denyRule, tokenRules, type ToOperation } from '../istio/denial';
import { decided } from '../istio/external-authorization';
import { operation, operationAt } from '../istio/operation';
import { DRY_RUN, hasProxies, isAudited, SECURITY, selector } from '../istio/security-api';
import { type Json, defined, nonEmpty } from '../json';
import { connectionGrants } from './connection-grants';

type Spec = Json<AuthorizationPolicySpec>;
type Policy = Resource<ServiceDeclaration, ServiceNode>;

const POLICY = { apiVersion: SECURITY, kind: 'AuthorizationPolicy' } as const;

/** A waypoint sees the port of the Service, not that of the pod. */
const atService: ToOperation = (_, scope) => operationAt(scope.ports, scope);

export function target(service: Pick<ServiceNode, 'name'>) {
  return { targetRefs: [{ kind: 'Service', group: '', name: service.name }] };
}

/**
 * Where nothing is said about who may call, and a waypoint keeps rules about requests, its own connections are the only ones let in: whoever
 * connected to the pods directly would go around these rules.
 */
export const connectionPolicy: Policy = {
  ...POLICY,
  id: 'AuthorizationPolicy',
  exists: (declaration, mesh) => hasProxies(declaration)
    && ((declaration.zeroTrust !== undefined && (declaration.ports.length > 0 || (declaration.security?.plaintext.length ?? 0) > 0))
      || (hasWaypoint(declaration, mesh) && guardsRequests(declaration))),
  lateAnnotations: { [DRY_RUN]: (node) => isAudited(node) ? 'true' : undefined },
  spec: (node, model): Spec => defined<Spec>({
    ...selector(node), action: 'ALLOW', rules: nonEmpty(rulesOf(model, node, connectionGrants(model, node), operation)),
  }),
};

export const requestPolicy: Policy = {
  ...POLICY,
  id: 'WaypointPolicy',
  nameOf: ({ name }) => `${name}-waypoint`,
  exists: (declaration, mesh) => declaration.zeroTrust !== undefined && guardedPorts(declaration).length > 0 && hasWaypoint(declaration, mesh),
  lateAnnotations: { [DRY_RUN]: (node) => isAudited(node) ? 'true' : undefined },
  spec: (node, model): Spec => {
    // Plain connections reach no waypoint, and what another service's route leads here does not pass this one.
    const grants = grantsOf(model, node).filter(({ cause, via }) => cause !== 'plaintext' && via === undefined);
    return defined<Spec>({ ...target(node), action: 'ALLOW', rules: nonEmpty(rulesOf(model, node, grants, atService)) });
  },
};

/** For connections that no waypoint sees. */
export const connectionDenial: Policy = {
  ...POLICY,
  id: 'Denial',
  nameOf: ({ name }) => `${name}-deny`,
  exists: (declaration) => hasProxies(declaration) && (declaration.security?.deny ?? []).some(isOfConnections),
  lateAnnotations: { [DRY_RUN]: (node) => String(isAudited(node)) },
  spec: (node, model): Spec => ({
    ...selector(node), action: 'DENY', rules: securityOf(node).deny.filter(isOfConnections).flatMap((rule) => denyRule(model, node, rule)),
  }),
};

export const requestDenial: Policy = {
  ...POLICY,
  id: 'WaypointDenial',
  nameOf: ({ name }) => `${name}-waypoint-deny`,
  exists: (declaration, mesh) => denies(declaration) && hasWaypoint(declaration, mesh),
  lateAnnotations: { [DRY_RUN]: (node) => String(isAudited(node)) },
  spec: (node, model): Spec => ({
    ...target(node),
    action: 'DENY',
    rules: [...securityOf(node).deny.flatMap((rule) => denyRule(model, node, rule, atService)), ...tokenRules(model, node, atService)],
  }),
};

/** It is never a dry run: Istio asks the authorizer then, too, and obeys it. */
export const externalAuthorization: Policy = {
  ...POLICY,
  id: 'ExternalAuthorization',
  nameOf: ({ name }) => `${name}-external`,
  exists: (declaration, mesh) => (declaration.security?.external.length ?? 0) > 0 && hasWaypoint(declaration, mesh),
  spec: (node): Spec => {
    const { external } = securityOf(node);
    return {
      ...target(node), action: 'CUSTOM', provider: { name: external[0].provider },
      rules: external.map((one) => ({ to: [{ operation: decided(node, one, atService) }] })),
    };
  },
};

/** Whether a rule says nothing that only a request tells. The proxy of the node would take such a denial for one of everything. */
function isOfConnections(rule: AccessRuleNode): boolean {
  return !readsRequests(rule) && !(rule.principal.kind === 'addresses' && rule.principal.forwarded);
}
