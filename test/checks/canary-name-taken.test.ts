import { canaryNameTaken } from '../../src/checks/canary-name-taken';
import { ARGO, delivered, FLAGGER } from './canary-builder';
import { found, lines, object, ours } from './model-builder';

const services = [delivered('orders', { engine: FLAGGER })];

test.each([
  ['Service', 'orders-primary', 1], ['Service', 'orders-canary', 1], ['DestinationRule', 'orders-canary', 1], ['Deployment', 'orders-primary', 1], ['VirtualService', 'orders', 1],
  ['VirtualService', 'orders-canary', 0], ['HTTPRoute', 'orders', 0], ['Service', 'orders', 0],
  ['Service', 'orders-second', 0], ['Deployment', 'orders-canary', 0], ['ConfigMap', 'orders-primary', 0],
])('a %s called %s: %d findings', (kind, name, count) => {
  expect(found(canaryNameTaken, { services, objects: [object(kind, name)] })).toHaveLength(count);
  expect(found(canaryNameTaken, { services, objects: [object(kind, name, { namespace: 'other' })] })).toEqual([]);
  expect(found(canaryNameTaken, { services: [delivered('orders', { engine: ARGO })], objects: [object(kind, name)] })).toEqual([]);
});

test.each(['gateway-api', 'linkerd'] as const)('on %s it makes no policies', (provider) => {
  const named = (kind: string) => found(canaryNameTaken, { services, objects: [object(kind, 'orders-canary')], mesh: { provider } }).length;
  expect([named('Service'), named('DestinationRule')]).toEqual([1, 0]);
  const route = (kind: string) => found(canaryNameTaken, { services, objects: [object(kind, 'orders')], mesh: { provider } }).length;
  expect([route('HTTPRoute'), route('VirtualService')]).toEqual([1, 0]);
  const access = object('HTTPRoute', 'orders', { apiVersion: 'policy.linkerd.io/v1beta3' });
  expect(found(canaryNameTaken, { services, objects: [access], mesh: { provider } })).toEqual([]);
});

test('a service of the mesh is blamed itself', () => {
  expect(lines(canaryNameTaken, { services, objects: [ours('Service', 'orders-primary')] })).toEqual([
    '[shop/orders-primary] Service orders-primary has a name that Flagger gives to what it makes for shop/orders (the canary is shop/orders-canary). '
    + 'Give it another name.',
  ]);
});

test.each([[55, 0], [56, 1]])('a service with a name of %d characters: %d findings', (length, count) => {
  expect(found(canaryNameTaken, { services: [delivered('o'.repeat(length), { engine: FLAGGER })] })).toHaveLength(count);
});
