import { CanaryNode, ENGINE_FACTS } from '../model/delivery';
import { MeshModel } from '../model/mesh-model';

/**
 * Fields of one object that somebody else writes, in the form of Argo CD's `ignoreDifferences`.
 */
export interface IgnoreDifference {
  /**
   * API group of the object.
   * @default - the core group
   */
  readonly group?: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   * @default - the application's
   */
  readonly namespace?: string;
  /**
   * JSON pointers to the fields.
   * @default - none
   */
  readonly jsonPointers?: string[];
  /**
   * jq expressions that lead to the fields.
   * @default - none
   */
  readonly jqPathExpressions?: string[];
}

export function ignoredDifferences(canary: CanaryNode, model: MeshModel): readonly IgnoreDifference[] {
  const { name, namespace, engine } = canary;
  const workload = model.serviceById.get(canary.service)?.versions[0]?.workload;
  const scaled: IgnoreDifference[] = !ENGINE_FACTS[engine.id].ownsReplicas || workload === undefined ? []
    : [{ group: workload.apiVersion.split('/')[0], kind: workload.kind, name: workload.name, namespace, jsonPointers: ['/spec/replicas'] }];
  switch (engine.id) {
    case 'flagger':
      return [{ kind: 'Service', name, namespace, jsonPointers: ['/spec/selector'] }, ...scaled];
    case 'argo-rollouts':
      return [
        {
          group: 'networking.istio.io', kind: 'VirtualService', name, namespace,
          jqPathExpressions: ['.spec.http[].route[].weight'],
        },
        {
          group: 'networking.istio.io', kind: 'DestinationRule', name, namespace,
          jqPathExpressions: ['.spec.subsets[].labels["rollouts-pod-template-hash"]'],
        },
        ...scaled,
      ];
    case 'manual':
      return [];
  }
}
