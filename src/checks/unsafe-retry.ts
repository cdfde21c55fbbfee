import { calleeOf, httpPorts, retryFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { UNSEEN_BY_APPLICATION } from '../model/policy';
import type { Check } from './check';
import { listed } from './text';

export const unsafeRetry: Check = {
  code: FindingCode.UNSAFE_RETRY,
  name: 'unsafe-retry',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A call that must not be repeated is retried',
  why: 'The proxy repeats the call when no answer came, although the callee may have done its work: the customer is charged twice. Retries '
    + 'of attempts that the callee never saw (connection failures, refused streams) do no harm.',
  bad: `
const payment = new MeshService(chart, 'payment', { mesh, workload: deployment('payment'), ports: [MeshPort.http(8080)], retry: Retry.upTo(2) });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(payment, { idempotent: false });`,
  good: `
const payment = new MeshService(chart, 'payment', { mesh, workload: deployment('payment'), ports: [MeshPort.http(8080)], retry: Retry.upTo(2) });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(payment, { idempotent: false, retry: Retry.upTo(2, { on: [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM] }) });`,
  run: (model, report) => {
    for (const call of outlineOf(model).detailed) {
      const callee = call.idempotent ? undefined : calleeOf(model, call.callee);
      if (callee === undefined || httpPorts(callee).length === 0) {
        continue;
      }
      const routes = 'routes' in callee ? callee.routes.filter(({ name }) => call.operation === undefined || name === call.operation) : [];
      for (const route of [...call.operation === undefined || routes.length === 0 ? [undefined] : [], ...routes]) {
        const retry = retryFor(model, callee, route, call);
        const unsafe = retry.on.filter((condition) => !UNSEEN_BY_APPLICATION.has(condition));
        if (retry.retries > 0 && unsafe.length > 0) {
          report(call.origin, {
            message: `calls to ${call.callee} are declared idempotent: false, and are retried ${retry.retries} times`,
            evidence: `${route === undefined ? 'its retry' : `the retry of its route ${route.name}`} is on ${listed(unsafe, 10)}, which the callee may have seen`,
            fix: 'Give the call Retry.never(), or retry on CONNECT_FAILURE and REFUSED_STREAM alone; a route\'s own retry is stronger than the call\'s',
          });
          break;
        }
      }
    }
  },
};
