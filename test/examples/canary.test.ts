/** The canaries of the quickstart's shop: what each engine is handed, and what the README says of them. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { Canary } from 'cdk8s-mesh';
import type { Mesh } from 'cdk8s-mesh';
import { build } from '../../examples/canary/app';
import { planOf } from '../../src/model/delivery-plan';
import { Resource, synthesized } from './synthesized';

const README = readFileSync(join(__dirname, '../../examples/canary/README.md'), 'utf8');
const { manifests } = synthesized(build);

function find(namespace: string, kind: string, name = 'payment-service'): Resource | undefined {
  return manifests.find((one) => one.kind === kind && one.metadata.name === name && one.metadata.namespace === namespace);
}

test('Flagger gets the whole rule, and nobody else writes one', () => {
  expect(find('shop-flagger', 'Canary')!.spec.service).toMatchObject({
    timeout: '15s', retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset,connect-failure' },
    trafficPolicy: { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE', maxRequestsPerConnection: 100 } }, outlierDetection: { consecutive5xxErrors: 5 } },
  });
  expect(find('shop-flagger', 'VirtualService')).toBeUndefined();
  expect(find('shop-flagger', 'DestinationRule')).toBeUndefined();
  expect(find('shop-flagger', 'Service')!.spec.selector).toBeUndefined();
  expect(find('shop-flagger', 'Deployment')!.spec.replicas).toBeUndefined();
});

test('Argo Rollouts moves weights in the program\'s own rule', () => {
  const [rule] = find('shop-argo-rollouts', 'VirtualService')!.spec.http;
  expect(rule).toMatchObject({ name: 'default', timeout: '15s', retries: { attempts: 3 } });
  expect(rule.route.map(({ destination, weight }: never) => [(destination as { subset: string }).subset, weight])).toEqual([['stable', 100], ['canary', 0]]);
  expect(find('shop-argo-rollouts', 'Rollout')!.spec).toMatchObject({
    replicas: 3, selector: { matchLabels: { app: 'payment-service' } },
    strategy: { canary: { trafficRouting: { istio: { virtualService: { name: 'payment-service', routes: ['default'] } } } } },
  });
  expect(find('shop-argo-rollouts', 'Deployment')!.spec.replicas).toBeUndefined();
});

test('callers reach either version as what the callee is called', () => {
  const hosts = (namespace: string) => find(namespace, 'Sidecar', 'checkout')!.spec.egress[0].hosts as string[];
  expect(hosts('shop-flagger').filter((host) => host.startsWith('shop-flagger/'))).toEqual([
    'shop-flagger/payment-service-canary.shop-flagger.svc.cluster.local', 'shop-flagger/payment-service-primary.shop-flagger.svc.cluster.local',
    'shop-flagger/payment-service.shop-flagger.svc.cluster.local',
  ]);
  expect(hosts('shop-argo-rollouts')).toContain('shop-argo-rollouts/payment-service.shop-argo-rollouts.svc.cluster.local');
});

describe('the README', () => {
  const app = new App();
  const mesh: Mesh = build(app);
  const canaries = app.node.findAll().filter((construct) => construct instanceof Canary);

  test('shows what Argo CD must ignore', () => {
    const shown = canaries.map(({ gitOps }) => /```yaml\n[^]*?```/.exec(gitOps)![0]);
    expect(shown).toHaveLength(2);
    shown.forEach((block) => expect(README).toContain(block));
  });

  test('says what each plan takes and risks', () => {
    const row = (title: string) => new RegExp(`^\\| ${title} \\| (.*) \\| (.*) \\|$`, 'm').exec(README)!.slice(1);
    const plans = mesh._judgement().model.canaries.map(planOf);
    const minutes = (ms: number | undefined) => `${ms! / 60_000} min`;
    expect(plans.map(({ promoteMs }) => minutes(promoteMs))).toEqual(row('promoted after').map((cell) => cell.split(',')[0]));
    expect(plans.map(({ reactMs }) => minutes(reactMs))).toEqual(row('a bad version is gone').map((cell) => cell.split(' after')[0]));
    expect(plans.map(({ worstLossMs }) => worstLossMs)).toEqual([120_000, 90_000]);
    expect(row('that costs at worst')).toEqual(['as much as 2 min without any answer', 'as much as 90 s without any answer']);
    expect(row('shares').map((cell) => cell.split(' %')[0])).toEqual(['10, 20, 30, 40, 50', '5, 20, 50']);
  });
});
