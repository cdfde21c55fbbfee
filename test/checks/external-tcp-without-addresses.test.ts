import { externalTcpWithoutAddresses } from '../../src/checks/external-tcp-without-addresses';
import type { Protocol } from '../../src/model/protocol';
import { external, found, lines, port } from './model-builder';

test.each<[Protocol, number]>([
  ['tcp', 1], ['postgres', 1], ['mysql', 1], ['mongo', 1], ['redis', 1], ['amqp', 1], ['http', 0], ['grpc', 0], ['https', 0], ['tls', 0], ['udp', 0],
])('%s without addresses: %s findings', (protocol, count) => {
  expect(found(externalTcpWithoutAddresses, { externals: [external('db', { ports: [port(1000, protocol)] })] })).toHaveLength(count);
  expect(found(externalTcpWithoutAddresses, { externals: [external('db', { ports: [port(1000, protocol)], addresses: ['192.0.2.1'] })] })).toEqual([]);
});

test('it names the ports that are blind', () => {
  expect(lines(externalTcpWithoutAddresses, { externals: [external('db', { ports: [port(443, 'tls'), port(5432, 'postgres'), port(6379, 'redis')] })] })).toEqual([
    '[shop/db] addresses is empty, and port 5432 (postgres) and port 6379 (redis) cannot be told by host (1 host: db.example.com). '
    + 'Give the addresses that the host resolves to, or a virtual address that its DNS name answers with.',
  ]);
});
