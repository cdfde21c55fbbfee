/** Ejection, which Linkerd reads from annotations of a Service: it counts the failures of each pod in a row, of all server errors alike. */
import type { CircuitBreakerPolicy } from '../../model/policy';
import { linkerdDuration } from './duration';

const ACCRUAL = 'balancer.linkerd.io/failure-accrual';
/** Linkerd's own: a pod that goes on failing is left out for longer each time, up to this. */
const LONGEST_MS = 60_000;

/**
 * Only where the program asks for it: Linkerd keeps no share of the pods, so what guards a service elsewhere could empty it here.
 */
export function failureAccrual({ ejection }: CircuitBreakerPolicy): Record<string, string> {
  if (typeof ejection === 'string') {
    return {};
  }
  const failures = Math.min(ejection.consecutiveServerErrors ?? Infinity, ejection.consecutiveGatewayErrors ?? Infinity);
  return {
    [ACCRUAL]: 'consecutive',
    [`${ACCRUAL}-consecutive-max-failures`]: String(failures),
    [`${ACCRUAL}-consecutive-min-penalty`]: linkerdDuration(ejection.baseMs),
    [`${ACCRUAL}-consecutive-max-penalty`]: linkerdDuration(Math.max(LONGEST_MS, ejection.baseMs)),
  };
}
