import { canaryNeverEnds } from '../../src/checks/canary-never-ends';
import { ARGO, delivered, FLAGGER, manual, weights } from './canary-builder';
import { found, lines } from './model-builder';

test.each([[[10, 99], 1], [[10, 100], 0], [[100], 0]])('commits with the steps %j: %d findings', (steps, count) => {
  expect(found(canaryNeverEnds, { services: [delivered('orders', { engine: manual(), strategy: weights(...steps) })] })).toHaveLength(count);
});

test.each([[FLAGGER, 49, 1], [ARGO, 49, 1], [FLAGGER, 50, 0], [ARGO, 50, 0]])('%j with a last step of %d: %d findings', (engine, last, count) => {
  const findings = found(canaryNeverEnds, { services: [delivered('orders', { engine, strategy: weights(10, last) })] });
  expect(findings.map(({ severity }) => severity)).toEqual(Array(count).fill('warning'));
});

test('it says where the steps end', () => {
  expect(lines(canaryNeverEnds, { services: [delivered('orders', { engine: manual(), strategy: weights(10, 50) })] })).toEqual([
    '[shop/orders-canary] the steps end at 50 %, so the new version never gets all requests (its steps are 10, 50). End the steps with 100.',
  ]);
});

test('other strategies have no steps', () => {
  const strategy = { kind: 'blue-green', iterations: 3, everyMs: 60_000 } as const;
  expect(found(canaryNeverEnds, { services: [delivered('orders', { strategy })] })).toEqual([]);
});
