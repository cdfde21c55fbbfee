import { policyBeyondFlagger } from '../model/carry';
import { dataPlaneOf } from '../model/data-plane';
import { canaryName, ENGINE_FACTS, ownership, primaryName } from '../model/delivery';
import { engineAnswer, wishesOf } from '../model/engine-capability';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { listed } from './text';

export const engineCannotCarry: Check = {
  code: FindingCode.ENGINE_CANNOT_CARRY,
  name: 'engine-cannot-carry',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Something that the delivery engine would drop without a word',
  why: 'Flagger replaces the whole VirtualService or HTTPRoute by one rule of its own, and copies a part of the policy; Argo Rollouts deletes every subset that is '
    + 'not its own. What the engine can hold is handed over to it. Everything else is said here, so that it does not vanish with the first release.',
  bad: `
const pods = deployment('orders');
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
orders.addRoute('search', { matches: [RouteMatch.prefix('/search')], deadline: Duration.seconds(30) });
new ApiObject(chart, 'scaler', {
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' }, minReplicas: 2, maxReplicas: 9 },
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.flagger({ selectorLabels: ['cdk8s.io/metadata.addr'] }), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('search', { matches: [RouteMatch.prefix('/search')], deadline: Duration.seconds(30) });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const canary of model.canaries) {
      const { id } = canary.engine;
      const plane = dataPlaneOf(model.mesh, canary.namespace);
      for (const { wish, origin, what } of wishesOf(model, canary)) {
        const answer = engineAnswer(wish, id, plane);
        if (answer.support === 'unsupported') {
          report(origin, {
            message: `${ENGINE_FACTS[id].label} cannot take ${what}`,
            evidence: `${canary.service} is delivered by ${canary.origin}`,
            fix: answer.instead,
          });
        }
      }
      const service = model.serviceById.get(canary.service);
      const beside = service !== undefined && plane === 'istio' && ownership(service)?.ownsPolicy ? policyBeyondFlagger(service, model.mesh) : [];
      if (beside.length > 0) {
        report(canary.origin, {
          message: `${ENGINE_FACTS[id].label} has no field for ${listed(beside, 12)}; it is written beside the engine's own resources`,
          evidence: `DestinationRules ${primaryName(canary.name)}-policy and ${canaryName(canary.name)}-policy hold the whole policy of ${canary.service}`,
          fix: 'Nothing has to be done',
          severity: Severity.INFO,
        });
      }
    }
  },
};
