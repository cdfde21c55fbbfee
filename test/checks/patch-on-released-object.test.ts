import { patchOnReleasedObject } from '../../src/checks/patch-on-released-object';
import { delivered, FLAGGER } from './canary-builder';
import { found, lines } from './model-builder';

test('patches of what the engine writes are told, one by one', () => {
  const lostPatches = [{ kind: 'VirtualService', name: 'orders' }, { kind: 'Service', name: 'orders', path: '/spec/selector' }];
  expect(lines(patchOnReleasedObject, { services: [delivered('orders', { engine: FLAGGER, lostPatches })] }).map((line) => line.split(' (')[0])).toEqual([
    '[shop/orders-canary] VirtualService orders was patched, and is Flagger\'s now',
    '[shop/orders-canary] Service orders was patched at /spec/selector, which is Flagger\'s now',
  ]);
  expect(found(patchOnReleasedObject, { services: [delivered('orders', { engine: FLAGGER })] })).toEqual([]);
});
