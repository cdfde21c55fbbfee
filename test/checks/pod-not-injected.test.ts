import { podNotInjected } from '../../src/checks/pod-not-injected';
import { found, lines, service, version, workload } from './model-builder';

const LABEL = 'sidecar.istio.io/inject';

function orders(rest: Partial<ReturnType<typeof workload>>) {
  return { services: [service('orders', { versions: [version('v1', { workload: workload('orders', rest) })] })] };
}

test('the host\'s network', () => {
  expect(lines(podNotInjected, orders({ hostNetwork: true }))).toEqual([
    '[shop/orders] the pods of Deployment orders take no proxy, so shop/orders is not in the mesh (hostNetwork is true). '
    + 'Take that away, or declare the service with ExternalService, which needs no proxy.',
  ]);
});

test.each<[string, Partial<ReturnType<typeof workload>>, number]>([
  ['nothing said', {}, 0],
  ['label true', { podLabels: { [LABEL]: 'true' } }, 0],
  ['label false', { podLabels: { [LABEL]: 'false' } }, 1],
  ['annotation false', { podAnnotations: { [LABEL]: 'false' } }, 1],
  ['annotation true', { podAnnotations: { [LABEL]: 'true' } }, 0],
  ['the label is stronger', { podLabels: { [LABEL]: 'true' }, podAnnotations: { [LABEL]: 'false' } }, 0],
  ['the label is stronger when it says no', { podLabels: { [LABEL]: 'false' }, podAnnotations: { [LABEL]: 'true' } }, 1],
  ['a value that nobody knows', { podLabels: { [LABEL]: 'no' } }, 0],
])('%s', (_, rest, count) => {
  expect(found(podNotInjected, orders(rest))).toHaveLength(count);
});

test.each([['enabled', 0], ['ingress', 0], ['disabled', 1], ['true', 1]])('of Linkerd the annotation %s: %d findings', (value, count) => {
  const pods = { podAnnotations: { 'linkerd.io/inject': value }, podLabels: { [LABEL]: 'false' } };
  expect(found(podNotInjected, { ...orders(pods), mesh: { provider: 'linkerd' } })).toHaveLength(count);
});
