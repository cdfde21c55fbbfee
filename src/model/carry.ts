/**
 * What a delivery engine that writes in our place can write. Flagger copies a part of a DestinationRule and one rule of a VirtualService out
 * of its own resource; the rest of what a service says would be lost without a word.
 */
import type { MeshNode, ServiceDeclaration } from './mesh-model';
import type { CircuitBreakerPolicy, ConnectionPool, LoadBalancingPolicy } from './policy';

/** Limits that Flagger's schema has; all others are cut off by the API server. */
const CARRIED_LIMITS: ReadonlySet<keyof ConnectionPool> = new Set([
  'maxPendingRequests', 'maxRequests', 'maxRequestsPerConnection', 'maxRetries', 'httpIdleTimeoutMs', 'upgradeToHttp2',
]);

const LIMIT_WORDS: Readonly<Record<keyof ConnectionPool, string>> = {
  maxConnections: 'the limit of connections',
  connectTimeoutMs: 'the time to connect',
  maxConnectionDurationMs: 'the longest life of a connection',
  tcpIdleTimeoutMs: 'the idle time of connections',
  keepalive: 'TCP keepalive',
  maxPendingRequests: 'the limit of pending requests',
  maxRequests: 'the limit of requests',
  maxRequestsPerConnection: 'the limit of requests per connection',
  maxRetries: 'the limit of retries',
  httpIdleTimeoutMs: 'the idle time of HTTP connections',
  upgradeToHttp2: 'the upgrade to HTTP/2',
  maxConcurrentStreams: 'the limit of streams',
};

/** The parts of a policy that Flagger's resource has no field for, in words. */
export function beyondFlagger(breaker: CircuitBreakerPolicy, balancing: LoadBalancingPolicy): readonly string[] {
  const { algorithm, locality, warmUp } = balancing;
  return [
    ...(Object.keys(LIMIT_WORDS) as (keyof ConnectionPool)[])
      .filter((limit) => breaker.pool[limit] !== undefined && !CARRIED_LIMITS.has(limit)).map((limit) => LIMIT_WORDS[limit]),
    ...breaker.retryBudget === undefined ? [] : ['the retry budget'],
    ...algorithm.kind === 'hash' && algorithm.table === 'maglev' ? ['the Maglev table'] : [],
    ...algorithm.kind === 'hash' && algorithm.key.kind === 'query' ? ['the hash of a query parameter'] : [],
    ...locality !== undefined && locality.failoverPriority.length > 0 ? ['the order of labels in which places are preferred'] : [],
    ...warmUp !== undefined && (warmUp.minimumPercent !== undefined || warmUp.aggression !== undefined) ? ['the curve of the warm-up'] : [],
  ];
}

/** The same of what is in force for a service, as far as its declaration tells. */
export function policyBeyondFlagger(service: Pick<ServiceDeclaration, 'circuitBreaker' | 'loadBalancing'>, mesh: MeshNode): readonly string[] {
  return beyondFlagger(service.circuitBreaker ?? mesh.defaults.circuitBreaker, service.loadBalancing ?? mesh.defaults.loadBalancing);
}
