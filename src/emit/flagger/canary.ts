/** One Canary for every service that Flagger delivers. */
import type { CanarySpec } from '../../../imports/flagger.app';
import type { Handover, Resource } from '../../model/contracts';
import type { CanaryNode } from '../../model/delivery';
import { autoscalersOf, targetOf } from '../../model/delivery-target';
import type { MeshModel } from '../../model/mesh-model';
import { type Json, defined } from '../json';
import { analysis } from './analysis';
import { FLAGGER } from './api';
import { service } from './service';

type Spec = Json<CanarySpec>;

/**
 * `revertOnDeletion` is always on: without it a deleted Canary takes the only pods that serve with it, and every request is answered by 503.
 */
export function canary(handover: Handover): Resource<CanaryNode, CanaryNode> {
  return {
    id: 'Canary',
    apiVersion: FLAGGER,
    kind: 'Canary',
    exists: () => true,
    spec: (node, model): Spec => {
      const { apiVersion, kind, name } = targetOf(model, node) ?? { apiVersion: 'apps/v1', kind: 'Deployment', name: node.name };
      return defined<Spec>({
        provider: handover.provider.flagger as Spec['provider'],
        targetRef: { apiVersion, kind: kind as Spec['targetRef']['kind'], name },
        autoscalerRef: autoscalerRef(model, node, kind, name),
        revertOnDeletion: true,
        progressDeadlineSeconds: node.readyWithinMs / 1000,
        service: service(handover, model, node),
        analysis: analysis(node),
      });
    },
  };
}

/** Flagger copies the autoscaler for the promoted version, and takes the least number of pods from it. */
function autoscalerRef(model: MeshModel, node: CanaryNode, kind: string, name: string): Spec['autoscalerRef'] {
  const [autoscaler] = autoscalersOf(model, node.namespace, kind, name);
  return autoscaler && {
    apiVersion: autoscaler.apiVersion, kind: autoscaler.kind as NonNullable<Spec['autoscalerRef']>['kind'], name: autoscaler.name,
  };
}
