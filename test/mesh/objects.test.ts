import { App, Chart, Testing } from 'cdk8s';
import { GatewayChannel, MeshProvider } from '../../src';
import { materialize } from '../../src/mesh/objects';
import { Registry } from '../../src/mesh/registry';
import { Resource } from '../../src/model/contracts';
import { MeshModel, MeshNode } from '../../src/model/mesh-model';
import { service, shop, workload } from '../support/shop';

interface Declaration {
  readonly name: string;
  readonly extra?: boolean;
}

interface Node {
  readonly value: number;
}

const MESH = { systemNamespace: 'system' } as MeshNode;

const RESOURCES: Resource<Declaration, Node>[] = [
  { id: 'First', apiVersion: 'v1', kind: 'First', exists: () => true, spec: (node) => ({ value: node.value }) },
  {
    id: 'Second', apiVersion: 'example.com/v1', kind: 'Kind', exists: (declaration) => declaration.extra === true, after: 'First',
    nameOf: (declaration) => `${declaration.name}-second`, labels: (declaration) => ({ of: declaration.name }), annotations: (_, mesh) => ({ in: mesh.systemNamespace }),
    spec: (node, model) => ({ value: node.value, revision: model.revision }),
  },
  { id: 'Global', apiVersion: 'v1', kind: 'Global', clusterScoped: true, exists: (declaration) => declaration.extra === true },
];

function setup() {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  const registry = new Registry({ build: (revision) => ({ revision }) as MeshModel, judge: () => [], warn: () => undefined, charts: () => 1 });
  let value = 1;
  const declare = (declaration: Declaration) => materialize(RESOURCES, {
    construct: chart, declaration, namespace: 'other', mesh: MESH, registry, node: () => ({ value }),
  });
  return { chart, declare, registry, set: (next: number) => void (value = next) };
}

test('what exists is created at once, and what it says is rendered at the end', () => {
  const { chart, declare, set } = setup();
  declare({ name: 'web' });
  expect(chart.node.children.map(({ node }) => node.id)).toEqual(['First']);
  set(2);
  expect(Testing.synth(chart)).toEqual([{ apiVersion: 'v1', kind: 'First', metadata: { name: 'web', namespace: 'other' }, spec: { value: 2 } }]);
});

test('what comes later is added, and nothing is created twice', () => {
  const { chart, declare, registry } = setup();
  declare({ name: 'web' });
  const [first] = chart.node.children;
  registry.bump();
  declare({ name: 'web', extra: true });
  declare({ name: 'web', extra: true });
  expect(chart.node.children.map(({ node }) => node.id)).toEqual(['First', 'Second', 'Global']);
  expect(chart.node.children[0]).toBe(first);
  expect(Testing.synth(chart)).toEqual([
    { apiVersion: 'v1', kind: 'First', metadata: { name: 'web', namespace: 'other' }, spec: { value: 1 } },
    {
      apiVersion: 'example.com/v1', kind: 'Kind', metadata: { name: 'web-second', namespace: 'other', labels: { of: 'web' }, annotations: { in: 'system' } },
      spec: { value: 1, revision: 1 },
    },
    { apiVersion: 'v1', kind: 'Global', metadata: { name: 'web' } },
  ]);
  expect(chart.node.children[1].node.dependencies).toEqual([]);
});

test('labels of the chart stand beside ours', () => {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop', labels: { team: 'a' } });
  const { registry } = setup();
  materialize(RESOURCES, { construct: chart, declaration: { name: 'web', extra: true }, namespace: 'shop', mesh: MESH, registry, node: () => ({ value: 1 }) });
  expect(Testing.synth(chart).map(({ metadata }) => metadata.labels)).toEqual([{ team: 'a' }, { team: 'a', of: 'web' }, { team: 'a' }]);
});

test('routes are applied after the Services of versions that are declared later', () => {
  const it = shop({ provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }) });
  const orders = service(it, 'orders');
  orders.addVersion('v2', { workload: workload(it.chart, 'orders-v2-pods') });
  orders.split({ v1: 50, v2: 50 });
  const order = (Testing.synth(it.chart) as { kind: string; metadata: { name: string } }[]).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const at = (name: string) => order.indexOf(name);
  expect(at('Service orders-v1')).toBeGreaterThan(-1);
  expect(at('HTTPRoute orders')).toBeGreaterThan(Math.max(at('Service orders-v1'), at('Service orders-v2')));
});
