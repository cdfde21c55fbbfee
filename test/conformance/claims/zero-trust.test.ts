/**
 * Online Boutique under zero trust: every declared call passes, and every other ordered pair is refused, by what it is and by its name.
 */
import { App } from 'cdk8s';
import { build } from '../../../examples/online-boutique/app';
import { CALLS, SERVICES } from '../../../examples/online-boutique/services';
import { FindingCode, type Mesh, Principal, Severity, ZeroTrustPolicy } from '../../../src';
import { accessMatrix } from '../../../src/model/access-matrix';
import { claim, claimEqual, stack } from '../stack';

const NAMESPACE = 'online-boutique';
const cluster = stack();
const callees = SERVICES.filter(({ port }) => port !== undefined);
const declared = new Set(CALLS.map(({ from, to }) => `${from} → ${to}`));
const pairs = SERVICES.flatMap(({ name: from }) => callees.map(({ name: to }) => ({ from, to })));

function program(): { app: App; mesh: Mesh } {
  const app = new App();
  const mesh = build(app);
  const [chart] = app.charts;
  new ZeroTrustPolicy(chart, 'zero-trust', { mesh });
  mesh.services.find(({ serviceName }) => serviceName === 'frontend')!.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
  return { app, mesh };
}

const { app, mesh } = program();
const matrix = accessMatrix(mesh._judgement().model);

beforeAll(async () => {
  expect(mesh.findings.filter(({ severity }) => severity !== Severity.INFO).map(({ code }) => code)).toEqual([]);
  expect(mesh.findings.some(({ code }) => code === FindingCode.UNCOVERED_SERVICE)).toBe(false);
  await cluster.apply(app.synthYaml());
  await cluster.ready(NAMESPACE);
});

afterAll(() => cluster.drop(NAMESPACE));

const PASSED = ['200', 'grpc-0', 'tcp-ok'];

/** The status of one request for every pair. */
async function statuses(): Promise<Map<string, string>> {
  const result = new Map<string, string>();
  for (const { from, to } of pairs) {
    const facts = SERVICES.find(({ name }) => name === to)!;
    const protocol = to === 'redis-cart' ? 'tcp' as const : to === 'frontend' ? 'http1' as const : 'grpc' as const;
    const { status, body } = await cluster.workload(NAMESPACE, from).request({
      url: `http://${to}.${NAMESPACE}.svc.cluster.local:${facts.port!.port}${protocol === 'grpc' ? '/shop.Any/Call' : '/'}`, protocol, timeoutMs: 5000,
    });
    result.set(`${from} → ${to}`, status === 'error-other' ? `${status}: ${body}` : status);
  }
  return result;
}

function claimOnlyDeclared(when: string, found: Map<string, string>): void {
  const through = [...found].filter(([pair, status]) => PASSED.includes(status) && !declared.has(pair)).map(([pair]) => pair);
  const stopped = [...found].filter(([pair, status]) => !PASSED.includes(status) && declared.has(pair));
  claimEqual(`${when}: declared calls that do not pass, of ${declared.size}`, [], stopped);
  claimEqual(`${when}: undeclared ordered pairs that pass, of ${pairs.length - declared.size}`, [], through);
}

function kinds(found: Map<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  [...found].filter(([pair]) => !declared.has(pair)).forEach(([, status]) => counts[status] = (counts[status] ?? 0) + 1);
  return counts;
}

test('the matrix predicts every pair', () => {
  const allowed = pairs.filter(({ from, to }) => matrix.cells(`${NAMESPACE}/${from}`, `${NAMESPACE}/${to}`).some(({ verdict }) => verdict === 'allowed'));
  claimEqual('pairs that the matrix allows are the declared calls', [...declared].sort(), allowed.map(({ from, to }) => `${from} → ${to}`).sort());
});

test('as it is written: proxies know only what was declared', async () => {
  const found = await statuses();
  claimOnlyDeclared('with scoped proxies', found);
  const refused = kinds(found);
  const expected = ['502', 'grpc-14', 'error-closed', 'error-reset'];
  claim('how undeclared pairs are refused by scoped proxies', `only ${expected.join(', ')}`, refused, Object.keys(refused).every((status) => expected.includes(status)));
}, 600_000);

test('without the scopes: proxies know every service, and callees refuse by identity', async () => {
  for (const { name } of SERVICES) {
    await cluster.kubernetes.delete(`/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/sidecars/${name}`);
  }
  await cluster.settled();
  const found = await statuses();
  claimOnlyDeclared('with unscoped proxies', found);
  const refused = kinds(found);
  const expected = ['403', 'grpc-7', 'error-closed', 'error-reset'];
  claim('how callees refuse undeclared pairs', `only ${expected.join(', ')}`, refused, Object.keys(refused).every((status) => expected.includes(status)));
}, 600_000);

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
