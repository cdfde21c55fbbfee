/** A service that the mesh's configuration names decides about requests. */
import { parse, stringify } from 'yaml';
import { EgressScope, ExternalAuthorizer, MeshPort, ZeroTrustPolicy } from '../../../src';
import { claimEqual, stack, until } from '../stack';
import { HTTP, Program } from './program';

const NAMESPACE = 'claims-authorizer';
const MESH_CONFIG = '/api/v1/namespaces/istio-system/configmaps/istio';
const PROVIDER = 'conformance-authorizer';
const cluster = stack();
const [web, orders, missing, authorizer] = ['web', 'orders', 'missing', 'authorizer'].map(name => cluster.workload(NAMESPACE, name));

function program(): Program {
  const it = new Program(NAMESPACE);
  const decides = it.service('authorizer');
  const guarded = it.service('orders', { ports: [HTTP, MeshPort.tcp(9001)] });
  guarded.calls(decides);
  guarded.requireAuthorizer(ExternalAuthorizer.provider(PROVIDER), { paths: ['/api/*'], publicPaths: ['/api/public/*'] });
  const unknown = it.service('missing');
  unknown.requireAuthorizer(ExternalAuthorizer.provider('nobody-configured-this'));
  const client = it.client('web', {}, { egress: EgressScope.declared() });
  [guarded, unknown].forEach(callee => client.calls(callee));
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh });
  return it;
}

let before = '';

beforeAll(async () => {
  before = (await cluster.kubernetes.get(MESH_CONFIG)).data.mesh;
  const provider = { name: PROVIDER, envoyExtAuthzHttp: { service: `authorizer.${NAMESPACE}.svc.cluster.local`, port: 80, pathPrefix: '/decide', timeout: '5s' } };
  await cluster.kubernetes.merge(MESH_CONFIG, { data: { mesh: stringify({ ...parse(before), extensionProviders: [provider] }) } });
  await program().start(cluster);
  await until('the proxy is told of the authorizer', 30_000, async () => JSON.stringify(await (await orders.envoy()).configDump('resource=dynamic_listeners')).includes('/decide'));
});
afterAll(async () => {
  await cluster.drop(NAMESPACE);
  await cluster.kubernetes.merge(MESH_CONFIG, { data: { mesh: before } });
});

/** Status of one request, how often the authorizer was asked about it, and how often the application. */
async function ask(path: string, callee = orders): Promise<[status: string, asked: number, arrived: number]> {
  await Promise.all([authorizer, callee].map(one => one.resetCounts()));
  const { status } = await web.request({ url: `http://${callee.name}.${NAMESPACE}${path}` });
  const [asked, arrived] = await Promise.all([authorizer, callee].map(one => one.counts()));
  return [status, asked.total, arrived.total];
}

test('an authorizer decides', async () => {
  await authorizer.configure({ rules: [{ path: '/decide/api/secret', status: 403 }, { path: '/decide/api/teapot', status: 418 }] });
  claimEqual('what it allows: status, times it was asked, times the application was', ['200', 1, 1], await ask('/api/orders'));
  claimEqual('what it refuses, with its status', [['403', 1, 0], ['418', 1, 0]], [await ask('/api/secret'), await ask('/api/teapot')]);
  claimEqual('what it is not asked about: outside of its paths, on a public path', [['200', 0, 1], ['200', 0, 1]], [await ask('/'), await ask('/api/public/x')]);
  claimEqual('spellings that only look public', [['403', 1, 0], ['400', 0, 0]],
    [await ask('/api/public/../secret'), await ask('/api/public/..%2fsecret')]);
  const tcp = await web.request({ protocol: 'tcp', url: `http://orders.${NAMESPACE}:9001` });
  claimEqual('the TCP port beside it is left alone', 'tcp-ok', tcp.status);
});

test('without an answer of the authorizer nothing passes', async () => {
  await authorizer.configure({ rules: [{ status: 500 }] });
  const failing = await ask('/api/orders');
  await authorizer.configure({ rules: [{ reset: true }] });
  const broken = await ask('/api/orders');
  claimEqual('it fails, it breaks the connection: times the application was asked', [0, 0], [failing[2], broken[2]]);
  claimEqual('and the status', ['403', '403'], [failing[0], broken[0]]);
  claimEqual('one that the mesh\'s configuration does not name: status, times it was asked, times the application was', ['403', 0, 0], await ask('/', missing));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
