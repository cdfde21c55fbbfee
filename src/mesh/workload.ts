/** Reads what a workload says at the moment of the synth, whatever cdk8s-plus made it: only its ApiObject is looked at. */
import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { IConstruct } from 'constructs';
import { PodAdditions } from '../model/contracts';
import { ContainerNode, WorkloadNode } from '../model/mesh-model';
import { refuse } from './invalid';
import { Json } from './json';

/** The ApiObject behind a cdk8s-plus workload of any version, or the raw ApiObject itself. */
export function apiObjectOf(owner: IConstruct, property: string, construct: IConstruct): ApiObject {
  try {
    return ApiObject.of(construct);
  } catch {
    refuse(owner, property, construct.node.path, 'give a cdk8s-plus construct or an ApiObject');
  }
}

const RUNS_TO_COMPLETION = new Set(['Job', 'CronJob']);

/**
 * A workload that the program handed over. It may still change until the synth, so it is read when the model is built, and what the mesh
 * adds to its pods is appended as JSON patches then, never written into it before.
 */
export class Workload {
  private json: Json = {};
  private readonly added: JsonPatch[] = [];
  private reading = false;

  /**
   * @param rendered is called when somebody else than `read` renders the workload
   */
  public constructor(private readonly object: ApiObject, rendered: () => void = () => undefined) {
    // cdk8s tells nobody that it writes an object, but it asks for every attribute of the metadata first; this one is never there.
    object.metadata.add('cdk8s-mesh', Lazy.any({
      produce: () => {
        if (!this.reading) {
          rendered();
        }
        return undefined;
      },
    }));
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
    this.reading = true;
    try {
      this.json = this.object.toJson();
    } catch (error) {
      return this.unreadable(facts, (error as Error).message);
    } finally {
      this.reading = false;
    }
    const path = podTemplatePath(kind);
    const template = at(this.json, path);
    if (template === undefined) {
      return this.unreadable(facts, `a ${kind} has no pod template under ${path.join('.')}`);
    }
    const spec: Json = template.spec ?? {};
    return Object.freeze({
      ...facts,
      // Copies: what is added to the pods later is no word of the program.
      podLabels: { ...template.metadata?.labels },
      podAnnotations: { ...template.metadata?.annotations },
      pinnedLabels: this.json.spec?.selector?.matchLabels ?? {},
      // Native sidecars are init containers that stay: their ports count, too.
      containers: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(readContainer),
      replicas: this.json.spec?.replicas,
      serviceAccount: spec.serviceAccountName,
      hostNetwork: spec.hostNetwork === true,
      runAsUser: spec.securityContext?.runAsUser,
    });
  }

  private unreadable(facts: Pick<WorkloadNode, 'origin' | 'kind' | 'apiVersion' | 'name' | 'namespace' | 'runsToCompletion'>, reason: string): WorkloadNode {
    this.json = {};
    return Object.freeze({ ...facts, podLabels: {}, podAnnotations: {}, pinnedLabels: {}, containers: [], hostNetwork: false, unreadable: reason });
  }

  /** Adds to the pod template what the last read did not show there. */
  public patch(additions: PodAdditions, serviceAccount: string | undefined): void {
    const path = podTemplatePath(this.object.kind);
    const wanted: [string[], string][] = [
      ...Object.entries(additions.labels).map(([key, value]): [string[], string] => [['metadata', 'labels', key], value]),
      ...Object.entries(additions.annotations).map(([key, value]): [string[], string] => [['metadata', 'annotations', key], value]),
    ];
    if (Object.keys(this.json).length === 0) {
      return; // Nothing could be read, which is a finding: a patch would only hide it.
    }
    if (serviceAccount !== undefined) {
      wanted.push([['spec', 'serviceAccountName'], serviceAccount]);
    }
    for (const [keys, value] of wanted) {
      this.add([...path, ...keys], value);
    }
  }

  /** Leaves the number of pods to who changes it in the cluster. */
  public leaveOutReplicas(): void {
    if (this.json.spec?.replicas !== undefined) {
      delete this.json.spec.replicas;
      this.append(JsonPatch.remove('/spec/replicas'));
    }
  }

  private add(path: readonly string[], value: string): void {
    let parent = this.json;
    for (const [depth, key] of path.slice(0, -1).entries()) {
      if (parent[key] === undefined) {
        parent[key] = {};
        this.append(JsonPatch.add(jsonPointer(path.slice(0, depth + 1)), {}));
      }
      parent = parent[key];
    }
    const last = path[path.length - 1];
    if (parent[last] !== value) {
      parent[last] = value;
      this.append(JsonPatch.add(jsonPointer(path), value));
    }
  }

  private append(patch: JsonPatch): void {
    this.added.push(patch);
    this.object.addJsonPatch(patch);
  }

  /**
   * A patch that made a missing parent would wipe out what the user puts there before the next synth. cdk8s cannot take a patch back,
   * so it is taken out of the list that ApiObject keeps; a cdk8s without that list only loses this nicety.
   */
  private takeBack(): void {
    const { patches } = this.object as unknown as { patches?: JsonPatch[] };
    if (Array.isArray(patches)) {
      const ours = new Set(this.added.splice(0));
      patches.splice(0, patches.length, ...patches.filter((patch) => !ours.has(patch)));
    }
  }
}

function readContainer(container: Json): ContainerNode {
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    runAsUser: container.securityContext?.runAsUser,
    ports: (container.ports ?? []).map((port: Json) => ({ name: port.name, number: port.containerPort })),
  };
}

/** JSON path of the pod template; empty for a Pod, which is one itself. */
function podTemplatePath(kind: string): string[] {
  switch (kind) {
    case 'Pod': return [];
    case 'CronJob': return ['spec', 'jobTemplate', 'spec', 'template'];
    default: return ['spec', 'template'];
  }
}

function at(json: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => value?.[key], json);
}

function jsonPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}
