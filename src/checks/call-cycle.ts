import { callGraph } from '../model/call-graph';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const callCycle: Check = {
  code: FindingCode.CALL_CYCLE,
  name: 'call-cycle',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Services call each other in a ring',
  why: 'Where every way round makes more than one request of one, nothing bounds what a single request may become: retries feed retries. Often '
    + 'the ring is only one of services, not of what they do: then the calls belong to different operations. A ring without retries is '
    + 'only told.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const stock = new MeshService(chart, 'stock', { mesh, workload: deployment('stock'), ports: [MeshPort.http(8080)] });
orders.calls(stock, { retry: Retry.upTo(1) });
stock.calls(orders);`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const stock = new MeshService(chart, 'stock', { mesh, workload: deployment('stock'), ports: [MeshPort.http(8080)] });
orders.addRoute('place', { matches: [RouteMatch.prefix('/place')] });
orders.addRoute('price', { matches: [RouteMatch.prefix('/price')] });
orders.calls(stock, { during: 'place', retry: Retry.upTo(1) });
stock.calls(orders, { operation: 'price' });`,
  run: (model, report) => {
    for (const { services, calls, multiplies } of callGraph(model).cycles) {
      const ring = services.join(' → ');
      report(calls[0].origin, multiplies ? {
        message: `the calls ${ring} form a ring that multiplies requests`,
        evidence: 'each way round makes more requests than it began with, so no number bounds them',
        fix: 'Say which routes make and take these calls (during, operation), or how often they may lie within one another (maxDepth), '
          + 'or give the ring Retry.never()',
      } : {
        severity: Severity.INFO,
        message: `the calls ${ring} form a ring`,
        evidence: 'none of them is retried, so budgets count one way round',
        fix: 'Say which routes make and take these calls (during, operation), if it is no ring of operations',
      });
    }
  },
};
