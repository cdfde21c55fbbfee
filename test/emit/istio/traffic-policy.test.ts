import { connectionPool, loadBalancer, outlierDetection } from '../../../src/emit/istio/traffic-policy';
import type { LoadBalancingPolicy } from '../../../src/model/policy';

const sourceIp = { kind: 'hash', key: { kind: 'source-ip' } } as const;

test.each<[LoadBalancingPolicy, object]>([
  [{ algorithm: { kind: 'least-request' } }, { simple: 'LEAST_REQUEST' }],
  [{ algorithm: { kind: 'round-robin' } }, { simple: 'ROUND_ROBIN' }],
  [{ algorithm: { kind: 'random' } }, { simple: 'RANDOM' }],
  [{ algorithm: { kind: 'passthrough' } }, { simple: 'PASSTHROUGH' }],
  [{ algorithm: { ...sourceIp, table: 'ring' } }, { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: 1024 } } }],
  [{ algorithm: { ...sourceIp, table: 'ring', tableSize: 64 } }, { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: 64 } } }],
  [{ algorithm: { ...sourceIp, table: 'maglev' } }, { consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } }],
  [
    { algorithm: { kind: 'hash', key: { kind: 'header', name: 'x' }, table: 'maglev', tableSize: 101 } },
    { consistentHash: { httpHeaderName: 'x', maglev: { tableSize: 101 } } },
  ],
  [
    { algorithm: { kind: 'hash', key: { kind: 'query', name: 'q' }, table: 'ring', tableSize: 1 } },
    { consistentHash: { httpQueryParameterName: 'q', ringHash: { minimumRingSize: 1 } } },
  ],
  [
    { algorithm: { kind: 'hash', key: { kind: 'cookie', name: 'c' }, table: 'ring', tableSize: 1 } },
    { consistentHash: { httpCookie: { name: 'c', ttl: '0s' }, ringHash: { minimumRingSize: 1 } } },
  ],
  [
    { algorithm: { kind: 'hash', key: { kind: 'cookie', name: 'c', path: '/', ttlMs: 60_000 }, table: 'ring', tableSize: 1 } },
    { consistentHash: { httpCookie: { name: 'c', path: '/', ttl: '60s' }, ringHash: { minimumRingSize: 1 } } },
  ],
  [{ algorithm: { kind: 'round-robin' }, warmUp: { durationMs: 30_000 } }, { simple: 'ROUND_ROBIN', warmup: { duration: '30s' } }],
  [
    { algorithm: { kind: 'round-robin' }, warmUp: { durationMs: 1, minimumPercent: 5, aggression: 2 } },
    { simple: 'ROUND_ROBIN', warmup: { duration: '1ms', minimumPercent: 5, aggression: 2 } },
  ],
  [
    { algorithm: { kind: 'random' }, locality: { failover: [], failoverPriority: [], distribute: [] } },
    { simple: 'RANDOM', localityLbSetting: { enabled: true } },
  ],
  [{ algorithm: { kind: 'random' }, locality: { failover: [{ from: 'a', to: 'b' }], failoverPriority: ['topology.istio.io/cluster'], distribute: [] } }, {
    simple: 'RANDOM', localityLbSetting: { enabled: true, failover: [{ from: 'a', to: 'b' }], failoverPriority: ['topology.istio.io/cluster'] },
  }],
  [{ algorithm: { kind: 'random' }, locality: { failover: [], failoverPriority: [], distribute: [{ from: 'a/*', to: { 'a/*': 80, 'b/*': 20 } }] } }, {
    simple: 'RANDOM', localityLbSetting: { enabled: true, distribute: [{ from: 'a/*', to: { 'a/*': 80, 'b/*': 20 } }] },
  }],
])('load balancing %j', (policy, expected) => {
  expect(loadBalancer(policy)).toStrictEqual(expected);
});

test('every limit of a pool', () => {
  expect(connectionPool({
    maxConnections: 1, connectTimeoutMs: 2000, maxConnectionDurationMs: 3000, tcpIdleTimeoutMs: 4000,
    keepalive: { probes: 5, timeMs: 6000, intervalMs: 7000 },
    maxPendingRequests: 8, maxRequests: 9, maxRequestsPerConnection: 10, maxRetries: 11, httpIdleTimeoutMs: 12_000, upgradeToHttp2: false,
    maxConcurrentStreams: 13,
  }, true)).toStrictEqual({
    tcp: {
      maxConnections: 1, connectTimeout: '2s', maxConnectionDuration: '3s', idleTimeout: '4s', tcpKeepalive: { probes: 5, time: '6s', interval: '7s' },
    },
    http: {
      http1MaxPendingRequests: 8, http2MaxRequests: 9, maxRequestsPerConnection: 10, maxRetries: 11, idleTimeout: '12s',
      h2UpgradePolicy: 'DO_NOT_UPGRADE', maxConcurrentStreams: 13,
    },
  });
});

test('a pool without limits is not written, nor are HTTP limits where nothing speaks HTTP', () => {
  expect([connectionPool({}, true), connectionPool({ maxRequests: 1 }, false)]).toEqual([undefined, undefined]);
});

test('5xx are counted unless only gateway errors are, which needs an explicit 0', () => {
  const rest = { intervalMs: 1000, baseMs: 1000, maxPercent: 10, minHealthPercent: 20 };
  const written = { interval: '1s', baseEjectionTime: '1s', maxEjectionPercent: 10, minHealthPercent: 20 };
  expect(outlierDetection({ ...rest, consecutiveServerErrors: 3 })).toStrictEqual({ consecutive5xxErrors: 3, ...written });
  expect(outlierDetection({ ...rest, consecutiveGatewayErrors: 2 }))
    .toStrictEqual({ consecutive5xxErrors: 0, consecutiveGatewayErrors: 2, ...written });
});
