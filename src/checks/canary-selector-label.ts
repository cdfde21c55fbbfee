import { type CanaryNode, selectorLabel } from '../model/delivery';
import { targetOf } from '../model/delivery-target';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, WorkloadNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { groupOf, labels, record } from './raw';
import { labelText, listed } from './text';

export const canarySelectorLabel: Check = {
  code: FindingCode.CANARY_SELECTOR_LABEL,
  name: 'canary-selector-label',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A workload whose pods Flagger cannot tell apart',
  why: 'Flagger gives the promoted copy another value in one label of the workload\'s selector, and selects both versions by that label alone. It '
    + 'looks for `app`, `name` or `app.kubernetes.io/name`, and cdk8s-plus selects by none of them. A Service of the program that selects by the same '
    + 'label would be left with the pods of the new version, so mostly with none.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: new kplus.Deployment(chart, 'pods', {
  metadata: { name: 'orders' }, replicas: 1, containers: [{ image: 'registry.example.com/orders:1.0', portNumber: 8080 }],
}), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.flagger(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const pods = new kplus.Deployment(chart, 'pods', {
  metadata: { name: 'orders' }, replicas: 1, select: false, containers: [{ image: 'registry.example.com/orders:1.0', portNumber: 8080 }],
});
pods.podMetadata.addLabel('app', 'orders');
pods.select(kplus.LabelSelector.of({ labels: { app: 'orders' } }));
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.flagger(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => model.canaries.forEach((canary) => {
    const target = targetOf(model, canary);
    if (canary.engine.id === 'flagger' && target !== undefined) {
      judge(model, canary, canary.engine.selectorLabels, target, report);
    }
  }),
};

function judge(model: MeshModel, canary: CanaryNode, selectorLabels: readonly string[], target: WorkloadNode, report: Report): void {
  const { kind, name, pinnedLabels } = target;
  const key = selectorLabel(canary.engine, pinnedLabels);
  if (key === undefined) {
    const [pinned] = Object.keys(pinnedLabels);
    report(canary.origin, {
      message: `the selector of ${kind} ${name} holds none of the labels that Flagger reads: ${selectorLabels.join(', ')}`,
      evidence: `spec.selector.matchLabels is ${labelText(pinnedLabels) || 'empty'}`,
      fix: `Give it select: false and the label, and write the selector: pods.podMetadata.addLabel('app', '${canary.name}'); pods.select(LabelSelector.of({ labels: { app: '${canary.name}' } }))`
        + (pinned === undefined ? '' : `. Or start Flagger with -selector-labels=${[...selectorLabels, pinned].join(',')} and say so: CanaryEngine.flagger({ selectorLabels: ['${pinned}'] })`),
    });
    return;
  }
  const value = pinnedLabels[key];
  const others = othersBy(model, canary, key, value);
  if (others.length > 0) {
    report(canary.origin, {
      message: `the label ${key}=${value}, by which Flagger selects the new version, belongs to others, too`,
      evidence: listed(others),
      fix: 'Give the workload a label of its own in its selector, and let the others select by another',
    });
  }
}

/** Services and workloads of the namespace that go by the label. */
function othersBy(model: MeshModel, canary: CanaryNode, key: string, value: string): readonly string[] {
  const near = model.services.filter((one) => one.id !== canary.service && one.namespace === canary.namespace);
  const services = model.objects.filter((object) => object.kind === 'Service' && groupOf(object) === '' && object.namespace === canary.namespace);
  const plain = services.filter(({ ours }) => !ours);
  const own = targetOf(model, canary)?.origin;
  return [
    ...near.filter(({ selector, ports }) => ports.length > 0 && selector[key] === value).map(({ id }) => `service ${id} selects by it`),
    ...near.flatMap(({ versions }) => versions).flatMap(({ workload }) => (
      workload?.podLabels[key] === value && workload.origin !== own ? [`the pods of ${workload.kind} ${workload.name} carry it`] : []
    )),
    ...plain.filter(({ body }) => labels(record(body?.spec).selector)[key] === value).map(({ name }) => `Service ${name} selects by it`),
  ];
}
