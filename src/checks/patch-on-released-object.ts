import { ENGINE_FACTS } from '../model/delivery';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const patchOnReleasedObject: Check = {
  code: FindingCode.PATCH_ON_RELEASED_OBJECT,
  name: 'patch-on-released-object',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A patch of something that the delivery engine writes now',
  why: 'With a canary the engine owns what it writes, so the library no longer does. A patch of the object that was there before would be lost without '
    + 'a word, or, on a field that is still written, fight the engine at every apply.',
  bad: `
const pods = deployment('orders');
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
ApiObject.of(orders.node.findChild('VirtualService')).addJsonPatch(JsonPatch.add('/spec/http/0/name', 'main'));
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
ApiObject.of(orders.node.findChild('VirtualService')).addJsonPatch(JsonPatch.add('/metadata/annotations', { owner: 'shop' }));
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const { origin, service, engine, lostPatches } of model.canaries) {
      for (const { kind, name, path } of lostPatches) {
        report(origin, {
          message: path === undefined ? `${kind} ${name} was patched, and is ${ENGINE_FACTS[engine.id].label}'s now`
            : `${kind} ${name} was patched at ${path}, which is ${ENGINE_FACTS[engine.id].label}'s now`,
          evidence: `${service} is delivered by ${ENGINE_FACTS[engine.id].label}`,
          fix: 'Say it through the MeshService, patch the Canary resource, or take CanaryEngine.argoRollouts(), which leaves more to the program',
        });
      }
    }
  },
};
