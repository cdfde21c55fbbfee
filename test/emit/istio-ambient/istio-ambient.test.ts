import { istio } from '../../../src/emit/istio';
import { istioAmbient } from '../../../src/emit/istio-ambient';
import type { AmbientNode } from '../../../src/model/ambient';
import type { MeshModel, MeshNode, ServiceNode } from '../../../src/model/mesh-model';
import { hasWaypoint } from '../../../src/model/waypoint';
import { ambient } from '../../checks/ambient-builder';
import { delivered, FLAGGER } from '../../checks/canary-builder';
import { STRICT } from '../../checks/security-builder';
import fc from '../../support/fc';
import { type Manifest, schemaErrors } from '../../support/schemas';
import { anyModel } from '../arbitrary';
import { aModel, aPort, aRoute, aService, aVersion, anExternal, prefix, retry } from '../model';
import { allManifests, manifestsOf } from '../resources';

const mesh = (rest: Partial<AmbientNode> = {}): Partial<MeshNode> => ({ ...ambient(rest), gatewayChannel: 'experimental' });
const named = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => `${kind} ${(metadata as any).name}`);

function written(node: ServiceNode, rest: Partial<AmbientNode> = {}): Manifest[] {
  const manifests = manifestsOf(istioAmbient.service, node, aModel({ services: [node], mesh: mesh(rest) }));
  expect(manifests.flatMap(schemaErrors)).toEqual([]);
  return manifests;
}

test('a service without wishes has what Kubernetes needs, and nothing of a proxy', () => {
  const manifests = written(aService('orders'));
  expect(named(manifests)).toEqual(['Service orders', 'ServiceAccount orders']);
  expect(JSON.stringify(manifests)).not.toContain('waypoint');
  expect(istioAmbient.provider).toBe('istio-ambient');
});

test('a service that asks for more has its route, its policy and the label of its waypoint', () => {
  const manifests = written(aService('orders', { retry: retry(2, { on: ['status:503'] }), deadline: 3000 }));
  expect(named(manifests)).toEqual(['Service orders', 'ServiceAccount orders', 'HTTPRoute orders', 'DestinationRule orders']);
  expect(manifests[0].metadata).toMatchObject({ labels: { 'istio.io/use-waypoint': 'waypoint', 'istio.io/ingress-use-waypoint': 'true' } });
  expect(manifests[2].spec).toEqual({
    parentRefs: [{ group: '', kind: 'Service', name: 'orders' }],
    rules: [expect.objectContaining({
      backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 80 }], timeouts: { request: '3s' }, retry: { attempts: 2, codes: [503] },
    })],
  });
});

test('what is not asked for is said as well where a waypoint stands, or it would retry in silence', () => {
  const route = written(aService('orders', { routes: [aRoute('a', [prefix('/a')])] })).find(({ kind }) => kind === 'HTTPRoute')!;
  expect((route.spec as any).rules).toMatchObject([{ timeouts: { request: '15s' }, retry: { attempts: 0 } }, { timeouts: { request: '15s' }, retry: { attempts: 0 } }]);
});

test('Flagger writes the route, and is given policies for the Services that it makes', () => {
  const circuitBreaker = { pool: { maxConnections: 7 }, ejection: 'off' as const };
  const manifests = written(delivered('orders', { engine: FLAGGER }, { circuitBreaker }));
  expect(named(manifests)).toEqual(['Service orders', 'ServiceAccount orders', 'DestinationRule orders-primary-policy', 'DestinationRule orders-canary-policy']);
  expect(manifests[0].metadata).toMatchObject({ labels: { 'istio.io/use-waypoint': 'waypoint' } });
  expect(manifests[0].spec).not.toHaveProperty('selector');
  expect(manifests.slice(2).map(({ spec }: any) => [spec.host, spec.trafficPolicy.connectionPool.tcp.maxConnections])).toEqual([
    ['orders-primary.shop.svc.cluster.local', 7], ['orders-canary.shop.svc.cluster.local', 7],
  ]);
  // What a namespace with sidecars is written is the business of the engine's own resource.
  expect(named(written(delivered('orders', { engine: FLAGGER }), { sidecarNamespaces: ['shop'] })).filter((name) => name.startsWith('DestinationRule'))).toEqual([]);
});

test('versions are Services with policies of their own, and no subsets', () => {
  const manifests = written(aService('orders', {
    split: { v1: 90, v2: 10 },
    versions: [aVersion('v1'), aVersion('v2', { circuitBreaker: { pool: { maxConnections: 7 }, ejection: 'off' } })],
  }));
  expect(named(manifests)).toEqual([
    'Service orders', 'ServiceAccount orders', 'Service orders-v1', 'Service orders-v2', 'HTTPRoute orders', 'DestinationRule orders', 'DestinationRule orders-v1', 'DestinationRule orders-v2',
  ]);
  const rules = manifests.filter(({ kind }) => kind === 'DestinationRule').map(({ spec }) => spec as any);
  expect(rules.map(({ host }) => host)).toEqual(['orders.shop.svc.cluster.local', 'orders-v1.shop.svc.cluster.local', 'orders-v2.shop.svc.cluster.local']);
  expect(rules.map(({ trafficPolicy }) => [trafficPolicy.connectionPool?.tcp.maxConnections, trafficPolicy.outlierDetection !== undefined]))
    .toEqual([[undefined, true], [undefined, true], [7, false]]);
  expect(JSON.stringify(rules)).not.toContain('subsets');
  // Nobody but the waypoint leads to a version, and requests to it come from there.
  expect(manifests.slice(2, 4).map(({ metadata }) => (metadata as any).labels)).toEqual([undefined, undefined]);
});

test('where waypoints are not allowed nothing of them is written', () => {
  expect(named(written(aService('orders', { deadline: 1000 }), { waypoints: 'never' }))).toEqual(['Service orders', 'ServiceAccount orders']);
});

test('one waypoint a namespace, as soon as a member asks for one', () => {
  const [waypoint] = istioAmbient.shared!;
  const of = (rest: Partial<MeshNode>) => {
    const model = aModel({ mesh: { ...mesh(), ...rest } });
    return { exists: (node: Parameters<typeof waypoint.exists>[0]) => waypoint.exists(node, model.mesh), model };
  };
  const { exists, model } = of({});
  expect([aService('plain'), aService('timed', { deadline: 1 }), anExternal('plain'), anExternal('tls', { originateTls: true })].map(exists))
    .toEqual([false, true, false, true]);
  const manifest = {
    apiVersion: waypoint.apiVersion, kind: waypoint.kind, metadata: { name: waypoint.nameOf!(aService('timed'), model.mesh), namespace: 'shop' },
    spec: waypoint.spec!({ name: 'shop' }, model),
  };
  expect(manifest).toEqual({
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'waypoint', namespace: 'shop' },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  });
  expect(schemaErrors(manifest as Manifest)).toEqual([]);
  expect(waypoint.labels!(aService('a'), of({ revision: 'next' }).model.mesh)).toEqual({ 'istio.io/rev': 'next' });
  expect(waypoint.labels!(aService('a'), model.mesh)).toEqual({});
});

test('namespaces and pods: in ambient mode, out of it, or with sidecars', () => {
  const labels = (name: string, rest: Partial<AmbientNode> = {}) => manifestsOf(
    istioAmbient.namespace, { origin: name, name, labels: {}, injected: true }, aModel({ mesh: mesh(rest) }),
  )[0].metadata;
  expect(labels('shop')).toMatchObject({ labels: { 'istio.io/dataplane-mode': 'ambient' } });
  expect(labels('old', { sidecarNamespaces: ['old'] })).toMatchObject({ labels: { 'istio-injection': 'enabled' } });
  const pod = (node: ServiceNode) => istioAmbient.pod(node, node.versions[0], aModel({ services: [node], mesh: mesh() }));
  expect(pod(aService('orders'))).toEqual({ labels: { 'istio.io/dataplane-mode': 'ambient', 'sidecar.istio.io/inject': 'false' }, annotations: {} });
  expect(pod(aService('orders', { meshed: false })).labels).toEqual({ 'istio.io/dataplane-mode': 'none', 'sidecar.istio.io/inject': 'false' });
});

test('namespaces that still have sidecars are written as Istio with sidecars writes them', () => {
  const moving = { sidecarNamespaces: ['shop'] };
  const orders = aService('orders', {
    zeroTrust: STRICT, routes: [aRoute('a', [prefix('/a')])], callees: ['shop/web'],
    versions: [aVersion('v1', { circuitBreaker: { pool: { maxConnections: 7 }, ejection: 'off' } })],
  });
  const services = [orders, aService('web')];
  const before = manifestsOf(istio.service, orders, aModel({ services }));
  const now = manifestsOf(istioAmbient.service, orders, aModel({ services, mesh: mesh(moving) }));
  // A tunnel leads to them, too, which the network has to let through.
  const rest = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind !== 'NetworkPolicy');
  expect(rest(now)).toEqual(rest(before));
  expect(istioAmbient.pod(orders, orders.versions[0], aModel({ services, mesh: mesh(moving) })))
    .toEqual(istio.pod(orders, orders.versions[0], aModel({ services })));
});

test('while sidecars are left, every service has what they read, and versions have Services', () => {
  const moving = { sidecarNamespaces: ['old'] };
  expect(named(written(aService('orders'), moving))).toEqual(['Service orders', 'ServiceAccount orders', 'HTTPRoute orders', 'DestinationRule orders']);
  const versions = [aVersion('v1'), aVersion('v2')];
  const [, , , , , own] = written(aService('orders', { versions }), moving);
  expect((own.spec as any).subsets).toHaveLength(2);
  expect(named(written(aService('ledger.old', { versions }), moving))).toEqual(expect.arrayContaining(['Service ledger-v1', 'Service ledger-v2', 'VirtualService ledger']));
});

describe('external services', () => {
  const external = (rest: Parameters<typeof anExternal>[1]) => {
    const node = anExternal('pay', rest);
    const manifests = manifestsOf(istioAmbient.external, node, aModel({ externals: [node], mesh: mesh() }));
    expect(manifests.flatMap(schemaErrors)).toEqual([]);
    return manifests;
  };

  test('without wishes an entry is enough', () => {
    expect(named(external({ hosts: ['a.example.com', 'b.example.com'] }))).toEqual(['ServiceEntry pay']);
  });

  test('with wishes it has a route, and every host an entry of its own', () => {
    const manifests = external({ hosts: ['a.example.com', 'b.example.com'], originateTls: true, deadline: 1000 });
    expect(named(manifests)).toEqual([
      'ServiceEntry pay', 'ServiceEntry pay-b.example.com', 'DestinationRule pay', 'DestinationRule pay-b.example.com', 'HTTPRoute pay', 'HTTPRoute pay-b.example.com',
    ]);
    expect(manifests.slice(0, 2).map(({ spec }) => (spec as any).hosts)).toEqual([['a.example.com'], ['b.example.com']]);
    expect(manifests[0].metadata).toMatchObject({ labels: { 'istio.io/use-waypoint': 'waypoint' } });
    expect(manifests[5].spec).toEqual({
      parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'pay-b.example.com' }],
      rules: [{
        backendRefs: [{ group: 'networking.istio.io', kind: 'Hostname', name: 'b.example.com', port: 80 }], timeouts: { request: '1s' }, retry: { attempts: 0 },
      }],
    });
  });

  test('ports are told apart, and only HTTP has routes; none lead below a wildcard', () => {
    const ports = [aPort('http', 80), aPort('http2', 8080), aPort('tls', 443)];
    const manifests = external({ ports, deadline: 1000 });
    expect(named(manifests)).toEqual(['ServiceEntry pay', 'HTTPRoute pay-http', 'HTTPRoute pay-http2']);
    expect((manifests[2].spec as any).parentRefs).toEqual([{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'pay', port: 8080 }]);
    expect(named(external({ hosts: ['*.example.com'], deadline: 1000 }))).toEqual(['ServiceEntry pay']);
  });
});

describe('of any program', () => {
  const always = (property: (manifests: Manifest[], model: MeshModel) => void) => fc.assert(fc.property(anyModel, (model) => {
    const moved = { ...model, mesh: { ...model.mesh, ...mesh() } };
    property(allManifests(istioAmbient, moved), moved);
  }), { numRuns: 60 });

  test('manifests are as the schemas say', () => {
    // TCPRoutes came to v1 with definitions that are newer than those at hand.
    always((manifests) => expect(manifests.filter(({ kind }) => kind !== 'TCPRoute').flatMap(schemaErrors)).toEqual([]));
  });

  test('only services with a waypoint have the label, a route and a policy', () => {
    always((manifests, model) => {
      for (const service of model.services) {
        const of = manifests.filter(({ metadata }) => (metadata as any).name === service.name && (metadata as any).namespace === service.namespace);
        const labelled = of.some(({ kind, metadata }) => kind === 'Service' && (metadata as any).labels?.['istio.io/use-waypoint'] !== undefined);
        expect([labelled, of.some(({ kind }) => kind === 'VirtualService' || kind === 'Sidecar')]).toEqual([
          hasWaypoint(service, model.mesh) && !service.existing && service.ports.length > 0, false,
        ]);
      }
    });
  });
});
