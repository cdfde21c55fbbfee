import { imageAuto } from '../../src/checks/image-auto';
import { found, lines, object, service, version, workload } from './model-builder';

function orders(container: string, image = 'auto', rest: Partial<ReturnType<typeof workload>> = {}) {
  const pods = workload('orders', { containers: [{ name: container, image, ports: [{ number: 8080 }] }], ...rest });
  return { services: [service('orders', { versions: [version('v1', { workload: pods })] })] };
}

test('the application\'s own container', () => {
  expect(lines(imageAuto, orders('main'))).toEqual([
    '[shop/orders] the image of container main of Deployment orders is auto, which nobody replaces (injection replaces it only in a container istio-proxy). Name a real image.',
  ]);
  expect(found(imageAuto, orders('main', 'auto:1.0'))).toEqual([]);
});

test('the proxy\'s container', () => {
  expect(found(imageAuto, orders('istio-proxy'))).toEqual([]);
  expect(found(imageAuto, orders('istio-proxy', 'auto', { hostNetwork: true }))).toMatchObject([{ catalogue: ['IST0146'], evidence: 'hostNetwork is true' }]);
  expect(found(imageAuto, orders('istio-proxy', 'auto', { hostNetwork: true, kind: 'Pod' }))).toMatchObject([{ catalogue: ['IST0147'] }]);
});

test.each([['enabled', 0], ['disabled', 1]])('the proxy\'s container in a namespace where injection is %s', (value, count) => {
  const objects = [object('Namespace', 'shop', { body: { metadata: { labels: { 'istio-injection': value } } } })];
  expect(found(imageAuto, { ...orders('istio-proxy'), objects }).map(({ catalogue }) => catalogue)).toEqual(Array(count).fill(['IST0146']));
});

test('a namespace of ours without injection', () => {
  const namespaces = [{ origin: 'shop/ns', name: 'shop', labels: {}, injected: false }];
  expect(found(imageAuto, { ...orders('istio-proxy'), namespaces })).toHaveLength(1);
});
