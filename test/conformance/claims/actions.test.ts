/** What a route does with a request beside sending it on: rewrites, redirects, headers, CORS, faults, mirrors. */
import { Duration } from 'cdk8s';
import { MeshPort, RouteMatch, type RouteOptions, StringMatch } from '../../../src';
import { claim, claimBetween, claimEqual, claimShare, type ResponseSpec, stack, until } from '../stack';
import { HTTP, Program } from './program';

const NAMESPACE = 'claims-actions';
const HOST = `orders.${NAMESPACE}.svc.cluster.local`;
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const orders = ['orders-v1', 'orders-v2'].map(name => cluster.workload(NAMESPACE, name));
const audit = cluster.workload(NAMESPACE, 'audit');

function program(): Program {
  const it = new Program(NAMESPACE);
  const copies = it.service('audit');
  const service = it.service('orders', { versions: { v1: {}, v2: {} }, ports: [HTTP, MeshPort.grpc(9000)] });
  service.split({ v1: 100, v2: 0 });
  // Istio's bootstrap keeps few of Envoy's counters.
  it.client('web', { annotations: { 'proxy.istio.io/config': 'proxyStatsMatcher: {inclusionRegexps: [".*fault.*"]}' } }).calls(service);
  const prefixes: Record<string, RouteOptions> = {
    '/old/': { rewrite: { path: '/new/' } },
    '/users/': { rewrite: { pathPattern: '^/users/([0-9]+)/orders$', pathSubstitution: '/orders-of/\\1' } },
    '/tenant': { rewrite: { authority: 'orders.internal.example' } },
    '/moved': { redirect: { path: '/here', authority: 'other.example', scheme: 'https', port: 8443, status: 308 } },
    '/secure': { redirect: { scheme: 'https' } },
    '/closed': { directResponse: { status: 503, body: 'back at nine' } },
    '/headers': {
      requestHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
      responseHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
    },
    '/cors': {
      cors: {
        origins: [StringMatch.exact('https://shop.example.com'), StringMatch.regex('https://[a-z]+\\.partner\\.example')],
        methods: ['GET', 'PUT'], headers: ['x-cart'], exposeHeaders: ['x-total'], maxAge: Duration.hours(1), credentials: true,
      },
    },
    '/slow': { fault: { delay: Duration.millis(400) } },
    '/broken': { fault: { abortStatus: 418 } },
    '/sometimes': { fault: { delay: Duration.millis(1), delayPercent: 10, abortStatus: 500, abortPercent: 10 } },
    '/mirrored': { mirrors: [{ service: copies }] },
    '/shadow': { mirrors: [{ subset: 'v2' }] },
    '/sampled': { mirrors: [{ service: copies, percent: 10 }] },
  };
  for (const [path, options] of Object.entries(prefixes)) {
    service.addRoute(path.slice(1).replace('/', ''), { matches: [RouteMatch.prefix(path)], ...options });
  }
  service.addRoute('rename', { matches: [RouteMatch.exact('/one')], rewrite: { path: '/two' } });
  service.addRoute('rpc', { matches: [RouteMatch.prefix('/shop.Broken/')], fault: { abortGrpcStatus: 'RESOURCE_EXHAUSTED' } });
  return it;
}

beforeAll(() => program().start(cluster));
beforeEach(() => Promise.all([...orders, audit].map(one => one.resetCounts())));
afterAll(() => cluster.drop(NAMESPACE));

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<ResponseSpec> {
  return web.request({ url: `http://${HOST}${path}`, headers, method });
}

/** What the application says it received. */
async function received(path: string, headers?: Record<string, string>): Promise<{ path: string; host: string; headers: Record<string, string> }> {
  return JSON.parse((await get(path, headers)).body);
}

test('rewrites', async () => {
  const paths = await Promise.all(['/old/a?b=c', '/one?b=c', '/users/42/orders?b=c', '/users/me/orders'].map(async path => (await received(path)).path));
  claimEqual('rewritten: a prefix, an exact path, a pattern with a group; not what the pattern misses',
    ['/new/a?b=c', '/two?b=c', '/orders-of/42?b=c', '/users/me/orders'], paths);
  const { host, path } = await received('/tenant/a');
  claimEqual('a rewritten authority, and the path as it was', ['orders.internal.example', '/tenant/a'], [host, path]);
});

test('redirects and direct responses', async () => {
  const [moved, secure, closed] = await Promise.all(['/moved/a?b=c', '/secure/a?b=c', '/closed'].map(path => get(path)));
  claimEqual('a redirect with all its parts', ['308', 'https://other.example:8443/here?b=c'], [moved.status, moved.headers?.location]);
  claimEqual('a redirect of the scheme alone', ['301', `https://${HOST}/secure/a?b=c`], [secure.status, secure.headers?.location]);
  claimEqual('a direct response', ['503', 'back at nine', ''], [closed.status, closed.body, closed.server.name]);
  claimEqual('none of them reaches the application', [0, 0], (await Promise.all(orders.map(one => one.counts()))).map(({ total }) => total));
});

test('headers', async () => {
  await orders[0].configure({ rules: [{ path: '/headers', headers: { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1', 'x-other': '1' } }] });
  const { headers: answered, body } = await get('/headers', { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1', 'x-other': '1' });
  const sent = JSON.parse(body).headers;
  await orders[0].configure({});
  const names = ['x-set', 'x-add', 'x-secret', 'x-other'];
  const changed = ['new', 'first,second', 'gone', '1'];
  claimEqual('request headers: overwritten, appended, removed, left alone', changed, names.map(name => sent[name] ?? 'gone'));
  claimEqual('answer headers: overwritten, appended, removed, left alone', changed, names.map(name => answered?.[name] ?? 'gone'));
});

test('CORS', async () => {
  const preflight = (origin: string) => get('/cors', {
    'origin': origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-cart',
  }, 'OPTIONS');
  const about = ({ status, server, headers }: ResponseSpec) => [status, server.name, headers?.['access-control-allow-origin'] ?? 'none'];
  const allowed = await preflight('https://shop.example.com');
  const rest = ['methods', 'headers', 'credentials'].map(name => allowed.headers?.[`access-control-allow-${name}`]);
  claimEqual('the proxy answers a preflight of an allowed origin', ['200', '', 'https://shop.example.com'], about(allowed));
  claimEqual('with methods, headers, credentials, age', ['GET,PUT', 'x-cart', 'true', '3600'], [...rest, allowed.headers?.['access-control-max-age']]);
  claimEqual('and of one that matches the expression', ['200', '', 'https://eu.partner.example'], about(await preflight('https://eu.partner.example')));
  claimEqual('a preflight of another origin allows nothing', 'none', about(await preflight('https://evil.example'))[2]);
  const [good, bad] = await Promise.all(['https://shop.example.com', 'https://evil.example'].map(origin => get('/cors', { origin })));
  claimEqual('a request of an allowed origin: answered, origin, headers to expose', ['200', 'orders', 'https://shop.example.com', 'x-total'],
    [...about(good), good.headers?.['access-control-expose-headers']]);
  claimEqual('a request of another origin: answered without leave for the page', ['200', 'orders', 'none'], about(bad));
});

test('fault injection', async () => {
  const slow = await get('/slow');
  claimEqual('a delayed request is answered by the application', ['200', 'orders'], [slow.status, slow.server.name]);
  claimBetween('and takes the delay of 400 ms', 390, 900, slow.tookMs, 'ms');
  const broken = await get('/broken');
  const rpc = await web.request({ protocol: 'grpc', url: `http://${HOST}:9000/shop.Broken/Get` });
  claimEqual('aborts: HTTP 418, gRPC RESOURCE_EXHAUSTED (8)', ['418', 'grpc-8'], [broken.status, rpc.status]);
  claimEqual('which never reach the application', 1, (await orders[0].counts()).total);

  const delays = async () => Object.values(await (await web.envoy()).stats('fault.delays_injected')).reduce((sum, value) => sum + value, 0);
  const before = await delays();
  const { byStatus, requests } = await web.load({ url: `http://${HOST}/sometimes`, requests: 20_000, concurrency: 16 });
  claimShare('an abort of 10 %', 0.1, byStatus[500], requests);
  claimEqual('all others are answered by the application', requests - byStatus[500], (await orders[0].counts()).total - 1);
  claimShare('a delay of 10 %, as the proxy counts', 0.1, await delays() - before, requests);
});

test('mirrors', async () => {
  await audit.configure({ rules: [{ path: '/mirrored', status: 500, delayMs: 2000 }] });
  const report = await web.load({ url: `http://${HOST}/mirrored?a=b`, method: 'POST', body: 'order', headers: { 'x-cart': '7' }, requests: 100, concurrency: 4 });
  claimEqual('the answer of the mirror, a failure, is ignored', { 200: 100 }, report.byStatus);
  claim('and nobody waits for its 2 s: the slowest request', 'less than 1000 ms', report.latency.max, report.latency.max < 1000);
  await until('copies arrive', 10_000, async () => (await audit.counts()).total >= 100);
  const { rows, total } = await audit.counts();
  const [{ headers }] = await audit.recent();
  claimEqual('every copy arrives, with method, path, header and host',
    [100, 'POST', '/mirrored?a=b', '7', HOST], [total, rows[0].method, rows[0].path, headers['x-cart'], rows[0].host]);
  await audit.configure({});

  await web.load({ url: `http://${HOST}/shadow`, requests: 100, concurrency: 4 });
  await until('copies arrive', 10_000, async () => (await orders[1].counts()).total >= 100);
  claimEqual('a subset without weight gets the copies alone: v1, v2', [200, 100], (await Promise.all(orders.map(one => one.counts()))).map(one => one.total));

  await audit.resetCounts();
  const { requests } = await web.load({ url: `http://${HOST}/sampled`, requests: 20_000, concurrency: 16 });
  let copies = -1;
  await until('copies stop arriving', 10_000, async () => {
    const before = copies;
    copies = (await audit.counts()).total;
    return copies === before;
  }, 500);
  claimShare('a mirror of 10 %', 0.1, copies, requests);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
