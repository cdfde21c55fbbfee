/**
 * What every provider can do for every capability of the vocabulary. A new capability or provider does not compile until every cell
 * is answered; the check `unsupported-capability` and the comparison in the docs are read from here.
 */
import type { ProviderId } from './provider';

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

export const CAPABILITY_TABLE: Readonly<Record<Capability, Readonly<Record<ProviderId, Answer>>>> = Object.freeze({
  'traffic-split': { istio: native },
  'path-match': { istio: native },
  'method-match': { istio: native },
  'header-match': { istio: native },
  'absent-header-match': { istio: native },
  'query-match': { istio: native },
  'caller-match': { istio: native },
  'port-match': { istio: native },
  'regex-match': { istio: native },
  'rewrite': { istio: native },
  'regex-rewrite': { istio: native },
  'redirect': { istio: native },
  'direct-response': { istio: native },
  'mirror': { istio: native },
  'header-changes': { istio: native },
  'cors': { istio: native },
  'fault-injection': { istio: native },
  'tcp-split': { istio: native },
  'retry': { istio: native },
  'retry-back-off': { istio: native },
  'per-try-timeout': { istio: native },
  'deadline': { istio: native },
  'retry-budget': { istio: native },
  'per-caller-policy': { istio: { support: 'fallback', how: 'rules that match the caller by its app label and namespace, before the other rules' } },
  'connection-pool': { istio: native },
  'outlier-detection': { istio: native },
  'http2-upgrade': { istio: native },
  'consistent-hash': { istio: native },
  'load-balancing-algorithm': { istio: native },
  'locality': { istio: native },
  'warm-up': { istio: native },
  'per-version-policy': { istio: native },
  'egress-scope': { istio: native },
  'external-service': { istio: native },
  'tls-origination': { istio: native },
  'existing-service': { istio: native },
  'run-to-completion': { istio: native },
  'default-deny': { istio: native },
  'mutual-tls': { istio: native },
  'mutual-tls-proof': { istio: native },
  'plaintext-exception': { istio: native },
  'account-rule': { istio: native },
  'address-rule': { istio: native },
  'request-rule': { istio: native },
  'denial': { istio: native },
  'token-authentication': { istio: native },
  'external-authorization': { istio: native },
  'authorization-audit': { istio: native },
  'sealed-egress': { istio: native },
  'network-policy': { istio: native },
  'path-normalization': { istio: { support: 'fallback', how: 'an EnvoyFilter for incoming requests, since Istio has a setting for the whole mesh alone' } },
  'canary': { istio: native },
  'canary-ab-test': { istio: native },
  'canary-mirror': { istio: native },
});
