import { externalHostConflict } from '../../src/checks/external-host-conflict';
import { external, found, lines, port, service } from './model-builder';

const hosts = ['api.example.com'];

test('one host with two protocols on one port', () => {
  expect(lines(externalHostConflict, { externals: [external('a', { hosts }), external('b', { hosts, ports: [port(443, 'tls')] })] })).toEqual([
    '[shop/b] hosts holds api.example.com, which shop/a declares already (port 443 is https there and tls here). Declare api.example.com once, with all of its ports.',
  ]);
});

test('the catalogue tells a double from a conflict', () => {
  const pair = (ports: ReturnType<typeof port>[]) => found(externalHostConflict, { externals: [external('a', { hosts }), external('b', { hosts, ports })] });
  expect(pair([port(443, 'tls')])).toMatchObject([{ catalogue: ['IST0177', 'KIA1212'] }]);
  expect(pair([port(443, 'https')])).toMatchObject([{ catalogue: ['KIA1211'] }]);
  expect(pair([port(444, 'tls')])).toMatchObject([{ catalogue: ['KIA1211'] }]);
});

test('a host of the mesh itself', () => {
  expect(found(externalHostConflict, { services: [service('orders')], externals: [external('a', { hosts: ['orders.shop.svc.cluster.local'] })] }))
    .toMatchObject([{ construct: 'shop/a', message: 'hosts holds orders.shop.svc.cluster.local, which is the service shop/orders of this mesh' }]);
});

test('different hosts, and one host written twice in one declaration', () => {
  expect(found(externalHostConflict, { services: [service('orders')], externals: [external('a', { hosts: [...hosts, ...hosts] }), external('b', { hosts: ['b.example.com'] })] })).toEqual([]);
});
