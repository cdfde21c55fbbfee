import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const workloadUnreadable: Check = {
  code: FindingCode.WORKLOAD_UNREADABLE,
  name: 'workload-unreadable',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A workload that cannot be read',
  why: 'A workload that is not finished, for instance a cdk8s-plus Deployment without a container, cannot be written out either. Nothing of it can be '
    + 'checked, and no labels can be added to its pods.',
  bad: `
const pods = new kplus.Deployment(chart, 'orders-pods');
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
const pods = new kplus.Deployment(chart, 'orders-pods');
pods.addContainer({ image: 'registry.example.com/orders:1.0', portNumber: 8080 });
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const service of model.services) {
      for (const { origin, workload } of service.versions) {
        if (workload?.unreadable !== undefined) {
          report(origin, {
            message: `the workload ${workload.kind} ${workload.origin} of ${service.id} cannot be read`,
            evidence: workload.unreadable.replace(/\.$/, ''),
            fix: 'Complete it before the synth',
          });
        }
      }
    }
  },
};
