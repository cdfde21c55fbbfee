/**
 * What every provider can do for every capability of the vocabulary. A new capability or provider does not compile until every cell
 * is answered; the check `unsupported-capability` and the comparison in the docs are read from here.
 */
import { PROVIDERS, type ProviderId } from './provider';

export const CAPABILITIES = [
  'traffic-split', 'path-match', 'method-match', 'header-match', 'absent-header-match', 'query-match', 'caller-match', 'port-match', 'regex-match',
  'rewrite', 'regex-rewrite', 'redirect', 'direct-response', 'mirror', 'header-changes', 'cors', 'fault-injection', 'tcp-split',
  'retry', 'retry-back-off', 'per-try-timeout', 'deadline', 'retry-budget', 'per-caller-policy',
  'connection-pool', 'outlier-detection', 'http2-upgrade', 'consistent-hash', 'load-balancing-algorithm', 'locality', 'warm-up',
  'per-version-policy', 'egress-scope', 'external-service', 'tls-origination', 'existing-service', 'run-to-completion',
  'default-deny', 'mutual-tls', 'mutual-tls-proof', 'plaintext-exception', 'account-rule', 'address-rule', 'request-rule', 'denial',
  'token-authentication', 'external-authorization', 'authorization-audit', 'sealed-egress', 'network-policy', 'path-normalization',
  'canary', 'canary-ab-test', 'canary-mirror',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

export type Answer =
  | { readonly support: 'native'; readonly since?: string }
  | { readonly support: 'fallback'; readonly how: string; readonly since?: string }
  | { readonly support: 'unsupported'; readonly instead: string };

const native: Answer = Object.freeze({ support: 'native' });

/** One provider's answers. */
type Column = Readonly<Record<Capability, Answer>>;

const ISTIO: Column = {
  'traffic-split': native,
  'path-match': native,
  'method-match': native,
  'header-match': native,
  'absent-header-match': native,
  'query-match': native,
  'caller-match': native,
  'port-match': native,
  'regex-match': native,
  'rewrite': native,
  'regex-rewrite': native,
  'redirect': native,
  'direct-response': native,
  'mirror': native,
  'header-changes': native,
  'cors': native,
  'fault-injection': native,
  'tcp-split': native,
  'retry': native,
  'retry-back-off': native,
  'per-try-timeout': native,
  'deadline': native,
  'retry-budget': native,
  'per-caller-policy': { support: 'fallback', how: 'rules that match the caller by its app label and namespace, before the other rules' },
  'connection-pool': native,
  'outlier-detection': native,
  'http2-upgrade': native,
  'consistent-hash': native,
  'load-balancing-algorithm': native,
  'locality': native,
  'warm-up': native,
  'per-version-policy': native,
  'egress-scope': native,
  'external-service': native,
  'tls-origination': native,
  'existing-service': native,
  'run-to-completion': native,
  'default-deny': native,
  'mutual-tls': native,
  'mutual-tls-proof': native,
  'plaintext-exception': native,
  'account-rule': native,
  'address-rule': native,
  'request-rule': native,
  'denial': native,
  'token-authentication': native,
  'external-authorization': native,
  'authorization-audit': native,
  'sealed-egress': native,
  'network-policy': native,
  'path-normalization': { support: 'fallback', how: 'an EnvoyFilter for incoming requests, since Istio has a setting for the whole mesh alone' },
  'canary': native,
  'canary-ab-test': native,
  'canary-mirror': native,
};

const COLUMNS: Readonly<Record<ProviderId, Column>> = { istio: ISTIO };

export type CapabilityTable = Readonly<Record<Capability, Readonly<Record<ProviderId, Answer>>>>;

/** The answers by capability, then by provider. */
export const CAPABILITY_TABLE: CapabilityTable = Object.freeze(Object.fromEntries(CAPABILITIES.map((capability) => [
  capability, Object.freeze(Object.fromEntries(PROVIDERS.map((provider) => [provider, COLUMNS[provider][capability]]))),
]))) as CapabilityTable;
