/** How many pods of a service run: what was said, what its workloads say, and what autoscalers of the program make of them. */
import { ObjectNode, ServiceDeclaration, ServiceNode, VersionNode } from '../model/mesh-model';
import { Json } from './json';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** `namespace/kind/name` of a scaled workload to its limits. */
export function autoscalersOf(objects: readonly ObjectNode[]): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  for (const object of objects) {
    const spec = object.kind === 'HorizontalPodAutoscaler' ? object.body?.spec as Json | undefined : undefined;
    if (spec?.scaleTargetRef !== undefined && typeof spec.maxReplicas === 'number') {
      ranges.set(key(object.namespace, spec.scaleTargetRef.kind, spec.scaleTargetRef.name), { min: spec.minReplicas ?? 1, max: spec.maxReplicas });
    }
  }
  return ranges;
}

export function podRange(declared: ServiceDeclaration, versions: readonly VersionNode[], autoscalers: ReadonlyMap<string, Range>): ServiceNode['pods'] {
  if (declared.replicas !== undefined) {
    return declared.replicas;
  }
  let min = 0;
  let max = 0;
  for (const { workload } of versions) {
    if (workload === undefined || workload.kind === 'DaemonSet' || workload.unreadable !== undefined) {
      return undefined;
    }
    const scaled = autoscalers.get(key(workload.namespace, workload.kind, workload.name));
    // Kubernetes runs one pod where a workload says nothing.
    min += scaled?.min ?? workload.replicas ?? 1;
    max += scaled?.max ?? workload.replicas ?? 1;
  }
  return versions.length === 0 ? undefined : Object.freeze({ min, max });
}

function key(namespace: string | undefined, kind: string, name: string): string {
  return `${namespace ?? ''}/${kind}/${name}`;
}
