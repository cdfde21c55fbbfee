/** Who belongs to a mesh, and the snapshot that is taken of them. */
import { App, ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { withAgreement } from '../model/agreed-policy';
import { selectorLabel } from '../model/delivery';
import { addedLabels } from '../model/effective';
import { grouped } from '../model/grouped';
import {
  CallNode, ExistingServiceNode, ExternalDeclaration, ExternalNode, MeshModel, MeshNode, NamespaceDeclaration, ObjectNode, ServiceDeclaration,
  ServiceNode, VersionNode, WorkloadNode,
} from '../model/mesh-model';
import { fullyQualified, refusedLabel } from '../model/names';
import { PROVIDER_FACTS } from '../model/provider';
import { covers, ZeroTrustNode } from '../model/security';
import { readService } from './existing-service';
import { autoscalersOf, podRange } from './pod-range';
import type { Registry } from './registry';
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

/** What the first service of a workload makes of its pods; another service of the same pods finds it there. */
interface Taken {
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
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

function readWorkload(workload: Workload, taken: ReadonlyMap<Workload, Taken>): WorkloadNode {
  const node = workload.read();
  const first = taken.get(workload);
  return first === undefined ? node : Object.freeze({
    ...node,
    podLabels: { ...node.podLabels, ...first.labels },
    pinnedLabels: { ...first.labels, ...node.pinnedLabels },
    serviceAccount: node.serviceAccount ?? first.account,
  });
}

function serviceNode(
  member: ServiceMember, mesh: MeshNode, taken: Map<Workload, Taken>, range: (versions: readonly VersionNode[]) => ServiceNode['pods'],
): ServiceNode {
  const declared = member._declaration;
  const existing = member._existing && readService(member._existing);
  const versions = declared.versions.map((version, index): VersionNode => {
    const own = member._workloads.get(version.name);
    const workload = own && readWorkload(own, taken);
    const carried = index === 0 && member._unnamedVersion ? workload?.podLabels.version : undefined;
    const name = carried ?? version.name;
    // A label may hold what the name of a subset may not; that version keeps the subset's default name.
    const subset = version.subset === version.name && refusedLabel(name) === undefined ? name : version.subset;
    const account = declared.serviceAccount ?? workload?.serviceAccount ?? (declared.hasWorkload ? declared.name : 'default');
    return Object.freeze({
      name,
      subset,
      origin: version.origin,
      declaredSubset: subset === version.subset ? undefined : version.subset,
      labels: version.labels,
      loadBalancing: version.loadBalancing,
      circuitBreaker: version.circuitBreaker,
      workload,
      selector: Object.freeze({ version: name, ...version.labels }),
      account,
    });
  });
  const node: ServiceNode = Object.freeze({
    ...declared,
    routes: copied(declared.routes),
    callees: copied(declared.callees),
    consumers: copied((declared.consumers ?? NONE).map(({ namespace, calls }) => Object.freeze({ namespace, calls: copied(calls) }))),
    routedFrom: copied(declared.routedFrom ?? NONE),
    versions: Object.freeze(versions),
    host: fullyQualified(declared.name, declared.namespace ?? '', mesh.clusterDomain),
    selector: Object.freeze(selectorOf(declared, versions, mesh, existing)),
    accounts: Object.freeze([...new Set(versions.map((version) => version.account))]),
    pods: range(versions),
    existingService: existing,
  });
  for (const [index, version] of versions.entries()) {
    const own = member._workloads.get(declared.versions[index].name);
    if (own !== undefined && !taken.has(own)) {
      taken.set(own, { labels: addedLabels(node, version), account: version.account });
    }
  }
  return node;
}

const NONE: readonly never[] = Object.freeze([]);

/** Most lists of most services are empty. */
function copied<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : Object.freeze(list.slice());
}

/** A Service of the program's own selects as it does; pods that another tool makes are named by their labels; ours are by `app`. */
function selectorOf(
  declared: ServiceDeclaration, versions: readonly VersionNode[], mesh: MeshNode, existing?: ExistingServiceNode,
): Record<string, string> {
  if (existing !== undefined) {
    return { ...existing.selector };
  }
  if (declared.podLabels !== undefined) {
    return { ...declared.podLabels };
  }
  const engine = declared.delivery?.engine;
  if (engine !== undefined && versions.some(({ workload }) => workload !== undefined && selectorLabel(engine, workload.pinnedLabels) === 'app')) {
    // The engine gives the pods of the promoted version another app label, and leaves the rest as it is.
    return { [PROVIDER_FACTS[mesh.provider].serviceLabel]: declared.name };
  }
  // An app label that the pods have already stays theirs: a workload's own selector may rest on it.
  const carried = versions.map(({ workload }) => workload?.podLabels.app).find((app) => app !== undefined);
  return { app: carried ?? declared.name };
}
