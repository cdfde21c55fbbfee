import { namespaceMissing } from '../../src/checks/namespace-missing';
import { external, found, lines, service } from './model-builder';

test('services and external services without a namespace', () => {
  expect(lines(namespaceMissing, { services: [service('orders', { namespace: undefined })] })).toEqual([
    '[shop/orders] orders has no namespace (neither it nor its chart names one). Give the chart a namespace, new Chart(app, id, { namespace }), or the service itself.',
  ]);
  expect(found(namespaceMissing, { externals: [external('pay', { namespace: undefined })] })).toMatchObject([{ construct: 'shop/pay' }]);
});

test('with one', () => {
  expect(found(namespaceMissing, { services: [service('orders')], externals: [external('pay')] })).toEqual([]);
});
