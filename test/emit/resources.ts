/** Renders an emitter's resources as they will stand in a manifest. */
import type { Emitter, Resource } from '../../src/model/contracts';
import type { ExternalNode, MeshModel, ServiceNode } from '../../src/model/mesh-model';
import type { Manifest } from '../support/schemas';

interface Named {
  readonly name: string;
  readonly namespace?: string;
}

export function manifestsOf<Node extends Named>(resources: readonly Resource<any, Node>[], node: Node, model: MeshModel): Manifest[] {
  return resources.filter((resource) => resource.exists(node, model.mesh)).flatMap((resource) => {
    const keys = resource.late?.(node, model) ?? resource.each?.(node, model.mesh) ?? [undefined, ...resource.further?.(node, model.mesh) ?? []];
    return keys.map((key) => JSON.parse(JSON.stringify({
      apiVersion: resource.apiVersion,
      kind: resource.kind,
      metadata: {
        name: `${resource.nameOf?.(node, model.mesh) ?? node.name}${key === undefined ? '' : `-${key}`}`,
        namespace: resource.clusterScoped ? undefined : resource.namespaceOf?.(node, model.mesh, key) ?? node.namespace,
        labels: some({ ...resource.labels?.(node, model.mesh), ...late(resource.lateLabels, node, model, key) }),
        annotations: some({ ...resource.annotations?.(node, model.mesh, key), ...late(resource.lateAnnotations, node, model, key) }),
      },
      spec: resource.spec?.(node, model, key),
    })) as Manifest);
  });
}

function late<Node>(values: Resource<any, Node>['lateLabels'] = {}, node: Node, model: MeshModel, objectKey?: string): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value(node, model, objectKey)]));
}

/** As cdk8s leaves out what is empty. */
function some(values: Record<string, string | undefined>): Record<string, string | undefined> | undefined {
  return Object.values(values).some((value) => value !== undefined) ? values : undefined;
}

export function allManifests(emitter: Emitter, model: MeshModel): Manifest[] {
  return [
    ...model.namespaces.flatMap((node) => manifestsOf(emitter.namespace, node, model)),
    ...model.services.flatMap((node: ServiceNode) => manifestsOf(emitter.service, node, model)),
    ...model.externals.flatMap((node: ExternalNode) => manifestsOf(emitter.external, node, model)),
  ];
}
