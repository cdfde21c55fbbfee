/** What lies outside the mesh and is called from it. */
import type { ServiceEntrySpec, ServiceEntrySpecPorts } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import type { ExternalDeclaration, ExternalNode, PortNode } from '../../model/mesh-model';
import { isHttp } from '../../model/protocol';
import { type Json, defined, nonEmpty } from '../json';
import { NETWORKING } from './api';
import { isWildcard } from './external-hosts';
import { entryProtocol } from './protocol';

type Spec = Json<ServiceEntrySpec>;
type Port = Json<ServiceEntrySpecPorts>;

export const serviceEntry: Resource<ExternalDeclaration, ExternalNode> = {
  id: 'ServiceEntry',
  apiVersion: NETWORKING,
  kind: 'ServiceEntry',
  exists: () => true,
  spec: (node): Spec => defined<Spec>({
    hosts: node.hosts,
    addresses: nonEmpty(node.addresses),
    ports: node.ports.map((port) => defined<Port>({
      number: port.number, name: port.name, protocol: entryProtocol(port.protocol), targetPort: targetPort(node, port),
    })),
    location: 'MESH_EXTERNAL',
    resolution: resolution(node),
    endpoints: nonEmpty(node.endpoints.map((address) => ({ address }))),
  }),
};

/**
 * Names below a wildcard and networks are reached where the application's own look-up led: there is no single name to resolve. Everything
 * else the proxy looks up by itself, so that an answer the application keeps too long does no harm.
 */
function resolution({ hosts, addresses, endpoints }: ExternalDeclaration): Spec['resolution'] {
  if (endpoints.length > 0) {
    return endpoints.every(isAddress) ? 'STATIC' : 'DNS';
  }
  return hosts.some(isWildcard) || addresses.some((address) => address.includes('/')) ? 'NONE' : 'DNS';
}

/** Plain requests that the proxy encrypts leave port 80 for 443, unless a port was named. */
function targetPort({ originateTls }: ExternalDeclaration, port: PortNode): number | undefined {
  if (port.containerPort !== port.number) {
    return Number(port.containerPort);
  }
  return originateTls && isHttp(port.protocol) && port.number === 80 ? 443 : undefined;
}

function isAddress(endpoint: string): boolean {
  return /^\d+(\.\d+){3}$/.test(endpoint) || endpoint.includes(':');
}
