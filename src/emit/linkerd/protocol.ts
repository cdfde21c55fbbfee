/** What Linkerd calls the protocols, on the side of the caller and of the server. */
import { containerPorts } from '../../model/container-ports';
import type { PortNode, ServiceNode } from '../../model/mesh-model';
import { isHttp, PROTOCOLS } from '../../model/protocol';

/**
 * The `appProtocol` of a Service's port. Linkerd reads these three words; with any other (`grpc`, `https`) it would take no request apart.
 * TLS is opaque, too: only then does a proxy wrap it, so that the caller has an identity.
 */
export function appProtocol({ protocol }: Pick<PortNode, 'protocol'>): string | undefined {
  if (PROTOCOLS[protocol].transport === 'UDP') {
    return undefined;
  }
  return !isHttp(protocol) ? 'linkerd.io/opaque' : PROTOCOLS[protocol].multiplexed ? 'kubernetes.io/h2c' : 'http';
}

/** The `proxyProtocol` of a Server. */
export function proxyProtocol({ protocol }: Pick<PortNode, 'protocol'>): 'HTTP/1' | 'HTTP/2' | 'gRPC' | 'opaque' {
  if (!isHttp(protocol)) {
    return 'opaque';
  }
  return protocol === 'grpc' ? 'gRPC' : PROTOCOLS[protocol].multiplexed ? 'HTTP/2' : 'HTTP/1';
}

const OPAQUE = 'config.linkerd.io/opaque-ports';

/**
 * Ports on which nobody waits for the client to speak first, by number: the policy controller takes a list with a name in it for an empty one.
 * A list replaces the installation's own.
 */
export function opaqueServicePorts({ ports }: Pick<ServiceNode, 'ports'>): Record<string, string> {
  return annotation(ports.filter(isOpaque).map(({ number }) => number));
}

/** The same, by the numbers of the pods' own ports. */
export function opaquePodPorts(service: ServiceNode): Record<string, string> {
  return annotation(service.ports.filter(isOpaque).flatMap((port) => containerPorts(service, port)));
}

export function isOpaque({ protocol }: Pick<PortNode, 'protocol'>): boolean {
  return appProtocol({ protocol }) === 'linkerd.io/opaque';
}

function annotation(numbers: readonly number[]): Record<string, string> {
  const list = [...new Set(numbers)].sort((a, b) => a - b);
  return list.length === 0 ? {} : { [OPAQUE]: list.join(',') };
}
