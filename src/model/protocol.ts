/**
 * Application protocols a mesh can be told about, and what follows from each.
 */
export type Protocol =
  | 'http' | 'http2' | 'grpc' | 'grpc-web'
  | 'https' | 'tls' | 'tcp' | 'udp'
  | 'mongo' | 'mysql' | 'redis' | 'postgres' | 'amqp';

export interface ProtocolFacts {
  /** A proxy reads requests of this protocol, so HTTP routes, retries and deadlines apply. */
  readonly http: boolean;
  /** Many requests share one connection. */
  readonly multiplexed: boolean;
  /** The server speaks first: a proxy that waits for the client's first bytes to guess the protocol stalls. */
  readonly serverFirst: boolean;
  /** The transport of the Kubernetes port. */
  readonly transport: 'TCP' | 'UDP';
}

const http1: ProtocolFacts = { http: true, multiplexed: false, serverFirst: false, transport: 'TCP' };
const http2: ProtocolFacts = { ...http1, multiplexed: true };
const opaque: ProtocolFacts = { http: false, multiplexed: false, serverFirst: false, transport: 'TCP' };

export const PROTOCOLS: Readonly<Record<Protocol, ProtocolFacts>> = Object.freeze({
  'http': http1,
  'http2': http2,
  'grpc': http2,
  'grpc-web': http1,
  'https': opaque,
  'tls': opaque,
  'tcp': opaque,
  'udp': { ...opaque, transport: 'UDP' },
  'mongo': opaque,
  'mysql': { ...opaque, serverFirst: true },
  'redis': opaque,
  'postgres': opaque,
  'amqp': opaque,
});

/** Whether a proxy can route single requests of this protocol. */
export function isHttp(protocol: Protocol): boolean {
  return PROTOCOLS[protocol].http;
}

/** Whether the bytes are encrypted by the application, so that a proxy sees only the server name. */
export function isTls(protocol: Protocol): boolean {
  return protocol === 'https' || protocol === 'tls';
}
