import { calleeOf } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { Check } from './check';
import { listed } from './text';

export const unknownCallPort: Check = {
  code: FindingCode.UNKNOWN_CALL_PORT,
  name: 'unknown-call-port',
  severity: Severity.ERROR,
  catalogue: ['IST0101'],
  title: 'A call to a port that the called service does not have',
  why: 'The call is declared for a port that nobody serves: what is written for it (retries, a deadline, a permission) applies to nothing, and '
    + 'the requests that really go out, to another port, have none of it.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080, { port: 80 })] });
web.calls(orders, { port: 8080 });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080, { port: 80 })] });
web.calls(orders, { port: 80 });`,
  run: (model, report) => {
    const serveNothing = [...model.services, ...model.externals].some(({ ports }) => ports.length === 0);
    for (const call of serveNothing ? model.calls : outlineOf(model).detailed) {
      const callee = calleeOf(model, call.callee);
      if (callee === undefined) {
        continue;
      }
      if (callee.ports.length === 0) {
        report(call.origin, {
          message: `calls(${call.callee}) calls a service that serves no port`,
          evidence: `${callee.origin} was declared without ports`,
          fix: `Give ${call.callee} its ports, or take the call away`,
        });
        continue;
      }
      if (call.port === undefined || callee.ports.some((port) => port.number === call.port)) {
        continue;
      }
      const target = callee.ports.find((port) => port.containerPort === call.port);
      report(call.origin, {
        message: `calls(${call.callee}).port is ${call.port}, which ${call.callee} does not serve`,
        evidence: `it serves ${listed(callee.ports.map((port) => String(port.number)))}${target === undefined ? '' : `; ${call.port} is the container's port behind ${target.number}`}`,
        fix: `Name ${target === undefined ? 'one of these' : target.number}, or leave the port out to mean all of them`,
      });
    }
  },
};
