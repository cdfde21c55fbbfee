export type { CallOptions } from './mesh/call';
export type { ICallee } from './mesh/callee';
export { EgressScope } from './mesh/egress-scope';
export { ExternalService } from './mesh/external-service';
export type { ExternalServiceProps } from './mesh/external-service';
export { Mesh } from './mesh/mesh';
export type { MeshDefaults, MeshProps, SuppressOptions } from './mesh/mesh';
export { MeshProvider } from './mesh/mesh-provider';
export type { IstioOptions } from './mesh/mesh-provider';
export { MeshNamespace } from './mesh/namespace';
export type { MeshNamespaceProps } from './mesh/namespace';
export { MeshPort } from './mesh/port';
export type { PortOptions } from './mesh/port';
export { Replicas } from './mesh/replicas';
export { MeshService } from './mesh/service';
export type { ExistingServiceProps, MeshServiceProps, ServiceOptions, VersionOptions } from './mesh/service';
export { CircuitBreaker } from './traffic/circuit-breaker';
export type { CircuitBreakerOptions, EjectionOptions, HttpPoolOptions, RetryBudgetOptions, TcpPoolOptions } from './traffic/circuit-breaker';
export { HashKey, LoadBalancing } from './traffic/load-balancing';
export type {
  ConsistentHashOptions, CookieHashOptions, LoadBalancingOptions, LocalityOptions, LocalityShare, RegionFailover,
} from './traffic/load-balancing';
export { Retry, RetryOn } from './traffic/retry';
export type { RetryOptions } from './traffic/retry';
export type {
  CorsPolicy, DirectResponse, FaultInjection, HeaderOptions, RouteMirror, RouteOptions, RouteRedirect, RouteRewrite,
} from './traffic/route';
export { RouteBackend } from './traffic/route-backend';
export type { BackendOptions, ServiceBackendOptions } from './traffic/route-backend';
export { RouteMatch } from './traffic/route-match';
export { StringMatch } from './traffic/string-match';
export { FindingCode, Severity } from './mesh/finding';
export type { Finding, SuppressedFinding } from './mesh/finding';
