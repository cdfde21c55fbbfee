import type { AmbientNode } from '../../src/model/ambient';
import { dataPlaneOf, isAmbient } from '../../src/model/data-plane';
import { type Callee, deadlineFor } from '../../src/model/effective';
import { ambient } from '../checks/ambient-builder';
import { call, external, model, port, retry, service } from '../checks/model-builder';

test('a namespace that has not moved is one with sidecars', () => {
  const { mesh } = model({ mesh: ambient({ sidecarNamespaces: ['old'] }) });
  expect([dataPlaneOf(mesh, 'shop'), dataPlaneOf(mesh, 'old'), dataPlaneOf(mesh, undefined)]).toEqual(['istio-ambient', 'istio', 'istio-ambient']);
  expect([isAmbient(mesh, 'shop'), isAmbient(mesh, 'old'), isAmbient(model({}).mesh, 'shop')]).toEqual([true, false, false]);
});

test('where no proxy reads requests there is no deadline that nobody asked for', () => {
  const orders = service('orders');
  const at = (rest: Partial<AmbientNode>, callee: Callee = orders) => deadlineFor(model({ mesh: ambient(rest) }), callee);
  expect([at({}), at({}, service('orders', { retry: retry(1) })), at({}, service('orders', { deadline: 7 }))]).toEqual(['none', 15_000, 7]);
  expect([at({ sidecarNamespaces: ['old'] }), at({ waypoints: 'never' }, service('orders', { retry: retry(1) }))]).toEqual([15_000, 'none']);
  const plain = external('pay', { ports: [port(80)] });
  expect([at({}, plain), at({}, { ...plain, originateTls: true })]).toEqual(['none', 15_000]);
  expect(deadlineFor(model({ mesh: ambient() }), orders, undefined, call('web', 'orders', { deadline: 5 }))).toBe(5);
  expect(deadlineFor(model({}), orders)).toBe(15_000);
});
