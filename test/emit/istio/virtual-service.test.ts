import { externalVirtualService, virtualService } from '../../../src/emit/istio/virtual-service';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { HTTP, aMesh, aModel, aPort, aRoute, aService, aVersion, anExternal, prefix } from '../model';

const HOST = 'db.shop.svc.cluster.local';
const TCP = aPort('tcp', 5432);
const split = { v1: 90, v2: 10 };
const versions = [aVersion('v1'), aVersion('v2')];
const weighted = [{ destination: { host: HOST, subset: 'v1' }, weight: 90 }, { destination: { host: HOST, subset: 'v2' }, weight: 10 }];
const toV2 = { backends: [{ service: 'shop/db', subset: 'v2', weight: 100 }] };

function specOf(db: ServiceNode) {
  return virtualService.spec!(db, aModel({ services: [db, aService('web'), aService('batch.jobs')] }));
}

test.each<[boolean, string, ServiceNode]>([
  [true, 'an HTTP port', aService('db')],
  [true, 'a gRPC port beside a TCP port', aService('db', { ports: [TCP, aPort('grpc', 9090)] })],
  [true, 'a split on TCP', aService('db', { ports: [TCP], split })],
  [true, 'a split on TLS', aService('db', { ports: [aPort('tls', 443)], split })],
  [true, 'a route of connections', aService('db', { ports: [TCP], routes: [aRoute('r', [], toV2)] })],
  [false, 'TCP alone', aService('db', { ports: [TCP] })],
  [false, 'a route on TCP that asks for a path', aService('db', { ports: [TCP], routes: [aRoute('r', [prefix('/a')], toV2)] })],
  [false, 'a route on TCP without backends', aService('db', { ports: [TCP], routes: [aRoute('r', [])] })],
  [false, 'a split on UDP', aService('db', { ports: [aPort('udp', 53)], split })],
  [false, 'a split without ports', aService('db', { ports: [], split })],
])('exists: %s for %s', (exists, _, node) => {
  expect(virtualService.exists(node, aMesh())).toBe(exists);
});

test('is applied after the subsets', () => {
  expect([virtualService.after, externalVirtualService.after]).toEqual(['DestinationRule', 'DestinationRule']);
});

test('connections beside HTTP need no rules', () => {
  expect(specOf(aService('db', { ports: [HTTP, TCP] }))).toStrictEqual({
    hosts: [HOST],
    http: [{ name: 'default', route: [{ destination: { host: HOST, port: { number: 80 } } }], retries: { attempts: 0 }, timeout: '15s' }],
  });
});

test('a split of the only connection port needs no match', () => {
  expect(specOf(aService('db', { ports: [TCP], versions, split }))).toStrictEqual({ hosts: [HOST], tcp: [{ route: weighted }] });
});

test('a split of several connection ports has a rule each, and UDP none', () => {
  const ports = [TCP, aPort('redis', 6379), aPort('udp', 53)];
  const named = (number: number) => weighted.map(({ destination, weight }) => ({ destination: { ...destination, port: { number } }, weight }));
  expect(specOf(aService('db', { ports, versions, split }))).toStrictEqual({
    hosts: [HOST], tcp: [{ match: [{ port: 5432 }], route: named(5432) }, { match: [{ port: 6379 }], route: named(6379) }],
  });
});

test('routes by caller stand before the split; what they also ask of HTTP concerns HTTP alone', () => {
  const routes = [
    aRoute('web', [{ caller: 'shop/web' }, { caller: 'shop/web', port: 5432 }, { caller: 'jobs/batch' }, { caller: 'shop/web', ...prefix('/a') }], toV2),
    aRoute('nobody', [{ caller: 'shop/nobody' }], toV2),
    aRoute('other-port', [{ port: 1 }], toV2),
  ];
  expect(specOf(aService('db', { ports: [TCP], versions, split, routes }))).toStrictEqual({
    hosts: [HOST],
    tcp: [
      {
        match: [{ sourceLabels: { app: 'web' }, sourceNamespace: 'shop' }, { sourceLabels: { app: 'batch' }, sourceNamespace: 'jobs' }],
        route: [{ destination: { host: HOST, subset: 'v2' } }],
      },
      { route: weighted },
    ],
  });
});

test('a route that takes every connection is the last rule', () => {
  const routes = [aRoute('all', [], toV2), aRoute('web', [{ caller: 'shop/web' }], toV2)];
  expect(specOf(aService('db', { ports: [TCP], versions, split, routes }))).toStrictEqual({
    hosts: [HOST], tcp: [{ route: [{ destination: { host: HOST, subset: 'v2' } }] }],
  });
});

test('routes for one port leave the connections of another as they are', () => {
  const spec = specOf(aService('db', { ports: [TCP, aPort('redis', 6379)], versions, routes: [aRoute('r', [{ port: 6379 }], toV2)] }));
  expect(spec).toStrictEqual({
    hosts: [HOST], tcp: [{ match: [{ port: 6379 }], route: [{ destination: { host: HOST, subset: 'v2', port: { number: 6379 } } }] }],
  });
});

test('TLS ports that Istio was told are TCP have TCP rules; those of a Service that is there already go by the server name', () => {
  const node = aService('db', { ports: [aPort('tls', 8443)], versions, split });
  expect(specOf(node)).toStrictEqual({ hosts: [HOST], tcp: [{ route: weighted }] });
  expect(specOf({ ...node, existing: true })).toStrictEqual({ hosts: [HOST], tls: [{ match: [{ sniHosts: [HOST] }], route: weighted }] });
});

test('TLS and TCP ports of a Service that is there already have rules of both kinds', () => {
  const node = aService('db', { ports: [aPort('https', 443), TCP], versions, existing: true, routes: [aRoute('web', [{ caller: 'shop/web' }], toV2)] });
  const source = { sourceLabels: { app: 'web' }, sourceNamespace: 'shop' };
  const to = (number: number, subset?: string) => [{ destination: { host: HOST, ...(subset && { subset }), port: { number } } }];
  expect(specOf(node)).toStrictEqual({
    hosts: [HOST],
    tls: [
      { match: [{ sniHosts: [HOST], port: 443, ...source }], route: to(443, 'v2') }, { match: [{ sniHosts: [HOST], port: 443 }], route: to(443) },
    ],
    tcp: [{ match: [{ port: 5432, ...source }], route: to(5432, 'v2') }, { match: [{ port: 5432 }], route: to(5432) }],
  });
});

describe('external services', () => {
  test('have one object a host with HTTP ports', () => {
    const google = anExternal('google', { hosts: ['a.example.com', 'b.example.com', '*.example.org'] });
    expect(externalVirtualService.exists(google, aMesh())).toBe(true);
    expect(externalVirtualService.further!(google, aMesh())).toEqual(['b.example.com', 'any.example.org']);
    const specs = [undefined, 'b.example.com', 'any.example.org'].map((key) => externalVirtualService.spec!(google, aModel({ externals: [google] }), key));
    expect(specs).toStrictEqual(google.hosts.map((host) => ({
      hosts: [host], http: [{ name: 'default', route: [{ destination: { host } }], retries: { attempts: 0 }, timeout: '15s' }],
    })));
  });

  test('without HTTP ports have none', () => {
    expect(externalVirtualService.exists(anExternal('db', { ports: [aPort('tls', 443), TCP] }), aMesh())).toBe(false);
  });
});
