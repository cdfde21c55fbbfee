/** What clients' proxies do with the connections to a service: the parts that a service, a port and a subset have in common. */
import type {
  DestinationRuleSpecTrafficPolicyConnectionPool, DestinationRuleSpecTrafficPolicyLoadBalancer,
  DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash, DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting,
  DestinationRuleSpecTrafficPolicyOutlierDetection, DestinationRuleSpecTrafficPolicyRetryBudget,
} from '../../../imports/networking.istio.io';
import type {
  ConnectionPool, EjectionPolicy, HashKey, LoadBalancingAlgorithm, LoadBalancingPolicy, LocalityPolicy, RetryBudget,
} from '../../model/policy';
import { type Json, defined, duration, nonEmpty, nonEmptyObject } from '../json';

export type LoadBalancer = Json<DestinationRuleSpecTrafficPolicyLoadBalancer>;
export type Pool = Json<DestinationRuleSpecTrafficPolicyConnectionPool>;
export type OutlierDetection = Json<DestinationRuleSpecTrafficPolicyOutlierDetection>;
export type Budget = Json<DestinationRuleSpecTrafficPolicyRetryBudget>;

const SIMPLE = {
  'least-request': 'LEAST_REQUEST', 'round-robin': 'ROUND_ROBIN', 'random': 'RANDOM', 'passthrough': 'PASSTHROUGH',
} as const;

/** Istio's own sizes, which it only knows by default for the ring: a Maglev table without a size is refused. */
const RING_SIZE = 1024;
const MAGLEV_SIZE = 65537;

export function loadBalancer(policy: LoadBalancingPolicy): LoadBalancer {
  const { algorithm, locality, warmUp } = policy;
  return defined<LoadBalancer>({
    ...(algorithm.kind === 'hash' ? { consistentHash: consistentHash(algorithm) } : { simple: SIMPLE[algorithm.kind] }),
    localityLbSetting: locality && localitySetting(locality),
    warmup: warmUp && defined({
      duration: duration(warmUp.durationMs), minimumPercent: warmUp.minimumPercent, aggression: warmUp.aggression,
    }),
  });
}

type ConsistentHash = Json<DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash>;

function consistentHash({ key, table, tableSize }: Extract<LoadBalancingAlgorithm, { kind: 'hash' }>): ConsistentHash {
  return {
    ...hashKey(key),
    ...(table === 'ring' ? { ringHash: { minimumRingSize: tableSize ?? RING_SIZE } } : { maglev: { tableSize: tableSize ?? MAGLEV_SIZE } }),
  };
}

function hashKey(key: HashKey): ConsistentHash {
  switch (key.kind) {
    case 'header': return { httpHeaderName: key.name };
    case 'query': return { httpQueryParameterName: key.name };
    case 'source-ip': return { useSourceIp: true };
    // Without a time to live the proxy sets no cookie at all; 0 makes it a session cookie.
    case 'cookie': return { httpCookie: defined({ name: key.name, path: key.path, ttl: duration(key.ttlMs ?? 0) }) };
  }
}

function localitySetting(policy: LocalityPolicy): Json<DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting> {
  return defined<Json<DestinationRuleSpecTrafficPolicyLoadBalancerLocalityLbSetting>>({
    enabled: true,
    distribute: nonEmpty(policy.distribute),
    failover: nonEmpty(policy.failover),
    failoverPriority: nonEmpty(policy.failoverPriority),
  });
}

/** @param http whether any port of the service speaks HTTP: the others have no use for its limits */
export function connectionPool(pool: ConnectionPool, http: boolean): Pool | undefined {
  const ms = (value: number | undefined) => value === undefined ? undefined : duration(value);
  return nonEmptyObject<Pool>({
    tcp: nonEmptyObject<NonNullable<Pool['tcp']>>({
      maxConnections: pool.maxConnections,
      connectTimeout: ms(pool.connectTimeoutMs),
      maxConnectionDuration: ms(pool.maxConnectionDurationMs),
      idleTimeout: ms(pool.tcpIdleTimeoutMs),
      tcpKeepalive: pool.keepalive && defined({
        probes: pool.keepalive.probes, time: ms(pool.keepalive.timeMs), interval: ms(pool.keepalive.intervalMs),
      }),
    }),
    http: !http ? undefined : nonEmptyObject<NonNullable<Pool['http']>>({
      http1MaxPendingRequests: pool.maxPendingRequests,
      http2MaxRequests: pool.maxRequests,
      maxRequestsPerConnection: pool.maxRequestsPerConnection,
      maxRetries: pool.maxRetries,
      idleTimeout: ms(pool.httpIdleTimeoutMs),
      h2UpgradePolicy: pool.upgradeToHttp2 === undefined ? undefined : pool.upgradeToHttp2 ? 'UPGRADE' : 'DO_NOT_UPGRADE',
      maxConcurrentStreams: pool.maxConcurrentStreams,
    }),
  });
}

export function outlierDetection(policy: EjectionPolicy): OutlierDetection {
  return defined<OutlierDetection>({
    // Where nothing is written Envoy ejects after 5 errors in a row, so that "only gateway errors" needs an explicit 0.
    consecutive5xxErrors: policy.consecutiveServerErrors ?? 0,
    consecutiveGatewayErrors: policy.consecutiveGatewayErrors,
    interval: duration(policy.intervalMs),
    baseEjectionTime: duration(policy.baseMs),
    maxEjectionPercent: policy.maxPercent,
    minHealthPercent: policy.minHealthPercent,
  });
}

/** The percentage is always written: releases up to 1.29.1 read a missing one as 0.2 %, not as the documented 20 %. */
export function retryBudget(policy: RetryBudget): Budget {
  return { percent: policy.percent, minRetryConcurrency: policy.minConcurrency };
}
