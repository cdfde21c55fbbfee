import { destinationRule } from '../../../src/emit/istio/destination-rule';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { DEFAULT_CIRCUIT_BREAKER } from '../../../src/model/policy';
import { type Members, HTTP, aMesh, aModel, aPort, aRoute, aService, aVersion } from '../model';

const HOST = 'orders.shop.svc.cluster.local';
const LEAST = { loadBalancer: { simple: 'LEAST_REQUEST' } };
const EJECTION = { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 50, minHealthPercent: 50 };
const OFF = { pool: {}, ejection: 'off' } as const;

function specOf(orders: ServiceNode, members: Members = {}) {
  return destinationRule.spec!(orders, aModel({ ...members, services: [orders, ...members.services ?? []] }));
}

test.each([[true, [HTTP]], [true, [aPort('tcp', 1)]], [false, [aPort('udp', 53)]], [false, []]])('exists: %s for %j', (exists, ports) => {
  expect(destinationRule.exists(aService('orders', { ports }), aMesh())).toBe(exists);
});

test('load balancing and ejection are always said', () => {
  expect(specOf(aService('orders'))).toStrictEqual({ host: HOST, trafficPolicy: { ...LEAST, outlierDetection: EJECTION } });
});

test('a single pod is never ejected, nor is any where ejection is off', () => {
  expect(specOf(aService('orders', { pods: { min: 1, max: 1 } }))).toStrictEqual({ host: HOST, trafficPolicy: LEAST });
  expect(specOf(aService('orders', { circuitBreaker: OFF }))).toStrictEqual({ host: HOST, trafficPolicy: LEAST });
});

test('all limits', () => {
  const spec = specOf(aService('orders', {
    loadBalancing: { algorithm: { kind: 'random' } },
    circuitBreaker: {
      pool: { upgradeToHttp2: true, maxRequestsPerConnection: 100 },
      ejection: { consecutiveServerErrors: 5, intervalMs: 30_000, baseMs: 60_000, maxPercent: 50, minHealthPercent: 50 },
      retryBudget: { percent: 20, minConcurrency: 3 },
    },
  }));
  expect(spec).toStrictEqual({
    host: HOST,
    trafficPolicy: {
      loadBalancer: { simple: 'RANDOM' },
      connectionPool: { http: { h2UpgradePolicy: 'UPGRADE', maxRequestsPerConnection: 100 } },
      outlierDetection: { consecutive5xxErrors: 5, interval: '30s', baseEjectionTime: '60s', maxEjectionPercent: 50, minHealthPercent: 50 },
      retryBudget: { percent: 20, minRetryConcurrency: 3 },
    },
  });
});

test('HTTP limits are not written for a service that speaks none', () => {
  const circuitBreaker = { pool: { maxRequests: 5, maxConnections: 7 }, ejection: 'off' } as const;
  expect(specOf(aService('orders', { ports: [aPort('tcp', 1)], circuitBreaker }))).toStrictEqual({
    host: HOST, trafficPolicy: { ...LEAST, connectionPool: { tcp: { maxConnections: 7 } } },
  });
});

describe('subsets', () => {
  const subset = (name: string) => ({ name, labels: { version: name } });
  const v1 = aVersion('v1');
  const v2 = aVersion('v2', { selector: { version: 'v2', lane: 'blue' } });

  test('stand for every version where there are several', () => {
    expect(specOf(aService('orders', { versions: [v1, v2] }))).toMatchObject({ subsets: [subset('v1'), { name: 'v2', labels: { version: 'v2', lane: 'blue' } }] });
  });

  test('stand for a lone version only where one is used', () => {
    const alone = aService('orders', { versions: [aVersion('v1', { subset: 'stable' })] });
    const stable = [{ name: 'stable', labels: { version: 'v1' } }];
    const backends = [{ service: 'shop/orders', subset: 'stable', weight: 100 }];
    expect(specOf(alone)).not.toHaveProperty('subsets');
    expect(specOf({ ...alone, split: { other: 100 } })).not.toHaveProperty('subsets');
    expect(specOf({ ...alone, split: { stable: 100 } })).toMatchObject({ subsets: stable });
    expect(specOf({ ...alone, routes: [aRoute('r', [], { backends })] })).toMatchObject({ subsets: stable });
    expect(specOf(alone, { services: [aService('web', { routes: [aRoute('r', [], { mirrors: [{ ...backends[0], percent: 5 }] })] })] })).toMatchObject({ subsets: stable });
    expect(specOf(alone, { services: [aService('web', { routes: [aRoute('r', [], { backends: [{ service: 'shop/orders', weight: 100 }] })] })] })).not.toHaveProperty('subsets');
  });

  test('inherit what the service says', () => {
    const spec = specOf(aService('orders', {
      versions: [v1, aVersion('v2', { loadBalancing: { algorithm: { kind: 'round-robin' } } })],
      circuitBreaker: { pool: { maxConnections: 1 }, ejection: 'default', retryBudget: { percent: 10, minConcurrency: 1 } },
    }));
    expect(spec).toMatchObject({ subsets: [subset('v1'), { ...subset('v2'), trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }] });
    expect((spec as any).subsets[1].trafficPolicy).toStrictEqual({ loadBalancer: { simple: 'ROUND_ROBIN' } });
  });

  test('with a circuit breaker of their own say all of it', () => {
    const canary = aVersion('v2', {
      circuitBreaker: {
        pool: { maxRequests: 1 },
        ejection: { consecutiveGatewayErrors: 2, intervalMs: 1000, baseMs: 1000, maxPercent: 100, minHealthPercent: 0 },
        retryBudget: { percent: 5, minConcurrency: 2 },
      },
    });
    expect(specOf(aService('orders', { versions: [v1, canary] }))).toMatchObject({
      subsets: [subset('v1'), {
        ...subset('v2'),
        trafficPolicy: {
          connectionPool: { http: { http2MaxRequests: 1 } },
          outlierDetection: {
            consecutive5xxErrors: 0, consecutiveGatewayErrors: 2, interval: '1s', baseEjectionTime: '1s', maxEjectionPercent: 100, minHealthPercent: 0,
          },
          retryBudget: { percent: 5, minRetryConcurrency: 2 },
        },
      }],
    });
  });

  test('with a circuit breaker that wants less than the service say so, or they would inherit it', () => {
    const [, { trafficPolicy }] = (specOf(aService('orders', {
      versions: [v1, aVersion('v2', { circuitBreaker: OFF })],
      circuitBreaker: { pool: { maxConnections: 1 }, ejection: 'default', retryBudget: { percent: 10, minConcurrency: 1 } },
    })) as any).subsets;
    expect(trafficPolicy).toStrictEqual({
      connectionPool: { tcp: { connectTimeout: '10s' } },
      outlierDetection: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 0 },
      retryBudget: { percent: 100, minRetryConcurrency: 4294967295 },
    });
  });

  test('with a circuit breaker that wants no more than the service says have nothing to take back', () => {
    const orders = aService('orders', { versions: [v1, aVersion('v2', { circuitBreaker: DEFAULT_CIRCUIT_BREAKER })], circuitBreaker: OFF });
    expect((specOf(orders) as any).subsets[1].trafficPolicy).toStrictEqual({ outlierDetection: EJECTION });
  });
});
