import { FindingCode, Severity } from '../model/finding';
import type { CallNode, MeshModel } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import { type CallTime, callTime, type ServiceTime, serviceTime, usualTime, type Wait } from '../model/timing';
import type { Check } from './check';
import { listed, time } from './text';

export const callerGivesUpFirst: Check = {
  code: FindingCode.CALLER_GIVES_UP_FIRST,
  name: 'caller-gives-up-first',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A caller stops waiting before its callee does',
  why: 'When something below is slow, the caller has given up, and perhaps asked again, while the callee still works on an answer that nobody '
    + 'reads. Time should shrink from hop to hop. Calls count one after the other unless they are declared parallel.',
  bad: `
const ratings = new MeshService(chart, 'ratings', { mesh, workload: deployment('ratings'), ports: [MeshPort.http(8080)] });
const reviews = new MeshService(chart, 'reviews', { mesh, workload: deployment('reviews'), ports: [MeshPort.http(8080)] });
const page = new MeshService(chart, 'page', { mesh, workload: deployment('page'), ports: [MeshPort.http(8080)] });
page.calls(reviews, { deadline: Duration.seconds(3) });
reviews.calls(ratings, { deadline: Duration.seconds(10) });`,
  good: `
const ratings = new MeshService(chart, 'ratings', { mesh, workload: deployment('ratings'), ports: [MeshPort.http(8080)] });
const reviews = new MeshService(chart, 'reviews', { mesh, workload: deployment('reviews'), ports: [MeshPort.http(8080)] });
const page = new MeshService(chart, 'page', { mesh, workload: deployment('page'), ports: [MeshPort.http(8080)] });
page.calls(reviews, { deadline: Duration.seconds(3) });
reviews.calls(ratings, { deadline: Duration.seconds(2) });`,
  run: (model, report) => {
    const needsOf = needsByCallee(model);
    const words = new Map<ServiceTime, string>();
    for (const call of suspects(model, needsOf)) {
      const needs = needsOf(call);
      const wait = needs && callTime(model, call);
      if (needs === undefined || wait === undefined || !endsTooEarly(wait, needs)) {
        continue;
      }
      const parts = words.get(needs) ?? listed(needs.declaredCalls.map(partWords));
      words.set(needs, parts);
      report(call.origin, {
        message: `${call.caller} waits ${time(wait.attemptMs)} for ${call.callee}, which may itself wait ${time(needs.declaredMs)}`,
        evidence: `${call.callee} waits ${parts}`,
        fix: `Wait ${time(needs.declaredMs)} or more for each attempt, let ${call.callee} wait less, or declare calls that it makes at the same time parallel`,
      });
    }
  },
};

function endsTooEarly(wait: CallTime, { declaredMs }: ServiceTime): boolean {
  return wait.attemptMs < declaredMs && Number.isFinite(declaredMs);
}

/** All calls, or those with options alone, where no other one ends too early: calls that say nothing take as long as each other. */
function suspects(model: MeshModel, needsOf: (call: Callee) => ServiceTime | undefined): readonly CallNode[] {
  const some = model.services.some(({ id }) => {
    const needs = needsOf({ callee: id });
    const wait = needs && needs.declaredMs > 0 ? usualTime(model, id) : undefined;
    return needs !== undefined && wait !== undefined && endsTooEarly(wait, needs);
  });
  return some ? model.calls : outlineOf(model).detailed;
}

type Callee = Pick<CallNode, 'callee' | 'operation'>;

/** What a callee may wait by itself to answer a call; undefined for one that is no service of the mesh. */
function needsByCallee(model: MeshModel): (call: Callee) => ServiceTime | undefined {
  const known = new Map<string, ServiceTime>();
  return (call) => {
    const callee = model.serviceById.get(call.callee);
    if (callee === undefined) {
      return undefined;
    }
    const key = keyOf(call);
    const needs = known.get(key) ?? serviceTime(model, callee, call.operation);
    known.set(key, needs);
    return needs;
  };
}

function keyOf({ callee, operation }: Callee): string {
  return operation === undefined ? callee : `${callee}#${operation}`;
}

function partWords({ call, ms }: Wait): string {
  return `${time(ms)} for ${call.callee}${call.times > 1 ? ` (${call.times} calls)` : ''}`;
}
