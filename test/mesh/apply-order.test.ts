import { ApiObject, Chart, Testing } from 'cdk8s';
import { service, shop } from '../support/shop';

function program() {
  const given = shop();
  const { app, chart } = given;
  const early = new ApiObject(chart, 'early', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'early' } });
  const web = service(given, 'web');
  const kinds = (): string[] => (Testing.synth(chart) as { kind: string }[]).map(({ kind }) => kind).filter((kind) => /ConfigMap|DestinationRule|VirtualService/.test(kind));
  const dependencies = (): number => app.node.findAll().reduce((sum, { node }) => sum + node.dependencies.length, 0);
  return { app, chart, early, web, kinds, dependencies };
}

test('subsets are applied before the routes that lead to them, without a dependency', () => {
  const { kinds, dependencies } = program();
  expect(kinds()).toEqual(['ConfigMap', 'DestinationRule', 'VirtualService']);
  expect(dependencies()).toBe(0);
});

test('a dependency of the program pulls both forward', () => {
  const { early, web, kinds, dependencies } = program();
  early.addDependency(web.node.findChild('VirtualService'));
  expect(kinds()).toEqual(['DestinationRule', 'VirtualService', 'ConfigMap']);
  expect(dependencies()).toBe(2);
});

test('one that the program declares after it asked for findings counts, too', () => {
  const { app, early, web, dependencies } = program();
  expect(web.mesh.findings).toEqual([]);
  early.addDependency(web.node.findChild('VirtualService'));
  const other = new Chart(app, 'other');
  new ApiObject(other, 'late', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } });
  app.charts.forEach((chart) => chart.toJson());
  expect(dependencies()).toBe(2);
});
