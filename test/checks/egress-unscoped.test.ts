import { egressUnscoped } from '../../src/checks/egress-unscoped';
import { call, external, found, lines, route, service } from './model-builder';

test('a service that declares no call sees everything', () => {
  const services = [service('web'), service('orders', { egress: 'declared' }), service('ledger', { egress: 'declared' })];
  expect(lines(egressUnscoped, { services, externals: [external('pay')] })).toEqual([
    '[shop/web] egress is auto: its proxies are told about 3 other services, but its declared calls lead to 0 (it declares no call). '
    + 'Declare what it calls with calls(), or say egress: EgressScope.declared() if it calls nothing.',
  ]);
});

test('a service that asks for everything although it declares its calls', () => {
  const services = [service('web', { egress: 'everything' }), service('orders', { egress: 'declared' }), service('ledger', { egress: 'declared' })];
  expect(found(egressUnscoped, { services, calls: [call('web', 'orders')] })).toMatchObject([
    { message: 'egress is everything: its proxies are told about 2 other services, but its declared calls lead to 1' },
  ]);
});

test('what routes lead to counts as needed', () => {
  const orders = service('orders', { egress: 'declared', routes: [route('orders', 'old', { backends: [{ service: 'shop/ledger', weight: 100 }] })] });
  const services = [service('web', { egress: 'everything' }), orders, service('ledger', { egress: 'declared' })];
  expect(found(egressUnscoped, { services, calls: [call('web', 'orders')] })).toEqual([]);
});

test('scoped services, and a mesh of one', () => {
  const services = [service('web'), service('orders', { egress: 'namespace' }), service('ledger', { egress: 'declared' })];
  expect(found(egressUnscoped, { services, calls: [call('web', 'orders')] })).toEqual([]);
  expect(found(egressUnscoped, { services: [service('web')] })).toEqual([]);
});
