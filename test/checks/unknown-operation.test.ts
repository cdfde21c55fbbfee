import { unknownOperation } from '../../src/checks/unknown-operation';
import { call, external, found, lines, route, service } from './model-builder';

const services = [service('web', { routes: [route('web', 'home')] }), service('orders', { routes: [route('orders', 'place')] })];

test('a route that the callee does not have', () => {
  expect(lines(unknownOperation, { services, calls: [call('web', 'orders', { operation: 'pay' })] })).toEqual([
    '[shop/web] the call to shop/orders has operation pay, and shop/orders has no such route (its routes are place). '
    + "Add the route with addRoute('pay', …), or name another one.",
  ]);
});

test('a route that the caller does not have', () => {
  expect(found(unknownOperation, { services, calls: [call('web', 'orders', { during: 'place' })] })[0].message)
    .toBe('the call to shop/orders has during place, and shop/web has no such route');
});

test('routes that are there', () => {
  expect(found(unknownOperation, { services, calls: [call('web', 'orders', { during: 'home', operation: 'place' })] })).toEqual([]);
});

test('an external service has no routes', () => {
  expect(found(unknownOperation, { services, externals: [external('pay')], calls: [call('web', 'pay', { operation: 'charge' })] })).toHaveLength(1);
});
