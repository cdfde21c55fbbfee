/** The stack itself works as a cluster does, before anything of the library rests on it. */
import { readFileSync } from 'fs';
import { claim, claimBetween, claimEqual, claimShare, stack } from './stack';

const cluster = stack();

beforeAll(async () => {
  await cluster.apply(readFileSync('test/conformance/fixtures/two-versions.yaml', 'utf8'));
  await cluster.ready('stack-shop', 'stack-legacy');
});

afterAll(() => cluster.drop('stack-shop', 'stack-legacy'));

test('the control plane starts', () => {
  claimBetween('a warm control plane starts within 30 s', 0, 30, cluster.state.startSeconds.all, 's');
});

describe('two versions behind one Service', () => {
  const web = cluster.workload('stack-shop', 'web');
  const legacy = cluster.workload('stack-legacy', 'legacy');
  const orders = ['orders-v1', 'orders-v2'].map(name => cluster.workload('stack-shop', name));

  beforeEach(() => Promise.all(orders.map(one => one.resetCounts())));

  test('a VirtualService splits HTTP/1.1 by weight', async () => {
    const report = await web.load({ url: 'http://orders.stack-shop.svc.cluster.local/', requests: 20_000, concurrency: 16 });
    claimEqual('every request of the split is answered with 200', { 200: 20_000 }, report.byStatus);
    claimShare('weights 90/10: share of v1, by what answered', 0.9, report.byVersion.v1, report.requests);
    const counted = await Promise.all(orders.map(one => one.counts()));
    claimEqual('what the applications count is what the client counts', [report.byVersion.v1, report.byVersion.v2], counted.map(one => one.total));
    claimEqual('the server sees the identity of the caller', ['spiffe://cluster.local/ns/stack-shop/sa/web'],
      [...new Set(counted.flatMap(one => one.rows).map(row => row.principal))]);
  });

  test.each([['http2', 80, '200'], ['grpc', 9000, 'grpc-0'], ['tcp', 9001, 'tcp-ok']] as const)('%s passes both proxies', async (protocol, port, good) => {
    const report = await web.load({ url: `http://orders.stack-shop:${port}/shop.Orders/Get`, protocol, requests: 200, concurrency: 4 });
    claimEqual(`${protocol}: every request is answered`, { [good]: 200 }, report.byStatus);
  });

  test('STRICT refuses plaintext', async () => {
    const [http, tcp, allowed] = await Promise.all([
      legacy.request({ url: 'http://orders.stack-shop/' }),
      legacy.request({ url: 'http://orders.stack-shop:9001', protocol: 'tcp' }),
      legacy.request({ url: 'http://open.stack-legacy/' }),
    ]);
    claimEqual('a pod outside the mesh is reset at a STRICT service: HTTP, TCP', ['error-reset', 'error-reset'],
      [http, tcp].map(({ status, body }) => status === 'error-reset' ? status : `${status} ${body}`));
    claimEqual('the same pod reaches a service outside the mesh', '200', allowed.status);
    claimEqual('nothing of it arrives at the applications', [0, 0], (await Promise.all(orders.map(one => one.counts()))).map(one => one.total));
  });

  test('faults come by counter', async () => {
    await orders[0].configure({ rules: [{ path: '/fail', every: 4, status: 503 }] });
    const report = await web.load({
      url: 'http://orders.stack-shop/fail', headers: { 'x-pin': 'v1' }, requests: 400, concurrency: 4,
    });
    await orders[0].configure({});
    claimEqual('every 4th of 400 requests fails when the application says so', { 200: 300, 503: 100 }, report.byStatus);
  });

  test('calls of calls are counted', async () => {
    await orders[0].configure({ calls: [{ url: 'http://open.stack-legacy/leaf', times: 3 }] });
    await cluster.workload('stack-legacy', 'open').resetCounts();
    const report = await web.load({ url: 'http://orders.stack-shop/', headers: { 'x-pin': 'v1' }, requests: 20, concurrency: 2 });
    const { rows } = await cluster.workload('stack-legacy', 'open').counts();
    await orders[0].configure({});
    claimEqual('20 requests to a service that calls its dependency 3 times: answers, calls', [{ 200: 20 }, [['orders', '/leaf', 60]]],
      [report.byStatus, rows.map(row => [row.from, row.path, row.count])]);
  });
});

test('a Service that comes after its pods', async () => {
  await cluster.apply(`
apiVersion: v1
kind: Service
metadata: {name: late, namespace: stack-shop}
spec: {selector: {app: orders}, ports: [{name: http, port: 8765}]}
`);
  await cluster.settled();
  const { status } = await cluster.workload('stack-shop', 'web').request({ url: 'http://late:8765/' });
  claimEqual('pods serve the port of a Service that came after them', '200', status);
});

test('a change reaches every proxy before settled() returns', async () => {
  const route = (version: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: settle, namespace: stack-shop}
spec:
  hosts: [settle.example]
  http: [{directResponse: {status: 200, body: {string: ${version}}}}]
`;
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: settle, namespace: stack-shop}
spec: {hosts: [settle.example], addresses: [240.1.1.1], location: MESH_EXTERNAL, resolution: NONE, ports: [{number: 80, name: http, protocol: HTTP}]}
---`;
  const stale: string[] = [];
  for (let i = 0; i < 10; i++) {
    await cluster.apply(`${i === 0 ? entry : ''}${route(`v${i}`)}`);
    await cluster.settled();
    const { body } = await cluster.workload('stack-shop', 'web').request({ url: 'http://240.1.1.1/', headers: { host: 'settle.example' } });
    if (body !== `v${i}`) {
      stale.push(`${i}: ${body}`);
    }
  }
  claimEqual('ten changes of a route: answers that were still old', [], stale);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
  const sizes = await Promise.all((await cluster.meshedPods()).map(async pod => (await cluster.envoyOf(pod).clusterNames()).length));
  claim('every proxy did receive clusters', 'more than 5 each', sizes, sizes.length > 0 && sizes.every(size => size > 5));
});
