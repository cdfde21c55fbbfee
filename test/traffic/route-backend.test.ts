import { RouteBackend } from '../../src';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

test('a subset belongs to the route\'s own service', () => {
  expect(RouteBackend.subset('v2')._node('shop/web')).toEqual({ service: 'shop/web', subset: 'v2', port: undefined, weight: 100 });
  expect(RouteBackend.subset('v2', { weight: 0, port: 65535 })._node('shop/web')).toEqual({ service: 'shop/web', subset: 'v2', port: 65535, weight: 0 });
  expect(RouteBackend.subset('v2')._target).toBeUndefined();
});

test('another service is known by its id', () => {
  const orders = service(shop(), 'orders');
  const backend = RouteBackend.service(orders, { subset: 'v2', port: 1, weight: 7 });
  expect(backend._node('shop/web')).toEqual({ service: 'shop/orders', subset: 'v2', port: 1, weight: 7 });
  expect(backend._target).toBe(orders);
  expect(RouteBackend.service(orders)._node('shop/web')).toEqual({ service: 'shop/orders', subset: undefined, port: undefined, weight: 100 });
});

test.each([-1, 101, NaN])('refuses a weight of %d', (weight) => {
  expect(refusal(() => RouteBackend.subset('v2', { weight }))).toBe(`RouteBackend: weight is ${weight}; give a percentage from 0 to 100`);
});

test('refuses a weight of half a percent', () => {
  expect(refusal(() => RouteBackend.subset('v2', { weight: 0.5 }))).toBe('RouteBackend: weight is 0.5; give a whole percentage from 0 to 100');
});

test.each([0, 65536])('refuses port %d', (port) => {
  expect(refusal(() => RouteBackend.subset('v2', { port }))).toBe(`RouteBackend: port is ${port}; give a whole number from 1 to 65535`);
});

test('refuses a subset without a name', () => {
  expect(refusal(() => RouteBackend.subset(''))).toBe('RouteBackend: subset is ""; give the name of a subset');
});
