/**
 * How long a request may take. What a service does by itself is unknown here; what it may spend waiting is not: each of its calls takes
 * at most its deadline, or all its attempts with their pauses where that is less. Calls of one service run one after the other unless they
 * are declared parallel.
 */
import { calleeOf, deadlineFor, httpPorts, retryFor } from './effective';
import { CallNode, MeshModel, ServiceNode } from './mesh-model';
import { onceWhileJudged } from './once';
import { RetryPolicy } from './policy';

/** Envoy draws each pause from 0 to this base doubled for every retry, ten times the base at the most. */
export const DEFAULT_BACK_OFF_MS = 25;

/** The longest that the pauses before all retries may take together. */
export function pauses(retry: RetryPolicy): number {
  const base = retry.backoffMs ?? DEFAULT_BACK_OFF_MS;
  let sum = 0;
  for (let attempt = 0; attempt < retry.retries; attempt++) {
    sum += Math.min(base * 2 ** attempt, 10 * base);
  }
  return sum;
}

export interface CallTime {
  /** Longest wait for one attempt; Infinity where nothing limits it. */
  readonly attemptMs: number;
  /** Longest wait for the call with all its attempts. */
  readonly totalMs: number;
  /** The program itself says a time for this call, its callee or a retry's attempt. */
  readonly declared: boolean;
}

/** Of calls that say nothing of their own, by callee: there are many, and all of them take the same. */
const plainTimes = onceWhileJudged(() => new Map<string, CallTime | 'none'>());

export function callTime(model: MeshModel, call: CallNode): CallTime | undefined {
  const usual = call.retry === undefined && call.deadline === undefined && call.operation === undefined;
  return usual ? usualTime(model, call.callee) : timeOf(model, call);
}

/** Of a call that says nothing of its time. */
export function usualTime(model: MeshModel, callee: string): CallTime | undefined {
  const plain = plainTimes(model);
  let time = plain.get(callee);
  if (time === undefined) {
    time = timeOf(model, { callee }) ?? 'none';
    plain.set(callee, time);
  }
  return time === 'none' ? undefined : time;
}

function timeOf(model: MeshModel, call: Pick<CallNode, 'callee' | 'retry' | 'deadline' | 'operation'>): CallTime | undefined {
  const callee = calleeOf(model, call.callee);
  if (callee === undefined || httpPorts(callee).length === 0) {
    return undefined;
  }
  const route = 'routes' in callee ? callee.routes.find(({ name }) => name === call.operation) : undefined;
  const deadline = deadlineFor(model, callee, route, call);
  const retry = retryFor(model, callee, route, call);
  const limit = deadline === 'none' ? Infinity : deadline;
  const attemptMs = Math.min(limit, retry.retries > 0 ? retry.perTryMs ?? Infinity : Infinity);
  const declared = [route?.deadline, call.deadline, callee.deadline].some((value) => value !== undefined)
    || (retry.retries > 0 && retry.perTryMs !== undefined);
  return { attemptMs, totalMs: Math.min(limit, attemptMs * (retry.retries + 1) + pauses(retry)), declared };
}

/** Of one call, with all its times. */
export interface Wait {
  readonly call: CallNode;
  readonly ms: number;
}

export interface ServiceTime {
  /** Longest wait for everything that a request to the service calls. */
  readonly totalMs: number;
  /** The same, of the calls with declared times alone. */
  readonly declaredMs: number;
  /** The calls that it is the sum of: of parallel ones the longest. */
  readonly calls: readonly Wait[];
  /** The calls that `declaredMs` is the sum of. */
  readonly declaredCalls: readonly Wait[];
}

/** `during`: the calls that requests of this route make; undefined: those of every route. */
export function serviceTime(model: MeshModel, service: ServiceNode, during?: string): ServiceTime {
  const calls: Wait[] = [];
  const declaredCalls: Wait[] = [];
  let longest: Wait | undefined;
  let longestDeclared: Wait | undefined;
  for (const call of model.callsFrom.get(service.id) ?? []) {
    const time = call.during === undefined || call.during === during ? callTime(model, call) : undefined;
    if (time === undefined || call.times === 0) {
      continue;
    }
    const { totalMs, declared } = time;
    if (!call.parallel) {
      const wait = { call, ms: totalMs * call.times };
      calls.push(wait);
      if (declared) {
        declaredCalls.push(wait);
      }
      continue;
    }
    if (longest === undefined || totalMs > longest.ms) {
      longest = { call, ms: totalMs };
    }
    if (declared && (longestDeclared === undefined || totalMs > longestDeclared.ms)) {
      longestDeclared = { call, ms: totalMs };
    }
  }
  if (longest !== undefined) {
    calls.push(longest);
  }
  if (longestDeclared !== undefined) {
    declaredCalls.push(longestDeclared);
  }
  return { totalMs: sumOf(calls), declaredMs: sumOf(declaredCalls), calls, declaredCalls };
}

function sumOf(waits: readonly Wait[]): number {
  return waits.reduce((total, { ms }) => total + ms, 0);
}
