/**
 * Retries and time limits, which Linkerd reads from annotations of routes. A route with one retry key drops all those of its Service, and the same
 * goes for time limits; so each route says all of its own, and Services none.
 */
import type { Deadline, RetryCondition, RetryPolicy } from '../../model/policy';
import { linkerdDuration } from './duration';

export interface Limits {
  readonly retry: RetryPolicy;
  readonly deadline: Deadline;
}

/** Conditions on the status of an answer. What failed before an answer came is repeated without being named, as far as it is at all. */
const HTTP: Readonly<Partial<Record<RetryCondition, string>>> = {
  'server-error': '5xx', 'gateway-error': 'gateway-error', 'retriable-4xx': '409',
};

const GRPC: Readonly<Partial<Record<RetryCondition, string>>> = {
  'grpc-cancelled': 'cancelled', 'grpc-deadline-exceeded': 'deadline-exceeded', 'grpc-internal': 'internal',
  'grpc-resource-exhausted': 'resource-exhausted', 'grpc-unavailable': 'unavailable',
};

/** Every annotation that a route may carry. */
export const LIMITS = ['retry.linkerd.io/http', 'retry.linkerd.io/grpc', 'retry.linkerd.io/limit', 'retry.linkerd.io/timeout', 'timeout.linkerd.io/request'];

export function limitAnnotations({ retry, deadline }: Limits, kind: 'HTTPRoute' | 'GRPCRoute'): Record<string, string> {
  return { ...retryAnnotations(retry, kind), ...deadline === 'none' ? {} : { 'timeout.linkerd.io/request': linkerdDuration(deadline) } };
}

function retryAnnotations(retry: RetryPolicy, kind: 'HTTPRoute' | 'GRPCRoute'): Record<string, string> {
  if (retry.retries === 0) {
    return {};
  }
  const words = kind === 'GRPCRoute' ? GRPC : HTTP;
  const conditions = retry.on.flatMap((condition) => words[condition] ?? (kind === 'HTTPRoute' && condition.startsWith('status:') ? [condition.slice('status:'.length)] : []));
  return {
    // No blanks between them: a list that cannot be read is refused.
    ...conditions.length > 0 && { [`retry.linkerd.io/${kind === 'GRPCRoute' ? 'grpc' : 'http'}`]: [...new Set(conditions)].join(',') },
    'retry.linkerd.io/limit': String(retry.retries),
    ...retry.perTryMs !== undefined && { 'retry.linkerd.io/timeout': linkerdDuration(retry.perTryMs) },
  };
}
