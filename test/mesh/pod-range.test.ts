import { ApiObject } from 'cdk8s';
import { MeshService, Replicas } from '../../src';
import { PodOptions, service, shop, workload } from '../support/shop';

const pods = (orders: MeshService) => orders.mesh._members.model(0).serviceById.get('shop/orders')!.pods;

function withWorkload(options: PodOptions): ReturnType<typeof pods> {
  const program = shop();
  return pods(service(program, 'orders', { workload: workload(program.chart, 'pods', options) }));
}

test('a workload that says nothing runs one pod', () => {
  expect(withWorkload({})).toEqual({ min: 1, max: 1 });
});

test('a workload says how many', () => {
  expect(withWorkload({ workload: { replicas: 3 } })).toEqual({ min: 3, max: 3 });
  expect(withWorkload({ workload: { replicas: 0 } })).toEqual({ min: 0, max: 0 });
});

test('nobody knows the number of a DaemonSet, of pods from elsewhere, and of what cannot be read', () => {
  expect(withWorkload({ kind: 'DaemonSet' })).toBeUndefined();
  expect(pods(service(shop(), 'orders', { podLabels: { app: 'orders' } }))).toBeUndefined();
  const program = shop();
  const config = new ApiObject(program.chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
  expect(pods(service(program, 'orders', { workload: config }))).toBeUndefined();
});

test('what the service says is stronger', () => {
  const program = shop();
  const own = workload(program.chart, 'pods', { workload: { replicas: 3 } });
  expect(pods(service(program, 'orders', { workload: own, replicas: Replicas.between(2, 9) }))).toEqual({ min: 2, max: 9 });
});

test('versions add up, and one that nobody knows makes the sum unknown', () => {
  const program = shop();
  const orders = service(program, 'orders', { workload: workload(program.chart, 'v1', { workload: { replicas: 3 } }) });
  orders.addVersion('v2', { workload: workload(program.chart, 'v2', { workload: { replicas: 2 } }) });
  expect(pods(orders)).toEqual({ min: 5, max: 5 });
  orders.addVersion('v3');
  expect(pods(orders)).toBeUndefined();
});

describe('an autoscaler of the program', () => {
  const scaled = (spec: object, namespace = 'shop') => {
    const program = shop();
    new ApiObject(program.chart, 'scaler', {
      apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { namespace },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'pods' }, ...spec },
    });
    return pods(service(program, 'orders', { workload: workload(program.chart, 'pods', { workload: { replicas: 7 } }) }));
  };

  test('decides', () => {
    expect(scaled({ minReplicas: 2, maxReplicas: 5 })).toEqual({ min: 2, max: 5 });
    expect(scaled({ maxReplicas: 5 })).toEqual({ min: 1, max: 5 });
  });

  test('of another namespace, or without limits, does not', () => {
    expect(scaled({ minReplicas: 2, maxReplicas: 5 }, 'other')).toEqual({ min: 7, max: 7 });
    expect(scaled({ minReplicas: 2 })).toEqual({ min: 7, max: 7 });
    expect(scaled({ maxReplicas: 5, scaleTargetRef: undefined })).toEqual({ min: 7, max: 7 });
  });
});
