/** One Rollout for every service that Argo Rollouts delivers. It takes its pods' template from the program's own workload. */
import type { RolloutSpec } from '../../../imports/argoproj.io';
import type { Handover, Resource } from '../../model/contracts';
import { type AlertNode, CANARY_SUBSET, type CanaryNode, STABLE_SUBSET } from '../../model/delivery';
import { autoscalersOf, targetOf } from '../../model/delivery-target';
import type { MeshModel, WorkloadNode } from '../../model/mesh-model';
import { type Json, defined } from '../json';
import { ARGO } from './api';
import { steps } from './steps';

type Spec = Json<RolloutSpec>;

export function rollout(handover: Handover): Resource<CanaryNode, CanaryNode> {
  return {
    id: 'Rollout',
    apiVersion: ARGO,
    kind: 'Rollout',
    after: 'AnalysisTemplate',
    exists: () => true,
    annotations: ({ alerts }) => Object.assign({}, ...alerts.map(subscriptions)) as Record<string, string>,
    spec: (node, model): Spec => {
      const target = targetOf(model, node);
      return defined<Spec>({
        replicas: replicas(model, node, target),
        selector: { matchLabels: target?.pinnedLabels ?? {} },
        // The Deployment serves until the Rollout does, and is then scaled to nothing.
        workloadRef: target && { apiVersion: target.apiVersion, kind: target.kind, name: target.name, scaleDown: 'onsuccess' },
        progressDeadlineSeconds: node.readyWithinMs / 1000,
        progressDeadlineAbort: true,
        strategy: {
          canary: {
            trafficRouting: {
              istio: {
                virtualService: { name: node.name, routes: handover.weightedRules(model, model.serviceById.get(node.service)!) },
                destinationRule: { name: node.name, stableSubsetName: STABLE_SUBSET, canarySubsetName: CANARY_SUBSET },
              },
            },
            steps: steps(node),
          },
        },
      });
    },
  };
}

/** As many as the workload says; an autoscaler of the Rollout decides by itself. */
function replicas(model: MeshModel, node: CanaryNode, target: WorkloadNode | undefined): number | undefined {
  return autoscalersOf(model, node.namespace, 'Rollout', node.name).length > 0 ? undefined : target?.replicas;
}

/** Names under which Argo Rollouts' own configuration knows the receivers, and triggers of its catalogue. */
const SERVICES: Readonly<Record<AlertNode['kind'], string>> = { slack: 'slack', teams: 'teams', pagerduty: 'pagerdutyv2' };
const ERRORS = ['on-rollout-aborted', 'on-analysis-run-failed', 'on-analysis-run-error'];
const TRIGGERS: Readonly<Record<AlertNode['severity'], readonly string[]>> = {
  error: ERRORS,
  warning: [...ERRORS, 'on-rollout-paused'],
  info: [...ERRORS, 'on-rollout-paused', 'on-rollout-updated', 'on-rollout-step-completed', 'on-rollout-completed'],
};

function subscriptions({ kind, severity, receiver }: AlertNode): Record<string, string> {
  return Object.fromEntries(TRIGGERS[severity].map((trigger) => [`notifications.argoproj.io/subscribe.${trigger}.${SERVICES[kind]}`, receiver ?? '']));
}
