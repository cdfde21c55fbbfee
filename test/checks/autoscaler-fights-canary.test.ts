import { autoscalerFightsCanary } from '../../src/checks/autoscaler-fights-canary';
import { ARGO, delivered, FLAGGER, manual } from './canary-builder';
import { found, lines, object, version, workload } from './model-builder';

function scaler(name: string, kind: string, target: string, scalerKind = 'HorizontalPodAutoscaler') {
  return object(scalerKind, name, {
    apiVersion: scalerKind === 'ScaledObject' ? 'keda.sh/v1alpha1' : 'autoscaling/v2',
    body: { spec: { scaleTargetRef: { kind: scalerKind === 'ScaledObject' ? undefined : kind, name: target } } },
  });
}

const ORDERS = scaler('orders', 'Deployment', 'orders');

test('Argo Rollouts: the Rollout is scaled, not the Deployment', () => {
  const services = [delivered('orders', { engine: ARGO })];
  expect(lines(autoscalerFightsCanary, { services, objects: [ORDERS] })).toEqual([
    '[shop/orders-horizontalpodautoscaler] HorizontalPodAutoscaler orders scales Deployment orders, which Argo Rollouts keeps at no pods '
    + '(the pods are those of Rollout orders). Let it scale the Rollout: { apiVersion: \'argoproj.io/v1alpha1\', kind: \'Rollout\', name: \'orders\' }.',
  ]);
  expect(found(autoscalerFightsCanary, { services, objects: [scaler('orders', 'Deployment', 'orders', 'ScaledObject')] })).toHaveLength(1);
  expect(found(autoscalerFightsCanary, { services, objects: [scaler('orders', 'Rollout', 'orders'), scaler('web', 'Deployment', 'web')] })).toEqual([]);
});

test.each([[1, 0], [2, 1]])('Flagger: %d pods without an autoscaler: %d findings', (replicas, count) => {
  const versions = [version('v1', { workload: workload('orders', { replicas, pinnedLabels: { app: 'orders' } }) })];
  const services = [delivered('orders', { engine: FLAGGER }, { versions })];
  expect(found(autoscalerFightsCanary, { services }).map(({ severity }) => severity)).toEqual(Array(count).fill('warning'));
  expect(found(autoscalerFightsCanary, { services, objects: [ORDERS] })).toEqual([]);
  const set = [version('v1', { workload: workload('orders', { kind: 'DaemonSet', replicas, pinnedLabels: { app: 'orders' } }) })];
  expect(found(autoscalerFightsCanary, { services: [delivered('orders', { engine: FLAGGER }, { versions: set })] })).toEqual([]);
});

test('Flagger copies one autoscaler, and makes the copy\'s itself', () => {
  const services = [delivered('orders', { engine: FLAGGER })];
  expect(found(autoscalerFightsCanary, { services, objects: [ORDERS, scaler('more', 'Deployment', 'orders')] })).toHaveLength(1);
  expect(found(autoscalerFightsCanary, { services, objects: [ORDERS, scaler('copy', 'Deployment', 'orders-primary')] })).toHaveLength(1);
});

test('commits leave the number alone', () => {
  expect(found(autoscalerFightsCanary, { services: [delivered('orders', { engine: manual() })], objects: [ORDERS] })).toEqual([]);
});
