/** Limits of single connections, of retries in flight, and of one version alone. */
import { Duration } from 'cdk8s';
import { CircuitBreaker, type CircuitBreakerOptions, MeshPort, Retry, RetryOn, RouteMatch } from '../../../src';
import { claimBetween, claimEqual, type KubeObject, type LoadReport, type LoadSpec, stack, until } from '../stack';
import { dropConnections, sockets } from './network';
import { ONE_WORKER, Program } from './program';
import { endpoints } from './proxies';

const NAMESPACE = 'claims-connections';
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const workload = (name: string) => cluster.workload(NAMESPACE, name);

const aSecond = Duration.seconds(1);
const OVER_HTTP: Record<string, CircuitBreakerOptions> = {
  free: {},
  idle: { http: { idleTimeout: aSecond } },
  old: { tcp: { maxConnectionDuration: aSecond } },
  probed: { tcp: { keepaliveAfter: Duration.seconds(20), keepaliveEvery: Duration.seconds(5), keepaliveProbes: 3 } },
  far: { tcp: { connectTimeout: Duration.millis(300) } },
  streams: { http: { upgradeToHttp2: true, maxConcurrentStreams: 5 } },
};
const OVER_TCP: Record<string, CircuitBreakerOptions> = {
  'free-lines': {}, 'idle-lines': { tcp: { idleTimeout: aSecond } }, 'old-lines': { tcp: { maxConnectionDuration: aSecond } },
};

function program(): Program {
  const it = new Program(NAMESPACE);
  const versions = it.service('versions');
  versions.addVersion('v2', {
    workload: it.deployment('versions-v2', { containerPorts: [8080] }), circuitBreaker: CircuitBreaker.of({ http: { maxRequests: 1 } }),
  });
  versions.addRoute('second', { matches: [RouteMatch.prefix('/v2')], split: { v2: 100 } });
  versions.split({ v1: 100, v2: 0 });
  const client = it.client('web', { annotations: ONE_WORKER });
  [
    versions,
    ...Object.entries(OVER_HTTP).map(([name, options]) => it.service(name, { circuitBreaker: CircuitBreaker.of(options) })),
    ...Object.entries(OVER_TCP).map(([name, options]) =>
      it.service(name, { ports: [MeshPort.tcp(9001)], circuitBreaker: CircuitBreaker.of(options) })),
    it.service('repeated', {
      retry: Retry.upTo(1, { on: [RetryOn.SERVER_ERROR] }), circuitBreaker: CircuitBreaker.of({ http: { maxRetries: 2 } }),
    }),
  ].forEach(callee => client.calls(callee));
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

const hostOf = (service: string) => `${service}.${NAMESPACE}.svc.cluster.local`;
const get = (service: string) => web.request({ url: `http://${hostOf(service)}/` });

/** Connections that the client's proxy has opened to a service since its start, and has open now. */
async function connections(service: string): Promise<{ opened: number; open: number }> {
  const [{ opened, open }] = Object.values(await endpoints(web, hostOf(service)));
  return { opened, open };
}

const closed = (service: string) => until(`the connection to ${service} is closed`, 20_000, async () => (await connections(service)).open === 0);

test('how long connections live', async () => {
  await Promise.all(['free', 'idle', 'old'].map(get));
  claimEqual('after a request each, connections opened to a service with: no limit, an idle timeout of 1 s, a longest life of 1 s', [1, 1, 1],
    await Promise.all(['free', 'idle', 'old'].map(async name => (await connections(name)).opened)));
  await Promise.all(['idle', 'old'].map(closed));
  claimEqual('without a request the last two are closed, the first one stays open', 1, (await connections('free')).open);
  await Promise.all(['free', 'idle', 'old'].map(get));
  claimEqual('after one more request each', [1, 2, 2], await Promise.all(['free', 'idle', 'old'].map(async name => (await connections(name)).opened)));

  const lines = Object.keys(OVER_TCP);
  await Promise.all(lines.map(name => workload(name).configure({ rules: [{ delayMs: 6000 }] })));
  const answers = await Promise.all(lines.map(name => web.request({ protocol: 'tcp', url: `http://${hostOf(name)}:9001` })));
  claimEqual('TCP, an answer that takes 6 s: without a limit, with an idle timeout of 1 s, with a longest life of 1 s',
    ['tcp-ok', 'cut off', 'cut off'], answers.map(({ status }) => ['error-closed', 'error-reset'].includes(status) ? 'cut off' : status));
  answers.slice(1).forEach(({ tookMs }, i) => claimBetween(`${['idle', 'old'][i]}: after`, 990, 4000, tookMs, 'ms'));
});

test('keep-alive', async () => {
  await Promise.all(['free', 'probed'].map(get));
  const timers = async (service: string) => {
    const [address] = (await workload(service).pods()).map(pod => pod.status.podIP as string);
    return (await sockets(cluster, await podOf(web), address)).map(line => /timer:\((\w+),(\d+)/.exec(line));
  };
  claimEqual('timers of the connections of a service without the option', [null], await timers('free'));
  const [timer] = await timers('probed');
  claimEqual('and of one with it', 'keepalive', timer?.[1]);
  claimBetween('which fires after 20 s of silence: still', 1, 20, Number(timer?.[2]), 's');
});

async function podOf(one: typeof web): Promise<KubeObject> {
  return (await one.pods())[0];
}

test('a pod that does not answer', async () => {
  await dropConnections(cluster, await podOf(workload('far')));
  const { status, tookMs, body } = await get('far');
  claimEqual('status, reason', ['503', true], [status, /connection.timeout/i.test(body)]);
  // Istio's own timeout is 10 s.
  claimBetween('a time to connect of 300 ms: after', 290, 3000, tookMs, 'ms');
});

/** Requests at the same time, each of which takes the application 1 s. */
async function burst(service: string, requests: number, path = '/', rule: { status?: number } = {}): Promise<LoadReport> {
  const spec: LoadSpec = { url: `http://${hostOf(service)}${path}` };
  const all = service === 'versions' ? ['versions', 'versions-v2'] : [service];
  await Promise.all(all.map(name => workload(name).configure({})));
  await web.request(spec);
  await Promise.all(all.map(name => workload(name).configure({ rules: [{ delayMs: 1000, ...rule }] })));
  await Promise.all(all.map(name => workload(name).resetCounts()));
  return web.load({ ...spec, requests, concurrency: requests });
}

test('streams of a connection', async () => {
  const { byStatus } = await burst('streams', 20);
  claimEqual('20 requests at once, 5 streams a connection: answers, connections', [{ 200: 20 }, 4], [byStatus, (await connections('streams')).opened]);
});

test('retries in flight', async () => {
  const { byStatus } = await burst('repeated', 10, '/', { status: 503 });
  claimEqual('10 requests at once that all fail, one retry each, 2 retries at a time: answers, attempts', [{ 503: 10 }, 12],
    [byStatus, (await workload('repeated').counts()).total]);
});

test('one version alone', async () => {
  const [both, second] = [await burst('versions', 5), await burst('versions', 5, '/v2')];
  claimEqual('5 requests at once: to v1, to v2, which takes 1 at a time', [{ 200: 5 }, { 200: 1, 503: 4 }], [both.byStatus, second.byStatus]);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
