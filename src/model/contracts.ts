/**
 * What the vocabulary expects of the emitters and the checks. Only `mesh/wiring.ts` knows who fulfils it.
 */
import type { Finding } from './finding';
import type {
  ExternalDeclaration, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, ServiceDeclaration, ServiceNode, VersionNode,
} from './mesh-model';
import type { ProviderId } from './provider';
import type { PolicyNamespaceNode } from './security';

/**
 * One resource that is written for a declaration. Existence and name depend on the declaration alone and only ever go from
 * absent to present, so the object can be created at once; its body is rendered from the model, at the end.
 */
export interface Resource<Declaration, Node> {
  /** Id of the object below its construct, the kind unless two of a kind are needed. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Objects without a namespace of their own. */
  readonly clusterScoped?: boolean;
  readonly exists: (declaration: Declaration, mesh: MeshNode) => boolean;
  /** Where it is not the declaration's own name. */
  readonly nameOf?: (declaration: Declaration) => string;
  readonly labels?: (declaration: Declaration, mesh: MeshNode) => Record<string, string>;
  readonly annotations?: (declaration: Declaration, mesh: MeshNode) => Record<string, string>;
  /** Annotations whose values are known only from the finished model. */
  readonly lateAnnotations?: Readonly<Record<string, (node: Node, model: MeshModel) => string>>;
  /** Id of the resource that must be applied before this one, listed before it. */
  readonly after?: string;
  /** Keys of further objects of this kind, where one is not enough; each of them carries `-key` behind the id and the name. */
  readonly further?: (declaration: Declaration, mesh: MeshNode) => readonly string[];
  /** The `spec`; absent for kinds that have none. `key` is undefined for the first object. */
  readonly spec?: (node: Node, model: MeshModel, key?: string) => object;
}

/** What is added to a pod template so that its pods join the mesh. */
export interface PodAdditions {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Emitter {
  readonly provider: ProviderId;
  readonly service: readonly Resource<ServiceDeclaration, ServiceNode>[];
  readonly external: readonly Resource<ExternalDeclaration, ExternalNode>[];
  readonly namespace: readonly Resource<NamespaceDeclaration, NamespaceDeclaration>[];
  /** What a zero trust policy writes in each of its namespaces. */
  readonly policy: readonly Resource<PolicyNamespaceNode, PolicyNamespaceNode>[];
  readonly pod: (service: ServiceNode, version: VersionNode, model: MeshModel) => PodAdditions;
}

export type Judge = (model: MeshModel) => readonly Finding[];
