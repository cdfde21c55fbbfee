/** Which requests a route takes, by path, method, header, query, caller and port. */
import { MeshPort, RouteMatch, StringMatch } from '../../../src';
import { claimEqual, type RequestSpec, stack, type Workload } from '../stack';
import { HTTP, Program } from './program';

const NAMESPACE = 'claims-matching';
const cluster = stack();
const web = cluster.workload(NAMESPACE, 'web');
const other = cluster.workload(NAMESPACE, 'other');

/** Every route answers with its own name; what none takes reaches the application. */
function program(): Program {
  const it = new Program(NAMESPACE);
  const orders = it.service('orders', { ports: [HTTP, MeshPort.http(8081, { port: 81 }), MeshPort.grpc(9000)] });
  const [first, second] = ['web', 'other'].map(name => it.client(name));
  first.calls(orders);
  second.calls(orders);
  const under = (path: string, ...conditions: RouteMatch[]) => RouteMatch.all(RouteMatch.prefix(path), ...conditions);
  const routes: Record<string, RouteMatch[]> = {
    'exact': [RouteMatch.exact('/exact')],
    'order-long': [RouteMatch.prefix('/order/long')],
    'order-short': [RouteMatch.prefix('/order')],
    'regex': [RouteMatch.regex('/regex/[0-9]+')],
    'any-case': [RouteMatch.exact('/AnyCase').ignoringPathCase()],
    'method': [under('/method', RouteMatch.method('DELETE'))],
    'header-exact': [under('/header', RouteMatch.header('x-version', 'v2'))],
    'header-prefix': [under('/header', RouteMatch.headerMatching('x-version', StringMatch.prefix('canary-')))],
    'header-regex': [under('/header', RouteMatch.headerMatching('x-version', StringMatch.regex('[a-z]+[0-9]{3}')))],
    'header-present': [under('/presence', RouteMatch.headerPresent('x-debug'))],
    'header-absent': [under('/presence', RouteMatch.headerAbsent('x-debug'))],
    'query-exact': [under('/query', RouteMatch.query('version', '2'))],
    'query-regex': [under('/query', RouteMatch.queryMatching('version', StringMatch.regex('[a-z]+')))],
    'caller': [under('/caller', RouteMatch.caller(second))],
    'all': [under('/all', RouteMatch.method('POST'), RouteMatch.header('x-version', '1'), RouteMatch.query('version', '2'))],
    'either': [RouteMatch.exact('/one'), RouteMatch.exact('/another')],
    'port': [RouteMatch.all(RouteMatch.port(81), RouteMatch.prefix('/port'))],
    'rpc': [RouteMatch.exact('/shop.Orders/Cancel')],
  };
  for (const [name, matches] of Object.entries(routes)) {
    orders.addRoute(name, { matches, directResponse: { status: 200, body: name } });
  }
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

/** Which route answers each of some requests; `-` for the application. */
async function answers(requests: (Omit<RequestSpec, 'url'> & { readonly path: string; readonly port?: number; readonly from?: Workload })[]): Promise<string[]> {
  const names: string[] = [];
  for (const { path, port = 80, from = web, ...spec } of requests) {
    const { status, server, body } = await from.request({ ...spec, url: `http://orders.${NAMESPACE}:${port}${path}` });
    names.push(status !== '200' ? status : server.name === 'orders' ? '-' : body);
  }
  return names;
}

const paths = (...list: string[]) => list.map(path => ({ path }));
const versions = (path: string, ...values: string[]) => values.map(value => ({ path, headers: { 'x-version': value } }));

test('paths', async () => {
  claimEqual('exact /exact takes: /exact, /exact?q=1; not /exact/, /exacter, /Exact',
    ['exact', 'exact', '-', '-', '-'], await answers(paths('/exact', '/exact?q=1', '/exact/', '/exacter', '/Exact')));
  claimEqual('routes are tried in order: /order/long/x, /order, /orders, /unordered',
    ['order-long', 'order-short', 'order-short', '-'], await answers(paths('/order/long/x', '/order', '/orders', '/unordered')));
  claimEqual('regex /regex/[0-9]+ takes the whole path without the query: /regex/42, /regex/42?a=b; not /regex/4x, /a/regex/42',
    ['regex', 'regex', '-', '-'], await answers(paths('/regex/42', '/regex/42?a=b', '/regex/4x', '/a/regex/42')));
  claimEqual('a path without regard to case: /anycase, /ANYCASE; not /anycase/', ['any-case', 'any-case', '-'],
    await answers(paths('/anycase', '/ANYCASE', '/anycase/')));
  claimEqual('alternatives: /one, /another, not /third', ['either', 'either', '-'], await answers(paths('/one', '/another', '/third')));
});

test('methods, headers, query parameters', async () => {
  claimEqual('method DELETE; not GET, POST', ['method', '-', '-'],
    await answers(['DELETE', 'GET', 'POST'].map(method => ({ path: '/method', method }))));
  claimEqual('header exactly v2; not v22, V2', ['header-exact', '-', '-'], await answers(versions('/header', 'v2', 'v22', 'V2')));
  claimEqual('header with prefix canary-; not pre-canary-', ['header-prefix', '-'], await answers(versions('/header', 'canary-7', 'pre-canary-7')));
  claimEqual('the whole header matches [a-z]+[0-9]{3}; not abc1234', ['header-regex', '-'], await answers(versions('/header', 'abc123', 'abc1234')));
  claimEqual('header present, empty, absent', ['header-present', 'header-present', 'header-absent'],
    await answers([{ path: '/presence', headers: { 'x-debug': '1' } }, { path: '/presence', headers: { 'X-Debug': '' } }, { path: '/presence' }]));
  claimEqual('query version=2, also beside others; not 22, none', ['query-exact', 'query-exact', '-', '-'],
    await answers(paths('/query?version=2', '/query?a=b&version=2', '/query?version=22', '/query')));
  claimEqual('the whole query parameter matches [a-z]+; not beta1', ['query-regex', '-'], await answers(paths('/query?version=beta', '/query?version=beta1')));
  const whole = { path: '/all?version=2', method: 'POST', headers: { 'x-version': '1' } };
  claimEqual('all conditions together; each of them missing once', ['all', '-', '-', '-', '-'], await answers([
    whole, { ...whole, path: '/al?version=2' }, { ...whole, path: '/all' }, { ...whole, method: 'GET' }, { ...whole, headers: {} },
  ]));
});

test('callers, ports, gRPC', async () => {
  claimEqual('requests of the caller that the route names; of another one; of that one to another path', ['caller', '-', '-'],
    await answers([{ path: '/caller', from: other }, { path: '/caller' }, { path: '/call', from: other }]));
  claimEqual('the port that the route names; another one', ['port', '-'], await answers([{ path: '/port', port: 81 }, { path: '/port' }]));
  const rpc = async (method: string) =>
    (await web.request({ protocol: 'grpc', url: `http://orders.${NAMESPACE}:9000/shop.Orders/${method}` })).server.name;
  claimEqual('a gRPC method that a route answers; one that the application answers', ['', 'orders'], [await rpc('Cancel'), await rpc('Get')]);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
