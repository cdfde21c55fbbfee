import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ExternalDeclaration, PortNode } from '../model/mesh-model';
import { refusedLabel, refusedServiceName } from '../model/names';
import { CircuitBreaker } from '../traffic/circuit-breaker';
import { Retry } from '../traffic/retry';
import { ICallee } from './callee';
import { optionalMillis, refuse } from './invalid';
import { ExternalMember } from './members';
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

const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;

/**
 * A service outside the mesh that services of the mesh call.
 */
export class ExternalService extends Construct implements ICallee, ExternalMember {
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
    this.node.addValidation({ validate: () => [...registry.validate(this.node.path)] });
  }

  private declare(name: string, namespace: string | undefined, props: ExternalServiceProps): ExternalDeclaration {
    const refused = refusedServiceName(name);
    if (refused !== undefined) {
      refuse(this, 'name', name, `it ${refused}; give a name that Kubernetes accepts`);
    }
    const refusedNamespace = namespace === undefined ? undefined : refusedLabel(namespace);
    if (refusedNamespace !== undefined) {
      refuse(this, 'namespace', namespace, `it ${refusedNamespace}; give a name that Kubernetes accepts`);
    }
    if (props.hosts.length === 0) {
      refuse(this, 'hosts', props.hosts, 'name at least one host');
    }
    const wrong = props.hosts.find((host) => !HOST.test(host));
    if (wrong !== undefined) {
      refuse(this, 'hosts', wrong, 'give a DNS name such as api.example.com, in lower case and without scheme or port');
    }
    if (props.hosts.some((host) => host.startsWith('*.')) && (props.endpoints ?? []).length > 0) {
      refuse(this, 'endpoints', props.endpoints, 'leave them out, or name the hosts without a wildcard');
    }
    const ports: readonly PortNode[] = portNodes(this.node.path, props.ports);
    if (ports.length === 0) {
      refuse(this, 'ports', props.ports, 'give at least one port');
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
