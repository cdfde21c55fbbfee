import { ejectionEmptiesService } from '../../src/checks/ejection-empties-service';
import { DEFAULT_CIRCUIT_BREAKER } from '../../src/model/policy';
import { ejecting, external, found, lines, service, version, workload } from './model-builder';

test.each([[100, 0, 1], [99, 0, 0], [100, 1, 0]])('at most %s %%, at least %s %% healthy: %s findings', (maxPercent, minHealthPercent, count) => {
  const circuitBreaker = ejecting({ maxPercent, minHealthPercent });
  const services = [service('orders', { circuitBreaker, versions: [version('v1'), version('v2', { circuitBreaker })] })];
  expect(found(ejectionEmptiesService, { services })).toHaveLength(2 * count);
  expect(found(ejectionEmptiesService, { externals: [external('pay', { circuitBreaker })] })).toHaveLength(count);
  expect(found(ejectionEmptiesService, { services: [service('orders')], defaults: { circuitBreaker } })).toHaveLength(count);
});

test('it says how many pods may go', () => {
  const circuitBreaker = ejecting({ maxPercent: 100, minHealthPercent: 0 });
  expect(lines(ejectionEmptiesService, { services: [service('orders', { circuitBreaker, pods: { min: 1, max: 3 } })] })).toEqual([
    '[shop/orders] eject.atMostPercent is 100 and eject.minHealthyPercent is 0: ejection may leave no endpoint (all 3 pods may be ejected at once). '
    + 'Let atMostPercent be below 100, or minHealthyPercent above 0; 50 and 50 are the defaults.',
  ]);
});

test('the mesh\'s default is blamed on the mesh, and only where it is in force', () => {
  const circuitBreaker = ejecting({ maxPercent: 100, minHealthPercent: 0 });
  const own = service('orders', { circuitBreaker: ejecting({}) });
  expect(found(ejectionEmptiesService, { services: [own], defaults: { circuitBreaker } })).toEqual([]);
  expect(found(ejectionEmptiesService, { services: [own, service('web')], defaults: { circuitBreaker } })).toMatchObject([{ construct: 'shop/mesh' }]);
});

test('the library\'s own ejection never empties a service', () => {
  for (const replicas of [1, 2, 3]) {
    const versions = [version('v1', { workload: workload('orders', { replicas }) })];
    const services = [service('orders', { versions, pods: { min: replicas, max: replicas }, circuitBreaker: DEFAULT_CIRCUIT_BREAKER })];
    expect(found(ejectionEmptiesService, { services })).toEqual([]);
  }
});
