/** Policies and figures in words. */
import type { CallNode, PortNode } from '../model/mesh-model';
import type {
  CircuitBreakerPolicy, ConnectionPool, Deadline, EjectionPolicy, HashKey, LoadBalancingPolicy, LocalityPolicy, RetryPolicy,
} from '../model/policy';
import { labelText, listed, time } from '../model/text';

/** At most two digits behind the point, thousands apart: `1,250`, `1.5`. From a quadrillion on `1.00e+15`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) {
    return 'unlimited';
  }
  if (Math.abs(value) >= 1e15) {
    return value.toExponential(2);
  }
  const [whole, rest] = String(Math.round(value * 100) / 100).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

/** `1 request`, `1,250 requests`. */
export function figures(value: number, noun: string): string {
  return `${figure(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A time, or that there is no limit to it. */
export function wait(ms: number | null): string {
  return ms === null || !Number.isFinite(ms) ? 'no limit' : time(Math.round(ms * 100) / 100);
}

/** What JSON can hold: `null` where nothing limits it. */
export function limited(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

export function deadlineWords(deadline: Deadline): string {
  return deadline === 'none' ? 'no limit' : time(deadline);
}

export function retryWords(retry: RetryPolicy): string {
  if (retry.retries === 0) {
    return 'never';
  }
  const parts = [
    `${retry.retries} more`,
    retry.perTryMs === undefined ? '' : `${time(retry.perTryMs)} each`,
    retry.backoffMs === undefined ? '' : `pauses from ${time(retry.backoffMs)}`,
    `on ${listed(retry.on, 12)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

type Limits = { readonly [Key in Exclude<keyof ConnectionPool, 'keepalive' | 'upgradeToHttp2'>]-?: readonly [label: string, ms: boolean] };

const LIMITS: Limits = {
  maxConnections: ['connections', false],
  connectTimeoutMs: ['time to connect', true],
  maxConnectionDurationMs: ['age of a connection', true],
  tcpIdleTimeoutMs: ['idle TCP connection', true],
  maxPendingRequests: ['waiting requests', false],
  maxRequests: ['requests at once', false],
  maxRequestsPerConnection: ['requests on a connection', false],
  maxRetries: ['retries at once', false],
  httpIdleTimeoutMs: ['idle HTTP connection', true],
  maxConcurrentStreams: ['streams on a connection', false],
};

export function poolWords(pool: ConnectionPool): string {
  const parts = Object.entries(LIMITS).flatMap(([key, [label, ms]]) => {
    const value = pool[key as keyof Limits];
    return value === undefined ? [] : [`${label} ${ms ? time(value) : figure(value)}`];
  });
  const alive = pool.keepalive;
  if (alive !== undefined) {
    const said = [
      alive.probes === undefined ? '' : `${alive.probes} probes`,
      alive.timeMs === undefined ? '' : `after ${time(alive.timeMs)}`,
      alive.intervalMs === undefined ? '' : `every ${time(alive.intervalMs)}`,
    ].filter((part) => part !== '');
    parts.push(['TCP keepalive', ...said].join(' '));
  }
  if (pool.upgradeToHttp2 !== undefined) {
    parts.push(pool.upgradeToHttp2 ? 'upgraded to HTTP/2' : 'not upgraded to HTTP/2');
  }
  return parts.length === 0 ? 'none' : parts.join(', ');
}

export function ejectionWords(policy: CircuitBreakerPolicy, inForce: EjectionPolicy | undefined): string {
  if (inForce === undefined) {
    return policy.ejection === 'default' ? 'off: a single endpoint is all there is' : 'off';
  }
  const after = [
    inForce.consecutiveServerErrors === undefined ? '' : `${inForce.consecutiveServerErrors} server errors`,
    inForce.consecutiveGatewayErrors === undefined ? '' : `${inForce.consecutiveGatewayErrors} gateway errors`,
  ].filter((part) => part !== '').join(' or ');
  return `after ${after} in a row, looked for every ${time(inForce.intervalMs)}, for ${time(inForce.baseMs)}, `
    + `at most ${inForce.maxPercent} % of the endpoints, none while fewer than ${inForce.minHealthPercent} % are healthy`;
}

export function budgetWords(policy: CircuitBreakerPolicy): string {
  const budget = policy.retryBudget;
  return budget === undefined ? 'none' : `${budget.percent} % of the requests in flight, and always ${budget.minConcurrency}`;
}

export function loadBalancingWords({ algorithm, locality, warmUp }: LoadBalancingPolicy): string {
  const parts = [algorithm.kind === 'hash'
    ? `consistent hash (${algorithm.table}${algorithm.tableSize === undefined ? '' : ` of ${algorithm.tableSize}`}) on ${hashWords(algorithm.key)}`
    : algorithm.kind.replace('-', ' ')];
  if (locality !== undefined) {
    parts.push(localityWords(locality));
  }
  if (warmUp !== undefined) {
    parts.push(`new endpoints warm up for ${time(warmUp.durationMs)}`);
  }
  return parts.join('; ');
}

function hashWords(key: HashKey): string {
  return key.kind === 'source-ip' ? 'the source address' : `${key.kind} ${key.name}`;
}

function localityWords({ failover, failoverPriority, distribute }: LocalityPolicy): string {
  const parts = [
    ...failover.map(({ from, to }) => `fails over from ${from} to ${to}`),
    ...failoverPriority.length === 0 ? [] : [`endpoints ranked by ${listed(failoverPriority, 12)}`],
    ...distribute.map(({ from, to }) => `from ${from}: ${Object.entries(to).map(([where, percent]) => `${percent} % to ${where}`).join(', ')}`),
  ];
  return parts.length === 0 ? 'nearest endpoints first' : parts.join('; ');
}

export function portWords(port: PortNode): string {
  return `${port.number} ${port.protocol}${port.streaming ? ', streaming' : ''}`;
}

/** What is special about a call, beside its figures. */
export function callNotes(call: CallNode): readonly string[] {
  return [
    call.operation === undefined ? '' : `calls ${call.operation}`,
    call.during === undefined ? '' : `during ${call.during}`,
    call.parallel ? 'parallel' : '',
    call.idempotent ? '' : 'not idempotent',
    call.maxDepth === undefined ? '' : `depth at most ${call.maxDepth}`,
  ].filter((note) => note !== '');
}

export { labelText };
