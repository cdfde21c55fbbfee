import { selectorMatchesNothing } from '../../src/checks/selector-matches-nothing';
import { Severity } from '../../src/model/finding';
import { existing, found, lines, object, service, version, workload } from './model-builder';

function orders(selector: Record<string, string>, podLabels: Record<string, string>, rest = {}) {
  return service('orders', { existingService: existing('orders', { selector }), versions: [version('v1', { workload: workload('orders', { podLabels, ...rest }) })] });
}

test('an existing Service that does not take the pods given with it', () => {
  expect(lines(selectorMatchesNothing, { services: [orders({ app: 'order' }, { app: 'orders' })] })).toEqual([
    '[shop/orders] the selector of Service orders (app=order) does not take the pods of Deployment orders (they carry app=orders). '
    + 'Give the pods these labels, or correct the selector of the Service.',
  ]);
});

test.each<[string, Record<string, string>, Record<string, string>, number]>([
  ['the same label', { app: 'orders' }, { app: 'orders' }, 0],
  ['one label of two', { app: 'orders', tier: 'x' }, { app: 'orders' }, 1],
  ['a label that the library adds', { version: 'v1' }, {}, 0],
  ['no selector at all', {}, { app: 'orders' }, 1],
])('%s', (_, selector, podLabels, count) => {
  expect(found(selectorMatchesNothing, { services: [orders(selector, podLabels)] })).toHaveLength(count);
});

test('pods from elsewhere, and workloads that cannot be read', () => {
  const outside = service('orders', { existingService: existing('orders'), versions: [version('v1', { workload: undefined })] });
  expect(found(selectorMatchesNothing, { services: [outside, orders({ app: 'x' }, {}, { unreadable: 'no container' })] })).toEqual([]);
});

test('our own Service selects what its pods get', () => {
  expect(found(selectorMatchesNothing, { services: [service('orders')] })).toEqual([]);
});

test.each<[string, object, string, number]>([
  ['known pods', { labels: { app: 'orders' } }, 'shop', 0],
  ['pods that are known by their labels', { labels: { app: 'outside' } }, 'shop', 0],
  ['no known pod', { labels: { app: 'order' } }, 'shop', 1],
  ['no known pod of a namespace without any', { labels: { app: 'order' } }, 'other', 0],
  ['all pods', {}, 'shop', 0],
])('a Sidecar that selects %s', (_, workloadSelector, namespace, count) => {
  const services = [service('orders'), service('outside', { podLabels: { app: 'outside' } })];
  const findings = found(selectorMatchesNothing, { services, objects: [object('Sidecar', 'x', { namespace, body: { spec: { workloadSelector } } })] });
  expect(findings.map(({ severity }) => severity)).toEqual(Array(count).fill(Severity.WARNING));
});
