/** What single rules let through, and what they refuse however it is dressed up. */
import {
  AuthorizationMode, EgressScope, ExternalService, FindingCode, JwtIssuer, MeshPort, MtlsMigration, Principal, ZeroTrustPolicy,
} from '../../../src';
import { claim, claimBetween, claimEqual, type RequestSpec, stack, type Workload } from '../stack';
import { plainPod } from './plain-pod';
import { HTTP, Program } from './program';
import { INSIDE, TRICKS } from './spellings';
import { claimTokens } from './token-claims';
import { TokenMaker } from './tokens';

const NAMESPACE = 'claims-zero-trust';
const AUDITED = 'claims-zero-trust-audit';
const PLAIN = 'claims-zero-trust-plain';
const SEALED = 'claims-zero-trust-sealed';
const OUTSIDE = 'claims-zero-trust-outside';
const cluster = stack();
const pod = (name: string, namespace = NAMESPACE) => cluster.workload(namespace, name);
const [web, other, legacy, elsewhere] = [pod('web'), pod('other'), pod('legacy', OUTSIDE), pod('elsewhere', OUTSIDE)];
const id = new TokenMaker('https://id.example.com');

/** Proxies know everything, so that a request is stopped by its callee and not on its way out. */
const UNSCOPED = { egress: EgressScope.everything() };

function shop(): Program {
  const it = new Program(NAMESPACE).accept('a scraper that will never join the mesh', FindingCode.PLAINTEXT_WITHOUT_END);
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, sealEgress: false });
  const caller = it.client('web', {}, UNSCOPED);
  const second = it.client('other', {}, UNSCOPED);
  const orders = it.service('orders', {
    ...UNSCOPED, pods: { containerPorts: [8080, 8081, 9000, 9001, 9090, 7777] },
    ports: [HTTP, MeshPort.http(8081, { port: 81 }), MeshPort.tcp(9000), MeshPort.tcp(9001)],
  });
  caller.calls(orders, { port: 80, methods: ['GET'], paths: ['/api/*', '/exact', '/users/{*}/orders'] });
  caller.calls(orders, { port: 9000 });
  orders.allow(Principal.service(second), { ports: [80], methods: ['POST'], paths: ['/reconcile'] });
  orders.acceptPlaintext(9090, { reason: 'a scraper outside the mesh' });
  const denied = it.service('denied', UNSCOPED);
  caller.calls(denied);
  second.calls(denied);
  denied.deny(Principal.service(second));
  denied.deny(Principal.anyone(), { paths: ['/admin/*'], reason: 'what other spellings do is shown here' });
  const guarded = it.service('guarded', { ...UNSCOPED, ports: [HTTP, MeshPort.tcp(9000)] });
  caller.calls(guarded);
  second.calls(guarded);
  guarded.requireJwt(JwtIssuer.of(id.issuer, { audiences: ['shop'], jwks: id.jwks, claimsToHeaders: { 'x-user': 'sub' } }), {
    publicPaths: ['/public/*'], exempt: [Principal.service(second)], claims: { groups: ['buyers'] },
  });
  return it;
}

/** Nothing is refused, everything is counted. */
function audited(): Program {
  const it = new Program(AUDITED);
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, authorization: AuthorizationMode.AUDIT });
  const orders = it.service('orders', { ...UNSCOPED, ports: [HTTP, MeshPort.tcp(9000)] });
  it.client('web', {}, UNSCOPED).calls(orders);
  it.client('other', {}, UNSCOPED);
  return it;
}

/** Plain requests come in, so that the callee's proxy alone reads their paths. */
function plain(address: string): Program {
  const it = new Program(PLAIN);
  new ZeroTrustPolicy(it.chart, 'zero-trust', {
    mesh: it.mesh, mtls: MtlsMigration.permissive(), authorization: AuthorizationMode.ENFORCE, sealEgress: false,
  });
  it.service('orders', UNSCOPED).allow(Principal.anyone(), { paths: ['/api/*'], reason: 'the caller has no proxy' });
  it.service('by-address', UNSCOPED).allow(Principal.addresses(address));
  it.service('by-network', UNSCOPED).allow(Principal.addresses('192.168.0.0/16', `${address}/32`));
  return it;
}

/** Calls leave only for what was declared. */
function sealed(): Program {
  const it = new Program(SEALED);
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh });
  const declared = new ExternalService(it.chart, 'declared', { mesh: it.mesh, hosts: ['declared.example.com'], ports: [MeshPort.http(80)] });
  it.client('web').calls(declared);
  return it;
}

const OUTSIDERS = `
apiVersion: v1
kind: Namespace
metadata: {name: ${OUTSIDE}, labels: {istio-injection: disabled}}
${['legacy', 'elsewhere'].map((name) => `---${plainPod(OUTSIDE, name, 80)}`).join('')}`;

beforeAll(async () => {
  await cluster.apply(OUTSIDERS);
  await cluster.ready(OUTSIDE);
  const address = (await legacy.pods())[0].status.podIP;
  // Before the proxies look them up for the first time.
  await cluster.externalHosts(Object.fromEntries(['declared.example.com', 'undeclared.example.com'].map((name) => [name, [address]])));
  for (const program of [shop(), audited(), plain(address), sealed()]) {
    await cluster.apply(program.yaml());
  }
  await cluster.ready(NAMESPACE, AUDITED, PLAIN, SEALED);
});

afterAll(() => cluster.drop(NAMESPACE, AUDITED, PLAIN, SEALED, OUTSIDE));

type Asked = Omit<RequestSpec, 'url'> & { readonly to?: string; readonly path?: string; readonly port?: number; readonly namespace?: string };

async function ask(from: Workload, { to = 'orders', path = '/', port = 80, namespace = NAMESPACE, ...spec }: Asked): Promise<string> {
  const url = `http://${to.includes('.') ? to : `${to}.${namespace}.svc.cluster.local`}:${port}${spec.protocol === 'tcp' ? '' : path}`;
  return (await from.request({ url, timeoutMs: 5000, ...spec })).status;
}

async function addressOf(name: string): Promise<string> {
  return (await pod(name).pods())[0].status.podIP;
}

const CUT_OFF = ['error-reset', 'error-closed', '503'];

test('ports, methods and paths of declared calls', async () => {
  const answers = async (from: Workload, ...requests: Asked[]) => {
    const list: string[] = [];
    for (const request of requests) {
      list.push(await ask(from, request));
    }
    return list;
  };
  claimEqual('allowed: GET /api/x, /exact, /users/7/orders', ['200', '200', '200'],
    await answers(web, { path: '/api/x' }, { path: '/exact?q=1' }, { path: '/users/7/orders' }));
  claimEqual('refused: POST /api/x, /exact/, /exactly, /users/7, /users/7/8/orders, /, /apix', Array(7).fill('403'), await answers(web,
    { path: '/api/x', method: 'POST' }, { path: '/exact/' }, { path: '/exactly' }, { path: '/users/7' }, { path: '/users/7/8/orders' }, {}, { path: '/apix' }));
  claimEqual('another HTTP port of the same pods', '403', await ask(web, { port: 81, path: '/api/x' }));
  claimEqual('the TCP port of a declared call', 'tcp-ok', await ask(web, { port: 9000, protocol: 'tcp' }));
  claimEqual('another TCP port of the same pods is cut off', true, CUT_OFF.includes(await ask(web, { port: 9001, protocol: 'tcp' })));
  const address = await addressOf('orders');
  claimEqual('a port of the container that no Service has is cut off', true, CUT_OFF.includes(await ask(web, { to: address, port: 7777 })));
  claimEqual('an account that is allowed one request: POST /reconcile; GET /reconcile, POST /api/x', ['200', '403', '403'],
    await answers(other, { path: '/reconcile', method: 'POST' }, { path: '/reconcile' }, { path: '/api/x', method: 'POST' }));
  claimEqual('its TCP connection is cut off', true, CUT_OFF.includes(await ask(other, { port: 9000, protocol: 'tcp' })));
});

test('forged and missing identities', async () => {
  const forged = { 'x-forwarded-client-cert': `By=x;Hash=0;Subject="";URI=spiffe://cluster.local/ns/${NAMESPACE}/sa/web` };
  claimEqual('a caller that claims another identity in a header', '403', await ask(other, { path: '/api/x', headers: forged }));
  claimEqual('plaintext, and plaintext with that header', ['error-reset', 'error-reset'],
    [await ask(legacy, { path: '/api/x' }), await ask(legacy, { path: '/api/x', headers: forged })]);
  claimEqual('plaintext to a TCP port', 'error-reset', await ask(legacy, { port: 9000, protocol: 'tcp' }));
  await pod('orders').resetCounts();
  const [{ status }] = await Promise.all([web.request({ url: `http://orders.${NAMESPACE}/api/x` })]);
  const principals = (await pod('orders').counts()).rows.map(({ principal }) => principal);
  claimEqual('a declared call carries the identity of its caller', ['200', [`spiffe://cluster.local/ns/${NAMESPACE}/sa/web`]], [status, principals]);
});

test('a port that takes plain connections on purpose', async () => {
  const address = await addressOf('orders');
  claimEqual('from outside the mesh: the plain port, a strict one', ['200', 'error-reset'],
    [await ask(legacy, { to: address, port: 9090 }), await ask(legacy, { to: address, port: 8080 })]);
});

test('callers by address', async () => {
  const answers = (from: Workload) => Promise.all(['by-address', 'by-network'].map((to) => ask(from, { to, namespace: PLAIN })));
  claimEqual('a caller without identity at an address that is allowed, by itself and as a network', ['200', '200'], await answers(legacy));
  claimEqual('one at another address', ['403', '403'], await answers(elsewhere));
});

/** Paths that the application was asked for, of those requests that it got. */
async function seen(from: Workload, namespace: string, paths: readonly string[]): Promise<Record<string, string>> {
  const orders = pod('orders', namespace);
  const found: Record<string, string> = {};
  for (const path of paths) {
    await orders.resetCounts();
    await ask(from, { namespace, path });
    const [request] = (await orders.counts()).rows;
    if (request !== undefined) {
      found[path] = request.path;
    }
  }
  return found;
}

test.each([['through both proxies', web, NAMESPACE], ['plain, so that the callee\'s proxy reads them first', legacy, PLAIN]] as const)(
  'other spellings of a path, %s', async (how, from, namespace) => {
    claimEqual(`${how}: requests for ${TRICKS.length} spellings outside of /api/* that reach the application`, {}, await seen(from, namespace, TRICKS));
    claimEqual(`${how}: spellings inside, and what the application gets`, INSIDE, await seen(from, namespace, Object.keys(INSIDE)));
  },
);

test('denials', async () => {
  claimEqual('a denied caller that declares the call; another caller', ['403', '200'], [await ask(other, { to: 'denied' }), await ask(web, { to: 'denied' })]);
  const spellings = ['/admin/x', '/x/../admin/x', '//admin//x', '/%61dmin/x', '/admin%2fx', '/ADMIN/x'];
  const statuses = await Promise.all(spellings.map((path) => ask(web, { to: 'denied', path })));
  claimEqual(`a denied path: ${spellings.slice(0, 4).join(', ')}`, ['403', '403', '403', '403'], statuses.slice(0, 4));
  claimEqual('its encoded slash is refused as such, and its capitals pass, as MESH317 says', ['400', '200'], statuses.slice(4));
});

test('tokens', async () => {
  await claimTokens(id, (headers, path, exempt) => ask(exempt ? other : web, { to: 'guarded', path, headers }), `spiffe://cluster.local/ns/${NAMESPACE}/sa/other`);
  claimEqual('the TCP port beside it is left alone', 'tcp-ok', await ask(web, { to: 'guarded', port: 9000, protocol: 'tcp' }));
});

test('claims in headers', async () => {
  const guarded = pod('guarded');
  const user = async (headers: Record<string, string>, path: string) => {
    await guarded.resetCounts();
    await ask(web, { to: 'guarded', path, headers });
    return (await guarded.recent()).map((request) => request.headers['x-user'] ?? '(none)');
  };
  claimEqual('the claim reaches the application in its header', ['alice'], await user(id.bearer({ groups: ['buyers'] }), '/'));
  claimEqual('what a client puts there is dropped: with a token, without one', [['alice'], ['(none)']],
    [await user({ ...id.bearer({ groups: ['buyers'] }), 'x-user': 'admin' }, '/'), await user({ 'x-user': 'admin' }, '/public/x')]);
});

test('audit refuses nothing and counts', async () => {
  const [declared, undeclared] = [pod('web', AUDITED), pod('other', AUDITED)];
  const envoy = await pod('orders', AUDITED).envoy();
  const denied = async () => Object.entries(await envoy.stats('shadow_denied')).reduce((sum, [, value]) => sum + value, 0);
  const before = await denied();
  const spec = { namespace: AUDITED };
  const answers = await Promise.all([...Array(10).keys()].map(() => ask(undeclared, spec)));
  claimEqual('10 undeclared requests, an undeclared connection', [Array(10).fill('200'), 'tcp-ok'], [answers, await ask(undeclared, { ...spec, port: 9000, protocol: 'tcp' })]);
  const counted = await denied() - before;
  claimBetween('what the callee\'s proxy counts as refused in earnest', 11, 11, counted);
  await Promise.all([...Array(10).keys()].map(() => ask(declared, spec)));
  claimEqual('10 declared requests add nothing', counted, await denied() - before);
  const names = (await envoy.page('/stats/prometheus?filter=shadow_denied')).split('\n').filter((line) => /^envoy_.*authz_dry_run_result="denied"/.test(line));
  const kinds = [...new Set(names.filter((line) => !line.endsWith(' 0')).map((line) => line.slice(0, line.indexOf('{'))))].sort();
  claimEqual('names under which Prometheus gets them, with authz_dry_run_result="denied"', ['envoy_http_rbac', 'envoy_tcp'], kinds);
});

test('calls that nobody declared stay inside', async () => {
  const address = (await legacy.pods())[0].status.podIP;
  const from = pod('web', SEALED);
  claimEqual('the declared external service', '200', await ask(from, { to: 'declared.example.com' }));
  const undeclared = await Promise.all([ask(from, { to: 'undeclared.example.com' }), ask(from, { to: address }), ask(from, { namespace: NAMESPACE })]);
  claim('another name at the same address, the address itself, a service of the mesh', '502 or cut off', undeclared,
    undeclared.every((status) => ['502', ...CUT_OFF].includes(status)));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
