import { App, Chart, Testing } from 'cdk8s';
import { Mesh, MeshNamespace, MeshProvider } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, shop } from '../support/shop';

test('a namespace is written with the label that injects the proxy', () => {
  const { chart, mesh } = shop();
  expect(new MeshNamespace(chart, 'shop', { mesh }).namespaceName).toBe('shop');
  expect(Testing.synth(chart)).toEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
  ]);
});

test('of a revision it carries the revision', () => {
  const { chart, mesh } = shop({ provider: MeshProvider.istio({ revision: 'canary' }) });
  new MeshNamespace(chart, 'ns', { mesh, name: 'shop', labels: { 'example.com/team': 'a' } });
  expect(Testing.synth(chart)).toEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/rev': 'canary', 'example.com/team': 'a' } } },
  ]);
});

test('the chart needs no namespace of its own', () => {
  const app = new App();
  const chart = new Chart(app, 'namespaces');
  const mesh = new Mesh(app, 'mesh', { provider: MeshProvider.istio(), adoption: FULL_MESH });
  new MeshNamespace(chart, 'shop', { mesh });
  expect(Testing.synth(chart)[0].metadata).toEqual({ name: 'shop', labels: { 'istio-injection': 'enabled' } });
});

test('one namespace in two charts is a clash, whatever namespaces the charts have', () => {
  const { app, chart, mesh } = shop();
  new MeshNamespace(chart, 'shop', { mesh });
  new MeshNamespace(new Chart(app, 'other', { namespace: 'other' }), 'shop', { mesh });
  expect(refusal(() => app.synthYaml())).toMatch(/\[other\/shop\] MESH901 the Namespace shop is there already/);
});

const LOWER = 'it must hold only lower-case letters, digits and hyphens, and starts and ends with a letter or digit; give a name that Kubernetes accepts';

test('refuses what Kubernetes refuses', () => {
  const { chart, mesh } = shop();
  expect(refusal(() => new MeshNamespace(chart, 'Shop', { mesh }))).toBe(`shop/Shop: name is "Shop"; ${LOWER}`);
  expect(refusal(() => new MeshNamespace(chart, 'a', { mesh, labels: { 'a b': 'c' } }))).toMatch(/^shop\/a: labels is "a b"; it must hold only /);
  expect(refusal(() => new MeshNamespace(chart, 'b', { mesh, labels: { a: 'b c' } }))).toMatch(/^shop\/b: labels\.a is "b c"; it must hold only /);
});
