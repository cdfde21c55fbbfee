/** Finds the pods that a selector takes, without looking at every pod for every selector. */
import type { MeshModel, ServiceNode, VersionNode, WorkloadNode } from '../model/mesh-model';
import { onceWhileJudged } from '../model/once';
import { Labels, matches, podLabelsOf } from './pods';

/** Pods that are alike: those of one version, or those that a service's labels name. */
export interface PodSet {
  readonly service: ServiceNode;
  /** Absent where the pods come from outside the program. */
  readonly version?: VersionNode;
  readonly workload?: WorkloadNode;
  readonly namespace?: string;
  readonly labels: Labels;
}

export class PodIndex {
  public static readonly of = onceWhileJudged((model) => new PodIndex(model));

  private readonly byNamespace = new Map<string, NamespacePods>();

  private constructor(model: MeshModel) {
    for (const service of model.services) {
      for (const pods of podSets(service)) {
        const namespace = pods.namespace ?? '';
        const known = this.byNamespace.get(namespace);
        if (known === undefined) {
          this.byNamespace.set(namespace, { all: [pods], byLabel: new Map() });
        } else {
          known.all.push(pods);
        }
      }
    }
  }

  /** Whether any pods of this namespace are known. */
  public knows(namespace: string | undefined): boolean {
    return this.byNamespace.has(namespace ?? '');
  }

  public select(namespace: string | undefined, selector: Labels): readonly PodSet[] {
    const pods = this.byNamespace.get(namespace ?? '');
    let smallest: readonly PodSet[] = NONE;
    const keys = pods === undefined ? [] : Object.keys(selector);
    for (const key of keys) {
      const taken = valuesOf(pods!, key).get(selector[key]) ?? NONE;
      if (key === keys[0] || taken.length < smallest.length) {
        smallest = taken;
      }
    }
    return keys.length === 1 ? smallest : smallest.filter((one) => matches(selector, one.labels));
  }
}

interface NamespacePods {
  readonly all: PodSet[];
  /** By value, for each key that a selector asked for. */
  readonly byLabel: Map<string, ReadonlyMap<string, readonly PodSet[]>>;
}

const NONE: readonly PodSet[] = [];

function valuesOf({ all, byLabel }: NamespacePods, key: string): ReadonlyMap<string, readonly PodSet[]> {
  const known = byLabel.get(key);
  if (known !== undefined) {
    return known;
  }
  const values = new Map<string, PodSet[]>();
  for (const pods of all) {
    const value = pods.labels[key];
    const same = value === undefined ? undefined : values.get(value);
    if (same !== undefined) {
      same.push(pods);
    } else if (value !== undefined) {
      values.set(value, [pods]);
    }
  }
  byLabel.set(key, values);
  return values;
}

function podSets(service: ServiceNode): PodSet[] {
  if (!service.hasWorkload) {
    return [{ service, namespace: service.namespace, labels: service.podLabels ?? service.selector }];
  }
  return service.versions.flatMap((version) => {
    const { workload } = version;
    return workload === undefined || workload.unreadable !== undefined
      ? [] : [{ service, version, workload, namespace: workload.namespace, labels: podLabelsOf(service, version, workload) }];
  });
}
