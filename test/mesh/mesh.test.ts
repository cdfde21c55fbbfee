import { App, Chart, Duration } from 'cdk8s';
import { CircuitBreaker, FindingCode, LoadBalancing, Mesh, MeshProps, MeshProvider, Retry } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, service, shop, workload } from '../support/shop';

const provider = MeshProvider.istio();

test('what is left out has its default', () => {
  const { mesh } = shop();
  expect(mesh._node).toMatchObject({
    origin: 'shop/mesh', provider: 'istio', providerVersion: '1.31', revision: undefined, systemNamespace: 'istio-system',
    clusterDomain: 'cluster.local', trustDomain: 'cluster.local',
    defaults: {
      retry: { retries: 0, on: [] }, deadline: 15_000, circuitBreaker: { pool: {}, ejection: 'default' },
      loadBalancing: { algorithm: { kind: 'least-request' } },
    },
  });
});

test('domains and defaults are kept', () => {
  const { mesh } = shop({
    clusterDomain: 'corp.example', trustDomain: 'prod-1.example',
    defaults: {
      deadline: Duration.seconds(2), retry: Retry.upTo(1), circuitBreaker: CircuitBreaker.withoutEjection(), loadBalancing: LoadBalancing.random(),
    },
  });
  expect(mesh._node).toMatchObject({
    clusterDomain: 'corp.example', trustDomain: 'prod-1.example',
    defaults: { retry: { retries: 1 }, deadline: 2000, circuitBreaker: { ejection: 'off' }, loadBalancing: { algorithm: { kind: 'random' } } },
  });
  expect(shop({ clusterDomain: 'corp.example' }).mesh._node.trustDomain).toBe('corp.example');
});

const NAME = 'give a DNS name in lower-case letters, digits, hyphens and dots';

test.each<[Partial<MeshProps>, string]>([
  [{ clusterDomain: '' }, `clusterDomain is ""; ${NAME}`],
  [{ clusterDomain: 'Cluster.local' }, `clusterDomain is "Cluster.local"; ${NAME}`],
  [{ trustDomain: 'a..b' }, `trustDomain is "a..b"; ${NAME}`],
  [{ trustDomain: 'spiffe://a' }, `trustDomain is "spiffe://a"; ${NAME}`],
  [{ defaults: { deadline: Duration.seconds(0) } }, 'defaults.deadline is 0 seconds; give a duration longer than 0'],
])('refuses %j', (props, message) => {
  expect(refusal(() => shop(props))).toBe(`shop/mesh: ${message}`);
});

test('knows its services in order of declaration, and hands out copies', () => {
  const program = shop();
  const [b, a] = [service(program, 'b'), service(program, 'a')];
  expect(program.mesh.services).toEqual([b, a]);
  program.mesh.services.pop();
  program.mesh.findings.push({} as never);
  program.mesh.suppressedFindings.push({} as never);
  expect([program.mesh.services.length, program.mesh.suppressedFindings.length]).toEqual([2, 0]);
  expect(program.mesh.findings.every((finding) => finding.code !== undefined)).toBe(true);
});

describe('suppress', () => {
  const broken = () => {
    const program = shop();
    const orders = service(program, 'orders');
    const web = service(program, 'web');
    orders.addRoute('main', { split: { v9: 100 } });
    web.addRoute('main', { split: { v9: 100 } });
    return { ...program, orders, web };
  };

  test('accepts a finding everywhere, with its reason', () => {
    const { app, mesh } = broken();
    mesh.suppress(FindingCode.UNKNOWN_SUBSET, { reason: 'another tool writes it' });
    expect(() => app.synthYaml()).not.toThrow();
    expect(mesh.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(mesh.suppressedFindings.map(({ finding, reason }) => [finding.construct, finding.code, reason])).toEqual([
      ['shop/orders', 'MESH401', 'another tool writes it'], ['shop/web', 'MESH401', 'another tool writes it'],
    ]);
  });

  test('accepts it on one construct only', () => {
    const { app, mesh, orders } = broken();
    mesh.suppress(FindingCode.UNKNOWN_SUBSET, { reason: 'another tool writes it', on: orders });
    expect(refusal(() => app.synthYaml())).toMatch(/^Validation failed with the following errors:\n {2}\[shop\/web\] MESH401 [^\n]*$/);
  });

  test('that matches nothing is a warning, told at the synth', () => {
    const { app, mesh } = shop();
    mesh.suppress(FindingCode.NAME_CLASH, { reason: 'it was once' });
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      app.synthYaml();
      app.synthYaml();
      expect(stderr.mock.calls).toEqual([[
        '[shop/mesh] warning MESH601 the suppression of MESH901 matches no finding (its reason was: it was once). Remove it, or correct its code or construct.\n',
      ]]);
    } finally {
      stderr.mockRestore();
    }
  });

  test('wants a reason and a code that exists', () => {
    const { mesh } = shop();
    expect(refusal(() => mesh.suppress(FindingCode.NAME_CLASH, { reason: ' ' }))).toBe('shop/mesh: suppress.reason is " "; say why the finding is right as it is');
    expect(refusal(() => mesh.suppress('MESH000' as FindingCode, { reason: 'a' }))).toBe('shop/mesh: suppress.code is "MESH000"; give a code of FindingCode');
  });
});

test('errors of several constructs and charts stop the synth together, each with its path', () => {
  const { app, chart, mesh } = shop();
  const other = new Chart(app, 'other', { namespace: 'other' });
  service({ chart, mesh }, 'orders').split({ v1: 50, v9: 50 });
  service({ chart: other, mesh }, 'web').calls(mesh.services[0], { port: 9 });
  const lines = refusal(() => app.synthYaml()).split('\n');
  expect(lines[0]).toBe('Validation failed with the following errors:');
  expect(lines.slice(1).map((line) => line.slice(0, line.indexOf('MESH') + 7))).toEqual(['  [shop/orders] MESH401', '  [other/web] MESH414']);
});

test('an error of an object that the program wrote is told by the mesh, with the object\'s path', () => {
  const { app, chart, mesh } = shop();
  service({ chart, mesh }, 'orders');
  workload(chart, 'second', { kind: 'Pod' });
  workload(new Chart(app, 'more', { namespace: 'shop' }), 'second', { kind: 'Pod' });
  expect(refusal(() => app.synthYaml())).toMatch(/\n {2}\[shop\/mesh\] more\/second: MESH901 /);
});

test('two meshes of one app judge their own services', () => {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const one = new Mesh(chart, 'one', { provider, adoption: FULL_MESH });
  const two = new Mesh(chart, 'two', { provider, adoption: FULL_MESH });
  service({ chart, mesh: one }, 'a').split({ v9: 100 });
  service({ chart, mesh: two }, 'b');
  expect(one.findings.map(({ construct, severity }) => [construct, severity])).toContainEqual(['shop/a', 'error']);
  expect(two.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
