import { securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { ExceptionNode } from '../model/security';
import type { Check } from './check';

export const exceptionExpired: Check = {
  code: FindingCode.EXCEPTION_EXPIRED,
  name: 'exception-expired',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'An exception whose last day is over',
  why: 'It was right for a while, and the while is over. What is written stays the same, so that nothing breaks overnight; but the port '
    + 'or namespace takes plain connections still.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9090), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.acceptPlaintext(9090, { reason: 'Prometheus is outside the mesh', until: '2020-12-31' });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9090), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.acceptPlaintext(9090, { reason: 'Prometheus is outside the mesh', until: '2999-12-31' });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    const { asOf } = model.mesh;
    const isOver = ({ until }: ExceptionNode): boolean => until !== undefined && asOf !== undefined && until < asOf;
    for (const service of outlineOf(model).secured) {
      for (const { origin, port, reason, until } of securityOf(service).plaintext.filter(isOver)) {
        report(origin, {
          message: `${service.id} was to take plain connections on port ${port} until ${until}, and it is ${asOf}`, evidence: `its reason was: ${reason}`,
          fix: 'Take the exception away, or give it another last day',
        });
      }
    }
    for (const { origin, migration } of model.policies) {
      for (const { namespace, reason, until } of migration.exceptions.filter(isOver)) {
        report(origin, {
          message: `namespace ${namespace} was to take plain connections until ${until}, and it is ${asOf}`, evidence: `the reason was: ${reason}`,
          fix: 'Take the exception away, or give it another last day',
        });
      }
    }
  },
};
