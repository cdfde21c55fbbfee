import { loadBalancingFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { HashKey } from '../model/policy';
import type { Check } from './check';

export const canaryBreaksSessions: Check = {
  code: FindingCode.CANARY_BREAKS_SESSIONS,
  name: 'canary-breaks-sessions',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Sessions that a canary by weight tears between two versions',
  why: 'A hash keeps a user at one pod, but a weight is drawn for every request before the hash is asked: with 20 % every fifth request of a user '
    + 'meets the other version, whose pods know nothing of the session. The hash holds within each version alone.',
  bad: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)], loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('session')),
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)], loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('session')),
});
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.abTest({ audiences: [Audience.cookie('beta', 'yes')], iterations: 10, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const { origin, strategy, service } of model.canaries) {
      const { algorithm } = loadBalancingFor(model, model.serviceById.get(service)!);
      if (algorithm.kind === 'hash' && strategy.kind === 'weights' && strategy.session === undefined) {
        report(origin, {
          message: `${service} keeps users at one pod by ${keyText(algorithm.key)}, and the canary moves single requests to another version`,
          evidence: 'the weight is drawn before the hash',
          fix: 'Give the strategy keepSession (Flagger), or take CanaryStrategy.abTest with the users\' cookie or header',
        });
      }
    }
  },
};

function keyText(key: HashKey): string {
  return key.kind === 'source-ip' ? 'their address' : `the ${key.kind === 'query' ? 'query parameter' : key.kind} ${key.name}`;
}
