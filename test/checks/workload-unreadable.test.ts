import { workloadUnreadable } from '../../src/checks/workload-unreadable';
import { found, lines, service, version, workload } from './model-builder';

test('a workload that throws', () => {
  const versions = [version('v1', { workload: workload('orders', { unreadable: 'PodSpec must have at least 1 container.' }) })];
  expect(lines(workloadUnreadable, { services: [service('orders', { versions })] })).toEqual([
    '[shop/orders] the workload Deployment shop/orders-pods of shop/orders cannot be read (PodSpec must have at least 1 container). Complete it before the synth.',
  ]);
});

test('one that can be read, and none', () => {
  expect(found(workloadUnreadable, { services: [service('orders'), service('outside', { podLabels: { app: 'x' } })] })).toEqual([]);
});
