import { callCycle } from '../../src/checks/call-cycle';
import { call, found, lines, retry, route, service } from './model-builder';

const services = [service('orders'), service('stock')];

test('a ring that retries', () => {
  expect(lines(callCycle, { services, calls: [call('orders', 'stock', { retry: retry(1) }), call('stock', 'orders')] })).toEqual([
    '[shop/orders] the calls shop/orders → shop/stock → shop/orders form a ring that multiplies requests (each way round makes more requests than it '
    + 'began with, so no number bounds them). Say which routes make and take these calls (during, operation), or how often they may lie within one '
    + 'another (maxDepth), or give the ring Retry.never().',
  ]);
});

test('a ring that calls twice', () => {
  expect(found(callCycle, { services, calls: [call('orders', 'stock', { times: 2 }), call('stock', 'orders')] })).toMatchObject([{ severity: 'error' }]);
});

test('a ring without retries is told', () => {
  expect(found(callCycle, { services, calls: [call('orders', 'stock'), call('stock', 'orders')] })).toMatchObject([{ severity: 'info' }]);
});

test('a bounded depth', () => {
  expect(found(callCycle, { services, calls: [call('orders', 'stock', { retry: retry(1), maxDepth: 2 }), call('stock', 'orders')] })).toEqual([]);
});

test('no ring of operations', () => {
  const apart = [service('orders', { routes: [route('orders', 'place'), route('orders', 'price')] }), service('stock')];
  const calls = [call('orders', 'stock', { during: 'place', retry: retry(1) }), call('stock', 'orders', { operation: 'price' })];
  expect(found(callCycle, { services: apart, calls })).toEqual([]);
  expect(found(callCycle, { services: apart, calls: [calls[0], { ...calls[1], operation: 'place' }] })).toMatchObject([{ severity: 'error' }]);
});
