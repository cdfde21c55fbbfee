import { Callee, deadlineFor, httpPorts, retryFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { CallNode, MeshModel } from '../model/mesh-model';
import { callsWithPolicy } from '../model/outline';
import type { Deadline, RetryPolicy } from '../model/policy';
import { pauses } from '../model/timing';
import type { Check, Report } from './check';
import { counted, time } from './text';

export const retriesBeyondDeadline: Check = {
  code: FindingCode.RETRIES_BEYOND_DEADLINE,
  name: 'retries-beyond-deadline',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Retries that can never happen, since the deadline ends before them',
  why: 'The deadline covers a request with all its attempts. Where attempts × per-try timeout, with the pauses between them, is longer, the last attempts are cut short or '
    + 'never start when the callee hangs, which is just when they were wanted.',
  bad: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  deadline: Duration.seconds(5), retry: Retry.upTo(2, { perTry: Duration.seconds(2) }),
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  deadline: Duration.seconds(7), retry: Retry.upTo(2, { perTry: Duration.seconds(2) }),
});`,
  run: (model, report) => {
    const callees: Callee[] = [...model.services, ...model.externals].filter((callee) => httpPorts(callee).length > 0);
    const { retry, deadline } = model.mesh.defaults;
    if (callees.some((callee) => callee.retry === undefined && callee.deadline === undefined)) {
      judge(report, model.mesh.origin, 'of the mesh\'s defaults', retry, deadline);
    }
    for (const callee of callees) {
      if (callee.retry !== undefined || callee.deadline !== undefined) {
        judge(report, callee.origin, '', retryFor(model, callee), deadlineFor(model, callee));
      }
      judgeCallsAndRoutes(model, report, callee);
    }
  },
};

/**
 * A route's word is stronger than a call's. A route that says both is judged alone; one that says only one is judged with the caller whose
 * other half fits worst, so that the work stays linear in routes and calls.
 */
function judgeCallsAndRoutes(model: MeshModel, report: Report, callee: Callee): void {
  const calls = callsWithPolicy(model, callee.id);
  const routes = 'routes' in callee ? callee.routes : [];
  if (calls.length + routes.length === 0) {
    return;
  }
  let longest: { retry: RetryPolicy; call?: CallNode } = { retry: retryFor(model, callee) };
  let shortest: { deadline: Deadline; call?: CallNode } = { deadline: deadlineFor(model, callee) };
  for (const call of calls) {
    const retry = retryFor(model, callee, undefined, call);
    const deadline = deadlineFor(model, callee, undefined, call);
    judge(report, call.origin, `of the call to ${callee.id}`, retry, deadline);
    longest = wanted(retry) > wanted(longest.retry) ? { retry, call } : longest;
    shortest = limit(deadline) < limit(shortest.deadline) ? { deadline, call } : shortest;
  }
  for (const route of routes) {
    const what = `of the route ${route.name}`;
    const from = (call?: CallNode) => call === undefined ? what : `${what}, called by ${call.caller},`;
    if (route.retry !== undefined && route.deadline !== undefined) {
      judge(report, route.origin, what, route.retry, route.deadline);
    } else if (route.retry !== undefined) {
      judge(report, route.origin, from(shortest.call), route.retry, shortest.deadline);
    } else if (route.deadline !== undefined) {
      judge(report, route.origin, from(longest.call), longest.retry, route.deadline);
    }
  }
}

/** Time that all attempts may take; 0 where nothing limits an attempt. */
function wanted(retry: RetryPolicy): number {
  return retry.retries === 0 || retry.perTryMs === undefined ? 0 : startOf(retry, retry.retries) + retry.perTryMs;
}

function limit(deadline: Deadline): number {
  return deadline === 'none' ? Infinity : deadline;
}

function judge(report: Report, origin: string, what: string, retry: RetryPolicy, deadline: Deadline): void {
  if (retry.perTryMs === undefined || wanted(retry) <= limit(deadline)) {
    return;
  }
  const total = limit(deadline);
  const attempts = retry.retries + 1;
  const starts = Array.from({ length: attempts }, (_, attempt) => startOf(retry, attempt)).filter((start) => start < total);
  const started = starts.length;
  const left = total - starts[started - 1];
  const whole = left < retry.perTryMs ? started - 1 : started;
  const cut = whole === started ? '' : `, the last one cut off after ${time(left)}`;
  report(origin, {
    message: `${attempts} attempts of ${time(retry.perTryMs)} ${what === '' ? '' : `${what} `}do not fit in the deadline of ${time(total)}`,
    evidence: `they take up to ${time(wanted(retry))} with the pauses between them; when the callee hangs, only ${started} of ${attempts} ever ${started === 1 ? 'happens' : 'happen'}${cut}`,
    fix: `Let the deadline be ${time(Math.ceil(wanted(retry) / 100) * 100)} or more, ${perTryThatFits(total, attempts, pauses(retry))}or ${whole < 2 ? 'do not retry' : `retry ${counted(whole - 1, 'time')} at the most`}`,
  });
}

function perTryThatFits(deadline: number, attempts: number, pause: number): string {
  const each = Math.floor((deadline - pause) / attempts);
  return each <= 0 ? '' : `perTry ${time(each < 1000 ? each : Math.floor(each / 100) * 100)} or less, `;
}

/** When an attempt begins at the latest, if all before it hang: 0 is the first. */
function startOf(retry: RetryPolicy, attempt: number): number {
  return attempt * (retry.perTryMs ?? 0) + pauses({ ...retry, retries: attempt });
}
