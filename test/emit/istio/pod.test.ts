import { injectionLabels, pod } from '../../../src/emit/istio/pod';
import type { MeshNode, ServiceNode, WorkloadNode } from '../../../src/model/mesh-model';
import { aMesh, aModel, aService, aVersion, aWorkload } from '../model';

function added(
  workload: Partial<WorkloadNode> = {}, mesh: Partial<MeshNode> = {}, proxyResources: ServiceNode['proxyResources'] = { kind: 'installation' },
) {
  const version = aVersion('v1', { workload: aWorkload(workload) });
  const orders = aService('orders', { versions: [version], proxyResources });
  return pod(orders, version, aModel({ services: [orders], mesh }));
}

const PROBES = { 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' };
const HOLD = { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' };

test('pods get a proxy that is there before the application, and probes that work', () => {
  expect(added()).toStrictEqual({ labels: { 'sidecar.istio.io/inject': 'true' }, annotations: { ...PROBES, ...HOLD } });
});

test('pods that something else makes get the same', () => {
  const orders = aService('orders', { proxyResources: { kind: 'installation' } });
  expect(pod(orders, aVersion('v1'), aModel({ services: [orders] }))).toEqual(added());
});

test('pods that shall have no proxy yet say so, and nothing else, even in a namespace of the mesh', () => {
  const version = aVersion('v1', { workload: aWorkload({ podLabels: { 'sidecar.istio.io/inject': 'true' } }) });
  const legacy = aService('legacy', { versions: [version], meshed: false });
  const model = aModel({ services: [legacy], mesh: { revision: 'r' } });
  expect(pod(legacy, aVersion('v1'), model)).toStrictEqual({ labels: { 'sidecar.istio.io/inject': 'false' }, annotations: {} });
  expect(pod(legacy, version, model)).toStrictEqual({ labels: {}, annotations: {} });
});

test('a revision is named on the pod, too', () => {
  expect(added({}, { revision: '1-31' }).labels).toStrictEqual({ 'sidecar.istio.io/inject': 'true', 'istio.io/rev': '1-31' });
});

test('pods that end by themselves get a native sidecar', () => {
  expect(added({ runsToCompletion: true }).annotations).toStrictEqual({ ...PROBES, 'sidecar.istio.io/nativeSidecar': 'true' });
});

test('what the program says stays', () => {
  const podLabels = { 'sidecar.istio.io/inject': 'false', 'istio.io/rev': 'old' };
  const podAnnotations = {
    'sidecar.istio.io/rewriteAppHTTPProbers': 'false', 'sidecar.istio.io/nativeSidecar': 'false', 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: false',
  };
  expect(added({ podLabels, podAnnotations, runsToCompletion: true }, { revision: 'new' })).toStrictEqual({ labels: {}, annotations: {} });
  expect(added({ podAnnotations }).annotations).toStrictEqual({});
  expect(added({ podAnnotations: { 'sidecar.istio.io/inject': 'false' } }).labels).toStrictEqual({});
});

test.each([
  ['concurrency: 2', 'concurrency: 2\nholdApplicationUntilProxyStarts: true'],
  ['concurrency: 2\n', 'concurrency: 2\nholdApplicationUntilProxyStarts: true'],
  ['{"concurrency": 2}', '{"holdApplicationUntilProxyStarts": true, "concurrency": 2}'],
  ['{ concurrency: 2 }', '{"holdApplicationUntilProxyStarts": true, concurrency: 2 }'],
  ['{}', 'holdApplicationUntilProxyStarts: true'], ['', 'holdApplicationUntilProxyStarts: true'],
])('the proxy\'s configuration %j is kept: %j', (config, written) => {
  expect(added({ podAnnotations: { 'proxy.istio.io/config': config } }).annotations).toStrictEqual({ ...PROBES, 'proxy.istio.io/config': written });
});

describe('what the proxy may use', () => {
  const MIB = 1024 ** 2;
  const figures = { cpuRequest: 0.25, cpuLimit: 1, memoryRequest: 100 * MIB, memoryLimit: 0.5 * MIB };
  const resourcesIn = (annotations: Readonly<Record<string, string>>) => Object.entries(annotations)
    .flatMap(([key, value]) => key.startsWith('sidecar.istio.io/proxy') ? [`${key.slice('sidecar.istio.io/'.length)} ${value}`] : []);

  test('is written as stated, all four figures together', () => {
    expect(resourcesIn(added({}, {}, { kind: 'stated', ...figures }).annotations)).toEqual([
      'proxyCPU 250m', 'proxyCPULimit 1000m', 'proxyMemory 100Mi', 'proxyMemoryLimit 512Ki',
    ]);
  });

  test('is written as predicted where nothing is said, and not at all where the installation decides', () => {
    expect(resourcesIn(added({}, {}, { kind: 'predicted' }).annotations).map((line) => line.split(' ')[0])).toEqual([
      'proxyCPU', 'proxyCPULimit', 'proxyMemory', 'proxyMemoryLimit',
    ]);
    expect(resourcesIn(added().annotations)).toEqual([]);
  });

  test('is the program\'s as soon as it says one of them itself', () => {
    expect(resourcesIn(added({ podAnnotations: { 'sidecar.istio.io/proxyCPU': '1' } }, {}, { kind: 'predicted' }).annotations)).toEqual([]);
  });
});

test('adding twice adds nothing', () => {
  const { labels, annotations } = added({}, { revision: 'r' });
  expect(added({ podLabels: labels, podAnnotations: annotations }, { revision: 'r' })).toStrictEqual({ labels: {}, annotations: {} });
});

test('namespaces carry one label alone', () => {
  expect([injectionLabels(aMesh()), injectionLabels(aMesh({ revision: 'r' }))]).toEqual([{ 'istio-injection': 'enabled' }, { 'istio.io/rev': 'r' }]);
});
