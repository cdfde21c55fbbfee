import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import type { MeshNode, PortNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { PROTOCOLS } from '../../model/protocol';
import { defined } from '../json';

/** How a mesh is told the protocol of a port; undefined where it has no word for it. */
export type AppProtocol = (port: PortNode, service: ServiceNode) => string | undefined;

/** What a mesh reads of a Service beside its ports. */
export type ServiceAnnotations = (declaration: ServiceDeclaration, mesh: MeshNode) => Record<string, string>;

export interface ServiceSpec {
  readonly clusterIP?: 'None';
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly protocol: 'TCP' | 'UDP';
  readonly appProtocol?: string;
}

/** Labels by which a mesh is told what stands before a Service. */
export type ServiceLabels = NonNullable<Resource<ServiceDeclaration, ServiceNode>['lateLabels']>;

export function service(
  appProtocol: AppProtocol, annotations?: ServiceAnnotations, labels?: ServiceLabels,
): Resource<ServiceDeclaration, ServiceNode> {
  return {
    id: 'Service',
    apiVersion: 'v1',
    kind: 'Service',
    exists: (declaration) => !declaration.existing && declaration.ports.length > 0,
    annotations,
    lateLabels: labels,
    spec: (node): ServiceSpec => defined<ServiceSpec>({
      clusterIP: node.headless ? 'None' : undefined,
      // An engine that owns it moves it from the pods of one version to those of the next.
      selector: ownership(node)?.ownsSelector ? undefined : node.selector,
      ports: node.ports.map((port) => defined<ServicePort>({
        name: port.name,
        port: port.number,
        targetPort: port.containerPort,
        protocol: PROTOCOLS[port.protocol].transport,
        appProtocol: appProtocol(port, node),
      })),
    }),
  };
}
