import { MeshPort } from '../../src';
import { portNodes } from '../../src/mesh/port';
import { refusal } from '../support/refusal';

const FACTORIES = {
  'http': MeshPort.http, 'http2': MeshPort.http2, 'grpc': MeshPort.grpc, 'grpc-web': MeshPort.grpcWeb, 'https': MeshPort.https, 'tls': MeshPort.tls,
  'tcp': MeshPort.tcp, 'udp': MeshPort.udp, 'mongo': MeshPort.mongo, 'mysql': MeshPort.mysql, 'redis': MeshPort.redis,
};

test.each(Object.entries(FACTORIES))('%s names its port after the protocol', (protocol, factory) => {
  expect(portNodes('here', [factory(7000)])).toEqual([{ name: protocol, number: 7000, containerPort: 7000, protocol, streaming: false }]);
});

test.each([['postgres', MeshPort.postgres], ['amqp', MeshPort.amqp]])('%s is TCP to a mesh', (protocol, factory) => {
  expect(portNodes('here', [factory(7000)])).toEqual([{ name: `tcp-${protocol}`, number: 7000, containerPort: 7000, protocol, streaming: false }]);
});

test.each([
  ['mongo', MeshPort.mongo(), 27017], ['mysql', MeshPort.mysql(), 3306], ['redis', MeshPort.redis(), 6379], ['postgres', MeshPort.postgres(), 5432],
  ['amqp', MeshPort.amqp(), 5672],
])('%s has a port of its own', (_, port, number) => {
  expect(port.port).toBe(number);
  expect(port.containerPort).toBe(number);
});

test('service port, suffix and streaming are kept', () => {
  const port = MeshPort.grpc(9555, { port: 80, suffix: 'orders', streaming: true });
  expect([port.port, port.containerPort]).toEqual([80, 9555]);
  expect(portNodes('here', [port])).toEqual([{ name: 'grpc-orders', number: 80, containerPort: 9555, protocol: 'grpc', streaming: true }]);
});

test('several ports of one protocol are told apart by their numbers', () => {
  expect(portNodes('here', [MeshPort.http(8080, { port: 80 }), MeshPort.http(9090), MeshPort.grpc(7000), MeshPort.http(1, { suffix: 'admin' })])
    .map((node) => node.name)).toEqual(['http-80', 'http-9090', 'grpc', 'http-admin']);
});

test('a port that a Service has already keeps its name, and the name of its container port', () => {
  expect(portNodes('here', [MeshPort._of('http', 'web', 80, 'main-port-of-them'), MeshPort._of('tcp', 9000, 9000, undefined)])).toEqual([
    { name: 'main-port-of-them', number: 80, containerPort: 'web', protocol: 'http', streaming: false },
    { name: 'port-9000', number: 9000, containerPort: 9000, protocol: 'tcp', streaming: false },
  ]);
});

test('one number serves TCP and UDP', () => {
  expect(portNodes('here', [MeshPort.tcp(53), MeshPort.udp(53)]).map((node) => node.name)).toEqual(['tcp', 'udp']);
});

test('a port that is there twice is refused', () => {
  expect(refusal(() => portNodes('shop/web', [MeshPort.http(8080), MeshPort.grpc(9090, { port: 8080 })])))
    .toBe('shop/web: ports[1].port is 8080; it is there already; give every port once');
  expect(refusal(() => portNodes('shop/web', [MeshPort.http(1, { suffix: 'a' }), MeshPort.http(2), MeshPort.http(3, { suffix: 'a' })])))
    .toBe('shop/web: ports[2].suffix is "http-a"; it is there already; give every port once');
});

test.each([0, 65536, 1.5])('refuses port %d', (number) => {
  expect(refusal(() => MeshPort.http(number))).toBe(`MeshPort.http: containerPort is ${number}; give a whole number from 1 to 65535`);
  expect(refusal(() => MeshPort.grpcWeb(1, { port: number }))).toBe(`MeshPort.grpc-web: port is ${number}; give a whole number from 1 to 65535`);
});

test('a suffix fits into the name of a port', () => {
  expect(portNodes('here', [MeshPort.http(1, { suffix: 'a'.repeat(10) })])[0].name).toHaveLength(15);
  expect(refusal(() => portNodes('here', [MeshPort.http(1, { suffix: 'a'.repeat(11) })]))).toBe(
    'MeshPort.http: suffix is "aaaaaaaaaaa"; the port would be called http-aaaaaaaaaaa, which has 16 characters, and a port name has at most 15; '
    + 'give a shorter or plainer suffix',
  );
  expect(refusal(() => portNodes('here', [MeshPort.http(1, { suffix: 'A' })]))).toContain('the port would be called http-A, which must hold only');
});

test('the longest names that are made of protocol and number fit', () => {
  const long = [MeshPort.amqp(65534), MeshPort.amqp(65535), MeshPort.grpcWeb(65532), MeshPort.grpcWeb(65533)];
  expect(portNodes('here', long).map((node) => node.name)).toEqual(['tcp-amqp-65534', 'tcp-amqp-65535', 'grpc-web-65532', 'grpc-web-65533']);
});
