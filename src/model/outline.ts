/**
 * Who says anything at all of what a check is about, found in one pass. Most services have no route and no rule of their own, and most calls say
 * no more than whom they call: whoever asks here need not look at all of them.
 */
import { grouped } from './grouped';
import type { CallNode, MeshModel, ServiceNode } from './mesh-model';
import { oncePerModel } from './once';
import { NO_SECURITY } from './security';

export interface Outline {
  /** Services with routes. */
  readonly routed: readonly ServiceNode[];
  /** Services that say something of their own protection, or whose callers name what they ask for, or that a policy is about. */
  readonly secured: readonly ServiceNode[];
  /** Calls with more options than `parallel`. */
  readonly detailed: readonly CallNode[];
  /** Those of them with a retry or a deadline of their own. */
  readonly policies: readonly CallNode[];
  /** The same, by callee. */
  readonly withPolicy: ReadonlyMap<string, readonly CallNode[]>;
  /** The same, by caller. */
  readonly withPolicyFrom: ReadonlyMap<string, readonly CallNode[]>;
}

export const outlineOf = oncePerModel(({ services, calls }: MeshModel): Outline => {
  const detailed = calls.filter(isDetailed);
  const policies = detailed.filter(hasPolicy);
  return {
    routed: services.filter(({ routes }) => routes.length > 0),
    secured: services.filter(({ security = NO_SECURITY, zeroTrust }) => security !== NO_SECURITY || zeroTrust !== undefined),
    detailed,
    policies,
    withPolicy: grouped(policies, ({ callee }) => callee),
    withPolicyFrom: grouped(policies, ({ caller }) => caller),
  };
});

/** Whether a call has a retry or a deadline of its own. */
export function hasPolicy({ retry, deadline }: CallNode): boolean {
  return retry !== undefined || deadline !== undefined;
}

/** Calls whose own retry or deadline differs from what the callee gives everybody. */
export function callsWithPolicy(model: MeshModel, callee: string): readonly CallNode[] {
  return outlineOf(model).withPolicy.get(callee) ?? NONE;
}

const NONE: readonly CallNode[] = [];

function isDetailed(call: CallNode): boolean {
  return hasPolicy(call) || !call.idempotent || call.times !== 1 || call.port !== undefined || call.operation !== undefined
    || call.during !== undefined || call.methods !== undefined || call.paths !== undefined || call.maxDepth !== undefined;
}
