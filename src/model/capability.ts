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

/** Where an answer holds: in which versions, and whether it takes fields of Gateway API that may still change. */
interface Terms {
  readonly since?: string;
  readonly channel?: 'experimental';
}

export type Answer =
  | { readonly support: 'native' } & Terms
  | { readonly support: 'fallback'; readonly how: string } & Terms
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

const SIDECARS = 'Take MeshProvider.istio(), whose own API has it';

function no(instead: string): Answer {
  return Object.freeze({ support: 'unsupported', instead });
}

/** Gateway API as Istio's sidecars read it. */
const GATEWAY_API: Column = {
  'traffic-split': { support: 'fallback', how: 'a Service for each version' },
  'path-match': { support: 'fallback', how: 'a prefix takes whole segments of the path: /api takes /api/v1 and not /apis' },
  'method-match': native,
  'header-match': native,
  'absent-header-match': no('Match the requests that have the header in an earlier route, or take MeshProvider.istio()'),
  'query-match': native,
  'caller-match': no('Match a header that the caller sends, or take MeshProvider.istio()'),
  'port-match': native,
  'regex-match': native,
  'rewrite': native,
  'regex-rewrite': no(`Rewrite a prefix or the whole path. ${SIDECARS}`),
  'redirect': native,
  'direct-response': no('Let a service answer, or take MeshProvider.istio()'),
  'mirror': native,
  'header-changes': native,
  'cors': native,
  'fault-injection': no(SIDECARS),
  'tcp-split': { support: 'fallback', how: 'a TCPRoute, or a TLSRoute for clients that name the service by its full name', since: '1.6' },
  'retry': {
    support: 'fallback', channel: 'experimental',
    how: 'status codes; beside them Istio always retries failed connections, refused streams, and gRPC requests that were cancelled or found nobody',
  },
  'retry-back-off': { support: 'native', channel: 'experimental' },
  'per-try-timeout': no('Give the whole request a deadline, or take MeshProvider.istio(): Istio does not repeat an attempt that an HTTPRoute\'s backendRequest has ended'),
  'deadline': native,
  'retry-budget': { support: 'native', channel: 'experimental' },
  'per-caller-policy': { support: 'fallback', how: 'a route in the namespace of the callers, so one policy for each namespace other than the service\'s own' },
  'connection-pool': no(SIDECARS),
  'outlier-detection': no(SIDECARS),
  'http2-upgrade': no('Declare the port as MeshPort.http2, or take MeshProvider.istio()'),
  'consistent-hash': no('Take MeshProvider.istio(): Istio reads no sessionPersistence of Gateway API'),
  'load-balancing-algorithm': no(`Leave the algorithm out. ${SIDECARS}`),
  'locality': no('Set trafficDistribution in a Service of your own, or take MeshProvider.istio()'),
  'warm-up': no(SIDECARS),
  'per-version-policy': no(SIDECARS),
  'egress-scope': no('Leave the scope out: every proxy is told of the whole mesh. A Sidecar, which MeshProvider.istio() writes, scopes it'),
  'external-service': no('Call it without declaring it, where the mesh lets requests to unknown hosts out. MeshProvider.istio() declares it'),
  'tls-origination': no('Let the application speak TLS, or take MeshProvider.istio()'),
  'existing-service': native,
  'run-to-completion': native,
  'default-deny': no(SIDECARS),
  'mutual-tls': no('Take MeshProvider.istio(). Istio\'s sidecars speak mTLS to each other without being told, and let plain connections in beside'),
  'mutual-tls-proof': no(SIDECARS),
  'plaintext-exception': no(SIDECARS),
  'account-rule': no(SIDECARS),
  'address-rule': no(SIDECARS),
  'request-rule': no(SIDECARS),
  'denial': no(SIDECARS),
  'token-authentication': no(SIDECARS),
  'external-authorization': no(SIDECARS),
  'authorization-audit': no(SIDECARS),
  'sealed-egress': no(SIDECARS),
  'network-policy': native,
  'path-normalization': no(SIDECARS),
  'canary': no('Take CanaryEngine.manual(), whose weights are moved by commits, or MeshProvider.istio()'),
  'canary-ab-test': no(SIDECARS),
  'canary-mirror': no(SIDECARS),
};

const COLUMNS: Readonly<Record<ProviderId, Column>> = { 'istio': ISTIO, 'gateway-api': GATEWAY_API };

export type CapabilityTable = Readonly<Record<Capability, Readonly<Record<ProviderId, Answer>>>>;

/** The answers by capability, then by provider. */
export const CAPABILITY_TABLE: CapabilityTable = Object.freeze(Object.fromEntries(CAPABILITIES.map((capability) => [
  capability, Object.freeze(Object.fromEntries(PROVIDERS.map((provider) => [provider, COLUMNS[provider][capability]]))),
]))) as CapabilityTable;
