import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { refusesProxy, refusesRedirection } from './injection';
import { knownPods } from './pods';

export const podNotInjected: Check = {
  code: FindingCode.POD_NOT_INJECTED,
  name: 'pod-not-injected',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A workload of the mesh whose pods take no proxy',
  why: 'Callers with a proxy still keep to the service\'s routes and limits, but its own calls have none, nothing encrypts its traffic, and a rule '
    + 'that demands encryption cuts it off. On the host\'s network no proxy is possible, since its rules would redirect the whole node.',
  bad: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/hostNetwork', true));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const { service, version, workload } of knownPods(model)) {
      const ambient = isAmbient(model.mesh, service.namespace);
      const reason = ambient ? refusesRedirection(workload) : refusesProxy(workload, model.mesh.provider);
      if (reason !== undefined) {
        report(version.origin, {
          message: `the pods of ${workload.kind} ${workload.name} ${ambient ? 'stay out of the mesh' : 'take no proxy'}, so ${service.id} is not in the mesh`,
          evidence: reason,
          fix: 'Take that away, or declare the service with ExternalService, which needs no proxy',
        });
      }
    }
  },
};
