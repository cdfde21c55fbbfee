/** How meshes that read Gateway API differ in it. */
import type { HttpRouteSpecRulesRetry, HttpRouteSpecRulesTimeouts } from '../../../imports/gateway.networking.k8s.io';
import type { MeshNode, PortNode, ServiceDeclaration } from '../../model/mesh-model';
import type { Deadline, RetryPolicy } from '../../model/policy';
import type { Json } from '../json';
import type { AppProtocol } from '../kubernetes/service';

/** What the layout of routes rests on: declarations and finished nodes have all of it. */
export type Declared = Omit<ServiceDeclaration, 'versions'>;

/** What is in force for the requests of one rule. */
export interface Limits {
  readonly retry: RetryPolicy;
  readonly deadline: Deadline;
}

/** The fields of an HTTPRoute's rule that hold them. */
export interface LimitFields {
  readonly retry?: Json<HttpRouteSpecRulesRetry>;
  readonly timeouts?: Json<HttpRouteSpecRulesTimeouts>;
}

export interface LimitAnnotations {
  /** All that there may be. */
  readonly names: readonly string[];
  readonly of: (limits: Limits, kind: 'HTTPRoute' | 'GRPCRoute') => Readonly<Record<string, string>>;
}

export interface GatewayApiDialect {
  readonly appProtocol: AppProtocol;
  /** Whether a port's requests are matched by gRPC service and method, so by a GRPCRoute: it has no field for retries nor time limits. */
  readonly grpc: (service: Declared, port: PortNode, mesh: MeshNode) => boolean;
  /** What a rule of an HTTPRoute says of its limits. */
  readonly limitFields: (limits: Limits, mesh: MeshNode) => LimitFields;
  /** Annotations of a whole route, for meshes that are told limits so; `sameRoute` then keeps rules of different limits apart. */
  readonly annotations?: LimitAnnotations;
  /** Whether rules that say this of their limits may stand in one route. All may where nothing is said. */
  readonly sameRoute?: (a: Partial<Limits>, b: Partial<Limits>) => boolean;
  /** Whether a path that is a regular expression gives way to every prefix. What no other route takes is then an expression, too. */
  readonly expressionsLast: boolean;
  /**
   * Whether a route in the namespace of callers decides for these in place of the service's own. Otherwise callers have no policy of their own.
   * @default true
   */
  readonly consumers?: boolean;
  /** Whether a Service has to allow the routes of other namespaces that lead to it. */
  readonly grants: boolean;
  /** Whether it reads retry budgets of the experimental channel. */
  readonly retryBudgets: boolean;
  /** Versions in which the mesh reads the routes of connections. */
  readonly tcpRoute: string;
  /** Undefined: TLS is routed as any connection. */
  readonly tlsRoute?: string;
}
