import { findingsOf } from '../../src/checks';
import { requestRulesOverlap } from '../../src/checks/request-rules-overlap';
import { call, model, service } from './model-builder';
import { policy } from './security-builder';

function found(provider: 'linkerd' | 'istio', ...paths: string[]) {
  const callers = paths.map((_, index) => service(`caller-${index}`));
  const services = [service('orders', { zeroTrust: policy() }), ...callers];
  const calls = paths.map((path, index) => call(`caller-${index}`, 'orders', { paths: [path] }));
  return findingsOf(requestRulesOverlap, model({ services, calls, mesh: { provider } })).map(({ message, evidence }) => [message, evidence]);
}

test('a template and a path that it takes cannot be told apart', () => {
  expect(found('linkerd', '/orders/{*}', '/orders/export')).toEqual([[
    'shop/orders lets different callers to /orders/{*} and to /orders/export, and Linkerd cannot tell which of the two is meant',
    'one route decides about a request, and both match as many letters',
  ]]);
  expect(found('linkerd', '/orders/{*}', '/orders/{*}/items')).toEqual([]);
  expect(found('linkerd', '/orders/*', '/orders/export')).toEqual([]);
});

test('where all rules decide together nothing overlaps', () => {
  expect(found('istio', '/orders/{*}', '/orders/export')).toEqual([]);
});
