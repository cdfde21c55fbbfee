/** What the pods of a service will look like once the library has added its labels. */
import { addedLabels } from '../model/effective';
import { merged } from '../model/merged';
import type { ServiceNode, VersionNode, WorkloadNode } from '../model/mesh-model';
import { onceWhileJudged } from '../model/once';

export type Labels = Readonly<Record<string, string>>;

/** Whether a selector takes pods with these labels; an empty selector takes none, as in a Service. */
export function matches(selector: Labels, labels: Labels): boolean {
  const keys = Object.keys(selector);
  return keys.length > 0 && keys.every((key) => labels[key] === selector[key]);
}

/** The labels that the pods carry in the cluster; what the workload's own selector pins stays. */
export function podLabelsOf(service: ServiceNode, version: VersionNode, workload: WorkloadNode): Labels {
  return merged(workload.podLabels, addedLabels(service, version), workload.pinnedLabels);
}

export interface KnownPods {
  readonly service: ServiceNode;
  readonly version: VersionNode;
  readonly workload: WorkloadNode;
}

/** All workloads of the program that could be read. */
export const knownPods = onceWhileJudged((model): readonly KnownPods[] => model.services.flatMap((service) => service.versions.flatMap((version) => {
  const { workload } = version;
  return workload === undefined || workload.unreadable !== undefined ? [] : [{ service, version, workload }];
})));
