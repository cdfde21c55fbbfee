/** Weights, measured over enough requests to find one that is off by two points. */
import { MeshPort, RouteBackend, RouteMatch } from '../../../src';
import { claimEqual, claimShare, type LoadSpec, stack } from '../stack';
import { HTTP, Program } from './program';

const NAMESPACE = 'claims-splitting';
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const other = cluster.workload(NAMESPACE, 'other');

function program(): Program {
  const it = new Program(NAMESPACE);
  // Two pods of the small version: its weight decides, not the number of its pods.
  const orders = it.service('orders', {
    versions: { v1: {}, v2: { replicas: 2 } }, ports: [HTTP, MeshPort.grpc(9000), MeshPort.tcp(9001)],
  });
  const next = it.service('next-orders');
  const [first, second] = ['web', 'other'].map(name => it.client(name));
  first.calls(orders);
  second.calls(orders);
  orders.addRoute('canary', { matches: [RouteMatch.header('x-version', 'v2')], split: { v2: 100 } });
  orders.addRoute('moving', { matches: [RouteMatch.prefix('/moving')], backends: [RouteBackend.subset('v1', { weight: 99 }), RouteBackend.service(next, { weight: 1 })] });
  orders.addRoute('early', { matches: [RouteMatch.caller(second)], split: { v2: 100 } });
  orders.addRoute('connections', { matches: [RouteMatch.port(9001)], split: { v1: 99, v2: 1 } });
  orders.split({ v1: 90, v2: 10 });
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

/** Enough to find a share of 10 % that is off by two points, as claimShare demands. */
const MANY: Omit<LoadSpec, 'url'> = { requests: 20_000, concurrency: 16 };
/** The same for a share of 1 %, where each connection costs two TLS handshakes or a route shows the same as the one before. */
const FEW: Omit<LoadSpec, 'url'> = { requests: 4000, concurrency: 16 };
const at = (port: number, path = '/') => `http://orders.${NAMESPACE}:${port}${path}`;

test('HTTP by request', async () => {
  const { byStatus, byVersion, requests } = await web.load({ ...MANY, url: at(80) });
  claimEqual('HTTP: every request is answered', { 200: requests }, byStatus);
  claimShare('HTTP: a split of 90/10, share of the version with two of three pods', 0.1, byVersion.v2, requests);
});

test('HTTP by route', async () => {
  const { byVersion } = await web.load({ url: at(80), headers: { 'x-version': 'v2' }, requests: 200, concurrency: 4 });
  claimEqual('a route with a split of its own: all to v2', { v2: 200 }, byVersion);
  const { byStatus, byServer, requests } = await web.load({ ...FEW, url: at(80, '/moving') });
  claimEqual('a route to another service: every request is answered', { 200: requests }, byStatus);
  claimShare('a route that sends 1 % to another service', 0.01, byServer['next-orders'], requests);
});

test('gRPC by call, though all calls share a connection', async () => {
  const { byStatus, byVersion, requests } = await web.load({ ...MANY, url: at(9000, '/shop.Orders/Get'), protocol: 'grpc' });
  claimEqual('gRPC: every call is answered', { 'grpc-0': requests }, byStatus);
  claimShare('gRPC: a split of 90/10, share of v2', 0.1, byVersion.v2, requests);
});

test('TCP by connection', async () => {
  const { byStatus, byVersion, requests } = await web.load({ ...FEW, url: at(9001), protocol: 'tcp' });
  claimEqual('TCP: every connection is answered', { 'tcp-ok': requests }, byStatus);
  claimShare('TCP: a split of 99/1, share of v2', 0.01, byVersion.v2, requests);
});

test('by caller', async () => {
  const reports = await Promise.all((['http1', 'grpc', 'tcp'] as const).map((protocol, i) =>
    other.load({ url: at([80, 9000, 9001][i], '/shop.Orders/Get'), protocol, requests: 200, concurrency: 4 })));
  claimEqual('a route for one caller: all of its HTTP, gRPC, TCP to v2', [{ v2: 200 }, { v2: 200 }, { v2: 200 }], reports.map(report => report.byVersion));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
