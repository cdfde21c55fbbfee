import { enforcementOf, guardedPorts, securityOf } from '../model/access';
import { containerPorts } from '../model/container-ports';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { Check } from './check';

export const portNumberUnknown: Check = {
  code: FindingCode.PORT_NUMBER_UNKNOWN,
  name: 'port-number-unknown',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A rule for a port whose number nobody knows',
  why: 'Rules are compared with the number of the container\'s port. A Service that names the port instead, of containers that this '
    + 'program does not know, gives no number; the service would be closed on it.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const service = new ApiObject(chart, 'orders-service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
});
const orders = MeshService.fromService(chart, 'orders', { mesh, service });
web.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const service = new ApiObject(chart, 'orders-service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});
const orders = MeshService.fromService(chart, 'orders', { mesh, service });
web.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      const { deny, tokens, external, plaintext } = securityOf(service);
      if (enforcementOf(service) === undefined && deny.length + tokens.length + external.length + plaintext.length === 0) {
        continue;
      }
      for (const port of guardedPorts(service).filter((one) => containerPorts(service, one).length === 0)) {
        report(service.origin, {
          message: `port ${port.number} of ${service.id} leads to the container port called ${port.containerPort}, and nothing says its number`,
          evidence: service.hasWorkload ? 'no container of its workloads has a port of that name' : 'its pods are made outside this program',
          fix: 'Hand over the workload whose container has the port, or number it in the Service\'s targetPort',
        });
      }
    }
  },
};
