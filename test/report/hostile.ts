/** A judged program in which every text that a user can write is another one, consistently, so that what belongs together still does. */
import { ENGINES } from '../../src/model/delivery';
import type { Judgement } from '../../src/model/judged-mesh';

/** Keys whose values are words of ours, not of the program. */
const OURS = new Set([
  'provider', 'providerVersion', 'severity', 'protocol', 'egress', 'deadline', 'ejection', 'stage', 'mode', 'enforcement', 'level', 'kubernetes', 'on', 'table',
  'networkPolicies', 'code', 'until', 'asOf', 'approvals',
]);

/** `kind` is a word of ours wherever it tells parts of a union apart. */
const KINDS = new Set(['exact', 'prefix', 'regex', 'present', 'absent', 'least-request', 'round-robin', 'random', 'passthrough', 'hash', 'header', 'cookie', 'query', 'source-ip',
  'weights', 'blue-green', 'ab-test', 'success-rate', 'latency', 'promql', 'istio', 'envoy', 'linkerd', 'acceptance', 'load-test', 'event', 'rollback', 'slack', 'teams', 'pagerduty',
  'program', 'namespaces', 'mesh', 'rule', 'annotation', 'service', 'account', 'namespace', 'workload', 'anyone', 'addresses']);

export function renamed(judgement: Judgement, rename: (text: string) => string): Judgement {
  const known = new Map<object, unknown>();
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      const ours = OURS.has(key) || (key === 'kind' && KINDS.has(value)) || (key === 'id' && ENGINES.some((engine) => engine === value));
      return ours ? value : rename(value);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const before = known.get(value);
    if (before !== undefined) {
      return before;
    }
    if (value instanceof Map) {
      const map = new Map<unknown, unknown>();
      known.set(value, map);
      value.forEach((item, name) => map.set(walk(name, ''), walk(item, '')));
      return map;
    }
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      known.set(value, list);
      value.forEach((item) => list.push(walk(item, key)));
      return list;
    }
    const record: Record<string, unknown> = {};
    known.set(value, record);
    Object.entries(value).forEach(([name, item]) => {
      record[OPEN.has(key) ? rename(name) : name] = walk(item, name);
    });
    return record;
  };
  return walk(judgement, '') as Judgement;
}

/** Records whose keys are the program's words. */
const OPEN = new Set(['split', 'headers', 'query', 'set', 'add', 'labels', 'podLabels', 'selector', 'namespaceMemoryBytes', 'pinnedLabels', 'metadata']);
