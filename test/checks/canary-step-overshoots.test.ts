import { canaryStepOvershoots } from '../../src/checks/canary-step-overshoots';
import { delivered, linear, weights } from './canary-builder';
import { found, lines } from './model-builder';

test.each([[30, 50, 1], [25, 50, 0], [50, 50, 0], [10, 100, 0], [7, 100, 1]])('step %d, maximum %d: %d findings', (step, max, count) => {
  expect(found(canaryStepOvershoots, { services: [delivered('orders', { strategy: linear(step, max) })] })).toHaveLength(count);
});

test('listed steps are as they were meant', () => {
  expect(found(canaryStepOvershoots, { services: [delivered('orders', { strategy: weights(30, 50) })] })).toEqual([]);
});

test('it says where the last step begins and ends', () => {
  expect(lines(canaryStepOvershoots, { services: [delivered('orders', { strategy: linear(30, 50) })] })).toEqual([
    '[shop/orders-canary] step 30 does not divide max 50: the last step goes from 30 % to 50 % (a whole step would end at 60 %). '
    + 'Choose a step that divides the maximum, or list the steps with CanaryStrategy.steps.',
  ]);
});
