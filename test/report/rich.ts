/** A judged program that uses whatever a report can show, with errors, suppressions and an override. */
import { FindingCode, Severity } from '../../src/model/finding';
import type { Judgement } from '../../src/model/judged-mesh';
import { ARGO, canary, latency, linear, manual, successRate, weights } from '../checks/canary-builder';
import { call, ejecting, external, match, object, ours, port, prefix, retry, route, service, version } from '../checks/model-builder';
import { account, ANYONE, authorizer, migration, plaintext, policy, rule, security, token } from '../checks/security-builder';
import { judgement } from './support';

/** Strict in `shop` with an exception, audited in `night`. */
const zeroTrust = policy({
  migration: migration({ stage: 'strict', exceptions: [{ namespace: 'night', reason: 'the night shift still runs on virtual machines', until: '2035-12-31' }] }),
});

const protectedOrders = security({
  allow: [rule(account('batch', 'nightly'), { methods: ['POST'], paths: ['/reconcile'], hosts: ['orders.example.com'], reason: 'the books are closed at night' })],
  deny: [
    rule({ kind: 'service', service: 'shop/web' }, { methods: ['DELETE'], paths: ['/api/*'] }),
    rule({ kind: 'service', service: 'shop/redis' }, { reason: 'a cache calls nobody' }),
  ],
  tokens: [token({ publicPaths: ['/healthz'] })], external: [authorizer({ paths: ['/admin/*'] })],
});

const ledgerCanary = canary('ledger', {
  engine: { id: 'flagger', selectorLabels: ['app'], approvalUrl: 'http://load-tester/gate/check' }, strategy: linear(10, 50),
  gates: [
    successRate(99.5), latency(99, 500),
    { kind: 'promql', name: 'queue', windowMs: 120_000, query: 'max(queue_depth{namespace="$namespace",pod=~"$pods"})', atLeast: 0, atMost: 100 },
  ],
  approvals: ['start', 'promotion'], errorBudget: { objective: 99.9, overMs: 30 * 86_400_000, perReleasePercent: 1 },
  webhooks: [{ kind: 'load-test', name: 'load', url: 'http://load-tester/', timeoutMs: 5000, metadata: { cmd: 'hey -z 1m http://ledger:9000/' } }],
  alerts: [{ kind: 'slack', name: 'team', severity: 'warning', receiver: 'ledger-team', secret: 'slack-hook' }],
});

const webCanary = canary('web', {
  engine: ARGO, strategy: { kind: 'ab-test', iterations: 5, everyMs: 60_000, audiences: [{ header: 'x-beta', value: { kind: 'exact', value: 'yes' } }, { header: 'cookie', value: { kind: 'regex', value: 'beta=1' } }] },
});

const legacyCanary = canary('legacy', { engine: manual(10), strategy: weights(10, 50, 100), gates: [] });

export function rich(): Judgement {
  return judgement({
    mesh: {
      adoption: {
        services: 4, languages: 2, regulatedEncryption: true, hardToDebugLatency: false, trafficCanaries: true, kubernetes: 'new',
        override: { level: 'full-mesh', reason: 'the auditor asks for it' },
      },
      budgets: { requestAmplification: 4, proxyMemoryBytes: 1e9, proxyCores: 0.5, namespaceMemoryBytes: { shop: 1e8 } },
    },
    services: [
      service('web', { delivery: webCanary, language: 'go', requestsPerSecond: 100, deadline: 20_000, egress: 'everything' }),
      service('orders', {
        zeroTrust, security: protectedOrders,
        versions: [version('v1'), version('v2', { labels: { track: 'canary' } })], split: { v1: 90, v2: 10 }, requestsPerSecond: 50,
        routes: [
          route('orders', 'api', {
            matches: [prefix('/api', { method: { kind: 'exact', value: 'GET' }, headers: { 'x-team': { kind: 'present' } }, query: { debug: { kind: 'exact', value: '1' } } }), match({ caller: 'shop/web', port: 8080 })],
            backends: [{ service: 'shop/orders', subset: 'v1', weight: 60 }, { service: 'shop/ledger', port: 9000, weight: 40 }],
            rewrite: { path: '/v2', authority: 'orders.internal' }, mirrors: [{ service: 'shop/ledger', percent: 5 }],
            requestHeaders: { set: { 'x-route': 'api' }, add: { 'x-more': 'yes' }, remove: ['x-debug'] },
            cors: { origins: [{ kind: 'exact', value: 'https://shop.example.com' }], methods: ['GET'], headers: [], exposeHeaders: [] },
            fault: { delay: { percent: 1, ms: 500 }, abort: { percent: 2, httpStatus: 503 } },
            retry: retry(1, { perTryMs: 250, backoffMs: 10 }), deadline: 1000,
          }),
          route('orders', 'old', { matches: [prefix('/old')], redirect: { path: '/new', status: 301 } }),
          route('orders', 'health', { directResponse: { status: 204 } }),
        ],
        loadBalancing: { algorithm: { kind: 'hash', key: { kind: 'header', name: 'x-session' }, table: 'maglev', tableSize: 101 }, locality: { failover: [{ from: 'eu', to: 'us' }], failoverPriority: ['zone'], distribute: [] }, warmUp: { durationMs: 30_000 } },
        circuitBreaker: {
          ...ejecting({ consecutiveGatewayErrors: 3 }),
          pool: { maxConnections: 100, connectTimeoutMs: 500, keepalive: { probes: 3, timeMs: 60_000, intervalMs: 10_000 }, upgradeToHttp2: true },
          retryBudget: { percent: 20, minConcurrency: 3 },
        },
      }),
      service('ledger', {
        zeroTrust, delivery: ledgerCanary, security: security({ plaintext: [plaintext(9000, { addresses: ['10.0.0.0/8'] })] }), ports: [port(9000, 'grpc', { streaming: true })], pods: undefined,
      }),
      service('redis', { zeroTrust, security: security({ allow: [rule(ANYONE, { reason: 'it holds nothing of value' })] }), ports: [port(6379, 'redis')], pods: { min: 1, max: 1 } }),
      service('batch', { ports: [port(9090)], namespace: 'night', zeroTrust }),
      service('legacy', { meshed: false, delivery: legacyCanary }),
    ],
    externals: [external('bank', { originateTls: true, ports: [port(80)] }), external('weather', { ports: [port(80)] })],
    calls: [
      call('web', 'orders', { retry: retry(2), during: undefined, operation: 'api' }), call('web', 'orders', { times: 2, parallel: true }),
      call('orders', 'ledger', { retry: retry(2, { perTryMs: 100 }), idempotent: false }), call('orders', 'redis'), call('ledger', 'bank', { deadline: 1000 }),
      call('ledger', 'orders', { during: 'audit', maxDepth: 2 }), call('web', 'weather', { port: 80 }),
      { ...call('batch', 'ledger'), caller: 'night/batch' }, { ...call('web', 'batch'), callee: 'night/batch' }, call('legacy', 'orders'),
    ],
    objects: [ours('VirtualService', 'orders'), ours('Sidecar', 'web'), object('Service', 'old')],
    suppressed: [{
      reason: 'known until the summer',
      finding: {
        code: FindingCode.CALL_CYCLE, check: 'call-cycle', severity: Severity.WARNING, construct: 'shop/ledger', message: 'ledger and orders call each other',
        evidence: 'ledger → orders → ledger', fix: 'Declare operations', catalogue: ['IST0101'],
      },
    }],
  });
}
