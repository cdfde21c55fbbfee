import { pinnedLabel } from '../../src/checks/pinned-label';
import { existing, found, lines, service, version, workload } from './model-builder';

function orders(pinnedLabels: Record<string, string>, rest: Parameters<typeof service>[1] = {}) {
  return { services: [service('orders', { versions: [version('v2', { workload: workload('orders', { pinnedLabels }) })], ...rest })] };
}

test('a pinned version', () => {
  expect(lines(pinnedLabel, orders({ version: 'v1' }))).toEqual([
    '[shop/orders] the selector of Deployment orders pins the label version to v1, and the service needs v2 '
    + '(spec.selector.matchLabels.version is v1, and a selector cannot change in the cluster). Call the version v1.',
  ]);
});

test.each<[string, Record<string, string>, number]>([
  ['the wanted labels', { app: 'orders', version: 'v2' }, 0],
  ['a label of no concern', { tier: 'x' }, 0],
  ['another app', { app: 'order' }, 1],
  ['another app and version', { app: 'order', version: 'v1' }, 2],
])('%s', (_, pinned, count) => {
  expect(found(pinnedLabel, orders(pinned))).toHaveLength(count);
});

test('labels that are called like what every object has', () => {
  const versions = [version('v2', { workload: workload('orders', { pinnedLabels: { tier: 'x' } }), selector: { version: 'v2', constructor: 'a' } })];
  expect(found(pinnedLabel, { services: [service('orders', { versions })] })).toEqual([]);
  expect(found(pinnedLabel, orders({ constructor: 'a', toString: 'b' }))).toEqual([]);
});

test('an existing Service selects as it does: only the version is needed', () => {
  expect(found(pinnedLabel, orders({ app: 'order' }, { existingService: existing('orders') }))).toEqual([]);
  expect(found(pinnedLabel, orders({ version: 'v1' }, { existingService: existing('orders') }))).toHaveLength(1);
});
