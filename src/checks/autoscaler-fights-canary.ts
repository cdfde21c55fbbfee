import { canaryName, CanaryNode, primaryName } from '../model/delivery';
import { autoscalersOf, targetOf } from '../model/delivery-target';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, WorkloadNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { listed } from './text';

export const autoscalerFightsCanary: Check = {
  code: FindingCode.AUTOSCALER_FIGHTS_CANARY,
  name: 'autoscaler-fights-canary',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A number of pods that an autoscaler and a delivery engine both decide, or nobody',
  why: 'A delivery engine scales the workload that it was handed to nothing and back. An autoscaler of the same workload, or a number in its '
    + 'manifest, undoes that; so the number is left out of the manifest. Argo Rollouts keeps it in the Rollout. Flagger has no field for it: its '
    + 'copy gets as many pods as the workload has in the cluster at that moment, which is one where it is new.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'scaler', {
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' }, minReplicas: 3, maxReplicas: 9 },
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'scaler', {
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' },
  spec: { scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'orders' }, minReplicas: 3, maxReplicas: 9 },
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const canary of model.canaries) {
      const target = targetOf(model, canary);
      if (target !== undefined) {
        JUDGES[canary.engine.id](model, canary, target, report);
      }
    }
  },
};

type Judge = (model: MeshModel, canary: CanaryNode, target: WorkloadNode, report: Report) => void;

const JUDGES: Readonly<Record<CanaryNode['engine']['id'], Judge>> = {
  'argo-rollouts': (model, canary, { kind, name, namespace }, report) => {
    for (const scaler of autoscalersOf(model, namespace, kind, name)) {
      report(scaler.origin, {
        message: `${scaler.kind} ${scaler.name} scales ${kind} ${name}, which Argo Rollouts keeps at no pods`,
        evidence: `the pods are those of Rollout ${canary.name}`,
        fix: `Let it scale the Rollout: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: '${canary.name}' }`,
      });
    }
  },
  'flagger': (model, canary, { kind, name, namespace, replicas }, report) => {
    const scalers = autoscalersOf(model, namespace, kind, name);
    if (scalers.length > 1) {
      report(canary.origin, {
        message: `${scalers.length} autoscalers scale ${kind} ${name}, and Flagger can copy one`,
        evidence: listed(scalers.map((one) => `${one.kind} ${one.name}`)),
        fix: 'Keep one of them',
      });
    }
    for (const copy of [primaryName(name), canaryName(name)]) {
      for (const scaler of autoscalersOf(model, namespace, kind, copy)) {
        report(scaler.origin, {
          message: `${scaler.kind} ${scaler.name} scales ${kind} ${copy}, for which Flagger makes an autoscaler by itself`,
          evidence: `it copies the one of ${kind} ${name}`,
          fix: `Scale ${kind} ${name}`,
        });
      }
    }
    if (scalers.length === 0 && kind !== 'DaemonSet' && (replicas ?? 1) > 1) {
      report(canary.origin, {
        message: `the ${replicas} pods of ${kind} ${name} cannot be written: Flagger changes the field, and gives its copy as many as it finds, one on a first install`,
        evidence: 'no autoscaler of the program scales it, and the number is left out of the manifest',
        fix: `Add a HorizontalPodAutoscaler for ${kind} ${name} with minReplicas ${replicas}; Flagger copies it`,
        severity: Severity.WARNING,
      });
    }
  },
  'manual': () => undefined,
};
