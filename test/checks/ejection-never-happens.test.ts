import { ejectionNeverHappens } from '../../src/checks/ejection-never-happens';
import { DEFAULT_CIRCUIT_BREAKER } from '../../src/model/policy';
import { ejecting, found, lines, service, version, workload } from './model-builder';

test.each([
  [1, 99, 1], [1, 100, 0], [2, 49, 1], [2, 50, 0], [3, 33, 1], [3, 34, 0], [9, 11, 1], [9, 12, 0], [10, 9, 1], [10, 10, 0],
])('%s pods and at most %s %%: %s findings', (pods, maxPercent, count) => {
  const circuitBreaker = ejecting({ maxPercent });
  expect(found(ejectionNeverHappens, { services: [service('orders', { circuitBreaker, pods: { min: 1, max: pods } })] })).toHaveLength(count);
  const versions = [version('v1', { circuitBreaker, workload: workload('orders', { replicas: pods }) })];
  expect(found(ejectionNeverHappens, { services: [service('orders', { versions })] })).toHaveLength(count);
});

test('it names the least share that works', () => {
  expect(lines(ejectionNeverHappens, { services: [service('orders', { circuitBreaker: ejecting({ maxPercent: 10 }), pods: { min: 3, max: 3 } })] })).toEqual([
    '[shop/orders] eject.atMostPercent is 10, which never ejects any endpoint (one of at most 3 pods is 33.3 %). Let atMostPercent be 34 or more.',
  ]);
});

test('nothing is said where the pods are not known, or ejection is not the program\'s own wish', () => {
  expect(found(ejectionNeverHappens, { services: [service('orders', { circuitBreaker: ejecting({ maxPercent: 1 }), pods: undefined })] })).toEqual([]);
  expect(found(ejectionNeverHappens, { services: [service('orders', { circuitBreaker: DEFAULT_CIRCUIT_BREAKER, pods: { min: 1, max: 1 } })] })).toEqual([]);
  expect(found(ejectionNeverHappens, { services: [service('orders', { circuitBreaker: { pool: {}, ejection: 'off' } })] })).toEqual([]);
});
