import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const namespaceMismatch: Check = {
  code: FindingCode.NAMESPACE_MISMATCH,
  name: 'namespace-mismatch',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A workload or an existing Service in another namespace than the service',
  why: 'A Service selects pods of its own namespace only, so a workload elsewhere gives it no endpoints; and what is written for the service would '
    + 'stand beside another one.',
  bad: `
const payments = new Chart(App.of(chart), 'payments', { namespace: 'payments' });
new MeshService(payments, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const service of model.services) {
      if (service.namespace === undefined) {
        continue;
      }
      const existing = service.existingService;
      if (existing !== undefined && existing.namespace !== service.namespace) {
        report(service.origin, {
          message: `the existing Service ${existing.name} ${place(existing.namespace)}, and the service is in ${service.namespace}`,
          evidence: existing.origin,
          fix: 'Declare the service in a chart of that namespace',
        });
      }
      for (const { origin, workload } of service.versions) {
        if (workload !== undefined && workload.namespace !== service.namespace) {
          report(origin, {
            message: `${workload.kind} ${workload.name} ${place(workload.namespace)}, and the service is in ${service.namespace}`,
            evidence: workload.origin,
            fix: 'Put the workload and the service into charts of one namespace',
          });
        }
      }
    }
  },
};

function place(namespace: string | undefined): string {
  return namespace === undefined ? 'has no namespace' : `is in namespace ${namespace}`;
}
