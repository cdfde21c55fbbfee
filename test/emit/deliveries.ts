/** Canaries of one service in every strategy and with everything around them, for the tests of both engines. */
import type { CanaryNode, EngineNode, StrategyNode } from '../../src/model/delivery';
import { latency, linear, successRate, weights } from '../checks/canary-builder';

const every = { everyMs: 60_000, iterations: 3 };

/** Every strategy, by its name. */
export const STRATEGIES: Readonly<Record<string, StrategyNode>> = {
  'linear': linear(20, 60),
  'linear that does not divide': linear(20, 50),
  'steps': weights(1, 25, 50),
  'steps that are held': { kind: 'weights', everyMs: 60_000, steps: [{ weight: 10 }, { weight: 50, holdMs: 180_000 }] },
  'sessions': { kind: 'weights', everyMs: 60_000, steps: [{ weight: 50 }], session: { cookie: 'version', maxAgeMs: 90_500 } },
  'blue/green': { kind: 'blue-green', ...every },
  'mirror': { kind: 'blue-green', ...every, mirrorPercent: 20 },
  'A/B test': {
    kind: 'ab-test', ...every,
    audiences: [{ header: 'x-beta', value: { kind: 'exact', value: 'yes' } }, { header: 'cookie', value: { kind: 'regex', value: '^(.*;\\s*)?beta=yes(;.*)?$' } }],
  },
};

export function around(engine: EngineNode): Partial<CanaryNode> {
  return {
    engine,
    gates: [successRate(99.5), latency(99, 250), { kind: 'promql', name: 'queue', windowMs: 90_000, query: 'max(depth{pod=~"$pods"}[$window:])', atLeast: 1, atMost: 9 }],
    webhooks: [
      { kind: 'acceptance', name: 'acceptance', url: 'http://tester/', timeoutMs: 10_000, metadata: { cmd: 'curl' } },
      { kind: 'load-test', name: 'load', url: 'http://tester/load', timeoutMs: 2500, metadata: {} },
    ],
    alerts: [
      { kind: 'slack', name: 'team', severity: 'warning', receiver: 'orders', secret: 'slack-hook' },
      { kind: 'teams', name: 'all', severity: 'info', receiver: 'everybody', secret: 'teams-hook' },
      { kind: 'pagerduty', name: 'pager', severity: 'error', receiver: 'on-call' },
    ],
    approvals: ['start', 'each-step', 'promotion'],
  };
}
