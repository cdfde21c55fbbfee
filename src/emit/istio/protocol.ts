/** What Istio calls the protocols. Istio has no word for some, and would guess an unknown one from the first bytes. */
import type { PortNode, ServiceNode } from '../../model/mesh-model';
import { type Protocol, isTls } from '../../model/protocol';
import { routesConnections } from '../connection-routes';

const APP_PROTOCOL: Readonly<Record<Protocol, string | undefined>> = {
  'http': 'http',
  'http2': 'http2',
  'grpc': 'grpc',
  'grpc-web': 'grpc-web',
  'https': 'https',
  'tls': 'tls',
  'tcp': 'tcp',
  // Read from the transport.
  'udp': undefined,
  'mongo': 'mongo',
  'mysql': 'mysql',
  'redis': 'redis',
  'postgres': 'tcp',
  'amqp': 'tcp',
};

/** Undefined where Istio has no word. */
export function protocolWord(protocol: Protocol): string | undefined {
  return APP_PROTOCOL[protocol];
}

/**
 * The `appProtocol` of a Service's port. A TLS port whose connections are routed is declared TCP: Istio would route TLS by server name
 * alone, and close every connection whose client names the server otherwise than the rule (`orders.shop`, for instance).
 */
export function appProtocol(port: PortNode, service: ServiceNode): string | undefined {
  return isTls(port.protocol) && routesConnections(service, port) ? 'tcp' : protocolWord(port.protocol);
}

/** The `protocol` of a ServiceEntry's port. */
export function entryProtocol(protocol: Protocol): string {
  return (protocolWord(protocol) ?? protocol).toUpperCase();
}
