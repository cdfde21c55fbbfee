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
  'per-version-policy', 'proxy-resources', 'egress-scope', 'external-service', 'external-endpoints', 'tls-origination', 'existing-service', 'run-to-completion',
  'default-deny', 'whole-mesh-policy', 'mutual-tls', 'mutual-tls-proof', 'plaintext-exception', 'account-rule', 'address-rule', 'client-address-rule', 'request-rule', 'denial',
  'token-authentication', 'external-authorization', 'authorization-audit', 'sealed-egress', 'network-policy', 'path-normalization',
  'canary-by-flagger', 'canary-by-argo-rollouts', 'canary-ab-test', 'canary-mirror',
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
  | {
    readonly support: 'unsupported';
    readonly instead: string;
    /** Requests go the same way without it, at a higher price. */
    readonly costsMore?: true;
  };

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
  'proxy-resources': native,
  'egress-scope': native,
  'external-service': native,
  'external-endpoints': native,
  'tls-origination': native,
  'existing-service': native,
  'run-to-completion': native,
  'default-deny': native,
  'whole-mesh-policy': native,
  'mutual-tls': native,
  'mutual-tls-proof': native,
  'plaintext-exception': native,
  'account-rule': native,
  'address-rule': native,
  'client-address-rule': native,
  'request-rule': native,
  'denial': native,
  'token-authentication': native,
  'external-authorization': native,
  'authorization-audit': native,
  'sealed-egress': native,
  'network-policy': native,
  'path-normalization': { support: 'fallback', how: 'an EnvoyFilter for incoming requests, since Istio has a setting for the whole mesh alone' },
  'canary-by-flagger': native,
  'canary-by-argo-rollouts': native,
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
  'path-match': { support: 'fallback', how: 'a prefix of whole segments, with a warning: /api takes /api/v1 and not /apis' },
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
  'proxy-resources': native,
  'egress-scope': {
    support: 'unsupported', costsMore: true,
    instead: 'Leave the scope out, or take MeshProvider.istio(): every proxy is told of the whole mesh, as the report counts it',
  },
  'external-service': no('Call it without declaring it, where the mesh lets requests to unknown hosts out. MeshProvider.istio() declares it'),
  'external-endpoints': no(SIDECARS),
  'tls-origination': no('Let the application speak TLS, or take MeshProvider.istio()'),
  'existing-service': native,
  'run-to-completion': native,
  'default-deny': no(SIDECARS),
  'whole-mesh-policy': no(SIDECARS),
  'mutual-tls': no('Take MeshProvider.istio(). Istio\'s sidecars speak mTLS to each other without being told, and let plain connections in beside'),
  'mutual-tls-proof': no(SIDECARS),
  'plaintext-exception': no(SIDECARS),
  'account-rule': no(SIDECARS),
  'address-rule': no(SIDECARS),
  'client-address-rule': no(SIDECARS),
  'request-rule': no(SIDECARS),
  'denial': no(SIDECARS),
  'token-authentication': no(SIDECARS),
  'external-authorization': no(SIDECARS),
  'authorization-audit': no(SIDECARS),
  'sealed-egress': no(SIDECARS),
  'network-policy': native,
  'path-normalization': no(SIDECARS),
  'canary-by-flagger': { support: 'fallback', how: 'an HTTPRoute of Flagger\'s with the deadline, headers and CORS of the service, and without retries, for which Flagger has no field there' },
  'canary-by-argo-rollouts': no('Take CanaryEngine.flagger(): Argo Rollouts moves weights of an HTTPRoute by a plugin that the cluster\'s installation would have to hold'),
  'canary-ab-test': native,
  'canary-mirror': { support: 'fallback', how: 'copies of all requests' },
};

/** What a namespace with sidecars can do, an ambient one may lack; so it can wait. */
const STAY = 'leave the namespace in sidecarNamespaces of the provider';

/** Routes as Gateway API has them, and the rest of Istio, as waypoints and the proxies of the nodes read it. */
const ISTIO_AMBIENT: Column = {
  ...ISTIO,
  'traffic-split': GATEWAY_API['traffic-split'],
  'path-match': GATEWAY_API['path-match'],
  'absent-header-match': no(`Match what is there, and let the route for the rest stand last; or ${STAY}`),
  'caller-match': no(`Let callers send a header that a route can match, since a waypoint routes all callers alike; or ${STAY}`),
  'regex-rewrite': no(`Rewrite a prefix or the whole path; or ${STAY}`),
  'direct-response': no(`Let the service answer, or redirect; or ${STAY}`),
  'fault-injection': no(`Let the service fail on purpose; or ${STAY}`),
  'tcp-split': { support: 'fallback', how: 'a TCPRoute or a TLSRoute, with the definitions of Gateway API 1.6', since: '1.31' },
  'retry': GATEWAY_API.retry,
  'retry-back-off': GATEWAY_API['retry-back-off'],
  'per-try-timeout': no(`Give the whole request a deadline: Istio does not repeat an attempt that an HTTPRoute's backendRequest has ended; or ${STAY}`),
  'per-caller-policy': no(`Say the retry and the deadline of the service that is called: a waypoint treats all callers alike; or ${STAY}`),
  'connection-pool': { support: 'fallback', how: 'by the waypoint, so the limits count for all callers together and not for each of their proxies' },
  'http2-upgrade': { support: 'fallback', how: 'between the waypoint and the application itself, which has to understand HTTP/2' },
  'locality': { support: 'fallback', how: 'from where the waypoint stands, and by its labels, not from where the caller does' },
  'proxy-resources': {
    support: 'unsupported', costsMore: true,
    instead: 'Leave them out, since no proxy serves one service alone: name a ConfigMap for the waypoint of the namespace in /spec/infrastructure/parametersRef of its '
      + 'Gateway, and set those of the nodes\' proxies in the installation',
  },
  'egress-scope': { support: 'fallback', how: 'the proxy of a node asks for what its pods call when they call it, so there is nothing to scope' },
  'plaintext-exception': { support: 'fallback', how: 'a permissive port: connections of the mesh arrive on a port of their own' },
  'authorization-audit': {
    support: 'fallback', how: 'dry runs: a waypoint counts them, the proxy of a node only where istiod has AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY, and nothing is refused',
  },
  'sealed-egress': no('Say sealEgress: false, and close egress with a NetworkPolicy: no proxy at the caller knows which calls were declared'),
  'path-normalization': { support: 'fallback', how: 'an EnvoyFilter for the requests of the service at its waypoint' },
  'canary-by-flagger': GATEWAY_API['canary-by-flagger'],
  'canary-by-argo-rollouts': GATEWAY_API['canary-by-argo-rollouts'],
  'canary-ab-test': GATEWAY_API['canary-ab-test'],
  'canary-mirror': GATEWAY_API['canary-mirror'],
};

/** Linkerd, by the sources of 2.20 and what its releases tell of 2.18 and 2.19. */
const LINKERD: Column = {
  'traffic-split': { support: 'fallback', how: 'a Service for each version' },
  'path-match': { support: 'fallback', how: 'a prefix takes whole segments of the path: /api takes /api/v1 and not /apis' },
  'method-match': native,
  'header-match': native,
  'absent-header-match': no('Match the requests that have the header in an earlier route'),
  'query-match': native,
  'caller-match': no('Match a header that the caller sends'),
  'port-match': native,
  'regex-match': native,
  'rewrite': no('Let the application take the path as it is sent: Linkerd drops a route that rewrites'),
  'regex-rewrite': no('Let the application take the path as it is sent: Linkerd drops a route that rewrites'),
  'redirect': native,
  'direct-response': no('Let a service answer'),
  'mirror': no('Copy requests in the application, or take MeshProvider.istio(): Linkerd drops a route that mirrors'),
  'header-changes': native,
  'cors': no('Let the application answer preflight requests, or an ingress gateway'),
  'fault-injection': no('Send a share of the requests to a service that fails on purpose, as backends of a route'),
  'tcp-split': { support: 'native', channel: 'experimental' },
  'retry': {
    support: 'fallback', how: 'conditions on the status of an answer; beside them Linkerd repeats refused streams and requests that found no pod, and no other broken connection',
  },
  'retry-back-off': { support: 'unsupported', instead: 'Leave backOff out: Linkerd waits 25 to 250 ms, longer each time', costsMore: true },
  'per-try-timeout': native,
  'deadline': native,
  'retry-budget': no('Leave it out, and keep the number of retries low: Linkerd has budgets in ServiceProfiles alone, which switch all routes off'),
  'per-caller-policy': { support: 'fallback', how: 'as the callee\'s own, where all of its callers say the same' },
  'connection-pool': no('Leave the limits out: Linkerd keeps few connections, each for many requests'),
  'outlier-detection': {
    support: 'fallback', how: 'failure accrual: each pod by its own server errors in a row, for a time that doubles up to a minute; every pod of a service may be left out at once',
  },
  'http2-upgrade': { support: 'fallback', how: 'nothing to write: proxies speak HTTP/2 to each other' },
  'consistent-hash': no('Keep what must stay together outside of the pods: Linkerd sends each request to the pod that answers fastest'),
  'load-balancing-algorithm': { support: 'unsupported', instead: 'Leave the algorithm out: Linkerd sends each request to the pod that answers fastest', costsMore: true },
  'locality': no('Set trafficDistribution in a Service of your own, whose hints Linkerd follows'),
  'warm-up': { support: 'unsupported', instead: 'Leave it out: Linkerd sends each request to the pod that answers fastest, so a slow start gets few', costsMore: true },
  'per-version-policy': no('Give the version a service of its own, and name it as a backend'),
  'proxy-resources': native,
  'egress-scope': { support: 'fallback', how: 'nothing to write: a proxy learns a destination when it is called' },
  'external-service': native,
  'external-endpoints': no('Let the DNS name of the host lead to them'),
  'tls-origination': no('Let the application speak TLS'),
  'existing-service': native,
  'run-to-completion': native,
  'default-deny': {
    support: 'fallback', how: 'a Server for each port, and an annotation on the pods for all other ports; pods that the program does not know keep the installation\'s default',
  },
  'whole-mesh-policy': no('Set proxy.defaultInboundPolicy to deny in Linkerd\'s Helm values, and name the namespaces with ZeroTrustScope.namespaces'),
  'mutual-tls': native,
  'mutual-tls-proof': native,
  'plaintext-exception': { support: 'fallback', how: 'a NetworkAuthentication, by which callers of the mesh pass, too' },
  'account-rule': native,
  'address-rule': native,
  'client-address-rule': no('Name callers by their identity, or decide at the gateway in front: Linkerd reads no forwarded addresses'),
  'request-rule': { support: 'fallback', how: 'routes of the Server; a prefix takes whole segments of the path: /api* takes /api and /api/v1, and not /apis' },
  'denial': no('Leave the caller out of calls and allow: Linkerd has no policy that denies, and what is not allowed is refused'),
  'token-authentication': no('Check tokens in the application, or in an ingress gateway'),
  'external-authorization': no('Ask the authorizer from the application, or from an ingress gateway'),
  'authorization-audit': { support: 'fallback', how: 'accessPolicy audit; on strict ports all identities of the mesh pass, and only their policies tell them apart' },
  'sealed-egress': { support: 'fallback', how: 'an EgressNetwork for what lies outside the cluster; inside it the callees decide' },
  'network-policy': native,
  'path-normalization': { support: 'fallback', how: 'a route for paths that an application may read otherwise, to which nobody is let who is limited to paths' },
  'canary-by-flagger': { support: 'fallback', how: 'an HTTPRoute of Flagger\'s, with the retries, limits and headers of the service; gRPC is retried by no status of its own' },
  'canary-by-argo-rollouts': GATEWAY_API['canary-by-argo-rollouts'],
  'canary-ab-test': native,
  'canary-mirror': no('Take CanaryStrategy.blueGreen with a load test, or MeshProvider.istio(): Linkerd drops a route that mirrors'),
};

const COLUMNS: Readonly<Record<ProviderId, Column>> = {
  'istio': ISTIO, 'gateway-api': GATEWAY_API, 'istio-ambient': ISTIO_AMBIENT, 'linkerd': LINKERD,
};

export type CapabilityTable = Readonly<Record<Capability, Readonly<Record<ProviderId, Answer>>>>;

/** The answers by capability, then by provider. */
export const CAPABILITY_TABLE: CapabilityTable = Object.freeze(Object.fromEntries(CAPABILITIES.map((capability) => [
  capability, Object.freeze(Object.fromEntries(PROVIDERS.map((provider) => [provider, COLUMNS[provider][capability]]))),
]))) as CapabilityTable;
