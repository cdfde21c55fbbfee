/** Retries and time limits of a rule, always said: Istio retries twice where a rule is silent. */
import type { VirtualServiceSpecHttpRetries } from '../../../imports/networking.istio.io';
import type { Deadline, RetryCondition, RetryPolicy } from '../../model/policy';
import { type Json, defined, duration } from '../json';

/** Envoy's words for the conditions, as Istio's validation accepts them; a status stands for itself. */
const RETRY_ON: Readonly<Record<Exclude<RetryCondition, `status:${number}`>, string>> = {
  'server-error': '5xx',
  'gateway-error': 'gateway-error',
  'reset': 'reset',
  'reset-before-request': 'reset-before-request',
  'connect-failure': 'connect-failure',
  'refused-stream': 'refused-stream',
  'retriable-4xx': 'retriable-4xx',
  'grpc-cancelled': 'cancelled',
  'grpc-deadline-exceeded': 'deadline-exceeded',
  'grpc-internal': 'internal',
  'grpc-resource-exhausted': 'resource-exhausted',
  'grpc-unavailable': 'unavailable',
};

type Retries = Json<VirtualServiceSpecHttpRetries>;

export function retries(policy: RetryPolicy): Retries {
  if (policy.retries === 0) {
    // Istio refuses any other field beside 0 attempts.
    return { attempts: 0 };
  }
  return defined<Retries>({
    attempts: policy.retries,
    perTryTimeout: policy.perTryMs === undefined ? undefined : duration(policy.perTryMs),
    retryOn: policy.on.length === 0 ? undefined : policy.on.map(retryOn).join(','),
    backoff: policy.backoffMs === undefined ? undefined : duration(policy.backoffMs),
  });
}

function retryOn(condition: RetryCondition): string {
  return condition in RETRY_ON ? RETRY_ON[condition as keyof typeof RETRY_ON] : condition.slice('status:'.length);
}

/** Undefined: no limit. Istio then writes none, and refuses an explicit `0s`. */
export function timeout(deadline: Deadline): string | undefined {
  return deadline === 'none' ? undefined : duration(deadline);
}
