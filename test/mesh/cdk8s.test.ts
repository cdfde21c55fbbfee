/** How a mesh lives in cdk8s: synths, charts, patches, and workloads that change under its hands. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Cron, Duration, JsonPatch, Testing, YamlOutputType } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { IConstruct } from 'constructs';
import { Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, Retry, RouteMatch } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, service, shop, workload } from '../support/shop';

const provider = MeshProvider.istio();

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-')); });
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

const files = () => readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort();
const bytes = () => files().map((name) => readFileSync(join(outdir, name), 'utf8'));

/** A program of some charts, each with one service, which call each other across the charts. */
function manyCharts(count: number, type?: YamlOutputType) {
  const app = new App({ outdir, yamlOutputType: type });
  const mesh = new Mesh(app, 'mesh', { provider, adoption: FULL_MESH });
  const services = Array.from({ length: count }, (_, index) => (
    service({ chart: new Chart(app, `chart-${index}`, { namespace: `ns-${index}` }), mesh }, `service-${index}`)
  ));
  services.forEach((one, index) => index > 0 && services[0].calls(one));
  return { app, mesh, services };
}

describe('the mesh', () => {
  test('lives under the app', () => {
    const { app, mesh } = manyCharts(2);
    expect(mesh.node.path).toBe('mesh');
    app.synth();
    expect(files()).toEqual(['chart-0.k8s.yaml', 'chart-1.k8s.yaml']);
  });

  test('lives under a chart, and has services in others', () => {
    const { app, chart, mesh } = shop({}, { outdir });
    const other = new Chart(app, 'other', { namespace: 'other' });
    service({ chart: other, mesh }, 'orders');
    service({ chart, mesh }, 'web').calls(mesh.services[0]);
    app.synth();
    expect(files()).toEqual(['other.k8s.yaml', 'shop.k8s.yaml']);
  });

  test('services may call each other across charts in a ring', () => {
    const { app, services: [a, b] } = manyCharts(2);
    b.calls(a, { maxDepth: 1 });
    expect(() => app.synth()).not.toThrow();
  });
});

describe('the model is built once a synth', () => {
  test.each([1, 10, 50])('for %d charts', (count) => {
    const { app, mesh } = manyCharts(count);
    app.synth();
    expect(mesh._registry.builds).toBe(1);
  });

  test.each([
    ['one file', YamlOutputType.FILE_PER_APP], ['a file a resource', YamlOutputType.FILE_PER_RESOURCE],
    ['a folder a chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE],
  ])('written as %s', (_, type) => {
    const { app, mesh } = manyCharts(3, type);
    app.synth();
    expect(mesh._registry.builds).toBe(1);
    app.synth();
    expect(mesh._registry.builds).toBe(2);
  });

  test('of a text', () => {
    const { app, mesh } = manyCharts(3);
    expect(app.synthYaml()).toBe(app.synthYaml());
    expect(mesh._registry.builds).toBe(2);
  });

  test('of one chart', () => {
    const { mesh, services: [a, b] } = manyCharts(2);
    for (const one of [a, a, b]) {
      Testing.synth(Chart.of(one));
    }
    expect(mesh._registry.builds).toBe(3);
  });

  test('with nested charts and charts of others', () => {
    const { app, mesh, services: [a] } = manyCharts(2);
    service({ chart: new Chart(Chart.of(a), 'inner', { namespace: 'inner' }), mesh }, 'inner');
    workload(new Chart(app, 'aside'), 'aside');
    app.synth();
    expect(mesh._registry.builds).toBe(1);
  });
});

describe('the same program gives the same manifests', () => {
  test('twice in one app', () => {
    const { app, chart, mesh } = shop({}, { outdir });
    const web = service({ chart, mesh }, 'web');
    service({ chart, mesh }, 'orders').addVersion('v2', { workload: new kplus28.Deployment(chart, 'v2', { containers: [{ image: 'a:1', portNumber: 8080 }] }) });
    web.calls(mesh.services[1], { retry: Retry.upTo(1) });
    app.synth();
    const first = bytes();
    app.synth();
    expect(bytes()).toEqual(first);
    expect(Testing.synth(chart)).toEqual(Testing.synth(chart));
  });

  test('whatever the order in which it was written down', () => {
    const program = (reverse: boolean) => {
      const { app, chart, mesh } = shop();
      const [web, orders] = ['web', 'orders'].map((id) => service({ chart, mesh }, id));
      const steps = [
        () => web.calls(orders, { deadline: Duration.seconds(2) }),
        () => orders.addVersion('v2', { workload: workload(chart, 'v2') }),
        () => orders.split({ v1: 90, v2: 10 }),
        () => orders.addRoute('beta', { matches: [RouteMatch.header('x-beta', '1')], split: { v2: 100 } }),
        () => new MeshNamespace(chart, 'shop', { mesh }),
      ];
      (reverse ? steps.reverse() : steps).forEach((step) => step());
      return app.charts.flatMap((one) => one.toJson() as unknown[]).map((manifest) => JSON.stringify(manifest)).sort();
    };
    expect(program(true)).toEqual(program(false));
  });
});

describe('a failed validation', () => {
  test.each([
    ['an unknown subset', ({ orders }: { orders: MeshService }) => orders.split({ v9: 100 })],
    ['an unknown port', ({ web, orders }: { web: MeshService; orders: MeshService }) => web.calls(orders, { port: 9 })],
    ['an unfinished workload', ({ orders }: { orders: MeshService }) => (
      orders.addVersion('v2', { workload: new kplus28.Deployment(Chart.of(orders), 'unfinished') })
    )],
    ['a name clash', ({ orders }: { orders: MeshService }) => (
      new ApiObject(Chart.of(orders), 'clash', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' }, spec: {} })
    )],
  ])('because of %s leaves no manifest', (_, breaks) => {
    const { app, chart, mesh } = shop({}, { outdir });
    new Chart(app, 'a-first');
    const [web, orders] = ['web', 'orders'].map((id) => service({ chart, mesh }, id));
    breaks({ web, orders });
    expect(refusal(() => app.synth())).toMatch(/^Validation failed with the following errors:\n {2}\[shop\/[^\]]*\] (shop\/clash: )?MESH\d{3} /);
    expect(files()).toEqual([]);
  });

  test('is mended by what comes next', () => {
    const { app, chart, mesh } = shop({}, { outdir });
    const orders = service({ chart, mesh }, 'orders');
    orders.split({ v1: 90, v2: 10 });
    expect(() => app.synth()).toThrow(/MESH401/);
    orders.addVersion('v2', { workload: workload(chart, 'v2') });
    app.synth();
    expect(files()).toEqual(['shop.k8s.yaml']);
  });
});

describe('a workload that changes after the hand-over', () => {
  const containers = [{ image: 'web:1', portNumber: 8080 }];
  const template = (chart: Chart) => Testing.synth(chart).find(({ kind }) => kind === 'Deployment').spec.template;

  function program() {
    const { app, chart, mesh } = shop({}, { outdir });
    const deployment = new kplus28.Deployment(chart, 'pods');
    const web = service({ chart, mesh }, 'web', { workload: deployment });
    return { app, chart, mesh, deployment, web };
  }

  test('is a finding while it is unfinished, and none once it is complete', () => {
    const { app, mesh, deployment } = program();
    expect(mesh.findings.filter(({ severity }) => severity === 'error').map(({ code, construct }) => [code, construct])).toEqual([['MESH911', 'shop/web']]);
    deployment.addContainer({ image: 'web:1', portNumber: 8080 });
    expect(mesh.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    app.synth();
    expect(files()).toEqual(['shop.k8s.yaml']);
  });

  test('fails one synth and not the next', () => {
    const { app, deployment } = program();
    expect(() => app.synth()).toThrow(/\[shop\/web\] MESH911 /);
    deployment.addContainer({ image: 'web:1', portNumber: 8080 });
    app.synth();
    expect(files()).toEqual(['shop.k8s.yaml']);
  });

  test('is judged anew at the second synth, before anything is written', () => {
    const { chart, mesh } = shop();
    const deployment = workload(chart, 'pods');
    service({ chart, mesh }, 'web', { workload: deployment, version: 'v1' });
    Testing.synth(chart);
    deployment.addJsonPatch(JsonPatch.add('/spec/selector/matchLabels/version', 'blue'));
    expect(refusal(() => Testing.synth(chart))).toMatch(/^Validation failed with the following errors:\n {2}\[shop\/web\] MESH910 /);
    deployment.addJsonPatch(JsonPatch.remove('/spec/selector/matchLabels/version'));
    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test('is judged anew at the second App.synth', () => {
    const { app, chart, mesh } = shop({}, { outdir });
    new Chart(app, 'aside');
    const deployment = workload(chart, 'pods');
    service({ chart, mesh }, 'web', { workload: deployment, version: 'v1' });
    app.synth();
    deployment.addJsonPatch(JsonPatch.add('/spec/selector/matchLabels/version', 'blue'));
    expect(refusal(() => app.synth())).toMatch(/\[shop\/web\] MESH910 /);
  });

  test('keeps what was added to it between two synths', () => {
    const { chart, deployment } = program();
    deployment.addContainer(containers[0]);
    const before = template(chart);
    expect(before.metadata.annotations.note).toBeUndefined();
    deployment.podMetadata.addAnnotation('note', 'mine');
    deployment.podMetadata.addLabel('team', 'a');
    const after = template(chart);
    expect(after.metadata.annotations).toEqual({ ...before.metadata.annotations, note: 'mine' });
    expect(after.metadata.labels).toEqual({ ...before.metadata.labels, team: 'a' });
    expect(template(chart)).toEqual(after);
  });

  test('may be synthesized before the mesh\'s own objects', () => {
    const app = new App();
    const mesh = new Mesh(app, 'mesh', { provider, adoption: FULL_MESH });
    const [pods, services] = ['a-pods', 'b-services'].map((id) => new Chart(app, id, { namespace: 'shop' }));
    const deployment = new kplus28.Deployment(pods, 'pods', { containers });
    service({ chart: services, mesh }, 'web', { workload: deployment });
    const metadata = () => app.charts.map((chart) => Testing.synth(chart)).flat().find(({ kind }) => kind === 'Deployment').spec.template.metadata;
    const first = metadata();
    expect(first.labels).toMatchObject({ app: 'web', version: 'v1' });
    deployment.podMetadata.addAnnotation('note', 'mine');
    expect(metadata().annotations).toEqual({ ...first.annotations, note: 'mine' });
  });

  test('does not depend on being looked at early', () => {
    const { chart, mesh, deployment } = program();
    deployment.addContainer(containers[0]);
    expect(mesh.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ApiObject.of(deployment).toJson().spec.template.metadata.labels).toMatchObject({ app: 'web' });
    deployment.podMetadata.addAnnotation('note', 'mine');
    expect(template(chart).metadata.annotations).toMatchObject({ 'note': 'mine', 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' });
  });
});

describe('patches of the program on our objects', () => {
  test('work, of unknown fields, too, and stay', () => {
    const { chart, mesh } = shop();
    const orders = service({ chart, mesh }, 'orders');
    const object = ApiObject.of(orders.node.findChild('DestinationRule'));
    object.addJsonPatch(JsonPatch.add('/spec/inventedField', { a: [1] }), JsonPatch.add('/metadata/annotations', { note: 'mine' }));
    for (let synth = 0; synth < 2; synth++) {
      expect(Testing.synth(chart).find(({ kind }) => kind === 'DestinationRule')).toMatchObject({
        metadata: { annotations: { note: 'mine' } }, spec: { inventedField: { a: [1] }, host: 'orders.shop.svc.cluster.local' },
      });
    }
  });

  test('that are broken are cdk8s\' own error', () => {
    const { chart, mesh } = shop();
    const orders = service({ chart, mesh }, 'orders');
    ApiObject.of(orders.node.findChild('Service')).addJsonPatch(JsonPatch.replace('/spec/missing/parent', 1));
    expect(refusal(() => Testing.synth(chart))).toContain("Failed serializing construct at path 'shop/orders/Service'");
  });
});

describe('workloads of every make', () => {
  type Make = (chart: Chart) => IConstruct;
  const template = (kind: string, spec: any) => kind === 'CronJob' ? spec.jobTemplate.spec.template : spec.template;
  const container = { image: 'web:1', portNumber: 8080 };

  const MAKES: [string, string, Make][] = [
    ...([['cdk8s-plus-28', kplus28], ['cdk8s-plus-33', kplus33 as unknown as typeof kplus28]] as const).flatMap(([name, kplus]): [string, string, Make][] => [
      [name, 'Deployment', (chart) => new kplus.Deployment(chart, 'pods', { containers: [container] })],
      [name, 'DaemonSet', (chart) => new kplus.DaemonSet(chart, 'pods', { containers: [container] })],
      [name, 'StatefulSet', (chart) => new kplus.StatefulSet(chart, 'pods', {
        containers: [container], service: new kplus.Service(chart, 'governing', { clusterIP: 'None', ports: [{ port: 8080 }] }),
      })],
      [name, 'Job', (chart) => new kplus.Job(chart, 'pods', { containers: [container] })],
      [name, 'CronJob', (chart) => new kplus.CronJob(chart, 'pods', { containers: [container], schedule: Cron.daily() })],
      [name, 'Pod', (chart) => new kplus.Pod(chart, 'pods', { containers: [container] })],
    ]),
    ...['Deployment', 'DaemonSet', 'StatefulSet', 'Job', 'CronJob', 'Pod', 'ReplicaSet', 'Rollout'].map((kind): [string, string, Make] => (
      ['a raw ApiObject', kind, (chart) => workload(chart, 'pods', { kind })]
    )),
  ];

  test.each(MAKES)('%s: %s', (_, kind, make) => {
    const { chart, mesh } = shop();
    const pods = make(chart);
    const selector = JSON.stringify(ApiObject.of(pods).toJson().spec.selector);
    service({ chart, mesh }, 'web', { workload: pods });
    const manifests = Testing.synth(chart);
    const written = manifests.find((manifest) => manifest.kind === kind);
    const pod = kind === 'Pod' ? written : template(kind, written.spec);
    const [own] = manifests.filter((manifest) => manifest.kind === 'Service' && manifest.metadata.name === 'web');
    expect(own.spec.selector).toEqual({ app: 'web' });
    expect(pod.metadata.labels).toMatchObject({ 'app': 'web', 'version': 'v1', 'sidecar.istio.io/inject': 'true' });
    expect(pod.spec.serviceAccountName).toBe('web');
    expect(JSON.stringify(written.spec.selector)).toBe(selector);
  });

  test('a selector that pins our labels to other values is an error, and is not changed', () => {
    const { chart, mesh } = shop();
    const pods = workload(chart, 'pods', { labels: { version: 'blue' }, selector: { version: 'blue' } });
    service({ chart, mesh }, 'web', { workload: pods, version: 'green' });
    expect(refusal(() => Testing.synth(chart))).toMatch(/\[shop\/web\] MESH910 /);
    expect(pods.toJson().spec.selector).toEqual({ matchLabels: { version: 'blue' } });
  });

  test('what has no pod template is an error', () => {
    const { chart, mesh } = shop();
    const config = new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: {} });
    service({ chart, mesh }, 'web', { workload: config });
    expect(refusal(() => Testing.synth(chart))).toMatch(/\[shop\/web\] MESH911 [^\n]*a ConfigMap has no pod template under spec\.template/);
  });

  test('an unnamed version takes the pods\' own in both ways of handing over', () => {
    const { chart, mesh } = shop();
    const web = new MeshService(chart, 'web', { mesh, workload: workload(chart, 'pods', { labels: { version: '3' } }), ports: [MeshPort.http(8080)] });
    web.split({ 3: 100 });
    expect(Testing.synth(chart).find(({ kind }) => kind === 'DestinationRule').spec.subsets).toMatchObject([{ name: '3', labels: { version: '3' } }]);
  });
});
