import fc from 'fast-check';
import { beyondGatewayApi } from '../../../src/checks/beyond-gateway-api';
import { gamma } from '../../../src/emit/gamma';
import type { MeshNode, ServiceNode } from '../../../src/model/mesh-model';
import { NEVER_RETRY } from '../../../src/model/policy';
import { delivered, FLAGGER } from '../../checks/canary-builder';
import { schemaErrors } from '../../support/schemas';
import { anyModel } from '../arbitrary';
import { aModel, aPort, aService, aVersion, retry } from '../model';
import { allManifests, manifestsOf } from '../resources';

function routes(service: ServiceNode, mesh: Partial<MeshNode> = {}) {
  const model = aModel({ services: [service], mesh: { provider: 'gateway-api', providerVersion: '1.5', gatewayChannel: 'standard', ...mesh } });
  const all = manifestsOf(gamma.service, service, model) as any[];
  expect(all.flatMap(schemaErrors)).toEqual([]);
  return all.filter(({ kind }) => kind.endsWith('Route'));
}

const limits = (rest: Partial<ServiceNode>, channel: MeshNode['gatewayChannel']) => {
  const { timeouts, retry: retries } = routes(aService('orders', rest), { gatewayChannel: channel })[0].spec.rules[0];
  return { timeouts, retries };
};

test('nothing of Istio\'s own API is written', () => {
  const kinds = [...gamma.service, ...gamma.external, ...gamma.namespace, ...gamma.policy].map(({ apiVersion }) => apiVersion);
  expect(kinds.filter((apiVersion) => apiVersion.includes('istio'))).toEqual([]);
});

describe('limits', () => {
  test('the standard channel has time limits and no word for retries', () => {
    expect(limits({ deadline: 2500, retry: retry(2) }, 'standard')).toEqual({ timeouts: { request: '2500ms' } });
    expect(limits({ deadline: 'none' }, 'standard')).toEqual({ timeouts: { request: '0s' } });
  });

  test('the experimental channel says that there are no retries, or how many', () => {
    expect(limits({ retry: NEVER_RETRY }, 'experimental').retries).toEqual({ attempts: 0 });
    expect(limits({ retry: retry(2, { on: ['gateway-error', 'connect-failure', 'status:429'], backoffMs: 50 }) }, 'experimental').retries)
      .toEqual({ attempts: 2, backoff: '50ms', codes: [429, 502, 503, 504] });
    expect(limits({ retry: retry(1, { on: ['connect-failure', 'reset'] }) }, 'experimental').retries).toEqual({ attempts: 1 });
    expect(limits({ retry: retry(1, { on: ['server-error', 'retriable-4xx'] }) }, 'experimental').retries).toEqual({ attempts: 1, codes: [409, 500, 502, 503, 504] });
  });

  test('an attempt has none: Istio would not repeat it', () => {
    expect(limits({ retry: retry(1, { perTryMs: 100 }), deadline: 1000 }, 'experimental').timeouts).toEqual({ request: '1s' });
  });
});

describe('a gRPC port', () => {
  const kinds = (streaming: boolean, rest: Partial<ServiceNode> = {}, mesh: Partial<MeshNode> = {}) => (
    routes(aService('orders', { ports: [aPort('grpc', 9000, { streaming })], ...rest }), mesh).map(({ kind }) => kind)
  );

  test('has a GRPCRoute where an HTTPRoute would say no more', () => {
    expect(kinds(true)).toEqual(['GRPCRoute']);
    expect(kinds(false, { deadline: 'none' })).toEqual(['GRPCRoute']);
  });

  test('has an HTTPRoute where there is a time limit, or a word for retries', () => {
    expect(kinds(false)).toEqual(['HTTPRoute']);
    expect(kinds(true, { deadline: 1000 })).toEqual(['HTTPRoute']);
    expect(kinds(true, {}, { gatewayChannel: 'experimental' })).toEqual(['HTTPRoute']);
  });
});

test('a retry budget is said of every Service, by the experimental channel alone', () => {
  const circuitBreaker = { pool: {}, ejection: 'off' as const, retryBudget: { percent: 25, minConcurrency: 4 } };
  const service = aService('orders', { circuitBreaker, versions: [aVersion('v1'), aVersion('v2')] });
  const policies = (gatewayChannel: MeshNode['gatewayChannel']) => {
    const model = aModel({ services: [service], mesh: { provider: 'gateway-api', gatewayChannel } });
    return (manifestsOf(gamma.service, service, model) as any[]).filter(({ kind }) => kind === 'XBackendTrafficPolicy');
  };
  expect(policies('standard')).toEqual([]);
  const [policy] = policies('experimental');
  expect(schemaErrors(policy)).toEqual([]);
  expect(policy.spec).toEqual({
    targetRefs: ['orders', 'orders-v1', 'orders-v2'].map((name) => ({ group: '', kind: 'Service', name })),
    retryConstraint: { budget: { percent: 25, interval: '10s' }, minRetryRate: { count: 4, interval: '1s' } },
  });
});

test('the budget of a service that Flagger delivers is said of what Flagger makes, too', () => {
  const circuitBreaker = { pool: {}, ejection: 'off' as const, retryBudget: { percent: 25, minConcurrency: 4 } };
  const service = delivered('orders', { engine: FLAGGER }, { circuitBreaker });
  const model = aModel({ services: [service], mesh: { provider: 'gateway-api', gatewayChannel: 'experimental' } });
  const [policy] = (manifestsOf(gamma.service, service, model) as any[]).filter(({ kind }) => kind === 'XBackendTrafficPolicy');
  expect(policy.spec.targetRefs.map(({ name }: { name: string }) => name)).toEqual(['orders', 'orders-primary', 'orders-canary']);
});

/** Istio reads TCPRoutes of v1, which the definitions of 1.5 do not have yet; the body is the same. */
const asInstalled = (manifest: any) => manifest.kind === 'TCPRoute' ? { ...manifest, apiVersion: 'gateway.networking.k8s.io/v1alpha2' } : manifest;

test.each(['standard', 'experimental'] as const)('whatever passes the checks fits the definitions, and no two objects share a name: %s', (gatewayChannel) => {
  fc.assert(fc.property(anyModel, (random) => {
    const model = { ...random, mesh: { ...random.mesh, provider: 'gateway-api', providerVersion: '1.5', gatewayChannel } as MeshNode };
    const accused: string[] = [];
    beyondGatewayApi.run(model, (_, { message }) => accused.push(message));
    fc.pre(accused.length === 0);
    const manifests = allManifests(gamma, model) as any[];
    expect(manifests.map(asInstalled).flatMap(schemaErrors)).toEqual([]);
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
    expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
    for (const { spec } of manifests.filter(({ kind }) => kind === 'HTTPRoute')) {
      const rules = spec.rules.map((one: { name: string }) => one.name);
      expect(new Set(rules).size).toBe(rules.length);
    }
  }), { numRuns: 100 });
});
