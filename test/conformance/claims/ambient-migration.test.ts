/** From sidecars to ambient mode, one namespace at a time: a caller that still has its sidecar, and services that have moved. */
import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  CircuitBreaker, FindingCode, GatewayChannel, MeshNamespace, MeshProvider, MeshService, Retry, RetryOn, RouteMatch,
} from '../../../src';
import { AMBIENT_REVISION, AmbientControlPlane, claimEqual, claimShare, stack } from '../stack';
import { gatewaysReady, NodeProxy } from './node-proxy';
import { ONE_WORKER, podTemplate, Program } from './program';
import { endpoints } from './proxies';

const NAMESPACE = 'claims-moved';
const STAYS = 'claims-moved-not';
const cluster = stack();
const [orders, second, waypoint] = ['orders-v1', 'orders-v2', 'waypoint'].map(name => cluster.workload(NAMESPACE, name));
const [web, legacy] = [cluster.workload(NAMESPACE, 'web'), cluster.workload(STAYS, 'legacy')];
const node = new NodeProxy(NAMESPACE, 'web', [{ namespace: NAMESPACE, service: 'orders', port: 80 }]);
const hostOf = (service: string) => `${service}.${NAMESPACE}.svc.cluster.local`;

export function program(): Program {
  const it = new Program(NAMESPACE, {
    provider: MeshProvider.istioAmbient({ channel: GatewayChannel.EXPERIMENTAL, revision: AMBIENT_REVISION, sidecarNamespaces: [STAYS] }),
  }).accept('prefixes of whole segments are measured', FindingCode.PREFIX_BY_SEGMENT);
  new MeshNamespace(it.chart, STAYS, { mesh: it.mesh });
  const service = it.service('orders', { versions: { v1: {}, v2: { replicas: 2 } }, retry: Retry.upTo(2, { on: [RetryOn.GATEWAY_ERROR] }) });
  service.split({ v1: 90, v2: 10 });
  service.addRoute('second', { matches: [RouteMatch.prefix('/v2')], split: { v2: 100 } });
  const busy = it.service('busy', { circuitBreaker: CircuitBreaker.of({ http: { maxRequests: 3 } }) });
  it.client('web').calls(service);
  const chart = new Chart(it.app, STAYS, { namespace: STAYS });
  const workload = new k8s.KubeDeployment(chart, 'legacy-deployment', {
    metadata: { name: 'legacy' }, spec: { selector: { matchLabels: { pods: 'legacy' } }, template: podTemplate('legacy', { annotations: ONE_WORKER }) },
  });
  const stays = new MeshService(chart, 'legacy', { mesh: it.mesh, workload });
  [service, busy].forEach(callee => stays.calls(callee));
  return it;
}

let ambient: AmbientControlPlane | undefined;
beforeAll(async () => {
  ambient = await AmbientControlPlane.start(cluster);
  await cluster.apply(program().yaml());
  await cluster.apply(node.yaml());
  await gatewaysReady(cluster, NAMESPACE, STAYS);
});
beforeEach(() => Promise.all([orders, second].map(async one => {
  await one.configure({});
  await one.resetCounts();
})));
afterAll(async () => {
  await cluster.drop(NAMESPACE, STAYS);
  await ambient?.stop();
});

/** Requests that the waypoint has sent to the two versions. */
async function throughWaypoint(): Promise<number> {
  const all = await Promise.all(['orders-v1', 'orders-v2'].map(service => endpoints(waypoint, hostOf(service))));
  return all.flatMap(one => Object.values(one)).reduce((sum, { requests }) => sum + requests, 0);
}

test('a sidecar routes by the same objects', async () => {
  const { byStatus, byVersion, requests } = await legacy.load({ url: `http://${hostOf('orders')}/`, requests: 20_000, concurrency: 16 });
  claimEqual('sidecar: every request is answered', { 200: requests }, byStatus);
  claimShare('sidecar: a split of 90/10 of a service that has moved, share of the version with two of three pods', 0.1, byVersion.v2, requests);
  const routed = await legacy.load({ url: `http://${hostOf('orders')}/v2`, requests: 200, concurrency: 4 });
  claimEqual('sidecar: a route of that service', { v2: 200 }, routed.byVersion);
  claimEqual('requests that went through the waypoint', 0, await throughWaypoint());
  await web.request({ url: `http://${node.authority('orders', 80)}/`, headers: { host: hostOf('orders') } });
  claimEqual('after one of a caller that has moved, too', 1, await throughWaypoint());
});

test('a sidecar keeps retries and limits', async () => {
  await Promise.all([orders, second].map(one => one.configure({ rules: [{ status: 503 }] })));
  await legacy.request({ url: `http://${hostOf('orders')}/` });
  const counts = await Promise.all([orders, second].map(one => one.counts()));
  claimEqual('sidecar: attempts of a request that fails, 2 retries', 3, counts.reduce((sum, { total }) => sum + total, 0));
  const busy = cluster.workload(NAMESPACE, 'busy');
  await legacy.request({ url: `http://${hostOf('busy')}/` });
  await busy.configure({ rules: [{ delayMs: 800 }] });
  const { byStatus } = await legacy.load({ url: `http://${hostOf('busy')}/`, requests: 10, concurrency: 10 });
  claimEqual('sidecar: 3 requests in flight: of 10 at once', { 200: 3, 503: 7 }, byStatus);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
