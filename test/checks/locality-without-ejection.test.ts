import { localityWithoutEjection } from '../../src/checks/locality-without-ejection';
import { CircuitBreakerPolicy, DEFAULT_CIRCUIT_BREAKER, LoadBalancingPolicy, LocalityPolicy } from '../../src/model/policy';
import { ejecting, found, lines, service, version } from './model-builder';

const OFF: CircuitBreakerPolicy = { pool: {}, ejection: 'off' };
const near = (rest: Partial<LocalityPolicy> = {}): LoadBalancingPolicy => ({
  algorithm: { kind: 'least-request' }, locality: { failover: [], failoverPriority: [], distribute: [], ...rest },
});

test('failover while ejection is off', () => {
  const loadBalancing = near({ failover: [{ from: 'eu', to: 'us' }] });
  expect(lines(localityWithoutEjection, { services: [service('orders', { loadBalancing, circuitBreaker: OFF })] })).toEqual([
    '[shop/orders] loadBalancing.locality (failover from eu to us) never moves any traffic, since no endpoint is ever ejected '
    + '(ejection is off in the circuit breaker in force). Use CircuitBreaker.of({ eject: { … } }), or take the locality away.',
  ]);
});

test.each<[string, LoadBalancingPolicy, CircuitBreakerPolicy | undefined, number]>([
  ['nearest first without ejection', near(), OFF, 1],
  ['a priority without ejection', near({ failoverPriority: ['topology.kubernetes.io/zone'] }), OFF, 1],
  ['nearest first with the library\'s ejection', near(), undefined, 0],
  ['nearest first with an ejection of its own', near(), ejecting({}), 0],
  ['fixed shares, which need none', near({ distribute: [{ from: 'eu/*', to: { 'eu/*': 100 } }] }), OFF, 0],
  ['no locality', { algorithm: { kind: 'least-request' } }, OFF, 0],
])('%s', (_, loadBalancing, circuitBreaker, count) => {
  expect(found(localityWithoutEjection, { services: [service('orders', { loadBalancing, circuitBreaker })] })).toHaveLength(count);
  expect(found(localityWithoutEjection, { services: [service('orders')], defaults: { loadBalancing, circuitBreaker: circuitBreaker ?? DEFAULT_CIRCUIT_BREAKER } })).toHaveLength(count);
  const versions = [version('v1', { loadBalancing, circuitBreaker })];
  expect(found(localityWithoutEjection, { services: [service('orders', { versions })] })).toHaveLength(count);
});

test('Istio itself warns of a failover that is said, not of the preference for what is near', () => {
  const codes = (loadBalancing: LoadBalancingPolicy) => found(localityWithoutEjection, { services: [service('orders', { loadBalancing, circuitBreaker: OFF })] })
    .flatMap(({ catalogue }) => catalogue);
  expect(codes(near())).toEqual([]);
  expect(codes(near({ failover: [{ from: 'eu', to: 'us' }] }))).toEqual(['IST0133']);
  expect(codes(near({ failoverPriority: ['topology.kubernetes.io/zone'] }))).toEqual(['IST0133']);
});

test('a single pod: who asked for locality there is told, who inherits it is not', () => {
  const pods = { min: 1, max: 1 };
  expect(found(localityWithoutEjection, { services: [service('orders', { loadBalancing: near(), pods })] })).toMatchObject([{ evidence: 'only 1 pod is known, so ejection is off by default' }]);
  expect(found(localityWithoutEjection, { services: [service('orders', { pods })], defaults: { loadBalancing: near() } })).toEqual([]);
});
