/**
 * Istio's ambient mode: which requests a waypoint lets through, and which it refuses however they are dressed up. What the proxies of nodes refuse,
 * whoever goes around the waypoint among it, is not seen here; see node-proxy.ts.
 */
import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { parse, stringify } from 'yaml';
import {
  AuthorizationMode, ExternalAuthorizer, FindingCode, GatewayChannel, JwtIssuer, MeshNamespace, MeshPort, MeshProvider, MeshService, Principal,
  RouteBackend, RouteMatch, ZeroTrustPolicy,
} from '../../../src';
import { AMBIENT_REVISION, AmbientControlPlane, claimBetween, claimEqual, type RequestSpec, stack, until } from '../stack';
import { gatewaysReady, NodeProxy } from './node-proxy';
import { HTTP, podTemplate, Program } from './program';
import { INSIDE, TRICKS } from './spellings';
import { claimTokens } from './token-claims';
import { TokenMaker } from './tokens';

const NAMESPACE = 'claims-ambient-trust';
const FRONT = 'claims-ambient-trust-front';
const AUDITED = 'claims-ambient-audit';
const MESH_CONFIG = `/api/v1/namespaces/istio-system/configmaps/istio-${AMBIENT_REVISION}`;
const AUTHORIZER = 'conformance-authorizer';
const cluster = stack();
const id = new TokenMaker('https://id.example.com');

const targets = [
  ...['orders', 'denied', 'guarded', 'decided', 'door', 'vault'].map(service => ({ namespace: NAMESPACE, service, port: 80 })),
  ...[['orders', 81], ['orders', 9000], ['orders', 9001], ['guarded', 9000]].map(([service, port]) => (
    { namespace: NAMESPACE, service: `${service}`, port: Number(port) }
  )),
];
const audited = [{ namespace: AUDITED, service: 'orders', port: 80 }];

/** A caller and what plays the proxy of its node, with the caller's own identity. */
class Caller {
  public readonly node: NodeProxy;
  public readonly identity: string;

  public constructor(private readonly name: string, private readonly namespace: string, private readonly callees: string, reached: typeof targets) {
    this.node = new NodeProxy(namespace, name, reached);
    this.identity = `spiffe://cluster.local/ns/${namespace}/sa/${name}`;
  }

  /** The status of a request. */
  public async ask({ to = 'orders', path = '/', port = 80, headers, ...spec }: Asked = {}): Promise<string> {
    const answer = await cluster.workload(this.namespace, this.name).request({
      url: `http://${this.node.authority(to, port)}${spec.protocol === 'tcp' ? '' : path}`, timeoutMs: 5000, ...spec,
      headers: { host: `${to}.${this.callees}.svc.cluster.local`, ...headers },
    });
    return answer.status;
  }

  public async all(...requests: Asked[]): Promise<string[]> {
    const list: string[] = [];
    for (const request of requests) {
      list.push(await this.ask(request));
    }
    return list;
  }
}

type Asked = Omit<RequestSpec, 'url'> & { readonly to?: string; readonly path?: string; readonly port?: number };

const web = new Caller('web', NAMESPACE, NAMESPACE, targets);
const other = new Caller('other', NAMESPACE, NAMESPACE, targets);
const front = new Caller('front', FRONT, NAMESPACE, targets);
const undeclared = new Caller('undeclared', AUDITED, AUDITED, audited);
const callers = [web, other, front, undeclared];

const provider = () => MeshProvider.istioAmbient({ channel: GatewayChannel.EXPERIMENTAL, revision: AMBIENT_REVISION });

export function program(): Program {
  const it = new Program(NAMESPACE, { provider: provider() })
    .accept('what a route goes around is measured', FindingCode.WAYPOINT_BYPASSED).accept('all paths below one are meant', FindingCode.PREFIX_BY_SEGMENT);
  new MeshNamespace(it.chart, FRONT, { mesh: it.mesh });
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, sealEgress: false });
  const [caller, second] = [it.client('web'), it.client('other')];
  const chart = new Chart(it.app, FRONT, { namespace: FRONT });
  const pods = new k8s.KubeDeployment(chart, 'front-deployment', {
    metadata: { name: 'front' }, spec: { selector: { matchLabels: { pods: 'front' } }, template: podTemplate('front') },
  });
  const elsewhere = new MeshService(chart, 'front', { mesh: it.mesh, workload: pods });
  const orders = it.service('orders', { ports: [HTTP, MeshPort.http(8081, { port: 81 }), MeshPort.tcp(9000), MeshPort.tcp(9001)] });
  caller.calls(orders, { port: 80, methods: ['GET'], paths: ['/api/*', '/exact', '/users/{*}/orders'] });
  caller.calls(orders, { port: 9000 });
  elsewhere.calls(orders, { port: 80, methods: ['GET'], paths: ['/front'] });
  orders.allow(Principal.service(second), { ports: [80], methods: ['POST'], paths: ['/reconcile'] });
  const denied = it.service('denied');
  const guarded = it.service('guarded', { ports: [HTTP, MeshPort.tcp(9000)] });
  const decided = it.service('decided');
  [denied, guarded].forEach(callee => [caller, second].forEach(one => one.calls(callee)));
  caller.calls(decided);
  denied.deny(Principal.service(second));
  denied.deny(Principal.anyone(), { paths: ['/admin/*'], reason: 'what other spellings do is shown here' });
  guarded.requireJwt(JwtIssuer.of(id.issuer, { audiences: ['shop'], jwks: id.jwks, claimsToHeaders: { 'x-user': 'sub' } }), {
    publicPaths: ['/public/*'], exempt: [Principal.service(second)], claims: { groups: ['buyers'] },
  });
  const [door, vault] = [it.service('door'), it.service('vault')];
  [door, vault].forEach(callee => caller.calls(callee));
  door.addRoute('inside', { matches: [RouteMatch.prefix('/inside')], backends: [RouteBackend.service(vault)] });
  vault.requireJwt(JwtIssuer.of(id.issuer, { audiences: ['shop'], jwks: id.jwks }));
  decided.calls(it.service('authorizer'));
  decided.requireAuthorizer(ExternalAuthorizer.provider(AUTHORIZER), { paths: ['/api/*'], publicPaths: ['/api/public/*'] });
  return it;
}

/** Nothing is refused, everything is counted. */
function auditedProgram(): Program {
  const it = new Program(AUDITED, { provider: provider() });
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, authorization: AuthorizationMode.AUDIT });
  const orders = it.service('orders');
  it.client('web').calls(orders, { methods: ['GET'] });
  it.client('undeclared');
  return it;
}

let ambient: AmbientControlPlane | undefined;
let before = '';

beforeAll(async () => {
  ambient = await AmbientControlPlane.start(cluster);
  before = (await cluster.kubernetes.get(MESH_CONFIG)).data.mesh;
  const extension = { name: AUTHORIZER, envoyExtAuthzHttp: { service: `authorizer.${NAMESPACE}.svc.cluster.local`, port: 80, pathPrefix: '/decide', timeout: '5s' } };
  await cluster.kubernetes.merge(MESH_CONFIG, { data: { mesh: stringify({ ...parse(before), extensionProviders: [extension] }) } });
  for (const manifest of [program().yaml(), auditedProgram().yaml(), ...callers.map(({ node }) => node.yaml())]) {
    await cluster.apply(manifest);
  }
  await gatewaysReady(cluster, NAMESPACE, FRONT, AUDITED);
  await until('the waypoint is told of the authorizer', 30_000, async () =>
    JSON.stringify(await (await cluster.workload(NAMESPACE, 'waypoint').envoy()).configDump('resource=dynamic_listeners')).includes('/decide'));
});
afterAll(async () => {
  await cluster.drop(NAMESPACE, FRONT, AUDITED);
  await ambient?.stop();
});

const CUT_OFF = ['error-reset', 'error-closed', '503'];

test('ports, methods and paths of declared calls', async () => {
  claimEqual('waypoint: allowed: GET /api/x, /exact, /users/7/orders', ['200', '200', '200'],
    await web.all({ path: '/api/x' }, { path: '/exact?q=1' }, { path: '/users/7/orders' }));
  claimEqual('waypoint: refused: POST /api/x, /exact/, /exactly, /users/7, /users/7/8/orders, /, /apix', Array(7).fill('403'), await web.all(
    { path: '/api/x', method: 'POST' }, { path: '/exact/' }, { path: '/exactly' }, { path: '/users/7' }, { path: '/users/7/8/orders' }, {}, { path: '/apix' }));
  claimEqual('waypoint: another HTTP port of the same pods', '403', await web.ask({ port: 81, path: '/api/x' }));
  claimEqual('waypoint: the TCP port of a declared call', 'tcp-ok', await web.ask({ port: 9000, protocol: 'tcp' }));
  claimEqual('waypoint: another TCP port of the same pods is cut off', true, CUT_OFF.includes(await web.ask({ port: 9001, protocol: 'tcp' })));
});

test('who calls', async () => {
  claimEqual('waypoint: an account that is allowed one request: POST /reconcile; GET /reconcile, POST /api/x', ['200', '403', '403'],
    await other.all({ path: '/reconcile', method: 'POST' }, { path: '/reconcile' }, { path: '/api/x', method: 'POST' }));
  claimEqual('waypoint: its TCP connection is cut off', true, CUT_OFF.includes(await other.ask({ port: 9000, protocol: 'tcp' })));
  claimEqual('waypoint: a caller of another namespace: what it declares; what another caller declares', ['200', '403'],
    await front.all({ path: '/front' }, { path: '/api/x' }));
  claimEqual('waypoint: a service that it does not call', '403', await front.ask({ to: 'denied' }));
  const forged = { 'x-forwarded-client-cert': `By=x;Hash=0;Subject="";URI=${web.identity}` };
  claimEqual('waypoint: a caller that claims another identity in a header', '403', await other.ask({ path: '/api/x', headers: forged }));
});

/** Paths that the application was asked for, of those requests that it got. */
async function seen(paths: readonly string[]): Promise<Record<string, string>> {
  const orders = cluster.workload(NAMESPACE, 'orders');
  const found: Record<string, string> = {};
  for (const path of paths) {
    await orders.resetCounts();
    await web.ask({ path });
    const [request] = (await orders.counts()).rows;
    if (request !== undefined) {
      found[path] = request.path;
    }
  }
  return found;
}

test('other spellings of a path', async () => {
  claimEqual(`waypoint: requests for ${TRICKS.length} spellings outside of /api/* that reach the application`, {}, await seen(TRICKS));
  claimEqual('waypoint: spellings inside, and what the application gets', INSIDE, await seen(Object.keys(INSIDE)));
});

test('denials', async () => {
  claimEqual('waypoint: a denied caller that declares the call; another caller', ['403', '200'], [await other.ask({ to: 'denied' }), await web.ask({ to: 'denied' })]);
  const spellings = ['/admin/x', '/x/../admin/x', '//admin//x', '/%61dmin/x', '/admin%2fx', '/ADMIN/x'];
  claimEqual('waypoint: a denied path, in four spellings; its encoded slash; its capitals, as MESH317 says', ['403', '403', '403', '403', '400', '200'],
    await web.all(...spellings.map(path => ({ to: 'denied', path }))));
});

test('tokens', async () => {
  await claimTokens(id, (headers, path, exempt) => (exempt ? other : web).ask({ to: 'guarded', path, headers }), other.identity);
  claimEqual('waypoint: the TCP port beside it is left alone', 'tcp-ok', await web.ask({ to: 'guarded', port: 9000, protocol: 'tcp' }));
  const guarded = cluster.workload(NAMESPACE, 'guarded');
  await guarded.resetCounts();
  await web.ask({ to: 'guarded', headers: { ...id.bearer({ groups: ['buyers'] }), 'x-user': 'admin' } });
  await web.ask({ to: 'guarded', path: '/public/x', headers: { 'x-user': 'admin' } });
  claimEqual('waypoint: the claim reaches the application in its header, and what a client puts there is dropped', ['alice', '(none)'],
    (await guarded.recent()).map(({ headers }) => headers['x-user'] ?? '(none)'));
});

test('a route that leads to a service with rules about requests', async () => {
  claimEqual('waypoint: without a token: called itself; by another service\'s route, which goes around its rules, as MESH804 says', ['403', '200'],
    [await web.ask({ to: 'vault' }), await web.ask({ to: 'door', path: '/inside' })]);
  claimEqual('waypoint: the rules of the service whose route it is hold', '403', await front.ask({ to: 'door', path: '/inside' }));
});

test('an authorizer decides', async () => {
  const [authorizer, decided] = ['authorizer', 'decided'].map(name => cluster.workload(NAMESPACE, name));
  await authorizer.configure({ rules: [{ path: '/decide/api/secret', status: 403 }] });
  const ask = async (path: string) => {
    await Promise.all([authorizer, decided].map(one => one.resetCounts()));
    const status = await web.ask({ to: 'decided', path });
    return [status, (await authorizer.counts()).total, (await decided.counts()).total];
  };
  claimEqual('waypoint: allowed: status, times the authorizer was asked, times the application was', ['200', 1, 1], await ask('/api/orders'));
  claimEqual('waypoint: refused', ['403', 1, 0], await ask('/api/secret'));
  claimEqual('waypoint: not asked about', [['200', 0, 1], ['200', 0, 1]], [await ask('/'), await ask('/api/public/x')]);
});

test('audit refuses nothing and counts', async () => {
  const envoy = await cluster.workload(AUDITED, 'waypoint').envoy();
  const denied = async () => Object.values(await envoy.stats('shadow_denied')).reduce((sum, value) => sum + value, 0);
  const first = await denied();
  claimEqual('waypoint: 10 undeclared requests', Array(10).fill('200'), await undeclared.all(...Array<Asked>(10).fill({})));
  claimBetween('what it counts as refused in earnest', 10, 10, await denied() - first);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('waypoint: rejected resources of all proxies', [], await cluster.rejections());
});
