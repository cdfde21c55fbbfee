import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Adoption, ICallee, KubernetesExperience, Mesh, MeshPort, MeshProvider, MeshReport, MeshService, Retry } from 'cdk8s-mesh';
import { SECTIONS } from '../../src/report/sections';
import { fortyOne } from './forty-one';

interface Summary {
  readonly services: number;
  readonly calls: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly resources: number;
}

interface Written { readonly kind: string; readonly name: string; readonly namespace: string | null; readonly construct: string }

const summary = (report: MeshReport): Summary => (JSON.parse(report.toJson()) as { summary: Summary }).summary;

function program(): { readonly app: App; readonly mesh: Mesh; readonly add: (name: string, calls?: readonly ICallee[]) => MeshService } {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.istio(), adoption: Adoption.assess({ services: 60, regulatedEncryption: true, kubernetes: KubernetesExperience.ESTABLISHED }) });
  const add = (name: string, calls: readonly ICallee[] = []): MeshService => {
    const service = new MeshService(chart, name, { mesh, podLabels: { app: name }, ports: [MeshPort.http(8080)] });
    calls.forEach((callee) => service.calls(callee, { retry: Retry.upTo(4) }));
    return service;
  };
  return { app, mesh, add };
}

test('a report shows the program as it stands when it is asked', () => {
  const { mesh, add } = program();
  const report = new MeshReport(mesh);
  expect(summary(report)).toMatchObject({ services: 0, calls: 0 });
  add('web', [add('orders')]);
  expect(summary(report)).toMatchObject({ services: 2, calls: 1 });
});

test('a program that is refused has a report that says why', () => {
  const { app, mesh, add } = program();
  add('web', [add('orders', [add('payments', [add('ledger')])])]);
  expect(() => Testing.synth(app.charts[0])).toThrow('MESH201');
  const report = new MeshReport(mesh);
  expect(summary(report).findings.error).toBe(1);
  expect(report.toMarkdown()).toContain('one request to shop/web may become 125 requests to shop/ledger, and the limit is 8');
  expect(report.toHtml()).toContain('×125');
});

test('a report before a synth changes nothing of it', () => {
  const synthesized = (asked: boolean): unknown => {
    const { app, mesh, add } = program();
    add('web', [add('orders')]);
    if (asked) {
      new MeshReport(mesh).toHtml();
    }
    return app.charts.flatMap((chart): unknown[] => chart.toJson());
  };
  expect(synthesized(true)).toEqual(synthesized(false));
});

test('a mesh without services has a report', () => {
  const { mesh } = program();
  const report = new MeshReport(mesh);
  for (const text of [report.toHtml(), report.toMarkdown()]) {
    expect(text).toContain('The program declares no service');
    expect(text).toContain('The program declares no call');
  }
});

test('what is written is listed with kind, namespace, name and construct', () => {
  const { app, mesh, add } = program();
  add('web', [add('orders')]);
  const { written } = (JSON.parse(new MeshReport(mesh).toJson()) as { resources: { written: Written[] } }).resources;
  const manifests = app.charts.flatMap((chart) => chart.toJson() as { kind: string; metadata: { name: string; namespace?: string } }[]);
  const key = (kind: string, namespace: string | null | undefined, name: string): string => `${kind} ${namespace ?? ''}/${name}`;
  expect(written.map((one) => key(one.kind, one.namespace, one.name)).sort())
    .toEqual(manifests.map(({ kind, metadata }) => key(kind, metadata.namespace, metadata.name)).sort());
  expect(summary(new MeshReport(mesh)).resources).toBe(manifests.length);
  const constructs = app.node.findAll().filter((one) => ApiObject.isApiObject(one)).map(({ node }) => node.path);
  expect(written.map(({ construct }) => construct).sort()).toEqual(constructs.sort());
});

test('sections have keys of their own, and each of them is in all three documents', () => {
  const report = new MeshReport(fortyOne(new App()));
  const [html, markdown, json] = [report.toHtml(), report.toMarkdown(), JSON.parse(report.toJson()) as object];
  expect(new Set(SECTIONS.map(({ key }) => key)).size).toBe(SECTIONS.length);
  for (const { key, title } of SECTIONS) {
    expect(html).toContain(`<section id="${key}"`);
    expect(markdown).toContain(`\n## ${title}\n`);
    expect(json).toHaveProperty(key);
  }
});

test('a thousand services take seconds', () => {
  const { mesh, add } = program();
  const services: MeshService[] = [];
  for (let index = 0; index < 1000; index++) {
    const service = add(`s${index}`);
    [1, 7, 31].filter((back) => index >= back).forEach((back) => services[index - back].calls(service));
    services.push(service);
  }
  const start = Date.now();
  const html = new MeshReport(mesh).toHtml();
  expect(Date.now() - start).toBeLessThan(20_000);
  expect(html.length).toBeLessThan(12e6);
});
