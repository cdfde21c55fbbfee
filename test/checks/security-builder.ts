/** Parts of zero trust for models from short literals. */
import type { ServiceNode } from '../../src/model/mesh-model';
import type {
  AccessRuleNode, ExternalAuthorizationNode, MigrationNode, PlaintextNode, PrincipalNode, ServiceSecurityNode, TokenRequirementNode, ZeroTrustNode,
} from '../../src/model/security';
import { service } from './model-builder';

export function migration(rest: Partial<MigrationNode> = {}): MigrationNode {
  return { stage: 'strict', strictNamespaces: [], exceptions: [], ...rest };
}

export function policy(rest: Partial<ZeroTrustNode> = {}): ZeroTrustNode {
  return {
    origin: 'shop/zero-trust', scope: { kind: 'program' }, migration: migration(), proof: { kind: 'annotation', windowMs: 604_800_000, labels: {} },
    enforcement: 'by-stage', networkPolicies: true, sealEgress: true, refuseEncodedSlashes: true, ...rest,
  };
}

export const STRICT = policy();
export const PERMISSIVE = policy({ migration: migration({ stage: 'permissive-with-proof' }) });

export function account(namespace: string, name: string): PrincipalNode {
  return { kind: 'account', namespace, account: name };
}

export const ANYONE: PrincipalNode = { kind: 'anyone' };

export function rule(principal: PrincipalNode, rest: Partial<AccessRuleNode> = {}): AccessRuleNode {
  return { origin: 'shop/orders', principal, ports: [], methods: [], paths: [], hosts: [], ...rest };
}

export function token(rest: Partial<TokenRequirementNode> = {}): TokenRequirementNode {
  return {
    origin: 'shop/orders', ports: [], publicPaths: [], exempt: [], claims: {}, corsPreflight: false,
    issuer: {
      issuer: 'https://id.example.com', audiences: ['shop'], fromHeaders: [], fromParams: [], fromCookies: [], claimsToHeaders: {}, forwardToken: false,
      spaceDelimitedClaims: [],
    },
    ...rest,
  };
}

export function authorizer(rest: Partial<ExternalAuthorizationNode> = {}): ExternalAuthorizationNode {
  return { origin: 'shop/orders', provider: 'opa', connections: false, ports: [], paths: [], publicPaths: [], ...rest };
}

export function plaintext(port: number, rest: Partial<PlaintextNode> = {}): PlaintextNode {
  return { origin: 'shop/orders', port, mode: 'permissive', addresses: [], reason: 'a scraper', ...rest };
}

export function security(rest: Partial<ServiceSecurityNode>): ServiceSecurityNode {
  return { allow: [], deny: [], tokens: [], external: [], plaintext: [], pathRules: false, ...rest };
}

/** A service under the strict policy. */
export function guarded(name: string, rest: Partial<ServiceNode> = {}): ServiceNode {
  return service(name, { zeroTrust: STRICT, ...rest });
}
