import { prematureStrict } from '../../src/checks/premature-strict';
import { call, found, lines, object, port, route, service, version, workload } from './model-builder';
import { guarded, PERMISSIVE, plaintext, policy, security } from './security-builder';

const calls = [call('legacy', 'orders')];

test('a declared caller without proxy would be cut off', () => {
  expect(lines(prematureStrict, { services: [service('legacy', { meshed: false }), guarded('orders')], calls })).toEqual([
    '[shop/orders] mTLS of shop/orders is strict, and its declared caller shop/legacy has no proxy, so it would be cut off from port 8080 '
    + '(its meshed is false). Let shop/legacy join the mesh first, go one stage back with MtlsMigration.permissiveWithProof(), leave this '
    + 'namespace out with MtlsMigration.strictExcept(\'shop\', …), or take plain connections on the port with acceptPlaintext.',
  ]);
});

test.each([
  ['hostNetwork is true', workload('legacy', { hostNetwork: true })],
  ['its pods have the label sidecar.istio.io/inject=false', workload('legacy', { podLabels: { 'sidecar.istio.io/inject': 'false' } })],
])('a pod that takes no proxy has none: %s', (evidence, pods) => {
  const services = [service('legacy', { versions: [version('v1', { workload: pods })] }), guarded('orders')];
  expect(found(prematureStrict, { services, calls })).toMatchObject([{ evidence }]);
});

test('a namespace without injection has none', () => {
  const legacy = service('legacy', { namespace: 'old', id: 'shop/legacy' });
  const namespace = object('Namespace', 'old', { body: { metadata: { labels: { 'istio-injection': 'disabled' } } } });
  expect(found(prematureStrict, { services: [legacy, guarded('orders')], calls, objects: [namespace] }))
    .toMatchObject([{ evidence: 'injection is off in namespace old' }]);
  expect(found(prematureStrict, { services: [legacy, guarded('orders')], calls, objects: [{ ...namespace, body: {} }] })).toEqual([]);
});

test('a caller that a route leads here is one, too', () => {
  const orders = service('orders', { routes: [route('orders', 'new', { backends: [{ service: 'shop/next', weight: 100 }] })] });
  const services = [service('legacy', { meshed: false }), orders, guarded('next')];
  expect(found(prematureStrict, { services, calls })).toMatchObject([{ construct: 'shop/next' }]);
});

test('enforced rules need an identity, whatever the mode', () => {
  const orders = service('orders', { zeroTrust: policy({ ...PERMISSIVE, enforcement: 'enforce' }) });
  expect(found(prematureStrict, { services: [service('legacy', { meshed: false }), orders], calls }))
    .toMatchObject([{ message: expect.stringContaining('shop/orders enforces who may call it') }]);
});

test('before the strict stage, without proxies anywhere, and on plain ports nobody is cut off', () => {
  const legacy = service('legacy', { meshed: false });
  expect(found(prematureStrict, { services: [legacy, service('orders', { zeroTrust: PERMISSIVE })], calls })).toEqual([]);
  expect(found(prematureStrict, { services: [legacy, service('orders')], calls })).toEqual([]);
  expect(found(prematureStrict, { services: [legacy, guarded('orders', { meshed: false })], calls })).toEqual([]);
  expect(found(prematureStrict, { services: [service('legacy'), guarded('orders')], calls })).toEqual([]);
  const open = guarded('orders', { ports: [port(8080), port(9000)], security: security({ plaintext: [plaintext(8080)] }) });
  expect(found(prematureStrict, { services: [legacy, open], calls: [call('legacy', 'orders', { port: 8080 })] })).toEqual([]);
  expect(found(prematureStrict, { services: [legacy, open], calls })).toMatchObject([{ message: expect.stringContaining('from port 9000') }]);
});
