import { PortNode } from '../model/mesh-model';
import { refusedPortName } from '../model/names';
import { Protocol } from '../model/protocol';
import { refuse, wholeNumber } from './invalid';

/**
 * Parts of a port.
 */
export interface PortOptions {
  /**
   * Port of the Service, which callers use.
   * @default - the container's port
   */
  readonly port?: number;
  /**
   * What tells this port from others of the same protocol; the Kubernetes port is called `protocol-suffix`, as meshes ask for.
   * @default - the protocol alone, and the port number behind it where the service has several ports of one protocol
   */
  readonly suffix?: string;
  /**
   * Requests on this port may last for ever (server-sent events, gRPC streams, web sockets): no default deadline is written.
   * @default false
   */
  readonly streaming?: boolean;
}

/**
 * A port of a service, with the protocol that is spoken on it. A mesh that has to guess the protocol stalls on servers that speak
 * first and loses routes and metrics elsewhere, so it is always said.
 */
export class MeshPort {
  /** HTTP/1.1, web sockets included. */
  public static http(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('http', containerPort, options);
  }

  /** HTTP/2 without TLS. */
  public static http2(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('http2', containerPort, options);
  }

  /** gRPC. */
  public static grpc(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('grpc', containerPort, options);
  }

  /** gRPC-Web, which the proxy translates to gRPC. */
  public static grpcWeb(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('grpc-web', containerPort, options);
  }

  /** HTTP inside TLS that the application itself ends: the proxy sees only the server name. */
  public static https(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('https', containerPort, options);
  }

  /** TLS that the application itself ends: the proxy sees only the server name. */
  public static tls(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('tls', containerPort, options);
  }

  /** Any bytes over TCP. */
  public static tcp(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('tcp', containerPort, options);
  }

  /** UDP, which meshes leave alone. */
  public static udp(containerPort: number, options: PortOptions = {}): MeshPort {
    return new MeshPort('udp', containerPort, options);
  }

  /** MongoDB. */
  public static mongo(containerPort: number = 27017, options: PortOptions = {}): MeshPort {
    return new MeshPort('mongo', containerPort, options);
  }

  /** MySQL or MariaDB, whose server speaks first. */
  public static mysql(containerPort: number = 3306, options: PortOptions = {}): MeshPort {
    return new MeshPort('mysql', containerPort, options);
  }

  /** Redis. */
  public static redis(containerPort: number = 6379, options: PortOptions = {}): MeshPort {
    return new MeshPort('redis', containerPort, options);
  }

  /** PostgreSQL. */
  public static postgres(containerPort: number = 5432, options: PortOptions = {}): MeshPort {
    return new MeshPort('postgres', containerPort, options);
  }

  /** AMQP, for instance RabbitMQ. */
  public static amqp(containerPort: number = 5672, options: PortOptions = {}): MeshPort {
    return new MeshPort('amqp', containerPort, options);
  }

  /**
   * A port that a Service has already, under the name it has.
   * @internal
   */
  public static _of(protocol: Protocol, containerPort: number | string, port: number, name: string | undefined): MeshPort {
    return new MeshPort(protocol, typeof containerPort === 'number' ? containerPort : port, { port }, name ?? `port-${port}`, containerPort);
  }

  /** Port that the container listens on. */
  public readonly containerPort: number;
  /** Port of the Service, which callers use. */
  public readonly port: number;

  private constructor(
    private readonly protocol: Protocol, containerPort: number, private readonly options: PortOptions, private readonly givenName?: string,
    /** A Service may name its container's port instead of numbering it. */
    private readonly target: number | string = containerPort,
  ) {
    this.containerPort = wholeNumber(`MeshPort.${protocol}`, 'containerPort', containerPort, 1, 65535);
    this.port = wholeNumber(`MeshPort.${protocol}`, 'port', options.port ?? containerPort, 1, 65535);
  }

  /** @internal */
  public _node(siblings: readonly MeshPort[]): PortNode {
    const number = this.port;
    const alone = siblings.filter((port) => port.protocol === this.protocol).length === 1;
    // Protocols that meshes have no name for are TCP to them, so their ports are named so.
    const prefix = this.protocol === 'postgres' || this.protocol === 'amqp' ? `tcp-${this.protocol}` : this.protocol;
    const suffix = this.options.suffix ?? (alone ? undefined : String(number));
    const name = this.givenName ?? (suffix === undefined ? prefix : `${prefix}-${suffix}`);
    const refused = this.givenName === undefined ? refusedPortName(name) : undefined;
    if (refused !== undefined) {
      const fix = `the port would be called ${name}, which ${refused}; give a shorter or plainer suffix`;
      refuse(`MeshPort.${this.protocol}`, 'suffix', this.options.suffix ?? name, fix);
    }
    return Object.freeze({ name, number, containerPort: this.target, protocol: this.protocol, streaming: this.options.streaming ?? false });
  }
}

/** The ports of one service, each number and transport once. */
export function portNodes(where: string, ports: readonly MeshPort[]): readonly PortNode[] {
  const nodes = ports.map((port) => port._node(ports));
  for (const key of ['number', 'name'] as const) {
    const values = nodes.map((node) => key === 'number' ? `${node.protocol === 'udp' ? 'UDP' : 'TCP'} ${node.number}` : node.name);
    const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (twice >= 0) {
      refuse(where, `ports[${twice}].${key === 'number' ? 'port' : 'suffix'}`, nodes[twice][key], 'it is there already; give every port once');
    }
  }
  return Object.freeze(nodes);
}
