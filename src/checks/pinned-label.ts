import { addedLabels } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { knownPods } from './pods';

export const pinnedLabel: Check = {
  code: FindingCode.PINNED_LABEL,
  name: 'pinned-label',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A label that the workload\'s own selector pins to another value than the service needs',
  why: 'A workload\'s selector cannot be changed in the cluster, and its pods must carry those labels. Where it pins a label that the service selects '
    + 'by to another value, the pods can fulfil only one of the two, and the service would have no endpoints.',
  bad: `
const pods = deployment('orders');
pods.podMetadata.addLabel('version', 'v1');
pods.select(kplus.LabelSelector.of({ labels: { version: 'v1' } }));
new MeshService(chart, 'orders', { mesh, workload: pods, version: 'v2', ports: [MeshPort.http(8080)] });`,
  good: `
const pods = deployment('orders');
pods.podMetadata.addLabel('version', 'v1');
pods.select(kplus.LabelSelector.of({ labels: { version: 'v1' } }));
new MeshService(chart, 'orders', { mesh, workload: pods, version: 'v1', ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const { service, version, workload } of knownPods(model)) {
      for (const [key, value] of Object.entries(addedLabels(service, version))) {
        // A label may be called like something that every object has.
        const pinned = Object.hasOwn(workload.pinnedLabels, key) ? workload.pinnedLabels[key] : undefined;
        if (pinned !== undefined && pinned !== value) {
          report(version.origin, {
            message: `the selector of ${workload.kind} ${workload.name} pins the label ${key} to ${pinned}, and the service needs ${value}`,
            evidence: `spec.selector.matchLabels.${key} is ${pinned}, and a selector cannot change in the cluster`,
            fix: key === 'version' ? `Call the version ${pinned}` : `Take ${key} out of the workload's selector, or give every version of the service pods with ${key}=${pinned}`,
          });
        }
      }
    }
  },
};
