import { securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { Check } from './check';

export const plaintextWithoutEnd: Check = {
  code: FindingCode.PLAINTEXT_WITHOUT_END,
  name: 'plaintext-without-end',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'An exception for plain connections without a last day',
  why: 'What is open for now stays open for good, unless somebody is reminded. With a last day the exception becomes a finding when it '
    + 'is over.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9090), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.acceptPlaintext(9090, { reason: 'Prometheus is outside the mesh' });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9090), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.acceptPlaintext(9090, { reason: 'Prometheus is outside the mesh', until: '2999-12-31' });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      for (const { origin, port, reason } of securityOf(service).plaintext.filter(({ until }) => until === undefined)) {
        report(origin, {
          message: `${service.id} takes plain connections on port ${port} for good`, evidence: `its reason is: ${reason}`,
          fix: 'Say until when with until, or suppress this with a reason if it is for good',
        });
      }
    }
    for (const { origin, migration } of model.policies) {
      for (const { namespace, reason } of migration.exceptions.filter(({ until }) => until === undefined)) {
        report(origin, {
          message: `namespace ${namespace} takes plain connections for good`, evidence: `the reason is: ${reason}`,
          fix: 'Say until when with until, or suppress this with a reason if it is for good',
        });
      }
    }
  },
};
