import { isIP } from 'net';
import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ExternalDeclaration, PortNode } from '../model/mesh-model';
import { refusedLabel, refusedServiceName } from '../model/names';
import { CircuitBreaker } from '../traffic/circuit-breaker';
import { Retry } from '../traffic/retry';
import { isAddress } from './address';
import { ICallee } from './callee';
import { optionalMillis, refuse } from './invalid';
import { acceptedName } from './kubernetes-name';
import { Mesh } from './mesh';
import { materialize } from './objects';
import { MeshPort, portNodes } from './port';

/**
 * Parts of a service outside the mesh.
 */
export interface ExternalServiceProps {
  /** The mesh whose services call it. */
  readonly mesh: Mesh;
  /** DNS names under which it is called; a leading `*.` takes all names below. */
  readonly hosts: string[];
  /** Ports on which it is called. */
  readonly ports: MeshPort[];
  /**
   * Name of the mesh resources.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Namespace of the mesh resources.
   * @default - the chart's; without either the synth fails
   */
  readonly namespace?: string;
  /**
   * Addresses (IP or CIDR) under which a TCP service is recognised, where no host name is sent.
   * @default - none
   */
  readonly addresses?: string[];
  /**
   * Addresses (IP or DNS name) that answer in place of the host's own.
   * @default - the DNS answers for the hosts
   */
  readonly endpoints?: string[];
  /**
   * Whether callers speak plain HTTP on port 80 of the program and the proxy turns it into TLS towards port 443, so that routes, retries
   * and metrics work.
   * @default false
   */
  readonly originateTls?: boolean;
  /**
   * Retries of every request to it.
   * @default - the mesh's
   */
  readonly retry?: Retry;
  /**
   * Time for every request to it.
   * @default - the mesh's
   */
  readonly deadline?: Duration;
  /**
   * Limits and ejection.
   * @default - none: a stranger's addresses come and go, and a single one is the usual case
   */
  readonly circuitBreaker?: CircuitBreaker;
}

function isHost(name: string): boolean {
  const labels = name.replace(/^\*\./, '').split('.');
  // An all-numeric last label would make it an IP address.
  return name.length <= 253 && labels.length > 1 && !/^\d+$/.test(labels[labels.length - 1]) && labels.every((label) => refusedLabel(label) === undefined);
}

/**
 * A service outside the mesh that services of the mesh call.
 */
export class ExternalService extends Construct implements ICallee {
  /** `namespace/name`. */
  public readonly calleeId: string;
  /** The mesh whose services call it. */
  public readonly mesh: Mesh;
  /** @internal */
  public readonly _declaration: ExternalDeclaration;

  /** Throws on a host that is no DNS name, a port that is there twice, and a name that Kubernetes refuses. */
  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    this.mesh = props.mesh;
    const name = props.name ?? id;
    const namespace = props.namespace ?? Chart.of(this).namespace;
    this.calleeId = `${namespace ?? ''}/${name}`;
    this._declaration = this.declare(name, namespace, props);
    const { _registry: registry, _members: members, _emitter: emitter, _node: mesh } = props.mesh;
    members.addExternal(this);
    registry.bump();
    materialize(emitter.external, {
      construct: this, declaration: this._declaration, namespace, mesh, registry, node: (model) => model.externalById.get(this.calleeId)!,
    });
    props.mesh._share(this, this._declaration);
    this.node.addValidation(registry.validation(this.node.path));
  }

  private declare(name: string, namespace: string | undefined, props: ExternalServiceProps): ExternalDeclaration {
    acceptedName(this, 'name', name, refusedServiceName);
    if (namespace !== undefined) {
      acceptedName(this, 'namespace', namespace, refusedLabel);
    }
    if (props.hosts.length === 0) {
      refuse(this, 'hosts', props.hosts, 'name at least one host');
    }
    for (const [index, host] of props.hosts.entries()) {
      if (!isHost(host)) {
        refuse(this, 'hosts', host, 'give a DNS name such as api.example.com, in lower case and without scheme or port');
      }
      if (props.hosts.indexOf(host) !== index) {
        refuse(this, 'hosts', host, 'it is there already; name every host once');
      }
    }
    for (const address of props.addresses ?? []) {
      if (!isAddress(address)) {
        refuse(this, 'addresses', address, 'give an IP address or a CIDR block, for instance 10.1.2.3 or 10.1.0.0/16');
      }
    }
    for (const endpoint of props.endpoints ?? []) {
      if (isIP(endpoint) === 0 && (endpoint.startsWith('*') || !isHost(endpoint))) {
        refuse(this, 'endpoints', endpoint, 'give an IP address or a DNS name such as db.example.com, without scheme or port');
      }
    }
    if (props.hosts.some((host) => host.startsWith('*.')) && (props.endpoints ?? []).length > 0) {
      refuse(this, 'endpoints', props.endpoints, 'leave them out, or name the hosts without a wildcard');
    }
    const ports: readonly PortNode[] = portNodes(this.node.path, props.ports);
    if (ports.length === 0) {
      refuse(this, 'ports', props.ports, 'give at least one port');
    }
    const udp = ports.find((port) => port.protocol === 'udp');
    if (udp !== undefined) {
      refuse(this, 'ports', `udp ${udp.number}`, 'leave it out: meshes leave UDP alone, so it goes out by itself');
    }
    if (props.originateTls && !ports.some((port) => port.protocol === 'http' || port.protocol === 'http2' || port.protocol === 'grpc')) {
      refuse(this, 'originateTls', true, 'give a port that speaks HTTP, which the proxy can turn into TLS');
    }
    return Object.freeze({
      id: this.calleeId,
      origin: this.node.path,
      name,
      namespace,
      hosts: [...props.hosts],
      addresses: [...props.addresses ?? []],
      endpoints: [...props.endpoints ?? []],
      ports,
      originateTls: props.originateTls ?? false,
      retry: props.retry?._policy(),
      deadline: optionalMillis(this, 'deadline', props.deadline),
      circuitBreaker: props.circuitBreaker?._policy(),
    });
  }
}
