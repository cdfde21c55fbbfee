import { proxyUid } from '../../src/checks/proxy-uid';
import { found, lines, service, version, workload } from './model-builder';

function orders(rest: Partial<ReturnType<typeof workload>>) {
  return { services: [service('orders', { versions: [version('v1', { workload: workload('orders', rest) })] })] };
}

function container(name: string, runAsUser: number) {
  return { containers: [{ name, image: 'x', ports: [], runAsUser }] };
}

test.each([[1336, 0], [1337, 1], [1338, 0]])('user %s: %s findings', (runAsUser, count) => {
  expect(found(proxyUid, orders({ runAsUser }))).toHaveLength(count);
  expect(found(proxyUid, orders(container('main', runAsUser)))).toHaveLength(count);
});

test('it names the container', () => {
  expect(lines(proxyUid, orders(container('main', 1337)))).toEqual([
    "[shop/orders] securityContext.runAsUser of Deployment orders is 1337, the proxy's user (it is set for container main). Give it another user id.",
  ]);
});

test('the proxy itself runs so', () => {
  expect(found(proxyUid, orders(container('istio-proxy', 1337)))).toEqual([]);
});

test.each([[1337, 0], [2102, 1]])('of Linkerd user %s: %s findings', (runAsUser, count) => {
  expect(found(proxyUid, { ...orders(container('orders', runAsUser)), mesh: { provider: 'linkerd' } })).toHaveLength(count);
  expect(found(proxyUid, { ...orders(container('linkerd-proxy', runAsUser)), mesh: { provider: 'linkerd' } })).toEqual([]);
});
