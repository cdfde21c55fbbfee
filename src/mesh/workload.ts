/** Reads what a workload says at the moment of the synth, whatever cdk8s-plus made it: only its ApiObject is looked at. */
import { ApiObject, IAnyProducer, JsonPatch, Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { PodAdditions } from '../model/contracts';
import { merged } from '../model/merged';
import { ContainerNode, ProbeNode, WorkloadNode } from '../model/mesh-model';
import { refuse } from './invalid';
import { Json } from './json';
import { literalSpec, patchesOf } from './plain-data';
import type { Registry } from './registry';

/** The ApiObject behind a cdk8s-plus workload of any version, or the raw ApiObject itself. */
export function apiObjectOf(owner: IConstruct, property: string, construct: IConstruct): ApiObject {
  try {
    return ApiObject.of(construct);
  } catch {
    refuse(owner, property, construct.node.path, 'give a cdk8s-plus construct or an ApiObject');
  }
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});

const RUNS_TO_COMPLETION = new Set(['Job', 'CronJob']);

/** The pod template with what is added to it: undefined is what is not there. */
interface Template {
  labels?: Json;
  annotations?: Json;
  hasMetadata: boolean;
  hasSpec: boolean;
  account?: string;
  replicas?: number;
}

/**
 * A workload that the program handed over. It may still change until the synth, so it is read when the model is built, and what the mesh
 * adds to its pods is appended as JSON patches then, never written into it before.
 */
export class Workload implements IAnyProducer {
  /** @see Registry.render */
  public round = 0;
  /** What the last read found; undefined where it could not read, and where everything was added. */
  private template?: Template;
  private added: readonly JsonPatch[] = [];
  private reading = false;

  /**
   * @param registry is told when somebody else than `read` renders the workload
   */
  public constructor(private readonly object: ApiObject, private readonly registry?: Registry) {
    // cdk8s tells nobody that it writes an object, but it asks for every attribute of the metadata first; this one is never there.
    object.metadata.add('cdk8s-mesh', Lazy.any(this));
  }

  public produce(): undefined {
    if (!this.reading) {
      this.registry?.render(this);
    }
  }

  public get kind(): string {
    return this.object.kind;
  }

  /** Whether its pods end by themselves. */
  public get runsToCompletion(): boolean {
    return RUNS_TO_COMPLETION.has(this.object.kind);
  }

  /** What the program says, without what `patch` added after an earlier read. */
  public read(): WorkloadNode {
    this.takeBack();
    const { node, kind, apiVersion, name, metadata } = this.object;
    const facts = { origin: node.path, kind, apiVersion, name, namespace: metadata.namespace, runsToCompletion: this.runsToCompletion };
    let json: Json;
    let literal: boolean;
    this.reading = true;
    try {
      // A Pod is its own template: its metadata is what cdk8s makes of it.
      const spec = kind === 'Pod' ? undefined : literalSpec(this.object);
      literal = spec !== undefined;
      json = literal ? { spec } : this.object.toJson() as Json;
    } catch (error) {
      return this.unreadable(facts, (error as Error).message);
    } finally {
      this.reading = false;
    }
    const { path } = templatePlace(kind);
    const template = at(json, path);
    if (template == null) {
      return this.unreadable(facts, `a ${kind} has no pod template under ${path.join('.')}`);
    }
    const spec: Json = template.spec ?? {};
    const labels = texts(template.metadata?.labels, literal);
    const annotations = texts(template.metadata?.annotations, literal);
    this.template = {
      labels, annotations, hasMetadata: template.metadata != null, hasSpec: template.spec != null, account: spec.serviceAccountName,
      replicas: json.spec?.replicas,
    };
    // Written out, since V8 gives every object that begins as a copy of another one a hidden class of its own.
    return Object.freeze({
      origin: facts.origin,
      kind,
      apiVersion,
      name,
      namespace: facts.namespace,
      runsToCompletion: facts.runsToCompletion,
      podLabels: labels ?? NONE,
      podAnnotations: annotations ?? NONE,
      pinnedLabels: texts(json.spec?.selector?.matchLabels) ?? NONE,
      // Native sidecars are init containers that stay: their ports count, too.
      containers: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(readContainer),
      replicas: json.spec?.replicas ?? undefined,
      serviceAccount: spec.serviceAccountName ?? undefined,
      hostNetwork: spec.hostNetwork === true,
      runAsUser: spec.securityContext?.runAsUser ?? undefined,
    });
  }

  private unreadable(facts: Pick<WorkloadNode, 'origin' | 'kind' | 'apiVersion' | 'name' | 'namespace' | 'runsToCompletion'>, reason: string): WorkloadNode {
    // A patch would only hide what is a finding.
    this.template = undefined;
    return Object.freeze({ ...facts, podLabels: {}, podAnnotations: {}, pinnedLabels: {}, containers: [], hostNetwork: false, unreadable: reason });
  }

  /** Adds to the pod template what the last read did not show there. */
  public patch(additions: PodAdditions, serviceAccount: string | undefined): void {
    if (this.template === undefined) {
      return;
    }
    const place = templatePlace(this.object.kind);
    this.addTexts(place, 'labels', additions.labels);
    this.addTexts(place, 'annotations', additions.annotations);
    const { hasSpec, account } = this.template;
    if (serviceAccount !== undefined && account !== serviceAccount) {
      this.append(hasSpec ? JsonPatch.add(place.account, serviceAccount) : JsonPatch.add(place.spec, { serviceAccountName: serviceAccount }));
      this.template.hasSpec = true;
      this.template.account = serviceAccount;
    }
  }

  /** Leaves the number of pods to who changes it in the cluster. */
  public leaveOutReplicas(): void {
    if (this.template?.replicas != null) {
      this.template.replicas = undefined;
      this.append(JsonPatch.remove('/spec/replicas'));
    }
  }

  /**
   * A patch throws where the parent is missing, so what is missing is added as a whole; and what is there is written anew with all that is
   * added, since cdk8s copies every patch.
   */
  private addTexts(place: TemplatePlace, kind: 'labels' | 'annotations', wanted: Readonly<Record<string, string>>): void {
    const template = this.template!;
    const there = template[kind];
    const names = Object.keys(wanted);
    if (names.every((name) => there?.[name] === wanted[name])) {
      return;
    }
    const all = merged(there, wanted);
    this.append(template.hasMetadata ? JsonPatch.add(place[kind], all) : JsonPatch.add(place.metadata, { [kind]: all }));
    template[kind] = all;
    template.hasMetadata = true;
  }

  private append(patch: JsonPatch): void {
    this.added = this.added.concat(patch);
    this.object.addJsonPatch(patch);
  }

  /**
   * A patch that made a missing parent would wipe out what the user puts there before the next synth. cdk8s cannot take a patch back,
   * so it is taken out of the list that ApiObject keeps; a cdk8s without that list only loses this nicety.
   */
  private takeBack(): void {
    const patches = patchesOf(this.object);
    if (patches !== undefined && this.added.length > 0) {
      const ours = new Set(this.added);
      this.added = [];
      patches.splice(0, patches.length, ...patches.filter((patch) => !ours.has(patch)));
    }
  }
}

/** What is null or undefined is not written. What is `literal` still has to be sorted, as cdk8s does before it applies a patch. */
function texts(map: Json | null | undefined, literal = false): Json | undefined {
  if (map == null) {
    return undefined;
  }
  const copy: Json = {};
  for (const key of literal ? Object.keys(map).sort() : Object.keys(map)) {
    if (map[key] != null) {
      copy[key] = map[key];
    }
  }
  return copy;
}

function readContainer(container: Json): ContainerNode {
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    runAsUser: container.securityContext?.runAsUser ?? undefined,
    ports: (container.ports ?? []).map((port: Json) => ({ name: port.name, number: port.containerPort })),
    probes: ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((kind) => readProbe(container[kind] ?? {})),
  };
}

function readProbe({ httpGet, grpc, tcpSocket }: Json): ProbeNode[] {
  if (httpGet !== undefined) {
    return [{ kind: 'http', port: httpGet.port, path: String(httpGet.path ?? '/').split('?')[0] }];
  }
  return grpc !== undefined ? [{ kind: 'grpc', port: grpc.port }] : tcpSocket !== undefined ? [{ kind: 'tcp', port: tcpSocket.port }] : [];
}

/** Where a pod template lies in a workload, and the pointers of what is added there. */
interface TemplatePlace {
  readonly path: readonly string[];
  readonly metadata: string;
  readonly labels: string;
  readonly annotations: string;
  readonly spec: string;
  readonly account: string;
}

function templateAt(...path: readonly string[]): TemplatePlace {
  const [metadata, spec] = ['metadata', 'spec'].map((key) => ['', ...path, key].join('/'));
  return { path, metadata, labels: `${metadata}/labels`, annotations: `${metadata}/annotations`, spec, account: `${spec}/serviceAccountName` };
}

/** A Pod is a template itself. */
const POD = templateAt();
const CRON_JOB = templateAt('spec', 'jobTemplate', 'spec', 'template');
const USUAL = templateAt('spec', 'template');

function templatePlace(kind: string): TemplatePlace {
  return kind === 'Pod' ? POD : kind === 'CronJob' ? CRON_JOB : USUAL;
}

function at(json: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => value?.[key], json);
}
