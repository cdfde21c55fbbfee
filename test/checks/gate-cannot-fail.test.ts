import { gateCannotFail } from '../../src/checks/gate-cannot-fail';
import { delivered, latency, successRate } from './canary-builder';
import { found, lines } from './model-builder';

test.each([[1999, 0], [2000, 1]])('a gate at %d ms with a deadline of 2 s: %d findings', (atMostMs, count) => {
  expect(found(gateCannotFail, { services: [delivered('orders', { gates: [latency(99, atMostMs)] }, { deadline: 2000 })] })).toHaveLength(count);
});

test('the mesh\'s default counts, and no deadline does not', () => {
  const gates = [latency(99, 15_000), successRate(99)];
  expect(lines(gateCannotFail, { services: [delivered('orders', { gates })] })).toEqual([
    '[shop/orders-canary] gate latency-p99 lets 15 s pass, and no request takes longer than 15 s (the deadline of shop/orders is 15 s). '
    + 'Give a time well below the deadline.',
  ]);
  expect(found(gateCannotFail, { services: [delivered('orders', { gates }, { deadline: 'none' })] })).toEqual([]);
});
