/**
 * Where a mesh tells no caller from another, a call has no policy of its own. What all calls of a callee ask for alike can be said of the callee
 * itself, and is then everybody's.
 */
import type { CallNode } from './mesh-model';
import { hasPolicy } from './outline';
import type { Deadline, RetryPolicy } from './policy';
import { isHttp, type Protocol } from './protocol';

export interface Agreement {
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
}

/** What has limits, and ports that tell whether it has requests. */
interface Limited extends Agreement {
  readonly ports: readonly { readonly protocol: Protocol }[];
}

/** Undefined where the calls differ, or where one of them is about a port or an operation alone. Nothing is asked for by an empty one. */
export function agreementOf(calls: readonly CallNode[]): Agreement | undefined {
  const [first] = calls;
  const partial = calls.some((call) => hasPolicy(call) && (call.port !== undefined || call.operation !== undefined));
  return partial || new Set(calls.map(wordsOf)).size > 1 ? undefined : { retry: first?.retry, deadline: first?.deadline };
}

/** A call's own words, which are alike where these are; most calls have none. */
export function wordsOf(call: CallNode): string {
  return hasPolicy(call) ? JSON.stringify([call.retry ?? null, call.deadline ?? null]) : '';
}

/** The callee as it is where its callers agree. What a route of it says itself stays stronger. */
export function withAgreement<T extends Limited>(callee: T, calls: readonly CallNode[] = []): T {
  const agreed = callee.ports.some(({ protocol }) => isHttp(protocol)) ? agreementOf(calls) : undefined;
  return agreed?.retry === undefined && agreed?.deadline === undefined ? callee
    : Object.freeze({ ...callee, retry: agreed.retry ?? callee.retry, deadline: agreed.deadline ?? callee.deadline });
}
