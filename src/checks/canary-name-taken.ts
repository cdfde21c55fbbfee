import { dataPlaneOf } from '../model/data-plane';
import { canaryName, CanaryNode, ownership, primaryName } from '../model/delivery';
import { targetOf } from '../model/delivery-target';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { refusedServiceName } from '../model/names';
import type { Check } from './check';

export const canaryNameTaken: Check = {
  code: FindingCode.CANARY_NAME_TAKEN,
  name: 'canary-name-taken',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A name that the delivery engine makes, and that something else has',
  why: 'Flagger makes Services, DestinationRules and a workload called after the service, with -primary and -canary behind it, and a route with the '
    + 'service\'s own name. What has such a name already is overwritten, or ends the canary before it began.',
  bad: `
const pods = deployment('orders');
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
new MeshService(chart, 'orders-primary', { mesh, workload: deployment('first-orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'scaler', {
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' }, minReplicas: 2, maxReplicas: 9 },
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.flagger({ selectorLabels: ['cdk8s.io/metadata.addr'] }), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const pods = deployment('orders');
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
new MeshService(chart, 'first-orders', { mesh, workload: deployment('first-orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'scaler', {
  apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'orders' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' }, minReplicas: 2, maxReplicas: 9 },
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.flagger({ selectorLabels: ['cdk8s.io/metadata.addr'] }), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const canary of model.canaries.filter((one) => ownership({ delivery: one })?.servicePerVersion)) {
      const made = [primaryName(canary.name), canaryName(canary.name)];
      const tooLong = made.find((name) => refusedServiceName(name) !== undefined);
      if (tooLong !== undefined) {
        report(canary.origin, {
          message: `Flagger would call a Service ${tooLong}, which ${refusedServiceName(tooLong)}`,
          evidence: `the service is called ${canary.name}`,
          fix: 'Give the service a shorter name',
        });
      }
      for (const { kind, name, origin } of taken(model, canary, made)) {
        report(origin, {
          message: `${kind} ${name} has a name that Flagger gives to what it makes for ${canary.service}`,
          evidence: `the canary is ${canary.origin}`,
          fix: 'Give it another name',
        });
      }
    }
  },
};

/** Kinds of which Flagger makes one for each version, and the one of its route, which has the service's own name. */
const OF_ISTIO = { versions: ['Service', 'DestinationRule'], route: 'VirtualService' };
const OF_GATEWAY_API = { versions: ['Service'], route: 'HTTPRoute' };
/** It has HTTPRoutes of its own, which Flagger leaves alone. */
const LINKERD = 'policy.linkerd.io/';

function taken(model: MeshModel, canary: CanaryNode, made: readonly string[]): readonly { kind: string; name: string; origin: string }[] {
  const target = targetOf(model, canary);
  const copy = target && primaryName(target.name);
  const kinds = dataPlaneOf(model.mesh, canary.namespace) === 'istio' ? OF_ISTIO : OF_GATEWAY_API;
  const objects = model.objects.filter(({ namespace }) => namespace === canary.namespace);
  return objects.flatMap(({ apiVersion, kind, name, origin, ours }) => {
    const clash = (kinds.versions.includes(kind) && made.includes(name)) || (kind === target?.kind && name === copy)
      || (kind === kinds.route && name === canary.name && !apiVersion.startsWith(LINKERD));
    return clash && !(ours && kind !== 'Service') ? [{ kind, name, origin: ours ? origin.slice(0, origin.lastIndexOf('/')) : origin }] : [];
  });
}
