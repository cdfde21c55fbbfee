import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { isOurs } from '../../src/mesh/objects';
import { surveyOf } from '../../src/mesh/survey';
import { service, shop, workload } from '../support/shop';

test('objects know who wrote them, and only what a mesh must read is read', () => {
  const given = shop();
  const { app, chart } = given;
  service(given, 'web');
  new ApiObject(chart, 'ns', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  new ApiObject(chart, 'route', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec: { hosts: ['a'] } });
  new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });
  const broken = new ApiObject(chart, 'broken', { apiVersion: 'v1', kind: 'Service' });
  broken.addJsonPatch(JsonPatch.replace('/spec/missing/parent', 1));
  const nodes = new Map(surveyOf(app).objects.map((object) => [object.origin, object]));
  expect(nodes.get('shop/web/Service')).toEqual({
    origin: 'shop/web/Service', apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'shop', ours: true, body: undefined,
  });
  expect(nodes.get('shop/ns')).toMatchObject({ ours: false, name: 'shop', namespace: undefined, body: { kind: 'Namespace' } });
  expect(nodes.get('shop/route')).toMatchObject({ ours: false, namespace: 'shop', body: { spec: { hosts: ['a'] } } });
  expect(nodes.get('shop/config')?.body).toBeUndefined();
  expect(nodes.get('shop/web-pods')?.body).toBeUndefined();
  expect(nodes.get('shop/broken')?.body).toBeUndefined();
  expect(isOurs(broken)).toBe(false);
  expect(isOurs(workload(chart, 'pods'))).toBe(false);
});

test('objects stand in the order of cdk8s, by their own paths', () => {
  const { app } = program();
  const objects = app.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  expect(surveyOf(app).objects.map(({ origin }) => origin)).toEqual(objects.map(({ node }) => node.path));
});

test('charts are counted, nested ones, too, and a dependency of anybody is seen', () => {
  const { app, chart } = program();
  expect(surveyOf(app)).toMatchObject({ charts: 1, dependent: false });
  const inner = new Chart(chart, 'inner');
  new ApiObject(inner, 'config', { apiVersion: 'v1', kind: 'ConfigMap' }).node.addDependency(new Chart(app, 'other'));
  expect(surveyOf(app)).toMatchObject({ charts: 3, dependent: true });
  expect(surveyOf(new App())).toEqual({ objects: [], charts: 0, dependent: false });
});

function program() {
  const given = shop();
  service(given, 'web');
  return given;
}
