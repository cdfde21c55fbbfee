import { FindingCode, Severity } from '../model/finding';
import type { ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { Check } from './check';
import { listed } from './text';

export const unknownOperation: Check = {
  code: FindingCode.UNKNOWN_OPERATION,
  name: 'unknown-operation',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A call is declared for a route that its caller or callee does not have',
  why: 'Budgets follow calls from operation to operation. A name that is no route would cut the path there, and hide what lies behind it.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(orders, { operation: 'place' });`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
orders.addRoute('place', { matches: [RouteMatch.prefix('/place')] });
web.calls(orders, { operation: 'place' });`,
  run: (model, report) => {
    const known = new Map<string, ReadonlySet<string>>();
    const routesOf = (service: ServiceNode): ReadonlySet<string> => {
      const names = known.get(service.id) ?? new Set(service.routes.map(({ name }) => name));
      known.set(service.id, names);
      return names;
    };
    for (const call of outlineOf(model).detailed.filter(({ during, operation }) => during !== undefined || operation !== undefined)) {
      for (const [property, name, id] of [['during', call.during, call.caller], ['operation', call.operation, call.callee]] as const) {
        const service = name === undefined ? undefined : model.serviceById.get(id);
        if (name !== undefined && !(service !== undefined && routesOf(service).has(name))) {
          const routes = service === undefined ? [] : [...routesOf(service)];
          report(call.origin, {
            message: `the call to ${call.callee} has ${property} ${name}, and ${id} has no such route`,
            evidence: routes.length === 0 ? `${id} has no routes` : `its routes are ${listed(routes)}`,
            fix: `Add the route with addRoute('${name}', …), or name another one`,
          });
        }
      }
    }
  },
};
