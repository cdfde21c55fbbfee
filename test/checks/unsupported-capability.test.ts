import { capabilitiesUsed } from '../../src/checks/capabilities-used';
import type { Accusation } from '../../src/checks/check';
import { judgeCapabilities, unsupportedCapability } from '../../src/checks/unsupported-capability';
import { Answer, CAPABILITIES, CAPABILITY_TABLE, Capability } from '../../src/model/capability';
import { Severity } from '../../src/model/finding';
import { DEFAULT_CIRCUIT_BREAKER } from '../../src/model/policy';
import { ambient } from './ambient-builder';
import { delivered, FLAGGER } from './canary-builder';
import { call, ejecting, existing, external, found, match, model, type Parts, port, prefix, retry, route, service, version, workload } from './model-builder';
import { account, authorizer, migration, plaintext, policy, rule, security, token } from './security-builder';

function judged(answer: Answer, capability: Capability = 'retry', providerVersion = '1.30') {
  const table = { ...CAPABILITY_TABLE, [capability]: { ...CAPABILITY_TABLE[capability], istio: answer } };
  const accusations: [string, Accusation][] = [];
  judgeCapabilities(table, model({ mesh: { providerVersion }, services: [service('orders', { retry: retry(1), routes: [route('orders', 'main', { retry: retry(1) })] })] }),
    (origin, accusation) => accusations.push([origin, accusation]));
  return accusations;
}

test('what the mesh cannot do is refused with what to do instead, wherever it is asked for', () => {
  expect(judged({ support: 'unsupported', instead: 'Retry in the application' })).toEqual([
    ['shop/orders', { message: 'Istio (sidecars) cannot do retry', evidence: 'asked for here; provider istio 1.30', fix: 'Retry in the application' }],
    ['shop/orders', expect.objectContaining({ message: 'Istio (sidecars) cannot do retry' })],
  ]);
  expect(judged({ support: 'unsupported', instead: '-' }, 'mirror')).toEqual([]);
});

test('what it can do in another way is done so', () => {
  expect(judged({ support: 'fallback', how: 'otherwise' })).toEqual([]);
});

test.each([['1.29', 0], ['1.30', 0], ['1.31', 2], ['2.0', 2], ['0.99', 0], ['1.4', 0]])('since %s, on 1.30: %s findings', (since, count) => {
  expect(judged({ support: 'native', since })).toHaveLength(count);
  expect(judged({ support: 'fallback', how: 'otherwise', since })).toHaveLength(count);
});

test('a plain service asks for nothing', () => {
  expect(capabilitiesUsed(model({ services: [service('orders')], defaults: { deadline: 'none' } }))).toEqual([]);
});

test('the table of the model is what is asked', () => {
  expect(found(unsupportedCapability, { services: [service('orders', { retry: retry(1) })] })).toEqual([]);
});

test('every capability of the vocabulary is noticed', () => {
  const matches = [
    prefix('/a', { method: { kind: 'exact', value: 'GET' } }), match({ headers: { a: { kind: 'present' }, b: { kind: 'absent' } } }),
    match({ query: { q: { kind: 'regex', value: '.' } } }), match({ caller: 'shop/web', port: 8080 }),
  ];
  const everything = service('everything', {
    split: { v1: 100 },
    retry: retry(1, { backoffMs: 1, perTryMs: 1 }),
    deadline: 1,
    circuitBreaker: { ...ejecting({}), pool: { maxRequests: 1, upgradeToHttp2: true }, retryBudget: { percent: 1, minConcurrency: 1 } },
    loadBalancing: {
      algorithm: { kind: 'hash', table: 'ring', key: { kind: 'source-ip' } },
      locality: { failover: [], failoverPriority: [], distribute: [] }, warmUp: { durationMs: 1 },
    },
    egress: 'namespace',
    proxyResources: { kind: 'stated', cpuLimit: 1 },
    existingService: existing('everything'),
    versions: [version('v1', { loadBalancing: { algorithm: { kind: 'round-robin' } }, workload: workload('job', { runsToCompletion: true }) })],
    routes: [
      route('everything', 'all', {
        matches, rewrite: { path: '/', pathRegex: { pattern: '.', substitution: '' } }, mirrors: [{ service: 'shop/web', percent: 1 }],
        requestHeaders: { set: {}, add: {}, remove: ['a'] }, cors: { origins: [], methods: [], headers: [], exposeHeaders: [] }, fault: {},
      }),
      route('everything', 'redirect', { redirect: { path: '/', status: 301 } }),
      route('everything', 'answer', { directResponse: { status: 200 } }),
    ],
  });
  const protectedOne = service('protected', {
    zeroTrust: policy({ proof: { kind: 'rule', windowMs: 1, labels: {} }, migration: migration({ exceptions: [{ namespace: 'old', reason: 'old' }] }) }),
    security: security({
      allow: [rule(account('a', 'b'), { paths: ['/a*'] })], deny: [rule({ kind: 'addresses', blocks: ['10.0.0.1'], forwarded: false })], tokens: [token()],
      external: [authorizer()], plaintext: [plaintext(8080)], pathRules: true,
    }),
  });
  const forwarded = service('forwarded', {
    zeroTrust: policy({ scope: { kind: 'mesh', gateways: [] } }),
    security: security({ allow: [rule({ kind: 'addresses', blocks: ['10.0.0.1'], forwarded: true })] }) });
  const canaries = [
    delivered('shadowed', { strategy: { kind: 'blue-green', iterations: 1, everyMs: 1000, mirrorPercent: 1 } }),
    delivered('tested', { engine: FLAGGER, strategy: { kind: 'ab-test', iterations: 1, everyMs: 1000, audiences: [] } }),
  ];
  const parts = {
    services: [service('web'), everything, service('db', { ports: [port(1, 'tcp')], split: { v1: 100 } }), protectedOne, forwarded, ...canaries],
    externals: [external('pay', { originateTls: true, endpoints: ['192.0.2.1'] })],
    calls: [call('web', 'everything', { deadline: 1 })],
  };
  expect([...new Set(capabilitiesUsed(model(parts)).map(({ capability }) => capability))].sort()).toEqual([...CAPABILITIES].sort());
});

test('the library\'s own defaults are no wish', () => {
  expect(capabilitiesUsed(model({ services: [service('orders', { circuitBreaker: DEFAULT_CIRCUIT_BREAKER })], defaults: { deadline: 'none' } }))).toEqual([]);
});

test('what costs more and changes no request is one warning for the whole mesh', () => {
  const mesh = { provider: 'gateway-api', providerVersion: '1.5', gatewayChannel: 'experimental' } as const;
  const services = [service('orders', { egress: 'declared' }), service('web', { egress: 'namespace' })];
  expect(found(unsupportedCapability, { mesh, services })).toEqual([expect.objectContaining({
    construct: 'shop/mesh', severity: Severity.WARNING,
    message: 'Gateway API (Istio sidecars) cannot do egress-scope, which costs more and changes no request',
    evidence: 'asked for by 2 constructs; provider gateway-api 1.5',
  })]);
});

test('resources of a proxy that no service has for itself: those that are stated, not those that come by themselves', () => {
  const stated = (mesh: Parts['mesh'], kind: 'stated' | 'predicted' | 'installation' = 'stated') => (
    found(unsupportedCapability, { mesh, services: [service('orders', { proxyResources: { kind } })] })
  );
  expect(stated(ambient())).toMatchObject([{ severity: Severity.WARNING, message: expect.stringContaining('Istio (ambient) cannot do proxy-resources') }]);
  expect(stated(ambient())[0].fix).toContain('/spec/infrastructure/parametersRef');
  expect([stated(ambient(), 'predicted'), stated(ambient(), 'installation'), stated(ambient({ sidecarNamespaces: ['shop'] })), stated({})]).toEqual([[], [], [], []]);
});

describe('Gateway API', () => {
  const on = (release: string, gatewayChannel: 'standard' | 'experimental', rest: Parameters<typeof service>[1]) => (
    found(unsupportedCapability, { mesh: { provider: 'gateway-api', providerVersion: release, gatewayChannel }, services: [service('orders', rest)] })
  );

  test('an experimental field on the standard channel, with the channel that has it', () => {
    expect(on('1.5', 'standard', { retry: retry(1) })).toEqual([expect.objectContaining({
      message: 'Gateway API (Istio sidecars) can do retry only with the experimental channel of Gateway API',
      evidence: 'the mesh is declared with the standard channel of 1.5',
      fix: 'Install the experimental channel of Gateway API 1.5 and say so with GatewayChannel.EXPERIMENTAL in the provider, or take the wish away',
    })]);
    expect(on('1.5', 'experimental', { retry: retry(1) })).toEqual([]);
  });

  test('a release that is too old, with the one that would do', () => {
    const split = { ports: [port(5432, 'postgres')], split: { v1: 100 } };
    expect(on('1.5', 'standard', split)).toEqual([expect.objectContaining({
      message: 'Gateway API (Istio sidecars) can do tcp-split only since 1.6', fix: expect.stringContaining('Upgrade the mesh to 1.6'),
    })]);
    expect(on('1.6', 'standard', split)).toEqual([]);
  });
});
