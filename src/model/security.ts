/**
 * Who may call whom, and how callers prove who they are: what the program said, as plain data free of any mesh's shapes.
 */

/** Whether connections must prove an identity: `strict` refuses plain ones, `permissive` takes both kinds, `disabled` only plain ones. */
export type MtlsModeName = 'strict' | 'permissive' | 'disabled';

/** `audit`: nothing is refused, and the proxies count what would have been. */
export type Enforcement = 'enforce' | 'audit';

/** Where a request may come from. */
export type PrincipalNode =
  /** A service of the program, by its id. */
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'account'; readonly namespace: string; readonly account: string; readonly trustDomain?: string }
  /** Every account of a namespace. */
  | { readonly kind: 'namespace'; readonly namespace: string }
  /** Every workload with an identity of the mesh. */
  | { readonly kind: 'workload' }
  /** Whoever reaches the port, with or without identity. */
  | { readonly kind: 'anyone' }
  /** Peers by their address; `forwarded`: the address that gateways in front report, not the connection's own. */
  | { readonly kind: 'addresses'; readonly blocks: readonly string[]; readonly forwarded: boolean };

/** Requests that one rule is about. Empty lists take everything. */
export interface RequestScope {
  /** Ports of the service. */
  readonly ports: readonly number[];
  readonly methods: readonly string[];
  /** Exact paths, prefixes with a star at the end, or templates with `{*}` for one segment and `{**}` for the rest. */
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}

export interface AccessRuleNode extends RequestScope {
  readonly origin: string;
  readonly principal: PrincipalNode;
  readonly reason?: string;
}

/** Requests must carry a token of this issuer. */
export interface TokenRequirementNode {
  readonly origin: string;
  readonly issuer: TokenIssuerNode;
  /** Ports of the service; empty: all that speak HTTP. */
  readonly ports: readonly number[];
  /** Paths that need none. */
  readonly publicPaths: readonly string[];
  /** Callers that need none. */
  readonly exempt: readonly PrincipalNode[];
  /** Claims and the values of which one must be there. */
  readonly claims: Readonly<Record<string, readonly string[]>>;
  /** Browsers ask with OPTIONS and without a token before they send one to another origin. */
  readonly corsPreflight: boolean;
}

export interface TokenIssuerNode {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwksUri?: string;
  /** The keys themselves, as JSON. */
  readonly jwks?: string;
  readonly fromHeaders: readonly { readonly name: string; readonly prefix?: string }[];
  readonly fromParams: readonly string[];
  readonly fromCookies: readonly string[];
  /** Header to claim. */
  readonly claimsToHeaders: Readonly<Record<string, string>>;
  readonly payloadToHeader?: string;
  readonly forwardToken: boolean;
  readonly spaceDelimitedClaims: readonly string[];
  readonly timeoutMs?: number;
}

/** A service of the mesh's own configuration decides about requests. */
export interface ExternalAuthorizationNode {
  readonly origin: string;
  /** Name under which the mesh's configuration knows it. */
  readonly provider: string;
  /** It speaks gRPC, so that it may decide about connections, too. */
  readonly connections: boolean;
  readonly ports: readonly number[];
  readonly paths: readonly string[];
  readonly publicPaths: readonly string[];
}

/** Something that stays open on purpose, for a while. */
export interface ExceptionNode {
  readonly reason: string;
  /** Last day on which it is right, `YYYY-MM-DD`. */
  readonly until?: string;
}

/** A port that takes plain connections although the rest of the service does not. */
export interface PlaintextNode extends ExceptionNode {
  readonly origin: string;
  /** Port of the service, else of its container. */
  readonly port: number;
  /** `disabled`: nobody proves an identity there, not even callers of the mesh. */
  readonly mode: 'permissive' | 'disabled';
  /** Networks that plain connections may come from; empty: all. */
  readonly addresses: readonly string[];
}

/** What one service said of its own protection. */
export interface ServiceSecurityNode {
  readonly allow: readonly AccessRuleNode[];
  readonly deny: readonly AccessRuleNode[];
  readonly tokens: readonly TokenRequirementNode[];
  readonly external: readonly ExternalAuthorizationNode[];
  readonly plaintext: readonly PlaintextNode[];
  /** Some rule or call names paths that are more than single exact ones. */
  readonly pathRules: boolean;
}

export const NO_SECURITY: ServiceSecurityNode = Object.freeze({ allow: [], deny: [], tokens: [], external: [], plaintext: [], pathRules: false });

export type MigrationStage = 'permissive' | 'permissive-with-proof' | 'strict-namespaces' | 'strict';

export interface MigrationNode {
  readonly stage: MigrationStage;
  /** Namespaces that are strict already, at the stage `strict-namespaces`. */
  readonly strictNamespaces: readonly string[];
  /** Namespaces that stay permissive, at the stage `strict`. */
  readonly exceptions: readonly (ExceptionNode & { readonly namespace: string })[];
}

/** How a stage shows that it is safe to go on. */
export interface ProofNode {
  /** `rule`: a PrometheusRule; `annotation`: the query stands on the policy. */
  readonly kind: 'rule' | 'annotation';
  readonly windowMs: number;
  /** By which a Prometheus finds its rules. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Pods of an ingress gateway, which a policy for the whole mesh would close, too. */
export interface GatewayPodsNode {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export type PolicyScopeNode =
  /** Every namespace in which the program has a service. */
  | { readonly kind: 'program' }
  | { readonly kind: 'namespaces'; readonly namespaces: readonly string[] }
  /** Also what this program does not know. */
  | { readonly kind: 'mesh'; readonly gateways: readonly GatewayPodsNode[] };

export interface ZeroTrustNode {
  readonly origin: string;
  readonly scope: PolicyScopeNode;
  readonly migration: MigrationNode;
  readonly proof: ProofNode;
  /** `by-stage`: audit where connections may still be plain, enforce where they may not. */
  readonly enforcement: Enforcement | 'by-stage';
  readonly networkPolicies: boolean;
  /** Calls to what nobody declared are refused. */
  readonly sealEgress: boolean;
  /** Paths with encoded slashes are refused where rules are about paths. */
  readonly refuseEncodedSlashes: boolean;
}

/** One namespace of a policy, for which resources are written. */
export interface PolicyNamespaceNode {
  /** Name of the namespace. */
  readonly name: string;
  readonly origin: string;
  readonly policy: ZeroTrustNode;
  /** The namespace of the control plane, whose policies hold everywhere. */
  readonly root: boolean;
  /** Pods of a gateway there, which are opened again, and nothing else. */
  readonly gateway?: GatewayPodsNode;
}

/** Whether a policy is about a namespace. */
export function covers(policy: ZeroTrustNode, namespace: string | undefined): boolean {
  if (namespace === undefined) {
    return false;
  }
  return policy.scope.kind !== 'namespaces' || policy.scope.namespaces.includes(namespace);
}

/** What connections in a namespace have to prove. */
export function namespaceMode(policy: ZeroTrustNode, namespace: string): 'strict' | 'permissive' {
  const { stage, strictNamespaces, exceptions } = policy.migration;
  switch (stage) {
    case 'permissive':
    case 'permissive-with-proof':
      return 'permissive';
    case 'strict-namespaces':
      return strictNamespaces.includes(namespace) ? 'strict' : 'permissive';
    case 'strict':
      return exceptions.some((one) => one.namespace === namespace) ? 'permissive' : 'strict';
  }
}

/** Whether what is not allowed in a namespace is refused, or only counted. */
export function enforcementIn(policy: ZeroTrustNode, namespace: string): Enforcement {
  return policy.enforcement === 'by-stage' ? namespaceMode(policy, namespace) === 'strict' ? 'enforce' : 'audit' : policy.enforcement;
}

/** Whether calls that nobody declared are kept inside the proxy. */
export function sealsEgress({ zeroTrust, namespace }: { readonly zeroTrust?: ZeroTrustNode; readonly namespace?: string }): boolean {
  return zeroTrust !== undefined && namespace !== undefined && zeroTrust.sealEgress && enforcementIn(zeroTrust, namespace) === 'enforce';
}

/** Whether a path or prefix says more than one exact text, so that other spellings of a path may slip under it. */
export function isPathPattern(path: string): boolean {
  return path.endsWith('*') || path.startsWith('*') || path.includes('{*}') || path.includes('{**}');
}
