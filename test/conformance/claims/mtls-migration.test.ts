/** From a cluster without any policy to mutual TLS and back, under constant traffic: no request of a meshed caller is lost. */
import { parseAllDocuments } from 'yaml';
import { EgressScope, FindingCode, MeshPort, MtlsMigration, ZeroTrustPolicy } from '../../../src';
import { claim, claimBetween, claimEqual, type KubeObject, type LoadSpec, pause, stack } from '../stack';
import { HTTP, ONE_WORKER, Program } from './program';

const NAMESPACE = 'claims-migration';
const cluster = stack();
const [web, legacy, stranger, orders] = ['web', 'legacy', 'stranger', 'orders'].map((name) => cluster.workload(NAMESPACE, name));

/** How long connections from before a change keep what held before; 45 s where nothing is said. */
const DRAINS = { 'proxy.istio.io/config': 'drainDuration: 10s' };

/** The same program at every stage; `joined`: the legacy caller has got its proxy. */
function program(stage?: MtlsMigration, joined = false): Program {
  const it = new Program(NAMESPACE);
  const unscoped = { egress: EgressScope.everything() };
  const callee = it.service('orders', { ...unscoped, pods: { annotations: DRAINS }, ports: [HTTP, MeshPort.grpc(9000), MeshPort.tcp(9001)] });
  it.client('web', {}, unscoped).calls(callee);
  // Each worker of a proxy has a connection of its own, and with it the policy of the time when it was opened.
  it.client('legacy', { annotations: ONE_WORKER }, { ...unscoped, meshed: joined }).calls(callee);
  it.client('stranger', { annotations: ONE_WORKER }, unscoped);
  if (stage !== undefined) {
    new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, mtls: stage });
  }
  return it;
}

let applied: KubeObject[] = [];

/** Applies what a stage writes, and takes away what it no longer writes, as `kubectl apply --prune` does. */
async function go(stage?: MtlsMigration, joined = false): Promise<void> {
  const yaml = program(stage, joined).yaml();
  await cluster.apply(yaml);
  const objects = parseAllDocuments(yaml).map((document) => document.toJS() as KubeObject);
  const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
  const kept = new Set(objects.map(key));
  for (const { apiVersion, kind, metadata } of applied.filter((object) => !kept.has(key(object)))) {
    await cluster.delete(JSON.stringify({ apiVersion, kind, metadata: { name: metadata.name, namespace: NAMESPACE } }));
  }
  applied = objects;
  await cluster.settled();
}

beforeAll(async () => {
  await go();
  await cluster.ready(NAMESPACE);
});

afterAll(() => cluster.drop(NAMESPACE));

const HOST = `orders.${NAMESPACE}.svc.cluster.local`;
const TRAFFIC: Record<string, LoadSpec> = {
  'HTTP over kept connections': { url: `http://${HOST}/`, concurrency: 4, rate: 100 },
  'HTTP over fresh connections': { url: `http://${HOST}/`, concurrency: 4, rate: 50, freshConnections: true },
  'gRPC': { url: `http://${HOST}:9000/shop.Orders/Get`, protocol: 'grpc', concurrency: 4, rate: 100 },
  'TCP': { url: `http://${HOST}:9001`, protocol: 'tcp', concurrency: 4, rate: 50 },
};
const GOOD = new Set(['200', 'grpc-0', 'tcp-ok']);

/** How the callee answers one plain request of a caller: by its proxy where it has one. */
async function statusOf(from: typeof web): Promise<string> {
  return (await from.request({ url: `http://${HOST}/`, timeoutMs: 5000 })).status;
}

test('strict before the last caller has joined is refused at synth', () => {
  const premature = program(MtlsMigration.strict());
  const findings = premature.mesh.findings.filter(({ code }) => code === FindingCode.PREMATURE_STRICT);
  claimEqual('the finding, and its construct', [['MESH301', `${NAMESPACE}/orders`]], findings.map(({ code, construct }) => [code, construct]));
  expect(() => premature.app.synthYaml()).toThrow('MESH301');
});

test('every stage, forwards and back', async () => {
  const loads = Object.entries(TRAFFIC).map(([name, spec]) => web.load({ ...spec, durationMs: 580_000 }).then((report) => ({ name, report })));
  const seen: Record<string, [legacy: string, stranger: string]> = {};
  let slowest = 0;
  const stay = async (name: string, refused = false) => {
    const began = Date.now();
    const expected = refused ? '403' : '200';
    while (await statusOf(stranger) !== expected && Date.now() - began < 90_000) {
      await pause(500);
    }
    slowest = Math.max(slowest, (Date.now() - began) / 1000);
    seen[name] = [await statusOf(legacy), await statusOf(stranger)];
    await pause(3000);
  };
  await stay('no policy');
  await go(MtlsMigration.permissive());
  await stay('permissive');
  await go(MtlsMigration.permissiveWithProof());
  await stay('permissive with proof');
  await go(MtlsMigration.permissiveWithProof(), true);
  await cluster.ready(NAMESPACE);
  await stay('the last caller has joined');
  await go(MtlsMigration.strictFor(NAMESPACE), true);
  await stay('strict for the namespace', true);
  await go(MtlsMigration.strict(), true);
  await stay('strict', true);
  await go(MtlsMigration.permissiveWithProof(), true);
  await stay('one stage back');
  await go(MtlsMigration.strict(), true);
  await stay('strict again', true);
  await web.stopLoads();
  const reports = await Promise.all(loads);
  claimEqual('answers at each stage to: the legacy caller, an undeclared caller of the mesh', {
    'no policy': ['200', '200'], 'permissive': ['200', '200'], 'permissive with proof': ['200', '200'], 'the last caller has joined': ['200', '200'],
    'strict for the namespace': ['200', '403'], 'strict': ['200', '403'], 'one stage back': ['200', '200'], 'strict again': ['200', '403'],
  }, seen);
  claimBetween('connections from before a stage end within the time that a proxy drains, set to 10 s', 0, 20, slowest, 's');
  for (const { name, report } of reports) {
    const lost = Object.fromEntries(Object.entries(report.byStatus).filter(([status]) => !GOOD.has(status)));
    claim(`requests of a meshed caller that are lost over 7 changes of stage: ${name}`, 'none of more than 1,000', { lost, of: report.requests },
      Object.keys(lost).length === 0 && report.requests > 1000);
  }
}, 600_000);

test('in the end connections prove who calls', async () => {
  await orders.resetCounts();
  await statusOf(web);
  const [{ principal }] = (await orders.counts()).rows;
  claimEqual('the identity of the caller', `spiffe://cluster.local/ns/${NAMESPACE}/sa/web`, principal);
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
