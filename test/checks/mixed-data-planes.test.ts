import { mixedDataPlanes } from '../../src/checks/mixed-data-planes';
import { Severity } from '../../src/model/finding';
import { ambient } from './ambient-builder';
import { external, found, lines, object, service, version, workload } from './model-builder';

function pods(name: string, labels: Record<string, string>, annotations: Record<string, string> = {}, of = 'shop') {
  return service(name, { namespace: of, versions: [version('v1', { workload: workload(name, { namespace: of, podLabels: labels, podAnnotations: annotations }) })] });
}

function namespace(labels: Record<string, string>, name = 'shop') {
  return object('Namespace', name, { body: { metadata: { name, labels } } });
}

test('a pod that asks for a sidecar where the others have none', () => {
  expect(lines(mixedDataPlanes, { mesh: ambient(), services: [pods('orders', { 'sidecar.istio.io/inject': 'true' })] })).toEqual([
    '[shop/orders] the pods of Deployment orders ask for a sidecar, and namespace shop is in ambient mode (sidecar.istio.io/inject is true). '
    + 'Take sidecar.istio.io/inject away; or leave shop in sidecarNamespaces of the provider until all of it can move.',
  ]);
});

const INJECT = 'sidecar.istio.io/inject';

test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ['nothing said', {}, {}, []],
  ['the annotation asks', {}, { [INJECT]: 'true' }, ['KIA1316']],
  ['the label refuses, and is stronger', { [INJECT]: 'false' }, { [INJECT]: 'true' }, []],
  ['the label asks, and is stronger', { [INJECT]: 'true' }, { [INJECT]: 'false' }, ['KIA1316']],
  ['a label for ambient mode', { 'istio.io/dataplane-mode': 'ambient' }, {}, []],
])('in ambient mode: %s', (_, labels, annotations, codes) => {
  expect(found(mixedDataPlanes, { mesh: ambient(), services: [pods('orders', labels, annotations)] }).flatMap(({ catalogue }) => catalogue)).toEqual(codes);
});

test.each<[Record<string, string>, string[]]>([
  [{ 'istio.io/dataplane-mode': 'ambient' }, ['KIA1315']],
  [{ 'istio.io/dataplane-mode': 'none' }, []],
  [{ [INJECT]: 'true' }, []],
])('where sidecars are left: %j', (labels, codes) => {
  expect(found(mixedDataPlanes, { mesh: ambient({ sidecarNamespaces: ['shop'] }), services: [pods('orders', labels)] }).flatMap(({ catalogue }) => catalogue)).toEqual(codes);
});

test.each<[string, Record<string, string>, boolean, Severity | undefined]>([
  ['ambient alone', { 'istio.io/dataplane-mode': 'ambient' }, true, undefined],
  ['nothing', {}, true, undefined],
  ['sidecars refused', { 'istio-injection': 'disabled' }, true, undefined],
  ['both', { 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, false, Severity.WARNING],
  ['both, and pods of others', { 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, true, Severity.ERROR],
  ['a revision', { 'istio.io/rev': 'next' }, false, Severity.WARNING],
])('a namespace in ambient mode: %s', (_, labels, outside, severity) => {
  const services = [pods('orders', {}), ...outside ? [service('others', { podLabels: { app: 'others' } })] : []];
  const findings = found(mixedDataPlanes, { mesh: ambient(), services, objects: [namespace(labels), namespace(labels, 'elsewhere')] });
  expect(findings.map((finding) => [finding.severity, finding.catalogue])).toEqual(severity === undefined ? [] : [[severity, ['KIA1311']]]);
});

test('a namespace of the list that the program does not have', () => {
  const services = [pods('orders', {}), pods('old', {}, {}, 'old')];
  const mesh = ambient({ sidecarNamespaces: ['old', 'outside', 'empty', 'odl'] });
  const namespaces = [{ origin: 'shop/ns', name: 'empty', labels: {}, injected: true }];
  expect(lines(mixedDataPlanes, { mesh, services, externals: [external('pay', { namespace: 'outside' })], namespaces })).toEqual([
    '[shop/mesh] sidecarNamespaces names odl, and the program has nothing there (its services are in shop). '
    + 'Correct the name, or take it out once the namespace has moved.',
  ]);
});

test('a mesh with sidecars has one data plane', () => {
  expect(found(mixedDataPlanes, { services: [pods('orders', { [INJECT]: 'true', 'istio.io/dataplane-mode': 'ambient' })], objects: [namespace({ 'istio-injection': 'enabled' })] })).toEqual([]);
});
