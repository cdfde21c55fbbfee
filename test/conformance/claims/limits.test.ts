/** Limits of connections and requests, and the retry budget. */
import { CircuitBreaker, type HttpPoolOptions, MeshPort, Retry } from '../../../src';
import { claim, claimBetween, claimEqual, type LoadReport, type LoadSpec, stack, type Workload } from '../stack';
import { ONE_WORKER, Program } from './program';
import { endpoints } from './proxies';

const NAMESPACE = 'claims-limits';
const cluster = stack();
const [web, wide, narrow, upgraded, budgeted] = ['web', 'wide', 'narrow', 'upgraded', 'budgeted'].map(name => cluster.workload(NAMESPACE, name));

function program(): Program {
  const it = new Program(NAMESPACE);
  const pools: Record<string, HttpPoolOptions> = {
    busy: { maxRequests: 3 }, upgraded: { upgradeToHttp2: true }, recycled: { maxRequestsPerConnection: 10 },
  };
  const services = [
    ...Object.entries(pools).map(([name, http]) => it.service(name, { circuitBreaker: CircuitBreaker.of({ http }) })),
    it.service('narrow', { circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 1 }, http: { maxPendingRequests: 1 } }) }),
    it.service('lines', { ports: [MeshPort.tcp(9001)], circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 3 } }) }),
    it.service('budgeted', { retry: Retry.upTo(3), circuitBreaker: CircuitBreaker.of({ retryBudget: { percent: 20, minConcurrency: 3 } }) }),
  ];
  const clients = [it.client('web', { annotations: ONE_WORKER }), it.client('wide')];
  clients.forEach(client => services.forEach(service => client.calls(service)));
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

const hostOf = (service: string) => `${service}.${NAMESPACE}.svc.cluster.local`;

/** Requests at the same time, to an application that takes 800 ms for each, over connections that are open already. */
async function burst(from: Workload, service: string, requests: number): Promise<LoadReport> {
  const callee = cluster.workload(NAMESPACE, service);
  const spec: LoadSpec = service === 'lines' ? { protocol: 'tcp', url: `http://${hostOf(service)}:9001` } : { url: `http://${hostOf(service)}/` };
  await callee.configure({});
  await from.request(spec);
  await callee.configure({ rules: [{ delayMs: 800 }] });
  await callee.resetCounts();
  return from.load({ ...spec, requests, concurrency: requests });
}

test('connection pools', async () => {
  const one = await burst(web, 'narrow', 10);
  claimEqual('1 connection, 1 pending request: of 10 at once', { 200: 2, 503: 8 }, one.byStatus);
  claimEqual('the application never has more at a time than', 1, (await narrow.counts()).peak);
  claim('the 8 are answered at once: half of the requests within', 'less than 400 ms', one.latency.p50, one.latency.p50 < 400);
  await burst(wide, 'narrow', 10);
  claimBetween('with 2 worker threads each may have a connection: at a time', 1, 2, (await narrow.counts()).peak);

  const three = await burst(web, 'busy', 10);
  claimEqual('3 requests in flight: of 10 at once', { 200: 3, 503: 7 }, three.byStatus);

  const tcp = await burst(web, 'lines', 10);
  claimEqual('3 connections over TCP: of 10 at once, the others are closed', 3, tcp.byStatus['tcp-ok']);
});

test('connections', async () => {
  await web.load({ url: `http://${hostOf('recycled')}/`, requests: 100 });
  const [{ opened, requests }] = Object.values(await endpoints(web, hostOf('recycled')));
  claimEqual('10 requests a connection: requests, connections', [100, 10], [requests, opened]);
});

test('HTTP/2 upgrade', async () => {
  const twenty = await burst(web, 'upgraded', 20);
  const [{ opened }] = Object.values(await endpoints(web, hostOf('upgraded')));
  claimEqual('20 requests at once: answers, most at a time in the application, connections between the proxies', [{ 200: 20 }, 20, 1],
    [twenty.byStatus, (await upgraded.counts()).peak, opened]);
  await burst(web, 'recycled', 9);
  const kept = Object.values(await endpoints(web, hostOf('recycled')))[0];
  claim('without the upgrade 9 requests at once: open connections', '9', kept.open, kept.open === 9);
  const { rows } = await upgraded.counts();
  claimEqual('the application is spoken to in HTTP/1.1', ['http1'], [...new Set(rows.map(row => row.protocol))]);
});

test('retry budget', async () => {
  const url = `http://${hostOf('budgeted')}/`;
  await budgeted.configure({ rules: [{ status: 503, delayMs: 100 }] });
  await web.load({ url, requests: 1000, concurrency: 100 });
  const many = (await budgeted.counts()).total;
  claimBetween('1,000 requests that fail, 100 at a time, 3 retries, a budget of 20 %: attempts', 1000, 1250, many);
  await budgeted.resetCounts();
  await web.load({ url, requests: 20, concurrency: 1 });
  claimEqual('one at a time, within the 3 that are always allowed: attempts of 20', 80, (await budgeted.counts()).total);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
