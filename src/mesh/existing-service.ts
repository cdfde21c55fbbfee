/** Reads a Service that the program wrote by itself. */
import { ApiObject } from 'cdk8s';
import { ExistingServiceNode } from '../model/mesh-model';
import { PROTOCOLS, Protocol } from '../model/protocol';
import { refuse } from './invalid';
import { Json } from './json';
import { MeshPort } from './port';

export function readService(object: ApiObject): ExistingServiceNode {
  const { spec = {}, metadata = {} }: Json = object.toJson();
  return Object.freeze({
    origin: object.node.path,
    name: object.name,
    namespace: object.metadata.namespace,
    type: spec.type,
    headless: spec.clusterIP === 'None',
    labels: metadata.labels ?? {},
    selector: spec.selector ?? {},
    ports: (spec.ports ?? []).map((port: Json) => ({
      name: port.name, number: port.port, targetPort: port.targetPort, appProtocol: port.appProtocol, transport: port.protocol ?? 'TCP',
    })),
  });
}

/** The ports as a mesh reads them: by appProtocol, else by the name's prefix; what says nothing is TCP. */
export function portsOf(where: string, service: ExistingServiceNode): MeshPort[] {
  if (service.ports.length === 0) {
    refuse(where, 'service', service.name, 'give the service its ports before handing it over, or say them in `ports`');
  }
  return service.ports.map((port) => {
    const protocol = port.transport === 'UDP' ? 'udp' : spoken(port.appProtocol) ?? spoken(port.name) ?? 'tcp';
    return MeshPort._of(protocol, port.targetPort ?? port.number, port.number, port.name);
  });
}

function spoken(text: string | undefined): Protocol | undefined {
  const word = (text ?? '').toLowerCase().replace(/^kubernetes\.io\/h2c$/, 'http2').replace(/^kubernetes\.io\/wss?$/, 'http');
  if (word.startsWith('grpc-web')) {
    return 'grpc-web';
  }
  const first = word.split('-')[0];
  return Object.prototype.hasOwnProperty.call(PROTOCOLS, first) ? first as Protocol : undefined;
}
