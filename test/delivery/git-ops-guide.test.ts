import { Duration } from 'cdk8s';
import { Canary, CanaryEngine, CanaryStrategy, Gate, MeshProvider } from '../../src';
import { service, shop, workload } from '../support/shop';

function section(engine: CanaryEngine, title: string, provider = MeshProvider.istio()): string[] {
  const it = shop({ provider });
  const pods = workload(it.chart, 'orders-pods', { selector: { app: 'orders' }, labels: { app: 'orders' } });
  const guide = new Canary(it.chart, 'orders-canary', {
    service: service(it, 'orders', { workload: pods }), engine, gates: [Gate.successRate({ atLeast: 99 })],
    strategy: CanaryStrategy.steps([10, 50, 100], { every: Duration.minutes(1) }),
  }).gitOps;
  const [own] = guide.split('\n## ').filter((part) => part.startsWith(title));
  return own.split('\n').filter((line) => line.trim() !== '').slice(1);
}

test('Flagger: what it made stays until nothing leads there', () => {
  expect(section(CanaryEngine.flagger(), 'Taking the canary out again')).toEqual([
    'After a release that was promoted, not after one that failed: Flagger brings the workload back as its manifest has it.',
    '1. Delete the Canary alone, and wait until it is gone. What Flagger made stays, and serves:',
    '   `kubectl delete canary orders --namespace shop --cascade=orphan`',
    '2. Apply the program without the canary, once with `--force-conflicts`, and wait until all proxies have it.',
    '3. Delete what Flagger made:',
    '   `kubectl delete deployment/orders-pods-primary service/orders-primary service/orders-canary --namespace shop`, and',
    '   `kubectl delete destinationrule/orders-primary destinationrule/orders-canary --namespace shop`',
  ]);
});

test.each([['Gateway API', MeshProvider.gatewayApi()], ['Linkerd', MeshProvider.linkerd()]])('Flagger on %s: one route, and no policies', (_, provider) => {
  expect(section(CanaryEngine.flagger(), 'Taking the canary out again', provider).slice(-2)).toEqual([
    '3. Delete what Flagger made:',
    '   `kubectl delete deployment/orders-pods-primary service/orders-primary service/orders-canary --namespace shop`',
  ]);
  const it = shop({ provider });
  const pods = workload(it.chart, 'orders-pods', { selector: { app: 'orders' }, labels: { app: 'orders' } });
  const { gitOps } = new Canary(it.chart, 'orders-canary', {
    service: service(it, 'orders', { workload: pods }), engine: CanaryEngine.flagger(), gates: [Gate.successRate({ atLeast: 99 })],
    strategy: CanaryStrategy.steps([10, 50, 100], { every: Duration.minutes(1) }),
  });
  expect(gitOps).toContain('- HTTPRoute `orders`: whole; Flagger makes it\n');
  expect(gitOps).not.toMatch(/VirtualService|DestinationRule/);
});

test('Argo Rollouts: the workload serves before the Rollout goes', () => {
  expect(section(CanaryEngine.argoRollouts(), 'Taking the canary out again')).toEqual([
    '1. Apply the program without the canary, with `--force-conflicts` and without pruning.',
    '2. Wait for the pods of the workload: `kubectl rollout status deployment/orders-pods --namespace shop`',
    '3. Delete the Rollout: `kubectl delete rollout orders --namespace shop`',
  ]);
});

test.each([
  ['Flagger', CanaryEngine.flagger(), /needs no force/], ['Argo Rollouts', CanaryEngine.argoRollouts(), /--force-conflicts/],
])('%s: what kubectl has to say', (_, engine, words) => {
  expect(section(engine, 'kubectl').join(' ')).toMatch(words);
});
