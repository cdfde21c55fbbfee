import { portNaming } from '../../src/checks/port-naming';
import type { ExistingServiceNode } from '../../src/model/mesh-model';
import type { Protocol } from '../../src/model/protocol';
import { existing, found, lines, port, service } from './model-builder';

function judged(protocol: Protocol, given: Partial<ExistingServiceNode['ports'][number]>, rest: Partial<ExistingServiceNode> = {}) {
  const number = given.number ?? 8080;
  const existingService = existing('orders', { ports: [{ number, transport: 'TCP', ...given }], ...rest });
  return { services: [service('orders', { existingService, ports: [port(number, protocol)] })] };
}

test('it says what the mesh goes by', () => {
  expect(lines(portNaming, judged('http', { name: 'web' }))).toEqual([
    '[shop/orders] port 8080 of Service orders is declared http, and the mesh has to guess its protocol (its name is web). '
    + 'Give the port appProtocol http, or a name that begins with http-.',
  ]);
});

test.each<[Protocol, Partial<ExistingServiceNode['ports'][number]>]>([
  ['http', { name: 'http' }], ['http', { name: 'http-web' }], ['http', { name: 'HTTP-web' }], ['http', { name: 'web', appProtocol: 'http' }],
  ['http2', { name: 'x', appProtocol: 'kubernetes.io/h2c' }], ['http', { appProtocol: 'kubernetes.io/ws' }], ['https', { appProtocol: 'kubernetes.io/wss' }],
  ['grpc', { name: 'grpc-api' }], ['grpc-web', { name: 'grpc-web' }], ['grpc-web', { name: 'grpc-web-x' }],
  ['tcp', { name: 'tcp' }], ['postgres', { name: 'tcp-postgres' }], ['amqp', { appProtocol: 'tcp' }],
  ['mysql', { name: 'mysql' }], ['tcp', { number: 3306 }], ['tcp', { number: 25, name: 'mail' }],
  ['udp', { name: 'dns', transport: 'UDP' }],
])('%s as %j', (protocol, given) => {
  expect(found(portNaming, judged(protocol, given))).toEqual([]);
});

test.each<[Protocol, Partial<ExistingServiceNode['ports'][number]>, string, string[]]>([
  ['http', {}, 'has to guess its protocol', ['IST0118', 'KIA0601']],
  ['http', { name: 'httpx' }, 'has to guess its protocol', ['IST0118', 'KIA0601']],
  ['postgres', { name: 'postgres' }, 'has to guess its protocol', ['IST0118', 'KIA0601']],
  ['http', { name: 'http', appProtocol: 'web' }, 'has to guess its protocol', ['IST0118', 'KIA0602']],
  ['grpc', { name: 'http-grpc' }, 'reads it as http', []],
  ['http', { name: 'http', appProtocol: 'tcp' }, 'reads it as tcp', []],
  ['mysql', { number: 3306 }, 'reads it as tcp', []],
])('%s as %j: the mesh %s', (protocol, given, reading, catalogue) => {
  const [finding] = found(portNaming, judged(protocol, given));
  expect(finding.message).toContain(reading);
  expect(finding.catalogue).toEqual(catalogue);
});

test('a port tcp of an ExternalName Service', () => {
  expect(found(portNaming, judged('tcp', { name: 'tcp' }, { type: 'ExternalName' }))).toMatchObject([{ catalogue: ['IST0150'] }]);
  expect(found(portNaming, judged('tcp', { name: 'tcp-x' }, { type: 'ExternalName' }))).toEqual([]);
});

test('our own Service', () => {
  expect(found(portNaming, { services: [service('orders', { ports: [port(1, 'postgres', { name: 'whatever' })] })] })).toEqual([]);
});

test.each([
  ['http', 'http', 0], ['http', 'kubernetes.io/h2c', 1], ['http', undefined, 0], ['grpc', 'kubernetes.io/h2c', 0], ['grpc', 'grpc', 1], ['tcp', 'linkerd.io/opaque', 0],
  ['postgres', 'tcp', 0], ['tcp', 'http', 1],
] as const)('Linkerd reads %s from %s: %d findings', (protocol, appProtocol, count) => {
  expect(found(portNaming, { ...judged(protocol, { appProtocol }), mesh: { provider: 'linkerd' } })).toHaveLength(count);
});

test.each([[3306, 0], [3307, 1]])('Linkerd waits for the first byte of MySQL on port %d: %d findings', (number, count) => {
  const all = found(portNaming, { ...judged('mysql', { number }), mesh: { provider: 'linkerd' } });
  expect(all.map(({ fix }) => fix)).toEqual(Array<string>(count).fill('Give the port appProtocol linkerd.io/opaque'));
});
