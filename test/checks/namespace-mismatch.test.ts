import { namespaceMismatch } from '../../src/checks/namespace-mismatch';
import { existing, found, lines, service, version, workload } from './model-builder';

function orders(namespace: string | undefined) {
  return { services: [service('orders', { versions: [version('v1', { workload: workload('orders', { namespace }) })] })] };
}

test('a workload of another namespace', () => {
  expect(lines(namespaceMismatch, orders('other'))).toEqual([
    '[shop/orders] Deployment orders is in namespace other, and the service is in shop (shop/orders-pods). Put the workload and the service into charts of one namespace.',
  ]);
});

test.each([['shop', 0], ['other', 1], [undefined, 1]])('a workload of namespace %s: %s findings', (namespace, count) => {
  expect(found(namespaceMismatch, orders(namespace))).toHaveLength(count);
});

test.each([['shop', 0], ['other', 1], [undefined, 1]])('an existing Service of namespace %s: %s findings', (namespace, count) => {
  expect(found(namespaceMismatch, { services: [service('orders', { existingService: existing('orders', { namespace }) })] })).toHaveLength(count);
});

test('a service without a namespace is namespace-missing\'s', () => {
  expect(found(namespaceMismatch, { services: [service('orders', { namespace: undefined })] })).toEqual([]);
});
