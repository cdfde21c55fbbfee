/**
 * A Service for every version, since routes know Services and no subsets. A lone version is the service itself.
 *
 * Its name comes from what the program declares: a subset that takes its name from the pods' own label is known only at the end.
 */
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode, VersionDeclaration } from '../../model/mesh-model';
import { PROTOCOLS } from '../../model/protocol';
import { defined } from '../json';
import type { AppProtocol, ServicePort, ServiceSpec } from '../kubernetes/service';

/** Id of the objects that routes lead to, and must not be applied before. */
export const VERSION_SERVICE = 'Version';

export function versionServiceName(service: string, subset: string): string {
  return `${service}-${subset}`;
}

export function declaredSubset(version: VersionDeclaration): string {
  return version.declaredSubset ?? version.subset;
}

/** The Services behind which a service's pods stand: its own, and one for each version. */
export function serviceNamesOf({ name, versions }: { readonly name: string; readonly versions: readonly VersionDeclaration[] }): readonly string[] {
  return [name, ...versions.length > 1 ? versions.map((version) => versionServiceName(name, declaredSubset(version))) : []];
}

export function versionService(appProtocol: AppProtocol): Resource<ServiceDeclaration, ServiceNode> {
  return {
    id: VERSION_SERVICE,
    apiVersion: 'v1',
    kind: 'Service',
    exists: ({ versions, ports }) => versions.length > 1 && ports.length > 0,
    each: ({ versions }) => versions.map(declaredSubset),
    spec: (node, _model, key): ServiceSpec => ({
      selector: { ...node.selector, ...node.versions.find((version) => declaredSubset(version) === key)?.selector },
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
