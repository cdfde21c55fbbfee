/** Where each capability of the vocabulary is shown at work in live traffic, on Istio's sidecars. */
import type { Capability } from '../../src/model/capability';

/** Titles of tests by suite; or why no judge of this stack can see it. */
export type Proof = Readonly<Record<string, readonly string[]>> | { readonly unseen: string };

const RELEASED = [
  'running services are taken over without a lost request', 'a new synth on the way disturbs nothing, and what it says holds for both versions',
  'the good version is promoted step by step to all requests', 'the version with 5 % errors is rolled back', 'the version with slow answers is rolled back',
];
const RELEASES = [...RELEASED, 'limits, scope and authorization hold afterwards'];

/** Does not compile until a new capability has its proof. */
export const PROOFS: Readonly<Record<Capability, Proof>> = {
  'traffic-split': { splitting: ['HTTP by request', 'HTTP by route', 'gRPC by call, though all calls share a connection', 'by caller'] },
  'path-match': { matching: ['paths'] },
  'method-match': { matching: ['methods, headers, query parameters', 'callers, ports, gRPC'] },
  'header-match': { matching: ['methods, headers, query parameters'] },
  'absent-header-match': { matching: ['methods, headers, query parameters'] },
  'query-match': { matching: ['methods, headers, query parameters'] },
  'caller-match': { matching: ['callers, ports, gRPC'], splitting: ['by caller'] },
  'port-match': { matching: ['callers, ports, gRPC'] },
  'regex-match': { matching: ['paths', 'methods, headers, query parameters'] },
  'rewrite': { actions: ['rewrites'] },
  'regex-rewrite': { actions: ['rewrites'] },
  'redirect': { actions: ['redirects and direct responses'] },
  'direct-response': { actions: ['redirects and direct responses'] },
  'mirror': { actions: ['mirrors'] },
  'header-changes': { actions: ['headers'] },
  'cors': { actions: ['CORS'] },
  'fault-injection': { actions: ['fault injection'] },
  'tcp-split': { splitting: ['TCP by connection'] },
  'retry': { retries: ['how often', 'on what, over HTTP', 'on what, over gRPC'], ejection: ['a pod that dies with requests inside', 'a pod that cannot be reached'] },
  'retry-back-off': { retries: ['back-off'] },
  'per-try-timeout': { retries: ['per try'] },
  'deadline': { retries: ['deadlines'], services: ['the library\'s own deadline, and none for streams'] },
  'retry-budget': { limits: ['retry budget'] },
  'per-caller-policy': { retries: ['how often', 'deadlines'] },
  'connection-pool': {
    limits: ['connection pools', 'connections'], connections: ['how long connections live', 'keep-alive', 'a pod that does not answer', 'retries in flight'],
  },
  'outlier-detection': { ejection: ['ejection and return', 'ejection never empties a service', 'ejection after gateway errors alone'] },
  'http2-upgrade': { limits: ['HTTP/2 upgrade'], connections: ['streams of a connection'] },
  'consistent-hash': { balancing: ['consistent hashing', 'a cookie that the proxy sets', 'a pod that goes'] },
  'load-balancing-algorithm': { balancing: ['in turn', 'any', 'the less busy one of two'] },
  'locality': { locality: ['fixed shares', 'by labels', 'nearest first'] },
  'warm-up': { balancing: ['warm-up'] },
  'per-version-policy': { connections: ['one version alone'] },
  'egress-scope': { 'zero-trust': ['as it is written: proxies know only what was declared'] },
  'external-service': { external: ['names, addresses, endpoints', 'retries and deadlines', 'nobody listens'] },
  'external-endpoints': { external: ['names, addresses, endpoints'] },
  'tls-origination': { external: ['TLS that the proxy originates'] },
  'existing-service': { services: ['a Service that was there before'] },
  'run-to-completion': { jobs: ['a job ends, and its proxy with it', 'it works as a member of the mesh'] },
  'default-deny': { 'zero-trust': ['without the scopes: proxies know every service, and callees refuse by identity'] },
  'whole-mesh-policy': { unseen: 'suites share one mesh, which such a policy would close for all of them; its objects are accepted by the API server' },
  'mutual-tls': { 'services': ['mutual TLS'], 'mtls-migration': ['every stage, forwards and back', 'in the end connections prove who calls'] },
  'mutual-tls-proof': { 'migration-proof': ['the second stage asks whether anything is plain, or undeclared', 'a strict stage asks whether callers are cut off'] },
  'plaintext-exception': { 'zero-trust-requests': ['a port that takes plain connections on purpose'] },
  'account-rule': { 'zero-trust-requests': ['ports, methods and paths of declared calls', 'forged and missing identities'] },
  'address-rule': { 'zero-trust-requests': ['callers by address'] },
  'client-address-rule': { unseen: 'the stack has no gateway that reports the address of a client' },
  'request-rule': { 'zero-trust-requests': ['ports, methods and paths of declared calls', 'other spellings of a path, through both proxies'] },
  'denial': { 'zero-trust-requests': ['denials'] },
  'token-authentication': { 'zero-trust-requests': ['tokens', 'claims in headers'] },
  'external-authorization': { authorizer: ['an authorizer decides', 'without an answer of the authorizer nothing passes'] },
  'authorization-audit': { 'zero-trust-requests': ['audit refuses nothing and counts'] },
  'sealed-egress': { 'zero-trust-requests': ['calls that nobody declared stay inside'] },
  'network-policy': { unseen: 'no program of this stack enforces NetworkPolicies; the API server accepts them' },
  'path-normalization': { 'zero-trust-requests': ['other spellings of a path, plain, so that the callee\'s proxy reads them first'] },
  'canary-by-flagger': {
    'canary-flagger': RELEASES, 'canary-flagger-gateway-api': [...RELEASED, 'what the service says of its requests holds afterwards'],
  },
  'canary-by-argo-rollouts': { 'canary-argo-rollouts': RELEASES },
  // By routes of Gateway API; what they write for Istio's own is accepted by the API server.
  'canary-ab-test': { 'canary-strategies-gateway-api': ['the users of an A/B test', 'each release ends once, and never begins anew'] },
  'canary-mirror': { 'canary-strategies-gateway-api': ['copies of requests', 'each release ends once, and never begins anew'] },
};
