import { enforcementOf } from '../model/access';
import { requestsOf } from '../model/arrivals';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const operationNotEnforced: Check = {
  code: FindingCode.OPERATION_NOT_ENFORCED,
  name: 'operation-not-enforced',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A call for one operation whose limits no rule can say',
  why: 'Zero trust opens a service to a call\'s own operation alone. Where the operation matches its path by a regular expression, or '
    + 'without regard to case, a rule cannot say it, and the caller may send every request.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('place', { matches: [RouteMatch.regex('/orders/[0-9]+/place')] });
web.calls(orders, { operation: 'place' });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('place', { matches: [RouteMatch.regex('/orders/[0-9]+/place')] });
web.calls(orders, { operation: 'place', paths: ['/orders/{*}/place'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const call of outlineOf(model).detailed.filter(({ operation }) => operation !== undefined)) {
      const callee = model.serviceById.get(call.callee);
      const route = callee?.routes.find(({ name }) => name === call.operation);
      const said = call.methods !== undefined || call.paths !== undefined;
      if (said || callee === undefined || route === undefined || enforcementOf(callee) === undefined) {
        continue;
      }
      const wide = requestsOf(route, call.caller).some(({ methods, paths }) => methods.length === 0 && paths.length === 0);
      const paths = route.matches.flatMap(({ path }) => path?.value ?? []);
      if (wide && paths.length > 0) {
        report(call.origin, {
          message: `the call to ${call.callee} is for operation ${route.name}, and no rule can say its paths, so every request is allowed`,
          evidence: `its paths are ${listed(paths)}`,
          fix: `Say paths and methods of the call: calls(…, { operation: '${route.name}', paths: ['/…/{*}'] })`,
        });
      }
    }
  },
};
