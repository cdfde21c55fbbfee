import { securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const deniedPath: Check = {
  code: FindingCode.DENIED_PATH,
  name: 'denied-path',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A denial of paths, which another spelling may dodge',
  why: 'A proxy compares paths letter by letter; many servers do not, and take /Admin or /admin;x for /admin. What is denied by one '
    + 'spelling slips through in another. Allowing the paths that are meant refuses all spellings of the rest.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.deny(Principal.anyone(), { paths: ['/admin/*'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders, { paths: ['/orders', '/orders/{*}'] });
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      for (const { paths, origin } of securityOf(service).deny.filter((rule) => rule.paths.length > 0 && rule.reason === undefined)) {
        report(origin, {
          message: `${service.id} denies ${listed(paths)}`,
          evidence: 'the rule has no reason',
          fix: 'Name the paths that callers may use, in calls(…, { paths }) and allow(…, { paths }); or say in reason why other spellings do no harm',
        });
      }
    }
  },
};
