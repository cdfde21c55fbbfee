/**
 * What the vocabulary expects of the emitters and the checks. Only `mesh/wiring.ts` knows who fulfils it.
 */
import type { CanaryNode, EngineId } from './delivery';
import type { Finding } from './finding';
import type {
  ExternalDeclaration, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, PortNode, ServiceDeclaration, ServiceNode, VersionNode,
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
  readonly nameOf?: (declaration: Declaration, mesh: MeshNode) => string;
  /** Where it is not the declaration's own namespace. */
  readonly namespaceOf?: (declaration: Declaration, mesh: MeshNode, key?: string) => string | undefined;
  readonly labels?: (declaration: Declaration, mesh: MeshNode) => Record<string, string>;
  readonly annotations?: (declaration: Declaration, mesh: MeshNode, key?: string) => Record<string, string>;
  /** Labels whose values are known only later on; undefined: no such label. */
  readonly lateLabels?: Readonly<Record<string, (node: Node, model: MeshModel, key?: string) => string | undefined>>;
  /** Annotations whose values are known only from the finished model; undefined: none. */
  readonly lateAnnotations?: Readonly<Record<string, (node: Node, model: MeshModel, key?: string) => string | undefined>>;
  /** Id of the resource that must be applied before this one, listed before it. */
  readonly after?: string;
  /** Id of a resource of which every object must be applied before each of these, whichever is declared first. */
  readonly afterEach?: string;
  /**
   * What can bring an object of it, or one more, after the declaration was made: a first call of the service (`callees`), or the policy of a
   * caller or a route of another namespace (`consumers`). There are ten times as many calls as services, so a call asks only these.
   */
  readonly growsBy?: 'callees' | 'consumers';
  /** Keys of the objects, where there may be none or many; each of them carries `-key` behind the id and the name, one may have none. */
  readonly each?: (declaration: Declaration, mesh: MeshNode) => readonly (string | undefined)[];
  /** Keys of further objects of this kind, where one is not enough; each of them carries `-key` behind the id and the name. */
  readonly further?: (declaration: Declaration, mesh: MeshNode) => readonly string[];
  /**
   * Keys of the objects where who calls whom decides which there are, so that only the finished model tells. They are made, and taken away
   * again, when the model is built; nothing may depend on one.
   */
  readonly late?: (node: Node, model: MeshModel) => readonly string[];
  /** The `spec`; absent for kinds that have none. `key` is undefined for the first object. */
  readonly spec?: (node: Node, model: MeshModel, key?: string) => object;
}

/** A member of the mesh whose declaration decides about what its namespace has once. */
export type MemberDeclaration = ServiceDeclaration | ExternalDeclaration;

/** What the members of one namespace share. */
export interface SharedNode {
  readonly name: string;
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
  /** What one namespace has once, as soon as one of its members asks for it, whichever comes first. */
  readonly shared?: readonly Resource<MemberDeclaration, SharedNode>[];
  /** What a delivery engine needs to write in place of this mesh's emitters. */
  readonly handover: Handover;
  /** What a zero trust policy writes in each of its namespaces. */
  readonly policy: readonly Resource<PolicyNamespaceNode, PolicyNamespaceNode>[];
  readonly pod: (service: ServiceNode, version: VersionNode, model: MeshModel) => PodAdditions;
}

/** What a service would have had in a mesh's own resources, for an engine that writes resources of its own. */
export interface Handover {
  /** What the engine calls this mesh. */
  readonly provider: Readonly<Record<EngineId, string | undefined>>;
  /** The service's port as a Kubernetes Service declares it. */
  readonly appProtocol: (port: PortNode, service: ServiceNode) => string | undefined;
  /** What the rule for every request does beside sending it on. */
  readonly rule: (model: MeshModel, service: ServiceNode) => object;
  /** Where the engine writes a route of Gateway API in place of ours. Undefined: it writes rules of the mesh's own API. */
  readonly route?: (model: MeshModel, service: ServiceNode) => EngineRoute;
  /** What callers' proxies do with connections. */
  readonly policy: (model: MeshModel, service: ServiceNode) => object;
  /** Names of the rules in which the engine moves weights. */
  readonly weightedRules: (model: MeshModel, service: ServiceNode) => readonly string[];
}

/** What a route of Gateway API has beside its rules. */
export interface EngineRoute {
  /** What it is attached to. */
  readonly parents: readonly object[];
  /** By which the mesh is told of limits. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The resources by which one engine is told of a canary. */
export type EngineEmitter = (handover: Handover) => readonly Resource<CanaryNode, CanaryNode>[];

export type Judge = (model: MeshModel) => readonly Finding[];
