/** What lies outside the mesh, through its ServiceEntry. */
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { Duration } from 'cdk8s';
import { CircuitBreaker, ExternalService, type ExternalServiceProps, MeshPort, Retry, RetryOn } from '../../../src';
import { claimBetween, claimEqual, type KubeObject, stack, until } from '../stack';
import { Authority } from './certificates';
import { startIn, trustInProxy } from './network';
import { plainPod } from './plain-pod';
import { HTTP, ONE_WORKER, Program } from './program';
import { endpoints } from './proxies';

const NAMESPACE = 'claims-external';
const OUTSIDE = 'claims-external-partners';
const cluster = stack();
const [web, other] = ['web', 'other'].map(name => cluster.workload(NAMESPACE, name));
const partner = cluster.workload(OUTSIDE, 'partner');
const files = mkdtempSync(join(tmpdir(), 'conformance-'));

const partners = ['partner', 'second'].map(name => plainPod(OUTSIDE, name, 8080, 9001));

interface Addresses {
  readonly partner: string;
  readonly second: string;
}

const TLS_PORTS: Record<string, number> = { pay: 8443, impostor: 8444, stranger: 8445 };

/** Istio's bootstrap keeps few of Envoy's counters. */
const COUNTED = { 'proxy.istio.io/config': 'proxyStatsMatcher: {inclusionRegexps: [".*ssl.fail_verify.*"]}' };

/** @param tls with the services that are spoken to in TLS: a proxy reads the authorities that it trusts when it hears of the first one */
function program(addresses: Addresses, tls: boolean): Program {
  const it = new Program(NAMESPACE);
  const [first, second] = ['web', 'other'].map(name => it.client(name, { annotations: { ...ONE_WORKER, ...COUNTED } }));
  const external = (name: string, props: Omit<ExternalServiceProps, 'mesh'>): ExternalService => {
    const service = new ExternalService(it.chart, name, { mesh: it.mesh, ...props });
    first.calls(service);
    return service;
  };
  external('plain', { hosts: ['plain.example', 'www.plain.example'], ports: [HTTP] });
  const told = external('told', { hosts: ['told.example'], ports: [HTTP], retry: Retry.upTo(2), deadline: Duration.millis(900) });
  second.calls(told, { retry: Retry.never(), deadline: Duration.millis(400) });
  external('wildcard', { hosts: ['*.tenants.example'], ports: [MeshPort.http(8080)], retry: Retry.upTo(1) });
  external('database', { hosts: ['database.example'], addresses: [addresses.partner], ports: [MeshPort.tcp(9001)] });
  external('moved', { hosts: ['moved.example'], endpoints: [addresses.second], ports: [HTTP] });
  external('renamed', { hosts: ['renamed.example'], endpoints: ['second.example'], ports: [HTTP] });
  external('limited', { hosts: ['limited.example'], ports: [HTTP], circuitBreaker: CircuitBreaker.of({ http: { maxRequests: 2 } }) });
  external('closed', { hosts: ['closed.example'], endpoints: [addresses.second], ports: [MeshPort.http(8099, { port: 80 })] });
  external('closed-retried', {
    hosts: ['closed-retried.example'], endpoints: [addresses.second], ports: [MeshPort.http(8099, { port: 80 })], retry: Retry.upTo(2, { on: [RetryOn.CONNECT_FAILURE] }),
  });
  for (const [name, port] of tls ? Object.entries(TLS_PORTS) : []) {
    external(name, { hosts: [`${name}.example`], originateTls: true, ports: [MeshPort.http(port, { port: 80 })] });
  }
  return it;
}

let addresses: Addresses;

beforeAll(async () => {
  await cluster.apply([`{apiVersion: v1, kind: Namespace, metadata: {name: ${OUTSIDE}}}\n`, ...partners].join('---'));
  await cluster.ready(OUTSIDE);
  const addressOf = async (name: string): Promise<string> => (await cluster.workload(OUTSIDE, name).pods())[0].status.podIP;
  addresses = { partner: await addressOf('partner'), second: await addressOf('second') };
  const names = ['plain', 'www.plain', 'told', '*.tenants', 'database', 'limited', ...Object.keys(TLS_PORTS)];
  await cluster.externalHosts({
    ...Object.fromEntries(names.map(name => [`${name}.example`, [addresses.partner]])), 'second.example': [addresses.second],
    // Recognised by their names alone: nothing answers at this address.
    ...Object.fromEntries(['moved', 'renamed', 'closed', 'closed-retried'].map(name => [`${name}.example`, ['240.0.0.1']])),
  });
  await program(addresses, false).start(cluster);
});

afterAll(async () => {
  await cluster.drop(NAMESPACE, OUTSIDE);
  await cluster.externalHosts({});
  rmSync(files, { recursive: true, force: true });
});

async function attempts(from: typeof web, url: string): Promise<number> {
  await partner.resetCounts();
  await from.request({ url });
  return (await partner.counts()).total;
}

test('names, addresses, endpoints', async () => {
  const urls = ['http://plain.example/', 'http://www.plain.example/', 'http://a.tenants.example:8080/', 'http://moved.example/', 'http://renamed.example/'];
  const answers = await Promise.all(urls.map(url => web.request({ url })));
  claimEqual('both hosts, a name below a wildcard, an endpoint by address, an endpoint by name: who answers',
    ['partner', 'partner', 'partner', 'second', 'second'], answers.map(({ server }) => server.name));
  const tcp = await web.request({ protocol: 'tcp', url: 'http://database.example:9001' });
  claimEqual('TCP, by its address', ['tcp-ok', 'partner'], [tcp.status, tcp.server.name]);
  const known = await Promise.all([['plain.example', 80], ['database.example', 9001]].map(async ([host, port]) =>
    Object.values(await endpoints(web, `${host}`, Number(port))).reduce((sum, { requests }) => sum + requests, 0)));
  claimEqual('through the clusters of their own, by the proxy\'s count', [1, 1], known);
});

test('retries and deadlines', async () => {
  await partner.configure({ rules: [{ status: 503 }] });
  claimEqual('attempts: nothing said, both hosts; two retries; none for the caller that says never; one below the wildcard', [1, 1, 3, 1, 2], [
    await attempts(web, 'http://plain.example/'), await attempts(web, 'http://www.plain.example/'), await attempts(web, 'http://told.example/'),
    await attempts(other, 'http://told.example/'), await attempts(web, 'http://b.tenants.example:8080/'),
  ]);
  await partner.configure({ rules: [{ delayMs: 3000 }] });
  const [service, call] = await Promise.all([web, other].map(from => from.request({ url: 'http://told.example/' })));
  claimEqual('a stranger that takes 3 s: status', ['504', '504'], [service.status, call.status]);
  claimBetween('after the deadline of the service, 900 ms', 880, 1250, service.tookMs, 'ms');
  claimBetween('after the deadline of the call, 400 ms', 380, 750, call.tookMs, 'ms');
  await partner.configure({ rules: [{ delayMs: 800 }] });
  const burst = await web.load({ url: 'http://limited.example/', requests: 8, concurrency: 8 });
  claimEqual('2 requests in flight: of 8 at once', { 200: 2, 503: 6 }, burst.byStatus);
  await partner.configure({});
});

test('nobody listens', async () => {
  const failed = async (host: string) => {
    const { status } = await web.request({ url: `http://${host}/` });
    return [status, Object.values(await endpoints(web, host))[0].failed];
  };
  claimEqual('status, connections tried: nothing said; two retries on connection failures', [['503', 1], ['503', 3]],
    [await failed('closed.example'), await failed('closed-retried.example')]);
});

test('TLS that the proxy originates', async () => {
  const authority = await Authority.create(files);
  const unknown = await Authority.create(mkdtempSync(join(files, 'unknown')));
  const [pod]: KubeObject[] = await partner.pods();
  const serve = ({ certificate, key }: { certificate: string; key: string }, port: number) =>
    startIn(cluster, pod, [process.execPath, resolve('test/conformance/claims/tls-server.mjs'), `${port}`, certificate, key], join(files, `${port}.log`));
  serve(await authority.issue('pay.example'), TLS_PORTS.pay);
  serve(await authority.issue('other.example'), TLS_PORTS.impostor);
  serve(await unknown.issue('stranger.example'), TLS_PORTS.stranger);
  const reachable = async (port: number) => (await partner.request({ url: `http://127.0.0.1:${port}/` })).status !== 'error-refused';
  await until('the TLS servers listen', 10_000, async () => (await Promise.all(Object.values(TLS_PORTS).map(reachable))).every(Boolean));
  await trustInProxy(cluster, (await web.pods())[0], authority.certificate);
  await cluster.apply(program(addresses, true).yaml());
  await cluster.settled();

  const { status, body } = await web.request({ url: 'http://pay.example/charge?a=b' });
  const seen = status === '200' ? JSON.parse(body) : {};
  claimEqual('a plain request arrives as TLS: status, server name, host, path', ['200', 'pay.example', 'pay.example', '/charge?a=b'],
    [status, seen.serverName, seen.host, seen.path]);
  const refused = await Promise.all(['impostor', 'stranger'].map(name => web.request({ url: `http://${name}.example/` })));
  claimEqual('a certificate for another name, and one of an unknown authority', ['503', '503'], refused.map(answer => answer.status));
  const counted = Object.entries(await (await web.envoy()).stats('ssl.fail_verify')).filter(([, count]) => count > 0);
  claimEqual('for that reason, as the proxy counts', ['impostor: fail_verify_san', 'stranger: fail_verify_error'],
    counted.map(([name]) => `${/(impostor|stranger|pay)/.exec(name)?.[0]}: ${name.slice(name.lastIndexOf('.') + 1)}`).sort());
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
