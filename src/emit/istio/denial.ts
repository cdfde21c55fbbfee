/** What is refused whatever else allows it: denied callers, and requests without the token that they need. */
import type { AuthorizationPolicySpec, AuthorizationPolicySpecRules } from '../../../imports/security.istio.io';
import { identities, portsOfRule, readsRequests, securityOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { AccessRuleNode, RequestScope, TokenRequirementNode } from '../../model/security';
import { type Json, defined, nonEmpty } from '../json';
import { operation, type Operation } from './operation';
import { DRY_RUN, hasProxies, isAudited, SECURITY, selector, sources } from './security-api';

type Spec = Json<AuthorizationPolicySpec>;
type Rule = Json<AuthorizationPolicySpecRules>;

/**
 * Rules name their ports: on a port that speaks no HTTP, Istio leaves conditions on requests out of a denial, so that it would refuse
 * every connection there.
 */
export const denial: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'Denial',
  apiVersion: SECURITY,
  kind: 'AuthorizationPolicy',
  nameOf: ({ name }) => `${name}-deny`,
  exists: (declaration) => hasProxies(declaration) && denies(declaration),
  lateAnnotations: { [DRY_RUN]: (node) => String(isAudited(node)) },
  spec: (node, model): Spec => ({
    ...selector(node),
    action: 'DENY',
    rules: [...securityOf(node).deny.flatMap((rule) => denyRule(model, node, rule)), ...tokenRules(model, node)],
  }),
};

/** How requests of a rule are written: by the ports of pods, or by those of the service where something in front of it decides. */
export type ToOperation = (service: ServiceNode, scope: RequestScope) => Operation;

export function denies({ security }: Pick<ServiceDeclaration, 'security'>): boolean {
  return security !== undefined && (security.deny.length > 0 || security.tokens.length > 0);
}

export function denyRule(model: MeshModel, service: ServiceNode, rule: AccessRuleNode, toOperation: ToOperation = operation): readonly Rule[] {
  const from = sources(model, [rule.principal]);
  const ports = rule.ports.length > 0 || readsRequests(rule) ? portsOfRule(service, rule) : [];
  if (from?.length === 0 || (readsRequests(rule) && ports.length === 0)) {
    return [];
  }
  const to = toOperation(service, { ...rule, ports });
  return [defined<Rule>({ from: from?.map((source) => ({ source })), to: Object.keys(to).length === 0 ? undefined : [{ operation: to }] })];
}

export function tokenRules(model: MeshModel, service: ServiceNode, toOperation: ToOperation = operation): readonly Rule[] {
  const { tokens } = securityOf(service);
  if (tokens.length === 0) {
    return [];
  }
  const [first] = tokens;
  const exempt = nonEmpty(first.exempt.flatMap((principal) => identities(model, principal)).sort());
  const to = [{ operation: guarded(service, first, toOperation) }];
  const missing: Rule = {
    from: [{ source: defined({ notRequestPrincipals: tokens.map((token) => subjectsOf(token)), notPrincipals: exempt }) }], to,
  };
  const claims = tokens.flatMap((token) => Object.entries(token.claims).map(([claim, values]): Rule => ({
    from: [{ source: defined({ requestPrincipals: [subjectsOf(token)], notPrincipals: exempt }) }],
    to,
    when: [{ key: `request.auth.claims[${claim}]`, notValues: values }],
  })));
  return [missing, ...claims];
}

/** Every subject of the issuer. Istio splits at the last slash, so the issuer itself may have some. */
function subjectsOf({ issuer }: TokenRequirementNode): string {
  return `${issuer.issuer}/*`;
}

function guarded(service: ServiceNode, token: TokenRequirementNode, toOperation: ToOperation): Operation {
  const ports = httpPorts(service).map(({ number }) => number).filter((port) => token.ports.length === 0 || token.ports.includes(port));
  return defined<Operation>({
    ...toOperation(service, { ports, methods: [], paths: [], hosts: [] }),
    notPaths: nonEmpty(token.publicPaths),
    notMethods: token.corsPreflight ? ['OPTIONS'] : undefined,
  });
}
