/** Random models such as a program can build one: whatever a constructor refuses is not in them. */
import fc from 'fast-check';
import type { CallNode, ExternalNode, MeshModel, PortNode, ServiceNode } from '../../src/model/mesh-model';
import type { CircuitBreakerPolicy, LoadBalancingPolicy, RetryPolicy } from '../../src/model/policy';
import { PROTOCOLS, type Protocol } from '../../src/model/protocol';
import type { BackendNode, RouteMatchNode, RouteNode } from '../../src/model/route';
import { aModel, aPort, aService, aVersion, aWorkload, anExternal } from './model';

const NAMES = ['web.shop', 'orders.shop', 'ledger.bank', 'batch.jobs'] as const;
const IDS = NAMES.map((name) => name.split('.').reverse().join('/'));
const SUBSETS = ['v1', 'v2'];

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const millis = fc.constantFrom(1, 250, 1000, 1500, 30_000);

const retry: fc.Arbitrary<RetryPolicy> = fc.record({
  retries: fc.integer({ min: 0, max: 10 }), perTryMs: maybe(millis), backoffMs: maybe(millis),
  on: fc.subarray(['server-error', 'reset', 'connect-failure', 'grpc-unavailable', 'status:503'] as const, { minLength: 1 }),
});

const deadline = fc.oneof(millis, fc.constant('none' as const));

const breaker: fc.Arbitrary<CircuitBreakerPolicy> = fc.record({
  pool: fc.record({
    maxConnections: fc.integer({ min: 1, max: 1000 }), connectTimeoutMs: millis, maxConnectionDurationMs: millis, tcpIdleTimeoutMs: millis,
    keepalive: fc.record({ probes: fc.integer({ min: 1, max: 9 }), timeMs: millis, intervalMs: millis }, { requiredKeys: [] })
      .filter((keepalive) => Object.keys(keepalive).length > 0),
    maxPendingRequests: fc.integer({ min: 1, max: 1000 }), maxRequests: fc.integer({ min: 1, max: 1000 }), maxRetries: fc.integer({ min: 1, max: 9 }),
    maxRequestsPerConnection: fc.integer({ min: 1, max: 1000 }), httpIdleTimeoutMs: millis, upgradeToHttp2: fc.boolean(),
    maxConcurrentStreams: fc.integer({ min: 1, max: 1000 }),
  }, { requiredKeys: [] }),
  ejection: fc.oneof(fc.constantFrom('default' as const, 'off' as const), fc.record({
    consecutiveServerErrors: maybe(fc.integer({ min: 1, max: 9 })), consecutiveGatewayErrors: maybe(fc.integer({ min: 1, max: 9 })),
    intervalMs: millis, baseMs: millis,
    maxPercent: fc.integer({ min: 1, max: 100 }), minHealthPercent: fc.integer({ min: 0, max: 100 }),
  })),
  retryBudget: maybe(fc.record({ percent: fc.integer({ min: 0, max: 100 }), minConcurrency: fc.integer({ min: 1, max: 9 }) })),
});

const balancing: fc.Arbitrary<LoadBalancingPolicy> = fc.oneof(
  fc.record({
    algorithm: fc.record({ kind: fc.constantFrom('least-request' as const, 'round-robin' as const) }),
    warmUp: maybe(fc.record({
      durationMs: millis, minimumPercent: maybe(fc.integer({ min: 0, max: 100 })), aggression: maybe(fc.constantFrom(0.5, 1, 2)),
    })),
  }),
  fc.constantFrom<LoadBalancingPolicy>(
    { algorithm: { kind: 'random' }, locality: { failover: [], failoverPriority: [], distribute: [{ from: 'a/*', to: { 'a/*': 70, 'b/*': 30 } }] } },
    { algorithm: { kind: 'hash', key: { kind: 'header', name: 'x-user' }, table: 'maglev' } },
    { algorithm: { kind: 'hash', key: { kind: 'cookie', name: 'session' }, table: 'ring' } },
  ),
);

function ports(protocols: readonly Protocol[], minLength: number): fc.Arbitrary<PortNode[]> {
  const one = fc.record({ protocol: fc.constantFrom(...protocols), number: fc.constantFrom(80, 443, 8080, 9090, 5432), streaming: fc.boolean() });
  return fc.uniqueArray(one, { minLength, maxLength: 3, selector: ({ number }) => number })
    .map((list) => list.map(({ protocol, number, streaming }) => aPort(protocol, number, {
      streaming, name: `${protocol === 'postgres' || protocol === 'amqp' ? 'tcp' : protocol}-${number}`,
    })));
}

const text = fc.oneof(
  fc.record({ kind: fc.constant('exact' as const), value: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('a.*', '[0-9]+') }),
);
const presence = fc.constantFrom({ kind: 'present' } as const, { kind: 'absent' } as const);

function match(own: readonly PortNode[]): fc.Arbitrary<RouteMatchNode> {
  return fc.record({
    path: maybe(fc.oneof(
      fc.record({ kind: fc.constantFrom('prefix' as const, 'exact' as const), value: fc.constantFrom('/', '/api', '/api/v2', '/old') }),
      fc.constant({ kind: 'regex' as const, value: '/v[0-9]+/.*' }),
    )),
    method: maybe(fc.constantFrom('GET', 'POST').map((value) => ({ kind: 'exact' as const, value }))),
    headers: fc.dictionary(fc.constantFrom('x-a', 'x-b'), fc.oneof(text, presence), { maxKeys: 2 }),
    query: fc.dictionary(fc.constantFrom('q'), fc.oneof(text, fc.constant({ kind: 'present' } as const)), { maxKeys: 1 }),
    caller: maybe(fc.constantFrom(...IDS)),
    port: own.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...own.map(({ number }) => number))),
  }).map((one) => ({ ...one }));
}

const split = fc.integer({ min: 0, max: 100 }).map((share) => ({ v1: share, v2: 100 - share }));

function route(name: string, own: readonly PortNode[]): fc.Arbitrary<RouteNode> {
  const backends: fc.Arbitrary<BackendNode[]> = fc.uniqueArray(
    fc.record({ service: fc.constantFrom(...IDS), subset: maybe(fc.constantFrom(...SUBSETS)) }),
    { maxLength: 3, selector: (one) => JSON.stringify(one) },
  ).map((list) => list.map((one, index) => ({ ...one, weight: index === 0 ? 100 - 20 * (list.length - 1) : 20 })));
  const forwards = fc.record({
    backends,
    rewrite: maybe(fc.constantFrom({ path: '/new' }, { pathRegex: { pattern: '/a(.*)', substitution: '/\\1' } }, { authority: 'a.example.com' })),
    mirrors: fc.array(fc.record({
      service: fc.constantFrom(...IDS), subset: maybe(fc.constantFrom(...SUBSETS)), percent: fc.constantFrom(0, 0.5, 100),
    }), { maxLength: 2 }),
    fault: maybe(fc.constantFrom(
      { delay: { percent: 50, ms: 1500 } }, { abort: { percent: 0.5, httpStatus: 503 } }, { abort: { percent: 1, grpcStatus: 'UNAVAILABLE' } },
    )),
    retry: maybe(retry), deadline: maybe(deadline),
  });
  const answers = fc.constantFrom({ redirect: { path: '/b', status: 302 } }, { directResponse: { status: 503, body: 'later' } })
    .map((one) => ({ ...one, backends: [], mirrors: [] }));
  return fc.tuple(
    fc.array(match(own), { maxLength: 3 }), fc.oneof({ arbitrary: forwards, weight: 4 }, { arbitrary: answers, weight: 1 }),
    fc.record({
      requestHeaders: maybe(fc.constant({ set: { a: '1' }, add: {}, remove: ['b'] })),
      cors: maybe(fc.constant({
        origins: [{ kind: 'exact' as const, value: 'https://a.example.com' }], methods: ['GET'], headers: [], exposeHeaders: [], maxAgeMs: 1500,
      })),
    }),
  ).map(([matches, action, rest]): RouteNode => ({ name, origin: 'random', matches, ...action, ...rest }));
}

function service(name: string): fc.Arbitrary<ServiceNode> {
  return ports(Object.keys(PROTOCOLS) as Protocol[], 0).chain((own) => fc.record({
    versions: fc.tuple(maybe(breaker), maybe(balancing), maybe(breaker)).map(([first, second, third]) => [
      aVersion('v1', { circuitBreaker: first, loadBalancing: second }), aVersion('v2', { circuitBreaker: third, workload: aWorkload() }),
    ]),
    routes: fc.integer({ min: 0, max: 4 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => route(`route-${index}`, own)))),
    split: maybe(split), retry: maybe(retry), deadline: maybe(deadline), circuitBreaker: maybe(breaker), loadBalancing: maybe(balancing),
    egress: fc.constantFrom('auto' as const, 'declared' as const, 'namespace' as const, 'everything' as const),
    headless: fc.boolean(), pods: maybe(fc.constantFrom({ min: 1, max: 1 }, { min: 2, max: 5 })), callees: fc.subarray([...IDS, 'shop/stripe']),
  }).map((rest) => aService(name, { ports: own, ...rest })));
}

const external: fc.Arbitrary<ExternalNode> = fc.record({
  hosts: fc.subarray(['a.example.com', 'b.example.com', '*.example.org'], { minLength: 1 }),
  // Several hosts are told apart by what is sent, so not on plain TCP.
  ports: ports(['http', 'http2', 'grpc', 'https', 'tls'], 1), originateTls: fc.boolean(), retry: maybe(retry), deadline: maybe(deadline),
  circuitBreaker: maybe(breaker),
}).map((rest) => anExternal('stripe', rest));

function calls(callees: readonly string[]): fc.Arbitrary<CallNode[]> {
  return fc.array(fc.record({
    origin: fc.constant('random'), caller: fc.constantFrom(...IDS), callee: fc.constantFrom(...callees), port: maybe(fc.constantFrom(80, 8080)),
    retry: maybe(retry), deadline: maybe(deadline), operation: maybe(fc.constantFrom('route-0', 'route-1')), times: fc.constant(1), parallel: fc.constant(false), idempotent: fc.constant(true),
  }), { maxLength: 5 }).map((list) => list.filter(({ caller, callee }) => caller !== callee));
}

export const anyModel: fc.Arbitrary<MeshModel> = fc.record({
  services: fc.tuple(...NAMES.map(service)), externals: fc.tuple(external), calls: calls([...IDS, 'shop/stripe']),
  mesh: fc.record({ revision: maybe(fc.constant('1-31')) }),
}).map((members) => aModel({
  ...members, namespaces: ['shop', 'bank', 'jobs'].map((name) => ({ origin: name, name, labels: {}, injected: true })),
}));
