/** Pods in other zones and regions. */
import { CircuitBreaker, FindingCode, LoadBalancing, MeshService } from '../../../src';
import { claimEqual, claimShare, pause, stack } from '../stack';
import { HTTP, ONE_WORKER, Program } from './program';

const NAMESPACE = 'claims-locality';
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const zone = (name: string) => ({ 'topology.kubernetes.io/zone': name });

/** Pods in two zones of the client's region and in another region, behind several Services. */
function program(): Program {
  const it = new Program(NAMESPACE).accept('each balances the same pods otherwise', FindingCode.OVERLAPPING_WORKLOADS);
  const client = it.client('web', { nodeSelector: zone('zone-1'), annotations: ONE_WORKER, labels: { cell: 'blue' } });
  // Two of three may be ejected, so that requests move on until the last one.
  const circuitBreaker = CircuitBreaker.of({ eject: { after: 3, atMostPercent: 67, minHealthyPercent: 0 } });
  const own = it.service('near', {
    circuitBreaker,
    versions: {
      here: { nodeSelector: zone('zone-1'), labels: { cell: 'green' } },
      beside: { nodeSelector: zone('zone-2'), labels: { cell: 'green' } },
      away: { nodeSelector: zone('zone-3'), labels: { cell: 'blue' } },
    },
  });
  const others: Record<string, LoadBalancing> = {
    shares: LoadBalancing.roundRobin({ locality: { distribute: [{ locality: 'region-1/zone-1/*', shares: { 'region-1/zone-1/*': 99, 'region-2/zone-3/*': 1 } }] } }),
    regions: LoadBalancing.roundRobin({ locality: { failover: [{ region: 'region-1', failoverTo: 'region-2' }] } }),
    cells: LoadBalancing.roundRobin({ locality: { failoverPriority: ['cell'] } }),
  };
  const shared = Object.entries(others).map(([name, loadBalancing]) => new MeshService(it.chart, name, {
    mesh: it.mesh, ports: [HTTP], podLabels: { app: 'near' }, loadBalancing, circuitBreaker,
  }));
  const even = new MeshService(it.chart, 'even', {
    mesh: it.mesh, ports: [HTTP], podLabels: { app: 'near' }, loadBalancing: LoadBalancing.roundRobin(), circuitBreaker: CircuitBreaker.withoutEjection(),
  });
  [own, even, ...shared].forEach(callee => client.calls(callee));
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

/**
 * Answers with 200 by the version, which is the place of the pod.
 * @param rate slow enough, where a pod is ejected, for the next request to come after the ejection has reached the proxy's worker
 */
async function places(service: string, requests: number, rate = 100): Promise<Record<string, number>> {
  return (await web.load({ url: `http://${service}.${NAMESPACE}/`, requests, rate })).by('version', cell => cell.status === '200');
}

test('fixed shares', async () => {
  const requests = 4000;
  const { here, beside, away } = await places('shares', requests, 0);
  claimEqual('shares of 99 for the client\'s zone and 1 for another region: nothing for the zone beside, all answered', [undefined, requests], [beside, here + away]);
  claimShare('share of the other region', 0.01, away, requests);
});

test('by labels', async () => {
  claimEqual('first the pods with the client\'s value of a label, wherever they are: of 60', { away: 60 }, await places('cells', 60));
});

/** Proxies act on an endpoint's second change within a second only at the end of that second. */
const forgotten = () => pause(1500);

test('nearest first', async () => {
  claimEqual('without ejection, by which alone requests could move on: of 60', { here: 20, beside: 20, away: 20 }, await places('even', 60));
  claimEqual('with ejection: of 60', { here: 60 }, await places('near', 60));
  await cluster.workload(NAMESPACE, 'near-here').configure({ rules: [{ status: 500 }] });
  claimEqual('the pod in the client\'s zone fails, ejected after 3: of 60', { beside: 57 }, await places('near', 60));
  await forgotten();
  await cluster.workload(NAMESPACE, 'near-beside').configure({ rules: [{ status: 500 }] });
  claimEqual('the one beside fails, too: of 60', { away: 57 }, await places('near', 60));
  await places('regions', 20);
  await forgotten();
  await places('regions', 20);
  await forgotten();
  claimEqual('a failover from region to region, once both pods of the first region are ejected: of 60', { away: 60 }, await places('regions', 60));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
