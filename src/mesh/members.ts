/** Who belongs to a mesh, and the snapshot that is taken of them. */
import { App, ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { withAgreement } from '../model/agreed-policy';
import { grouped } from '../model/grouped';
import {
  CallNode, ExternalDeclaration, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, ObjectNode, ServiceDeclaration, ServiceNode,
} from '../model/mesh-model';
import { PROVIDER_FACTS } from '../model/provider';
import { covers, ZeroTrustNode } from '../model/security';
import { autoscalersOf, podRange } from './pod-range';
import type { Registry } from './registry';
import { serviceNode, Taken } from './service-node';
import { Survey, surveyOf } from './survey';
import { Workload } from './workload';

/** What a service hands to its mesh. */
export interface ServiceMember extends IConstruct {
  readonly _declaration: ServiceDeclaration;
  readonly _calls: readonly CallNode[];
  /** Workload of each version, by name of the version as declared. */
  readonly _workloads: ReadonlyMap<string, Workload>;
  readonly _existing?: ApiObject;
  /** The first version was not named, so it takes the name that its pods carry. */
  readonly _unnamedVersion: boolean;
  /** The model is finished: add to the pods what makes them members. True where objects came or went. */
  _join(node: ServiceNode, model: MeshModel): boolean;
  /** A policy came that may be about it. */
  _reconsider(): void;
}

export interface PolicyMember extends IConstruct {
  readonly _declaration: ZeroTrustNode;
}

export interface ExternalMember extends IConstruct {
  readonly _declaration: ExternalDeclaration;
}

export interface NamespaceMember extends IConstruct {
  readonly _declaration: NamespaceDeclaration;
}

export class Members {
  public readonly services: ServiceMember[] = [];
  public readonly externals: ExternalMember[] = [];
  public readonly namespaces: NamespaceMember[] = [];
  public readonly policies: PolicyMember[] = [];
  private readonly origins = new Set<string>();
  private readonly callers = new Set<IConstruct>();
  private readonly workloads = new Map<ApiObject, Workload>();
  private surveyed?: Survey;
  private readonly listeners: ((service: ServiceMember) => void)[] = [];

  public constructor(private readonly mesh: MeshNode, private readonly app: App) {}

  public addService(service: ServiceMember, origin: string): void {
    this.services.push(service);
    this.callers.add(service);
    this.origins.add(origin);
    this.listeners.forEach((listen) => listen(service));
  }

  public addExternal(external: ExternalMember): void {
    this.externals.push(external);
    this.origins.add(external.node.path);
  }

  public addNamespace(namespace: NamespaceMember): void {
    this.namespaces.push(namespace);
    this.origins.add(namespace.node.path);
  }

  public addPolicy(policy: PolicyMember): void {
    this.policies.push(policy);
    this.origins.add(policy.node.path);
    this.services.forEach((service) => service._reconsider());
  }

  /** A construct of ours that blames itself, such as a canary. */
  public addOrigin(origin: string): void {
    this.origins.add(origin);
  }

  /** The policy that is about a namespace. What is written into the control plane's own would hold in the whole mesh. */
  public policyOf(namespace: string | undefined): ZeroTrustNode | undefined {
    return namespace === this.mesh.systemNamespace ? undefined : this.policies.find((policy) => covers(policy._declaration, namespace))?._declaration;
  }

  /** Tells of every service: those that are there, and those that come, so that constructs work in any order. */
  public eachService(listen: (service: ServiceMember) => void): void {
    this.services.forEach(listen);
    this.listeners.push(listen);
  }

  /** The workload behind an object; several services may have the same pods. */
  public workload(object: ApiObject, registry: Registry): Workload {
    const known = this.workloads.get(object) ?? new Workload(object, registry);
    this.workloads.set(object, known);
    return known;
  }

  public isService(construct: IConstruct): boolean {
    return this.callers.has(construct);
  }

  public has(origin: string): boolean {
    return this.origins.has(origin);
  }

  /** Of the app, as it was when the model was last built. */
  public get survey(): Pick<Survey, 'charts' | 'dependent'> {
    return this.surveyed ??= surveyOf(this.app);
  }

  public model(revision: number): MeshModel {
    const model = this.snapshot(revision);
    this.join(model);
    return model;
  }

  /** Its list of objects stands open until `join`, which may bring some. */
  private snapshot(revision: number): MeshModel {
    this.surveyed = surveyOf(this.app);
    const { objects } = this.surveyed;
    const autoscalers = autoscalersOf(objects);
    const taken = new Map<Workload, Taken>();
    const calls = this.services.flatMap((member) => member._calls);
    const callsTo = grouped(calls, (call) => call.callee);
    const asCalled = <T extends ServiceNode | ExternalNode>(node: T): T => (
      PROVIDER_FACTS[this.mesh.provider].callersAlike ? withAgreement(node, callsTo.get(node.id)) : node
    );
    const services = this.services.map((member) => asCalled(
      serviceNode(member, this.mesh, taken, (version) => podRange(member._declaration, version, autoscalers)),
    ));
    const externals = this.externals.map((member) => asCalled(member._declaration));
    return Object.freeze({
      revision,
      mesh: this.mesh,
      services: Object.freeze(services),
      externals: Object.freeze(externals),
      calls: Object.freeze(calls),
      namespaces: Object.freeze(this.namespaces.map((member) => member._declaration)),
      policies: Object.freeze(this.policies.map((member) => member._declaration)),
      canaries: Object.freeze(services.flatMap(({ delivery }) => delivery ?? [])),
      objects,
      serviceById: new Map(services.map((service) => [service.id, service])),
      externalById: new Map(externals.map((external) => [external.id, external])),
      callsFrom: callsFrom(this.services),
      callsTo,
    });
  }

  /** Adds to the pods of every service what the model says of them. */
  private join(model: MeshModel): void {
    const objects = model.objects as ObjectNode[];
    const changes = this.services.map((member, index) => member._join(model.services[index], model));
    if (changes.includes(true)) {
      objects.length = 0;
      surveyOf(this.app).objects.forEach((object) => objects.push(object));
    }
    Object.freeze(objects);
  }
}

/** Services of one name are an error, and told together until then. */
function callsFrom(members: readonly ServiceMember[]): ReadonlyMap<string, readonly CallNode[]> {
  const calls = new Map<string, readonly CallNode[]>();
  for (const { _declaration: { id }, _calls: own } of members) {
    if (own.length > 0) {
      calls.set(id, (calls.get(id) ?? []).concat(own));
    }
  }
  return calls;
}
