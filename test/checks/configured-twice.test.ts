import { configuredTwice } from '../../src/checks/configured-twice';
import type { ObjectNode } from '../../src/model/mesh-model';
import { external, found, lines, object, ours, service } from './model-builder';

const HOST = 'orders.shop.svc.cluster.local';
const orders = service('orders');
const written = [ours('VirtualService', 'orders'), ours('DestinationRule', 'orders'), ours('Sidecar', 'orders')];

function spec(kind: string, name: string, body: object, rest: Partial<ObjectNode> = {}) {
  return object(kind, name, { body: { spec: body }, ...rest });
}

function judged(...objects: ObjectNode[]) {
  return found(configuredTwice, { services: [orders], objects: [...written, ...objects] });
}

test('it names both, and where to say it instead', () => {
  expect(lines(configuredTwice, { services: [orders], objects: [...written, spec('VirtualService', 'by-hand', { hosts: ['orders'] })] })).toEqual([
    `[shop/by-hand-virtualservice] the VirtualService by-hand configures ${HOST}, which this library configures for shop/orders `
    + '(the other one is shop/orders/VirtualService). Say it on the service (addRoute), or patch the written object with ApiObject.of(…).addJsonPatch.',
  ]);
});

test.each<[string, ObjectNode, string[] | undefined]>([
  ['a VirtualService by full name', spec('VirtualService', 'x', { hosts: ['a.example.com', HOST] }), ['IST0109', 'KIA1106']],
  ['a VirtualService for the mesh and a gateway', spec('VirtualService', 'x', { hosts: [HOST], gateways: ['edge', 'mesh'] }), ['IST0109', 'KIA1106']],
  ['a VirtualService for a gateway alone', spec('VirtualService', 'x', { hosts: [HOST], gateways: ['edge'] }), undefined],
  ['a VirtualService of another host', spec('VirtualService', 'x', { hosts: ['ledger'] }), undefined],
  ['a short name in another namespace', spec('VirtualService', 'x', { hosts: ['orders'] }, { namespace: 'other' }), undefined],
  ['a DestinationRule', spec('DestinationRule', 'x', { host: 'orders' }), ['KIA0201']],
  ['a DestinationRule of an older version of the API', spec('DestinationRule', 'x', { host: HOST }, { apiVersion: 'networking.istio.io/v1beta1' }), ['KIA0201']],
  ['a DestinationRule for some callers', spec('DestinationRule', 'x', { host: HOST, workloadSelector: { matchLabels: { app: 'a' } } }), undefined],
  ['a DestinationRule for every host', spec('DestinationRule', 'x', { host: '*.local' }), undefined],
  ['a DestinationRule of another API', spec('DestinationRule', 'x', { host: HOST }, { apiVersion: 'example.com/v1' }), undefined],
  ['a Sidecar that selects its pods', spec('Sidecar', 'x', { workloadSelector: { labels: { app: 'orders' } } }), ['IST0110', 'KIA0003']],
  ['a Sidecar that selects other pods', spec('Sidecar', 'x', { workloadSelector: { labels: { app: 'ledger' } } }), undefined],
  ['a Sidecar of another namespace', spec('Sidecar', 'x', { workloadSelector: { labels: { app: 'orders' } } }, { namespace: 'other' }), undefined],
  ['a Sidecar for the whole namespace', spec('Sidecar', 'x', {}), undefined],
  ['a ServiceEntry for the service', spec('ServiceEntry', 'x', { hosts: [HOST], ports: [{ number: 80 }] }), ['KIA1211']],
  ['a ServiceEntry for another host', spec('ServiceEntry', 'x', { hosts: ['a.example.com'], ports: [{ number: 80 }] }), undefined],
  ['a body that is not as it should be', spec('VirtualService', 'x', { hosts: 'orders', gateways: 5 }), undefined],
])('%s', (_, hand, catalogue) => {
  expect(judged(hand).map((finding) => finding.catalogue)).toEqual(catalogue === undefined ? [] : [catalogue]);
});

test('a hand-written resource alone configures once', () => {
  const objects = [spec('VirtualService', 'x', { hosts: ['orders'] }), spec('DestinationRule', 'x', { host: 'orders' }), spec('Sidecar', 'x', { workloadSelector: { labels: { app: 'orders' } } })];
  expect(found(configuredTwice, { services: [orders], objects })).toEqual([]);
});

test.each<[string, object, object, number]>([
  ['VirtualService', { hosts: ['a', 'b'] }, { hosts: ['b'] }, 1],
  ['VirtualService', { hosts: ['a'] }, { hosts: ['b'] }, 0],
  ['VirtualService', { hosts: ['a'], exportTo: ['x'] }, { hosts: ['a'], exportTo: ['y'] }, 0],
  ['VirtualService', { hosts: ['a'], exportTo: ['.'] }, { hosts: ['a'], exportTo: ['shop'] }, 1],
  ['VirtualService', { hosts: ['a'], exportTo: ['x'] }, { hosts: ['a'] }, 1],
  ['DestinationRule', { host: 'a' }, { host: 'a' }, 1],
  ['DestinationRule', { host: 'a' }, { host: 'b' }, 0],
  ['Sidecar', {}, {}, 1],
  ['Sidecar', {}, { workloadSelector: { labels: { app: 'orders' } } }, 0],
  ['Sidecar', { workloadSelector: { labels: { app: 'orders' } } }, { workloadSelector: { labels: { version: 'v1' } } }, 1],
  ['ServiceEntry', { hosts: ['a.example.com'], ports: [{ number: 80 }] }, { hosts: ['a.example.com'], ports: [{ number: 80 }] }, 1],
  ['ServiceEntry', { hosts: ['a.example.com'], ports: [{ number: 80 }] }, { hosts: ['a.example.com'], ports: [{ number: 81 }] }, 0],
])('two hand-written ones: %s %j and %j', (kind, one, two, count) => {
  expect(found(configuredTwice, { services: [orders], objects: [spec(kind, 'one', one), spec(kind, 'two', two)] })).toHaveLength(count);
});

test('a ServiceEntry beside an external service', () => {
  const objects = [spec('ServiceEntry', 'x', { hosts: ['pay.example.com'], ports: [{ number: 444 }] })];
  expect(found(configuredTwice, { externals: [external('pay')], objects })).toMatchObject([{ message: 'the ServiceEntry x declares pay.example.com, which the external service shop/pay declares, too' }]);
});
