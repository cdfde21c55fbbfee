import { appProtocol, entryProtocol } from '../../../src/emit/istio/protocol';
import { PROTOCOLS, type Protocol } from '../../../src/model/protocol';
import { aPort, aService } from '../model';

const words: Record<Protocol, [string | undefined, string]> = {
  'http': ['http', 'HTTP'], 'http2': ['http2', 'HTTP2'], 'grpc': ['grpc', 'GRPC'], 'grpc-web': ['grpc-web', 'GRPC-WEB'], 'https': ['https', 'HTTPS'],
  'tls': ['tls', 'TLS'], 'tcp': ['tcp', 'TCP'], 'udp': [undefined, 'UDP'], 'mongo': ['mongo', 'MONGO'], 'mysql': ['mysql', 'MYSQL'], 'redis': ['redis', 'REDIS'],
  'postgres': ['tcp', 'TCP'], 'amqp': ['tcp', 'TCP'],
};

test.each(Object.keys(PROTOCOLS) as Protocol[])('%s', (protocol) => {
  const port = aPort(protocol, 1);
  expect([appProtocol(port, aService('a', { ports: [port] })), entryProtocol(protocol)]).toEqual(words[protocol]);
});

test('a TLS port whose connections are split is TCP to Istio; other ports stay what they are', () => {
  const split = aService('a', { split: { v1: 100 } });
  expect(['tls', 'https', 'mongo', 'http'].map((protocol) => appProtocol(aPort(protocol as Protocol, 1), split))).toEqual(['tcp', 'tcp', 'mongo', 'http']);
});
