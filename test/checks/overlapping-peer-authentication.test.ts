import { overlappingPeerAuthentication } from '../../src/checks/overlapping-peer-authentication';
import { found, lines, object, ours, service } from './model-builder';
import { guarded, plaintext, security } from './security-builder';

const API = { apiVersion: 'security.istio.io/v1' };
const byHand = (name: string, selector?: object, namespace = 'shop') => object('PeerAuthentication', name, {
  ...API, namespace, body: { spec: { mtls: { mode: 'STRICT' }, ...selector && { selector: { matchLabels: selector } } } },
});
const written = ours('PeerAuthentication', 'x', { ...API, name: 'default', origin: 'shop/zero-trust/shop/PeerAuthentication' });
const open = security({ plaintext: [plaintext(9090)] });

test('a second one for the namespace of a policy', () => {
  expect(lines(overlappingPeerAuthentication, { services: [guarded('orders')], objects: [written, byHand('by-hand')] })).toEqual([
    '[shop/by-hand-peerauthentication] the PeerAuthentication by-hand is the second one for the whole of namespace shop (the other one is of '
    + 'shop/zero-trust/shop/PeerAuthentication). Say the mode on the policy with mtls, and take this away.',
  ]);
});

test('two by hand', () => {
  const services = [service('orders')];
  expect(found(overlappingPeerAuthentication, { services, objects: [byHand('a'), byHand('b')] })).toHaveLength(1);
  expect(found(overlappingPeerAuthentication, { services, objects: [byHand('a', { app: 'orders' }), byHand('b', { app: 'orders' })] })).toHaveLength(1);
  expect(found(overlappingPeerAuthentication, { services, objects: [byHand('a'), byHand('b', undefined, 'bank'), byHand('c', { app: 'orders' })] })).toEqual([]);
});

test('one by hand for the pods of a plain port, and two services of the same pods with plain ports', () => {
  const orders = guarded('orders', { security: open });
  expect(found(overlappingPeerAuthentication, { services: [orders], objects: [byHand('by-hand', { app: 'orders' })] }))
    .toMatchObject([{ message: 'the PeerAuthentication by-hand selects pods that have one already', evidence: 'the other one is of shop/orders' }]);
  const admin = guarded('admin', { security: open, selector: { app: 'orders' } });
  expect(found(overlappingPeerAuthentication, { services: [orders, admin] })).toMatchObject([{ construct: 'shop/admin' }]);
  expect(found(overlappingPeerAuthentication, { services: [orders, guarded('web', { security: open })] })).toEqual([]);
  expect(found(overlappingPeerAuthentication, { services: [orders], objects: [written, byHand('by-hand', { app: 'web' })] })).toEqual([]);
});
