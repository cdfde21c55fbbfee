import { unknownHost } from '../../src/checks/unknown-host';
import type { ObjectNode } from '../../src/model/mesh-model';
import { external, found, lines, object, service, version } from './model-builder';

function spec(kind: string, body: object, rest: Partial<ObjectNode> = {}) {
  return object(kind, 'x', { body: { spec: body }, ...rest });
}

function judged(...objects: ObjectNode[]) {
  return found(unknownHost, { services: [service('orders', { versions: [version('v1'), version('v2')] })], externals: [external('pay')], objects });
}

function to(destination: object) {
  return { hosts: ['shop.example.com'], http: [{ route: [{ destination }] }] };
}

test('it says the host as it is read', () => {
  expect(lines(unknownHost, { services: [service('orders')], objects: [spec('VirtualService', to({ host: 'order' }))] })).toEqual([
    '[shop/x-virtualservice] destination.host of the VirtualService x is order.shop.svc.cluster.local, and no Service of this program is called so '
    + '(read in namespace shop). Correct the name, or suppress this if another program writes the Service.',
  ]);
});

test.each<[string, ObjectNode, string[] | undefined]>([
  ['a short name that is there', spec('VirtualService', to({ host: 'orders' })), undefined],
  ['a full name that is there', spec('VirtualService', to({ host: 'orders.shop.svc.cluster.local' })), undefined],
  ['a short name of another namespace', spec('VirtualService', to({ host: 'orders' }), { namespace: 'other' }), ['IST0101', 'KIA1101']],
  ['an external host, which may be in DNS', spec('VirtualService', to({ host: 'api.example.com' })), undefined],
  ['a declared external host', spec('VirtualService', to({ host: 'pay.example.com' })), undefined],
  ['a TCP route', spec('VirtualService', { tcp: [{ route: [{ destination: { host: 'db' } }] }] }), ['IST0101', 'KIA1101']],
  ['a TLS route', spec('VirtualService', { tls: [{ route: [{ destination: { host: 'db' } }] }] }), ['IST0101', 'KIA1101']],
  ['a mirror', spec('VirtualService', { http: [{ mirror: { host: 'db' } }] }), ['IST0101', 'KIA1101']],
  ['one of several mirrors', spec('VirtualService', { http: [{ mirrors: [{ destination: { host: 'db' } }] }] }), ['IST0101', 'KIA1101']],
  ['a subset that is there', spec('VirtualService', to({ host: 'orders', subset: 'v2' })), undefined],
  ['a subset that is not', spec('VirtualService', to({ host: 'orders', subset: 'v3' })), ['IST0101', 'KIA1107']],
  ['a DestinationRule', spec('DestinationRule', { host: 'order' }), ['IST0174', 'KIA0202']],
  ['a DestinationRule that is right', spec('DestinationRule', { host: 'orders' }), undefined],
  ['a DestinationRule for many hosts', spec('DestinationRule', { host: '*.svc.cluster.local' }), undefined],
  ['a Sidecar', spec('Sidecar', { egress: [{ hosts: ['./order.shop.svc.cluster.local'] }] }), ['KIA1004']],
  ['a Sidecar that is right', spec('Sidecar', { egress: [{ hosts: ['./*', '*/orders.shop.svc.cluster.local', 'istio-system/*'] }] }), undefined],
])('%s', (_, hand, catalogue) => {
  expect(judged(hand).map((finding) => finding.catalogue)).toEqual(catalogue === undefined ? [] : [catalogue]);
});

test('Services and ServiceEntries of the program are known, and subsets of its own DestinationRules', () => {
  const objects = [
    spec('VirtualService', to({ host: 'db', subset: 'fast' })), spec('VirtualService', to({ host: 'ext.shop.svc.cluster.local' })),
    object('Service', 'db'), spec('ServiceEntry', { hosts: ['ext.shop.svc.cluster.local'] }), spec('DestinationRule', { host: 'db', subsets: [{ name: 'fast' }] }),
  ];
  expect(judged(...objects)).toEqual([]);
  expect(judged(...objects.slice(0, 3))).toHaveLength(2);
});
