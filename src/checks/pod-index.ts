/** Finds the pods that a selector takes, without looking at every pod for every selector. */
import type { MeshModel, ServiceNode, VersionNode, WorkloadNode } from '../model/mesh-model';
import { oncePerModel } from '../model/once';
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
  public static readonly of = oncePerModel((model) => new PodIndex(model));

  private readonly byLabel = new Map<string, PodSet[]>();
  private readonly sizes = new Map<string, number>();

  private constructor(model: MeshModel) {
    for (const service of model.services) {
      podSets(service).forEach((pods) => this.add(pods));
    }
  }

  /** Whether any pods of this namespace are known. */
  public knows(namespace: string | undefined): boolean {
    return this.sizes.has(namespace ?? '');
  }

  public select(namespace: string | undefined, selector: Labels): readonly PodSet[] {
    const buckets = Object.entries(selector).map(([key, value]) => this.byLabel.get(bucket(namespace, key, value)) ?? []);
    const smallest = [...buckets].sort((a, b) => a.length - b.length)[0] ?? [];
    return smallest.filter((pods) => matches(selector, pods.labels));
  }

  private add(pods: PodSet): void {
    this.sizes.set(pods.namespace ?? '', (this.sizes.get(pods.namespace ?? '') ?? 0) + 1);
    for (const [key, value] of Object.entries(pods.labels)) {
      const name = bucket(pods.namespace, key, value);
      const known = this.byLabel.get(name);
      if (known === undefined) {
        this.byLabel.set(name, [pods]);
      } else {
        known.push(pods);
      }
    }
  }
}

function bucket(namespace: string | undefined, key: string, value: string): string {
  return `${namespace ?? ''}\n${key}\n${value}`;
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
