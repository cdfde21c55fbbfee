/**
 * What may happen to a request on its way: plain data, free of any provider's field names.
 * All times are milliseconds, all shares are percent (0 to 100).
 */

export type RetryCondition =
  | 'server-error' | 'gateway-error' | 'reset' | 'reset-before-request' | 'connect-failure' | 'refused-stream' | 'retriable-4xx'
  | 'grpc-cancelled' | 'grpc-deadline-exceeded' | 'grpc-internal' | 'grpc-resource-exhausted' | 'grpc-unavailable'
  | `status:${number}`;

export interface RetryPolicy {
  /** Retries after the first attempt; 0 is an explicit "never". */
  readonly retries: number;
  readonly perTryMs?: number;
  readonly backoffMs?: number;
  readonly on: readonly RetryCondition[];
}

export const NEVER_RETRY: RetryPolicy = Object.freeze({ retries: 0, on: Object.freeze([]) });

/** Conditions under which the application has not seen the attempt, so that repeating it multiplies nothing there. */
export const UNSEEN_BY_APPLICATION: ReadonlySet<RetryCondition> = new Set(['connect-failure', 'refused-stream', 'reset-before-request']);

/** A time limit for one request with all its retries; `none` is an explicit "may take for ever" (streams). */
export type Deadline = number | 'none';

export interface EjectionPolicy {
  readonly consecutiveServerErrors?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly intervalMs: number;
  readonly baseMs: number;
  readonly maxPercent: number;
  readonly minHealthPercent: number;
}

export interface ConnectionPool {
  readonly maxConnections?: number;
  readonly connectTimeoutMs?: number;
  readonly maxConnectionDurationMs?: number;
  readonly tcpIdleTimeoutMs?: number;
  readonly keepalive?: { readonly probes?: number; readonly timeMs?: number; readonly intervalMs?: number };
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRequestsPerConnection?: number;
  readonly maxRetries?: number;
  readonly httpIdleTimeoutMs?: number;
  readonly upgradeToHttp2?: boolean;
  readonly maxConcurrentStreams?: number;
}

export interface RetryBudget {
  /** Retries in flight, as a share of the requests in flight. */
  readonly percent: number;
  /** Retries that are always allowed to be in flight. */
  readonly minConcurrency: number;
}

export interface CircuitBreakerPolicy {
  readonly pool: ConnectionPool;
  /** `default`: on with the library's figures where more than one replica is known or nothing is known; `off`: never. */
  readonly ejection: EjectionPolicy | 'default' | 'off';
  readonly retryBudget?: RetryBudget;
}

export const DEFAULT_CIRCUIT_BREAKER: CircuitBreakerPolicy = Object.freeze({ pool: Object.freeze({}), ejection: 'default' });

export type HashKey =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly path?: string; readonly ttlMs?: number }
  | { readonly kind: 'query'; readonly name: string }
  | { readonly kind: 'source-ip' };

export type LoadBalancingAlgorithm =
  | { readonly kind: 'least-request' | 'round-robin' | 'random' | 'passthrough' }
  | { readonly kind: 'hash'; readonly key: HashKey; readonly table: 'ring' | 'maglev'; readonly tableSize?: number };

export interface LocalityPolicy {
  /** Ordered failover: `from` and `to` are regions. Empty together with an empty `distribute`: nearest first. */
  readonly failover: readonly { readonly from: string; readonly to: string }[];
  /** Pod labels that rank endpoints, the most important first. */
  readonly failoverPriority: readonly string[];
  /** Fixed shares: `from` is `region/zone/*`, `to` maps localities to percent that add up to 100. */
  readonly distribute: readonly { readonly from: string; readonly to: Readonly<Record<string, number>> }[];
}

export interface LoadBalancingPolicy {
  readonly algorithm: LoadBalancingAlgorithm;
  readonly locality?: LocalityPolicy;
  readonly warmUp?: { readonly durationMs: number; readonly minimumPercent?: number; readonly aggression?: number };
}
