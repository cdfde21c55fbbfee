/** The workload that an engine runs, and what else in the program scales it. */
import type { CanaryNode } from './delivery';
import type { MeshModel, ObjectNode, WorkloadNode } from './mesh-model';

/** The workload whose changes are new versions; undefined where it could not be read. */
export function targetOf(model: MeshModel, canary: CanaryNode): WorkloadNode | undefined {
  const workload = model.serviceById.get(canary.service)?.versions[0]?.workload;
  return workload?.unreadable === undefined ? workload : undefined;
}

/** Autoscalers of the program that scale an object: HorizontalPodAutoscalers and KEDA's ScaledObjects. */
export function autoscalersOf(model: MeshModel, namespace: string | undefined, kind: string, name: string): readonly ObjectNode[] {
  return model.objects.filter((object) => {
    if (object.namespace !== namespace || !['HorizontalPodAutoscaler', 'ScaledObject'].includes(object.kind)) {
      return false;
    }
    const { scaleTargetRef } = (object.body?.spec ?? {}) as { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
    // KEDA's targets are Deployments where nothing is said.
    return scaleTargetRef?.name === name && (scaleTargetRef.kind ?? 'Deployment') === kind;
  });
}
