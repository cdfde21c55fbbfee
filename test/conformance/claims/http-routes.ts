/** What HTTPRoutes on Services can say, and what requests then show of it, whichever proxy reads them. */
import { Duration } from 'cdk8s';
import { MeshService, Retry, RetryOn, RouteMatch, type RouteOptions, StringMatch } from '../../../src';
import { claimEqual, type RequestSpec, type ResponseSpec, until, type Workload } from '../stack';

/** Every route but those that redirect says its name in the answer; there are more of them than one HTTPRoute holds. */
export function addRoutes(service: MeshService, copies: MeshService): void {
  const under = (path: string, ...conditions: RouteMatch[]) => RouteMatch.all(RouteMatch.prefix(path), ...conditions);
  const routes: Record<string, [RouteMatch[], RouteOptions?]> = {
    'exact': [[RouteMatch.exact('/exact')]],
    'order-long': [[RouteMatch.prefix('/order/long')]],
    'order-short': [[RouteMatch.prefix('/order')]],
    'method': [[under('/method', RouteMatch.method('DELETE'))]],
    'header-exact': [[under('/header', RouteMatch.header('x-version', 'v2'))]],
    'header-prefix': [[under('/header', RouteMatch.headerMatching('x-version', StringMatch.prefix('canary-')))]],
    'header-regex': [[under('/header', RouteMatch.headerMatching('x-version', StringMatch.regex('[a-z]+[0-9]{3}')))]],
    'header-present': [[under('/presence', RouteMatch.headerPresent('x-debug'))]],
    'query-exact': [[under('/query', RouteMatch.query('version', '2'))]],
    'query-regex': [[under('/query', RouteMatch.queryMatching('version', StringMatch.regex('[a-z]+')))]],
    'all': [[under('/all', RouteMatch.method('POST'), RouteMatch.header('x-version', '1'), RouteMatch.query('version', '2'))]],
    'either': [[RouteMatch.exact('/one'), RouteMatch.exact('/another')]],
    'port': [[RouteMatch.all(RouteMatch.port(81), RouteMatch.prefix('/port'))]],
    'old': [[RouteMatch.prefix('/old')], { rewrite: { path: '/new' } }],
    'rename': [[RouteMatch.exact('/renamed')], { rewrite: { path: '/whole' } }],
    'tenant': [[RouteMatch.prefix('/tenant')], { rewrite: { authority: 'orders.internal.example' } }],
    'moved': [[RouteMatch.prefix('/moved')], { redirect: { path: '/here', authority: 'other.example', scheme: 'https', port: 8443, status: 308 } }],
    'secure': [[RouteMatch.prefix('/secure')], { redirect: { scheme: 'https' } }],
    'headers': [[RouteMatch.prefix('/headers')], {
      requestHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
      responseHeaders: { overwrite: { 'x-set': 'new' }, append: { 'x-add': 'second' }, remove: ['x-secret'] },
    }],
    'cors': [[RouteMatch.prefix('/cors')], { cors: { origins: [StringMatch.exact('https://shop.example.com')], methods: ['GET', 'PUT'], maxAge: Duration.hours(1) } }],
    'mirrored': [[RouteMatch.prefix('/mirrored')], { mirrors: [{ service: copies }] }],
    'often': [[RouteMatch.prefix('/often')], { retry: Retry.upTo(4, { on: [RetryOn.GATEWAY_ERROR] }) }],
    'never': [[RouteMatch.prefix('/never')], { retry: Retry.never() }],
    'status': [[RouteMatch.prefix('/status')], { retry: Retry.upTo(2, { on: [RetryOn.status(429), RetryOn.RETRIABLE_4XX] }) }],
    'short': [[RouteMatch.prefix('/short')], { deadline: Duration.millis(400) }],
    'regex': [[RouteMatch.regex('/regex/[0-9]+')]],
    'any-case': [[RouteMatch.exact('/AnyCase').ignoringPathCase()]],
  };
  for (const [name, [matches, options = {}]] of Object.entries(routes)) {
    const told = options.redirect !== undefined || options.responseHeaders !== undefined ? {} : { responseHeaders: { overwrite: { 'x-route': name } } };
    service.addRoute(name, { matches, ...options, ...told });
  }
}

/** How the claims of a suite reach the service, and what answers there. */
export interface RouteSuite {
  /** Stands before every claim. */
  readonly title: string;
  /** The service's own name. */
  readonly host: string;
  readonly request: (path: string, spec?: Omit<RequestSpec, 'url'>, port?: number) => Promise<ResponseSpec>;
  /** The pods of its two versions, which answer as they are. */
  readonly versions: readonly Workload[];
}

interface Asked extends Omit<RequestSpec, 'url'> {
  readonly path: string;
  readonly port?: number;
}

/** Which route says that it has answered; `-` for what none takes. */
async function answers({ request }: RouteSuite, requests: Asked[]): Promise<string[]> {
  return Promise.all(requests.map(async ({ path, port, ...spec }) => {
    const { status, headers } = await request(path, spec, port);
    return status === '200' ? headers?.['x-route'] ?? '-' : status;
  }));
}

const paths = (...list: string[]) => list.map(path => ({ path }));
const versions = (...values: string[]) => values.map(value => ({ path: '/header', headers: { 'x-version': value } }));

export async function claimMatches(suite: RouteSuite): Promise<void> {
  const { title } = suite;
  claimEqual(`${title}: exact /exact takes /exact, /exact?q=1; not /exact/, /Exact`, ['exact', 'exact', '-', '-'],
    await answers(suite, paths('/exact', '/exact?q=1', '/exact/', '/Exact')));
  claimEqual(`${title}: a prefix takes whole segments, the longest first: /order/long/x, /order, /order/x; not /orders`,
    ['order-long', 'order-short', 'order-short', '-'], await answers(suite, paths('/order/long/x', '/order', '/order/x', '/orders')));
  claimEqual(`${title}: expressions, behind which what takes everything is one, too: /regex/42, /ANYCASE; not /regex/4x, /anycase/`,
    ['regex', 'any-case', '-', '-'], await answers(suite, paths('/regex/42', '/ANYCASE', '/regex/4x', '/anycase/')));
  claimEqual(`${title}: alternatives`, ['either', 'either', '-'], await answers(suite, paths('/one', '/another', '/third')));
  claimEqual(`${title}: method DELETE; not GET`, ['method', '-'], await answers(suite, ['DELETE', 'GET'].map(method => ({ path: '/method', method }))));
  claimEqual(`${title}: headers exactly, by prefix, by expression; not v22, pre-canary-7, abc1234`,
    ['header-exact', 'header-prefix', 'header-regex', '-', '-', '-'],
    await answers(suite, versions('v2', 'canary-7', 'abc123', 'v22', 'pre-canary-7', 'abc1234')));
  claimEqual(`${title}: a header that is there, empty, absent`, ['header-present', 'header-present', '-'],
    await answers(suite, [{ path: '/presence', headers: { 'x-debug': '1' } }, { path: '/presence', headers: { 'x-debug': '' } }, { path: '/presence' }]));
  claimEqual(`${title}: query parameters exactly, by expression; not 22, beta1`, ['query-exact', 'query-regex', '-', '-'],
    await answers(suite, paths('/query?version=2', '/query?version=beta', '/query?version=22', '/query?version=beta1')));
  const whole = { path: '/all?version=2', method: 'POST', headers: { 'x-version': '1' } };
  claimEqual(`${title}: all conditions together; each of them missing once`, ['all', '-', '-', '-'],
    await answers(suite, [whole, { ...whole, path: '/all' }, { ...whole, method: 'GET' }, { ...whole, headers: {} }]));
  claimEqual(`${title}: the port that the route names; another one`, ['port', '-'], await answers(suite, [{ path: '/port', port: 81 }, { path: '/port' }]));
}

export async function claimActions({ title, host: own, request, versions: pods }: RouteSuite): Promise<void> {
  const received = async (path: string) => JSON.parse((await request(path)).body) as { path: string; host: string };
  claimEqual(`${title}: a rewritten prefix, an exact path`, ['/new/a?b=c', '/new', '/whole?b=c'],
    await Promise.all(['/old/a?b=c', '/old', '/renamed?b=c'].map(async path => (await received(path)).path)));
  const { host, path } = await received('/tenant/a');
  claimEqual(`${title}: a rewritten authority, and the path as it was`, ['orders.internal.example', '/tenant/a'], [host, path]);
  const [moved, secure] = await Promise.all(['/moved/a?b=c', '/secure/a?b=c'].map(one => request(one)));
  claimEqual(`${title}: a redirect with all its parts`, ['308', 'https://other.example:8443/here?b=c'], [moved.status, moved.headers?.location]);
  claimEqual(`${title}: a redirect of the scheme alone`, ['301', `https://${own}/secure/a?b=c`], [secure.status, secure.headers?.location]);

  await Promise.all(pods.map(one => one.configure({ rules: [{ path: '/headers', headers: { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1' } }] })));
  const { headers: answered, body } = await request('/headers', { headers: { 'x-set': 'old', 'x-add': 'first', 'x-secret': '1' } });
  const names = ['x-set', 'x-add', 'x-secret'];
  claimEqual(`${title}: headers overwritten, appended, removed, of the request and of the answer`, [['new', 'first,second', 'gone'], ['new', 'first,second', 'gone']],
    [JSON.parse(body).headers, answered].map(headers => names.map(name => headers?.[name] ?? 'gone')));

  const preflight = async (origin: string) => {
    const { server, headers } = await request('/cors', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    return [server.name, headers?.['access-control-allow-origin'] ?? 'none', headers?.['access-control-max-age'] ?? 'none'];
  };
  claimEqual(`${title}: the proxy answers a preflight of an allowed origin`, ['', 'https://shop.example.com', '3600'], await preflight('https://shop.example.com'));
  claimEqual(`${title}: a preflight of another origin allows nothing`, 'none', (await preflight('https://evil.example'))[1]);
}

/** @param send sends so many requests to a path; `copies` is what gets the copies. */
export async function claimMirrors(
  { title }: RouteSuite, send: (path: string, requests: number) => Promise<unknown>, copies: Workload,
): Promise<void> {
  await send('/mirrored', 100);
  await until('copies arrive', 10_000, async () => (await copies.counts()).total >= 100);
  claimEqual(`${title}: every copy arrives`, 100, (await copies.counts()).total);
}
