/** Pods that fail, die, or cannot be reached, and what ejection and retries make of them. */
import { Duration } from 'cdk8s';
import { CircuitBreaker, FindingCode, LoadBalancing, MeshPort, Retry, RetryOn, RouteMatch } from '../../../src';
import { claim, claimBetween, claimEqual, type KubeObject, type LoadSpec, pause, stack } from '../stack';
import { refuseConnections } from './network';
import { HTTP, ONE_WORKER, Program } from './program';

const NAMESPACE = 'claims-ejection';
const cluster = stack();
const [web, flaky, never, pair, trio, gateway, lone, dying] =
  ['web', 'flaky', 'never', 'pair', 'trio', 'gateway', 'lone', 'dying'].map(name => cluster.workload(NAMESPACE, name));

const RETRIES: Record<string, Retry> = {
  'never': Retry.never(),
  'connect-failure': Retry.upTo(3, { on: [RetryOn.CONNECT_FAILURE] }),
  'reset-before-request': Retry.upTo(3, { on: [RetryOn.RESET_BEFORE_REQUEST] }),
  'reset': Retry.upTo(3, { on: [RetryOn.RESET] }),
  'refused-stream': Retry.upTo(3, { on: [RetryOn.REFUSED_STREAM] }),
  'gateway-error': Retry.upTo(3, { on: [RetryOn.GATEWAY_ERROR] }),
  'server-error': Retry.upTo(3, { on: [RetryOn.SERVER_ERROR] }),
};

function program(): Program {
  const it = new Program(NAMESPACE).accept('that it never happens is measured', FindingCode.EJECTION_NEVER_HAPPENS);
  // Each endpoint in turn, so that every figure below is exact.
  const loadBalancing = LoadBalancing.roundRobin();
  const checkEvery = Duration.seconds(1);
  const twice = CircuitBreaker.of({ eject: { after: 3, checkEvery, lasting: Duration.seconds(4) } });
  const own = it.service('dying', {
    loadBalancing, pods: { replicas: 2 }, ports: [HTTP, MeshPort.http(8081, { port: 81 })], circuitBreaker: CircuitBreaker.withoutEjection(),
  });
  for (const [name, retry] of Object.entries(RETRIES)) {
    own.addRoute(name, { matches: [RouteMatch.prefix(`/${name}/`)], retry });
  }
  const client = it.client('web', { annotations: ONE_WORKER });
  [
    own,
    it.service('flaky', { loadBalancing, pods: { replicas: 3 }, circuitBreaker: twice }),
    it.service('gateway', { loadBalancing, pods: { replicas: 2 }, circuitBreaker: CircuitBreaker.of({ eject: { afterGatewayErrors: 3, checkEvery } }) }),
    // The library's own ejection: after 5 failures, at most half of the endpoints, none of a single one.
    it.service('never', { loadBalancing, pods: { replicas: 2 }, circuitBreaker: CircuitBreaker.of({ eject: { after: 3, atMostPercent: 49 } }) }),
    it.service('pair', { loadBalancing, pods: { replicas: 2 } }),
    it.service('trio', { loadBalancing, pods: { replicas: 3 } }),
    it.service('lone', { loadBalancing }),
  ].forEach(callee => client.calls(callee));
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

const load = (service: string, spec: Partial<LoadSpec>) => web.load({ url: `http://${service}.${NAMESPACE}/`, ...spec });
const only = (pod: KubeObject) => cluster.workload(NAMESPACE, pod.metadata.name);
/** Slow enough for the next request to an endpoint to come after its ejection has reached the proxy's worker. */
const rate = 100;
const perPod = async (name: string) =>
  Promise.all((await cluster.workload(NAMESPACE, name).pods()).map(async pod => (await only(pod).counts()).total));

test('ejection and return', async () => {
  const [bad] = await flaky.pods();
  await only(bad).configure({ rules: [{ status: 500 }] });
  const ill = await load('flaky', { rate: 40, durationMs: 9000, bucketMs: 100 });
  const failures = Object.entries(ill.by('bucket', cell => cell.status === '500')).map(([bucket, count]) => ({ ms: Number(bucket) * 100, count }));
  const [first, second] = [failures.filter(({ ms }) => ms < 3000), failures.filter(({ ms }) => ms >= 3000)];
  claimEqual('an endpoint that always fails is ejected after 3 failures', 3, first.reduce((sum, { count }) => sum + count, 0));
  const again = second[0]?.ms ?? NaN;
  claimBetween('taken back after 4 s, by a sweep every second: from the first failure to the next', 4000, 5600, again - first[0].ms, 'ms');
  // Proxies hear of an endpoint's second change within a second only at the end of that second.
  claimBetween('and ejected again: failures last', 0, 1500, (second.at(-1)?.ms ?? NaN) - again, 'ms');
  await only(bad).configure({});
  await only(bad).resetCounts();
  const well = await load('flaky', { rate: 40, durationMs: 9000, bucketMs: 100 });
  claimEqual('it answers again: status', { 200: well.requests }, well.byStatus);
  const back = Math.min(...Object.keys(well.by('bucket', cell => cell.pod === bad.metadata.name)).map(Number)) * 100;
  claimBetween('its second ejection lasts 8 s: back after the end of its second stay', 8000, 10_200, 9000 - again + back, 'ms');
  claimBetween('and has its third of the requests from then on, in percent', 30, 36, await shareOf(bad), '%');
});

/** Percent of 300 requests that an endpoint of `flaky` answers. */
async function shareOf(pod: KubeObject): Promise<number> {
  const { byPod, requests } = await load('flaky', { requests: 300 });
  return (byPod[pod.metadata.name] ?? 0) / requests * 100;
}

test('ejection never empties a service', async () => {
  for (const service of [pair, trio, lone]) {
    await service.configure({ rules: [{ status: 500 }] });
  }
  const two = await load('pair', { requests: 60, rate });
  claimEqual('two endpoints that always fail: requests that reach them, least at one, which is then ejected', [60, 5],
    [two.byServer.pair, Math.min(...await perPod('pair'))]);
  await load('trio', { requests: 90, rate });
  claimEqual('three endpoints that always fail, at most half ejected: how many get no more than 5', 1, (await perPod('trio')).filter(count => count <= 5).length);
  await only((await never.pods())[0]).configure({ rules: [{ status: 500 }] });
  const half = await load('never', { requests: 40 });
  claimEqual('one of two endpoints always fails, at most 49 % ejected: of 40', { 200: 20, 500: 20 }, half.byStatus);
  const one = await load('lone', { requests: 60 });
  claimEqual('one endpoint that always fails: requests that reach it', 60, one.byServer.lone);
});

test('ejection after gateway errors alone', async () => {
  const [bad] = await gateway.pods();
  await only(bad).configure({ rules: [{ status: 500 }] });
  claimEqual('an endpoint that fails with 500, of two: of 40', { 200: 20, 500: 20 }, (await load('gateway', { requests: 40, rate })).byStatus);
  await only(bad).configure({ rules: [{ status: 503 }] });
  claimEqual('with 503, ejected after 3: of 40', { 200: 37, 503: 3 }, (await load('gateway', { requests: 40, rate })).byStatus);
});

const routes = (names: string[]) => names.map(name => ({ name, url: `http://dying.${NAMESPACE}/${name}/` }));

test('a pod that dies with requests inside', async () => {
  await dying.configure({ rules: [{ delayMs: 1500 }] });
  const [victim, survivor] = await dying.pods();
  const running = Promise.all(routes(Object.keys(RETRIES)).map(({ url }) => load('dying', { url, requests: 20, concurrency: 20 })));
  await pause(700);
  await cluster.kubernetes.delete(`/api/v1/namespaces/${NAMESPACE}/pods/${victim.metadata.name}`, { gracePeriodSeconds: 0 });
  const reports = await running;
  const { rows } = await only(survivor).counts();
  for (const [i, { name }] of routes(Object.keys(RETRIES)).entries()) {
    const answered = rows.filter(row => row.path === `/${name}/`).reduce((sum, { count }) => sum + count, 0);
    const failed = 20 - (reports[i].byStatus[200] ?? 0);
    const cured = ['reset', 'gateway-error', 'server-error'].includes(name);
    claim(`of 20 requests in two pods, of which one is killed, with retries ${name === 'never' ? name : `on ${name}`}: failures`,
      cured ? '0' : 'all in the killed one', failed, cured ? failed === 0 : failed > 0 && failed === 20 - answered);
  }
});

test('a pod that cannot be reached', async () => {
  await dying.configure({});
  await cluster.ready(NAMESPACE);
  // The one that was just made: no connection to it is open.
  const victim = (await dying.pods())[1];
  await refuseConnections(cluster, victim, { proxy: true });
  for (const { name, url } of routes(Object.keys(RETRIES))) {
    const { byStatus } = await load('dying', { url, requests: 20 });
    claimEqual(`of 20 requests to two pods, of which one refuses connections, with retries ${name === 'never' ? name : `on ${name}`}: failures`,
      ['never', 'refused-stream'].includes(name) ? 10 : 0, 20 - byStatus[200]);
  }
});

test('a pod whose application is gone', async () => {
  await refuseConnections(cluster, (await lone.pods())[0], { application: 8080 });
  const { status, server, headers } = await web.request({ url: `http://lone.${NAMESPACE}/` });
  // The pod's proxy takes the connection, so that no caller sees a connection failure.
  claimEqual('is a 503 of its proxy to its callers', ['503', '', 'envoy'], [status, server.name, headers?.server]);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
