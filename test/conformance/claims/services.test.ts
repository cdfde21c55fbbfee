/** Headless services, Services that were there before, streams, plaintext and mutual TLS. */
import { k8s } from 'cdk8s-plus-28';
import { EgressScope, MeshPort, MeshService, Retry, RetryOn, ZeroTrustPolicy } from '../../../src';
import { claimBetween, claimEqual, type ResponseSpec, stack } from '../stack';
import { plainPod } from './plain-pod';
import { HTTP, podTemplate, Program } from './program';

const NAMESPACE = 'claims-services';
const OUTSIDE = 'claims-services-outside';
const cluster = stack();
const [web, db, orders] = ['web', 'db', 'orders'].map(name => cluster.workload(NAMESPACE, name));
const outside = cluster.workload(OUTSIDE, 'outside');

const plain = `
apiVersion: v1
kind: Namespace
metadata: {name: ${OUTSIDE}}
---${plainPod(OUTSIDE, 'outside')}`;

function program(strict: boolean): Program {
  const it = new Program(NAMESPACE);
  const service = it.service('orders', {
    ports: [HTTP, MeshPort.http(8081, { port: 81, suffix: 'events', streaming: true }), MeshPort.grpc(9000), MeshPort.tcp(9001)],
  });
  const set = new k8s.KubeStatefulSet(it.chart, 'db-pods', {
    metadata: { name: 'db' },
    spec: { serviceName: 'db', replicas: 2, selector: { matchLabels: { pods: 'db' } }, template: podTemplate('db', { containerPorts: [8080, 9001] }) },
  });
  const headless = new MeshService(it.chart, 'db', {
    mesh: it.mesh, workload: set, headless: true, ports: [MeshPort.http(8080), MeshPort.tcp(9001)], egress: EgressScope.declared(),
    retry: Retry.upTo(2, { on: [RetryOn.SERVER_ERROR] }),
  });
  const existing = MeshService.fromService(it.chart, 'elder', {
    mesh: it.mesh, workload: it.deployment('elder', { labels: { app: 'elder' }, containerPorts: [8080] }), egress: EgressScope.declared(), retry: Retry.upTo(2, { on: [RetryOn.SERVER_ERROR] }),
    service: new k8s.KubeService(it.chart, 'elder-service', {
      metadata: { name: 'elder' }, spec: { selector: { app: 'elder' }, ports: [{ name: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(8080) }] },
    }),
  });
  const client = it.client('web');
  [service, headless, existing].forEach(callee => client.calls(callee));
  if (strict) {
    new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh });
  }
  return it;
}

beforeAll(async () => {
  await cluster.apply(plain);
  await program(false).start(cluster);
  await cluster.ready(OUTSIDE);
});
afterAll(() => cluster.drop(NAMESPACE, OUTSIDE));

test('a headless service', async () => {
  const ask = (name: string, protocol: 'http1' | 'tcp') =>
    web.request({ url: `http://${name}.${NAMESPACE}.svc.cluster.local:${protocol === 'tcp' ? 9001 : 8080}/`, protocol });
  const pods = ['db-0', 'db-1'];
  const who = async (protocol: 'http1' | 'tcp') => (await Promise.all(pods.map(pod => ask(`${pod}.db`, protocol)))).map(({ server }) => server.pod);
  claimEqual('each pod of a StatefulSet by its own name: HTTP, TCP', [pods, pods], [await who('http1'), await who('tcp')]);
  const any = await Promise.all([ask('db', 'http1'), ask('db', 'tcp')]);
  claimEqual('any of them by the name of the service: HTTP, TCP', ['200', 'tcp-ok'], any.map(({ status }) => status));
  await db.configure({ rules: [{ status: 503 }] });
  const attempts = async (name: string) => {
    await db.resetCounts();
    await ask(name, 'http1');
    return (await db.counts()).total;
  };
  claimEqual('two retries: attempts by the name of the service, by the name of a pod', [3, 3], [await attempts('db'), await attempts('db-1.db')]);
  const { rows } = await db.counts();
  claimEqual('with the identity of the caller', [`spiffe://cluster.local/ns/${NAMESPACE}/sa/web`], [...new Set(rows.map(row => row.principal))]);
});

test('a Service that was there before', async () => {
  const elder = cluster.workload(NAMESPACE, 'elder');
  await elder.configure({ rules: [{ status: 503 }] });
  const { status } = await web.request({ url: `http://elder.${NAMESPACE}/` });
  claimEqual('its policy holds: status, attempts with two retries', ['503', 3], [status, (await elder.counts()).total]);
});

test('the library\'s own deadline, and none for streams', async () => {
  await orders.configure({ rules: [{ delayMs: 16_000 }] });
  const [limited, streaming] = await Promise.all([80, 81].map(port => web.request({ url: `http://orders.${NAMESPACE}:${port}/` })));
  await orders.configure({});
  claimEqual('an application that takes 16 s: status', '504', limited.status);
  claimBetween('after', 14_980, 15_600, limited.tookMs, 'ms');
  claimEqual('on a port that streams', '200', streaming.status);
});

const PROTOCOLS = [['http1', 80], ['http2', 80], ['grpc', 9000], ['tcp', 9001]] as const;

async function everyProtocol(from: typeof web): Promise<ResponseSpec[]> {
  return Promise.all(PROTOCOLS.map(([protocol, port]) =>
    from.request({ protocol, url: `http://orders.${NAMESPACE}:${port}/shop.Orders/Get`, timeoutMs: 5000 })));
}

test('mutual TLS', async () => {
  const statuses = async (from: typeof web) => (await everyProtocol(from)).map(({ status }) => status);
  const good = ['200', '200', 'grpc-0', 'tcp-ok'];
  claimEqual('plaintext from outside the mesh while nothing forbids it: HTTP, HTTP/2, gRPC, TCP', good, await statuses(outside));
  await orders.resetCounts();
  claimEqual('the same from the mesh', good, await statuses(web));
  const principals = async () => [...new Set((await orders.counts()).rows.filter(row => row.protocol !== 'tcp').map(row => row.principal))];
  claimEqual('which is encrypted by itself: identities at the callee', [`spiffe://cluster.local/ns/${NAMESPACE}/sa/web`], await principals());

  await cluster.apply(program(true).yaml());
  await cluster.settled();
  await orders.resetCounts();
  claimEqual('STRICT, plaintext from outside', ['error-reset', 'error-reset', 'grpc-14', 'error-reset'], await statuses(outside));
  claimEqual('requests that reach the application', 0, (await orders.counts()).total);
  claimEqual('STRICT, from the mesh', good, await statuses(web));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
