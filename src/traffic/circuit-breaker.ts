import { Duration } from 'cdk8s';
import { optionalMillis, percent, refuse, wholeNumber, wholePercent } from '../mesh/invalid';
import { DEFAULT_EJECTION } from '../model/effective';
import { CircuitBreakerPolicy, ConnectionPool, EjectionPolicy, RetryBudget } from '../model/policy';

/**
 * Limits of TCP connections, each proxy's own, per destination.
 */
export interface TcpPoolOptions {
  /**
   * Connections at the same time. One more request waits for one of them; one more TCP connection is closed. Each worker thread of a proxy
   * may have one connection whatever the limit is.
   * @default - no limit but the proxy's, 2^32-1 as Istio writes it
   */
  readonly maxConnections?: number;
  /**
   * Time to open a connection.
   * @default - 10 s, Istio's own
   */
  readonly connectTimeout?: Duration;
  /**
   * The longest life of a connection.
   * @default - no limit
   */
  readonly maxConnectionDuration?: Duration;
  /**
   * Idle time after which a connection is closed.
   * @default - 1 hour, Envoy's own
   */
  readonly idleTimeout?: Duration;
  /**
   * Idle time after which TCP keep-alive probes begin.
   * @default - no keep-alive of the proxy's
   */
  readonly keepaliveAfter?: Duration;
  /**
   * Time between two keep-alive probes.
   * @default - the operating system's
   */
  readonly keepaliveEvery?: Duration;
  /**
   * Unanswered probes after which the connection is dead.
   * @default - the operating system's
   */
  readonly keepaliveProbes?: number;
}

/**
 * Limits of HTTP requests, each proxy's own, per destination.
 */
export interface HttpPoolOptions {
  /**
   * Requests that wait for a connection; one more is answered 503 at once.
   * @default - no limit but the proxy's, 2^32-1 as Istio writes it
   */
  readonly maxPendingRequests?: number;
  /**
   * Requests in flight; one more is answered 503 at once.
   * @default - no limit but the proxy's, 2^32-1 as Istio writes it
   */
  readonly maxRequests?: number;
  /**
   * Requests after which a connection is closed and opened anew.
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;
  /**
   * Retries in flight. Give a `retryBudget` instead where the load varies.
   * @default - no limit but the proxy's, 2^32-1 as Istio writes it
   */
  readonly maxRetries?: number;
  /**
   * Idle time after which a connection is closed.
   * @default - 1 hour, Envoy's own
   */
  readonly idleTimeout?: Duration;
  /**
   * Whether proxies speak HTTP/2 to each other where the application speaks HTTP/1.1.
   * @default - false, the application's protocol is kept
   */
  readonly upgradeToHttp2?: boolean;
  /**
   * HTTP/2 streams at the same time on one connection.
   * @default - what the server allows
   */
  readonly maxConcurrentStreams?: number;
}

/**
 * When an endpoint that fails is left alone for a while.
 */
export interface EjectionOptions {
  /**
   * 5xx answers in a row after which an endpoint is ejected; connection failures count as 5xx.
   * @default 5 - Istio's own
   */
  readonly after?: number;
  /**
   * 502, 503 and 504 in a row after which an endpoint is ejected.
   * @default - not looked at separately
   */
  readonly afterGatewayErrors?: number;
  /**
   * Time between two sweeps, which eject and take back.
   * @default Duration.seconds(10) - Istio's own
   */
  readonly checkEvery?: Duration;
  /**
   * How long the first ejection lasts; the second lasts twice as long, and so on.
   * @default Duration.seconds(30) - Istio's own
   */
  readonly lasting?: Duration;
  /**
   * The largest share of endpoints that may be ejected at once, in percent; where it is less than one endpoint, none ever is.
   * @default 50
   */
  readonly atMostPercent?: number;
  /**
   * Ejection stops while fewer than this share of endpoints are healthy, in percent.
   * @default 50 - so that ejection alone never empties a service
   */
  readonly minHealthyPercent?: number;
}

/**
 * Retries in flight, as a share of requests in flight: the one limit of retries that a whole service shares.
 */
export interface RetryBudgetOptions {
  /**
   * Retries that may be in flight, in percent of the requests in flight.
   * @default 20 - Envoy's own
   */
  readonly percent?: number;
  /**
   * Retries that may always be in flight.
   * @default 3 - Envoy's own
   */
  readonly minConcurrency?: number;
}

/**
 * The parts of a circuit breaker.
 */
export interface CircuitBreakerOptions {
  /**
   * TCP limits.
   * @default - none
   */
  readonly tcp?: TcpPoolOptions;
  /**
   * HTTP limits.
   * @default - none
   */
  readonly http?: HttpPoolOptions;
  /**
   * Ejection of failing endpoints.
   * @default - on with the figures of `EjectionOptions`, off where only one pod is known
   */
  readonly eject?: EjectionOptions;
  /**
   * A limit of retries in flight.
   * @default - none
   */
  readonly retryBudget?: RetryBudgetOptions;
}

/**
 * What keeps a failing or overloaded service from taking its callers with it.
 */
export class CircuitBreaker {
  /**
   * A circuit breaker of the parts that are given; ejection is on unless it is turned off by `withoutEjection`.
   */
  public static of(options: CircuitBreakerOptions): CircuitBreaker {
    return new CircuitBreaker({
      pool: pool(options),
      ejection: options.eject === undefined ? 'default' : ejection(options.eject),
      retryBudget: options.retryBudget && retryBudget(options.retryBudget),
    });
  }

  /**
   * A circuit breaker that never ejects an endpoint; `eject` is refused.
   */
  public static withoutEjection(options: CircuitBreakerOptions = {}): CircuitBreaker {
    if (options.eject !== undefined) {
      refuse('CircuitBreaker.withoutEjection', 'eject', options.eject, 'leave it out, or use CircuitBreaker.of');
    }
    return new CircuitBreaker({ pool: pool(options), ejection: 'off', retryBudget: options.retryBudget && retryBudget(options.retryBudget) });
  }

  private constructor(private readonly policy: CircuitBreakerPolicy) {}

  /** @internal */
  public _policy(): CircuitBreakerPolicy {
    return this.policy;
  }
}

const where = 'CircuitBreaker';

/** Proxies hold these figures in 32 bits. */
function count(property: string, value?: number): number | undefined {
  return value === undefined ? undefined : wholeNumber(where, property, value, 1, 2_147_483_647);
}

function pool(options: CircuitBreakerOptions): ConnectionPool {
  const tcp = options.tcp ?? {};
  const http = options.http ?? {};
  const keepalive = {
    probes: count('tcp.keepaliveProbes', tcp.keepaliveProbes),
    timeMs: optionalMillis(where, 'tcp.keepaliveAfter', tcp.keepaliveAfter),
    intervalMs: optionalMillis(where, 'tcp.keepaliveEvery', tcp.keepaliveEvery),
  };
  return {
    maxConnections: count('tcp.maxConnections', tcp.maxConnections),
    connectTimeoutMs: optionalMillis(where, 'tcp.connectTimeout', tcp.connectTimeout),
    maxConnectionDurationMs: optionalMillis(where, 'tcp.maxConnectionDuration', tcp.maxConnectionDuration),
    tcpIdleTimeoutMs: optionalMillis(where, 'tcp.idleTimeout', tcp.idleTimeout),
    keepalive: Object.values(keepalive).some((value) => value !== undefined) ? keepalive : undefined,
    maxPendingRequests: count('http.maxPendingRequests', http.maxPendingRequests),
    maxRequests: count('http.maxRequests', http.maxRequests),
    maxRequestsPerConnection: count('http.maxRequestsPerConnection', http.maxRequestsPerConnection),
    maxRetries: count('http.maxRetries', http.maxRetries),
    httpIdleTimeoutMs: optionalMillis(where, 'http.idleTimeout', http.idleTimeout),
    upgradeToHttp2: http.upgradeToHttp2,
    maxConcurrentStreams: count('http.maxConcurrentStreams', http.maxConcurrentStreams),
  };
}

function ejection(options: EjectionOptions): EjectionPolicy {
  const errors = options.after ?? (options.afterGatewayErrors === undefined ? DEFAULT_EJECTION.consecutiveServerErrors : undefined);
  return {
    consecutiveServerErrors: count('eject.after', errors),
    consecutiveGatewayErrors: count('eject.afterGatewayErrors', options.afterGatewayErrors),
    intervalMs: optionalMillis(where, 'eject.checkEvery', options.checkEvery) ?? DEFAULT_EJECTION.intervalMs,
    baseMs: optionalMillis(where, 'eject.lasting', options.lasting) ?? DEFAULT_EJECTION.baseMs,
    maxPercent: wholePercent(where, 'eject.atMostPercent', options.atMostPercent ?? DEFAULT_EJECTION.maxPercent),
    minHealthPercent: wholePercent(where, 'eject.minHealthyPercent', options.minHealthyPercent ?? DEFAULT_EJECTION.minHealthPercent),
  };
}

function retryBudget(options: RetryBudgetOptions): RetryBudget {
  return {
    percent: percent(where, 'retryBudget.percent', options.percent ?? 20),
    minConcurrency: wholeNumber(where, 'retryBudget.minConcurrency', options.minConcurrency ?? 3, 0, 2_147_483_647),
  };
}
