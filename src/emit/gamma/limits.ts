/**
 * Retries and time limits as Istio reads them in an HTTPRoute. Without `retry` Istio retries twice, and takes `backendRequest` for the limit of
 * the whole request: neither is written without the other. The standard channel has no `retry` at all.
 */
import type { MeshNode } from '../../model/mesh-model';
import type { RetryCondition, RetryPolicy } from '../../model/policy';
import { type LimitFields, type Limits, gatewayDuration } from '../gateway-api';
import { defined, nonEmpty } from '../json';

export function limitFields({ retry, deadline }: Limits, { gatewayChannel }: MeshNode): LimitFields {
  return {
    timeouts: { request: deadline === 'none' ? '0s' : gatewayDuration(deadline) },
    ...gatewayChannel === 'experimental' && { retry: retryField(retry) },
  };
}

function retryField({ retries, backoffMs, on }: RetryPolicy): LimitFields['retry'] {
  if (retries === 0) {
    return { attempts: 0 };
  }
  return defined<NonNullable<LimitFields['retry']>>({
    attempts: retries,
    backoff: backoffMs === undefined ? undefined : gatewayDuration(backoffMs),
    codes: nonEmpty([...new Set(on.flatMap(codes))].sort((a, b) => a - b)),
  });
}

const CODES: Readonly<Partial<Record<RetryCondition, readonly number[]>>> = {
  'server-error': [500, 502, 503, 504], 'gateway-error': [502, 503, 504], 'retriable-4xx': [409],
};

/**
 * Istio retries failed connections, refused streams, and gRPC requests that were cancelled or found nobody, whatever the route asks for.
 * Every other condition is a status, or cannot be said.
 */
function codes(condition: RetryCondition): readonly number[] {
  return condition.startsWith('status:') ? [Number(condition.slice('status:'.length))] : CODES[condition] ?? [];
}
