import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CallNode } from '../model/mesh-model';
import { hasPolicy } from '../model/outline';
import { ruleMethod, rulePath } from '../security/request-text';
import { Retry } from '../traffic/retry';
import { ICallee, refuseStranger } from './callee';
import { millis, narrowing, refuse, wholeNumber } from './invalid';
import type { Mesh } from './mesh';

/**
 * What a caller wants of one callee. It is stronger than what the callee's service says, and weaker than its routes.
 */
export interface CallOptions {
  /**
   * Port of the callee that is called.
   * @default - its only port, or any of them
   */
  readonly port?: number;
  /**
   * Retries of this call.
   * @default - the callee's
   */
  readonly retry?: Retry;
  /**
   * Time for this call with all its retries.
   * @default - the callee's
   */
  readonly deadline?: Duration;
  /**
   * How many calls one request to the caller makes at most.
   * @default 1
   */
  readonly times?: number;
  /**
   * Whether these calls are made at the same time as each other and as the caller's other parallel calls.
   * @default false - one after the other
   */
  readonly parallel?: boolean;
  /**
   * Route of the callee that is called, by the name given to `addRoute`.
   * @default - any
   */
  readonly operation?: string;
  /**
   * HTTP methods that it uses, in capitals. Zero trust refuses all others.
   * @default - those of the operation, or all
   */
  readonly methods?: string[];
  /**
   * Paths that it asks for, as in `AccessOptions.paths`. Zero trust refuses all others.
   * @default - those of the operation, or all
   */
  readonly paths?: string[];
  /**
   * Route of the caller whose requests make the call, by the name given to `addRoute`.
   * @default - all of them
   */
  readonly during?: string;
  /**
   * How many of these calls may lie within one another on one path, where services call each other in a ring.
   * @default - no limit is known: a ring of calls that retry is then refused
   */
  readonly maxDepth?: number;
  /**
   * Whether the call may be repeated without harm.
   * @default true
   */
  readonly idempotent?: boolean;
}

/** @param origin the caller's path, which cdk8s puts together anew whenever it is asked for */
export function callNode(caller: ICallee, origin: string, mesh: Mesh, callee: ICallee, options: CallOptions): CallNode {
  const where: IConstruct = caller;
  refuseStranger(where, mesh, 'calls', callee);
  if (callee === caller) {
    refuse(where, 'calls', callee.node.path, 'name another service; a call to itself never leaves the pod\'s own service');
  }
  const { port, retry, deadline, times = 1, methods, paths, operation, during, maxDepth, idempotent = true, parallel = false } = options;
  const name = (property: string) => `calls(${callee.calleeId}).${property}`;
  const node = { origin, caller: caller.calleeId, callee: callee.calleeId, times: times === 1 ? 1 : wholeNumber(where, name('times'), times, 0), idempotent, parallel };
  if (retry === undefined && port === undefined && [deadline, methods, paths, operation, during, maxDepth].every((option) => option === undefined)) {
    // Most calls are such ones, and a big mesh has a hundred thousand: they keep no room for what they do not say.
    return Object.freeze(node);
  }
  return Object.freeze({
    origin: node.origin,
    caller: node.caller,
    callee: node.callee,
    port: port === undefined ? undefined : wholeNumber(where, name('port'), port, 1, 65535),
    retry: retry?._policy(),
    deadline: deadline === undefined ? undefined : millis(where, name('deadline'), deadline),
    times: node.times,
    idempotent,
    parallel,
    operation,
    methods: methods && narrowing(where, name('methods'), methods)!.map((method) => ruleMethod(where, name('methods'), method)),
    paths: paths && narrowing(where, name('paths'), paths)!.map((path) => rulePath(where, name('paths'), path)),
    during,
    maxDepth: maxDepth === undefined ? undefined : wholeNumber(where, name('maxDepth'), maxDepth, 1, 100),
  });
}

/** Two calls to one callee that a proxy cannot tell apart, with policies of which only one could be in force. */
export function refuseContradiction(where: IConstruct, call: CallNode, earlier: readonly CallNode[]): void {
  if (!hasPolicy(call)) {
    return;
  }
  const policy = ({ retry, deadline }: CallNode) => JSON.stringify({ retry, deadline });
  const other = earlier.find((one) => one.port === call.port && one.operation === call.operation && hasPolicy(one) && policy(one) !== policy(call));
  if (other !== undefined) {
    const said = { retry: call.retry, deadline: call.deadline };
    refuse(where, `calls(${call.callee})`, said, `an earlier call to the same port and operation says ${policy(other)}, and a proxy cannot tell the two apart; `
      + 'say the same in both, or name the port or the operation of each');
  }
}
