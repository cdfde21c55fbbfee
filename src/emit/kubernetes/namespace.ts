import type { Resource } from '../../model/contracts';
import type { MeshNode, NamespaceDeclaration } from '../../model/mesh-model';

/** The labels by which a mesh knows that the pods of a namespace get its proxy. */
export type InjectionLabels = (mesh: MeshNode, namespace: string) => Readonly<Record<string, string>>;

export function namespace(
  injection: InjectionLabels, annotations: Readonly<Record<string, string>> = {},
): Resource<NamespaceDeclaration, NamespaceDeclaration> {
  return {
    id: 'Namespace',
    apiVersion: 'v1',
    kind: 'Namespace',
    clusterScoped: true,
    exists: () => true,
    labels: (declaration, mesh) => ({ ...declaration.labels, ...(declaration.injected ? injection(mesh, declaration.name) : {}) }),
    annotations: ({ injected }) => injected ? { ...annotations } : {},
  };
}
