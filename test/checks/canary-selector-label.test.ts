import { canarySelectorLabel } from '../../src/checks/canary-selector-label';
import { ARGO, delivered, FLAGGER } from './canary-builder';
import { found, lines, object, service, version, workload } from './model-builder';

const ADDR = { 'cdk8s.io/metadata.addr': 'shop-orders-c8' };

function selecting(pinnedLabels: Record<string, string>) {
  return { versions: [version('v1', { workload: workload('orders', { pinnedLabels, replicas: 1 }) })] };
}

test('a selector without any of Flagger\'s labels is refused, with both ways out', () => {
  expect(lines(canarySelectorLabel, { services: [delivered('orders', { engine: FLAGGER }, selecting(ADDR))] })).toEqual([
    '[shop/orders-canary] the selector of Deployment orders holds none of the labels that Flagger reads: app, name, app.kubernetes.io/name '
    + '(spec.selector.matchLabels is cdk8s.io/metadata.addr=shop-orders-c8). Give it select: false and the label, and write the selector: '
    + 'pods.podMetadata.addLabel(\'app\', \'orders\'); pods.select(LabelSelector.of({ labels: { app: \'orders\' } })). Or start Flagger with '
    + '-selector-labels=app,name,app.kubernetes.io/name,cdk8s.io/metadata.addr and say so: CanaryEngine.flagger({ selectorLabels: [\'cdk8s.io/metadata.addr\'] }).',
  ]);
});

test.each(['app', 'name', 'app.kubernetes.io/name'])('the label %s will do', (label) => {
  expect(found(canarySelectorLabel, { services: [delivered('orders', { engine: FLAGGER }, selecting({ [label]: 'orders' }))] })).toEqual([]);
});

test('so will what Flagger was told, and Argo Rollouts asks for none', () => {
  const engine = { ...FLAGGER, selectorLabels: Object.keys(ADDR) } as typeof FLAGGER;
  expect(found(canarySelectorLabel, { services: [delivered('orders', { engine }, selecting(ADDR))] })).toEqual([]);
  expect(found(canarySelectorLabel, { services: [delivered('orders', { engine: ARGO }, selecting(ADDR))] })).toEqual([]);
});

test('the label belongs to the workload alone', () => {
  const orders = delivered('orders', { engine: FLAGGER });
  const other = service('admin', { podLabels: { app: 'orders' } });
  const twin = service('twin', { versions: [version('v1', { workload: workload('twin', { podLabels: { app: 'orders' } }) })] });
  const plain = object('Service', 'legacy', { body: { spec: { selector: { app: 'orders' } } } });
  for (const [services, objects] of [[[orders, other], []], [[orders, twin], []], [[orders], [plain]]] as const) {
    expect(found(canarySelectorLabel, { services, objects })).toHaveLength(1);
  }
  expect(found(canarySelectorLabel, { services: [orders, service('web')], objects: [object('Service', 'web', { body: { spec: { selector: { app: 'web' } } } })] })).toEqual([]);
});
