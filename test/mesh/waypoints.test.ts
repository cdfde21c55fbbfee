import { ApiObject, App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { Deployment, Service } from 'cdk8s-plus-28';
import { ExternalService, JwtIssuer, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, RouteMatch, Waypoints, ZeroTrustPolicy } from '../../src';

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

const ports = [MeshPort.http(8080, { port: 80 })];

function shop(provider = MeshProvider.istioAmbient()) {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider });
  const service = (name: string, of = chart) => new MeshService(of, name, {
    mesh, ports, workload: new Deployment(of, `${name}-pods`, { metadata: { name }, containers: [{ image: 'shop:1.0', portNumber: 8080 }] }),
  });
  return { app, chart, mesh, service };
}

const named = (manifests: readonly any[]) => manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
const labels = (manifests: readonly any[], name: string) => manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name).metadata.labels;

test('a waypoint comes with the first wish, once a namespace, whenever it is said', () => {
  const { chart, service } = shop();
  const [orders, web] = [service('orders'), service('web')];
  expect(named(Testing.synth(chart)).filter((name) => name.startsWith('Gateway'))).toEqual([]);
  orders.addRoute('a', { matches: [RouteMatch.prefix('/a')] });
  web.addRoute('b', { matches: [RouteMatch.prefix('/b')] });
  const other = new Chart(chart, 'other', { namespace: 'other' });
  service('ledger', other).addRoute('c', { matches: [RouteMatch.prefix('/c')] });
  const written = Testing.synth(chart);
  expect(named([...written, ...Testing.synth(other)]).filter((name) => name.startsWith('Gateway'))).toEqual(['Gateway shop/waypoint', 'Gateway other/waypoint']);
  expect(labels(written, 'orders')).toEqual({ 'istio.io/use-waypoint': 'waypoint', 'istio.io/ingress-use-waypoint': 'true' });
  expect(labels(written, 'web')).toEqual(labels(written, 'orders'));
});

test('a service without wishes beside it has no label', () => {
  const { chart, service } = shop();
  service('orders').addRoute('a', { matches: [RouteMatch.prefix('/a')] });
  service('plain');
  expect(labels(Testing.synth(chart), 'plain')).toBeUndefined();
});

test('a policy that comes later, and calls that name requests, ask for one', () => {
  const { chart, service, mesh } = shop();
  const [orders, web] = [service('orders'), service('web')];
  web.calls(orders, { methods: ['GET'] });
  expect(named(Testing.synth(chart))).not.toContain('Gateway shop/waypoint');
  new ZeroTrustPolicy(chart, 'zero-trust', { mesh, sealEgress: false });
  const names = named(Testing.synth(chart));
  expect(names).toEqual(expect.arrayContaining(['Gateway shop/waypoint', 'AuthorizationPolicy shop/orders', 'AuthorizationPolicy shop/orders-waypoint', 'AuthorizationPolicy shop/web']));
  expect(names).not.toContain('AuthorizationPolicy shop/web-waypoint');
});

test('an external service asks for one in its own namespace', () => {
  const { chart, mesh } = shop();
  const outside = new Chart(chart, 'outside', { namespace: 'outside' });
  new ExternalService(outside, 'pay', { mesh, hosts: ['pay.example.com'], ports: [MeshPort.http(80)], deadline: Duration.seconds(2) });
  expect(Testing.synth(chart)).toEqual([]);
  expect(named(Testing.synth(outside))).toEqual(['ServiceEntry outside/pay', 'HTTPRoute outside/pay', 'Gateway outside/waypoint']);
});

test('what a namespace shares is written behind the namespace, in the chart of the first member that asks for it', () => {
  const app = new App();
  const mesh = new Mesh(app, 'mesh', { provider: MeshProvider.istioAmbient({ waypoints: Waypoints.whereNeeded({ name: 'gate' }) }) });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new MeshNamespace(chart, 'shop', { mesh });
  const orders = new MeshService(chart, 'orders', {
    mesh, ports, workload: new Deployment(chart, 'pods', { metadata: { name: 'orders' }, containers: [{ image: 'shop:1.0', portNumber: 8080 }] }),
  });
  orders.requireJwt(JwtIssuer.of('https://id.example.com', { audiences: ['shop'] }));
  const further = new Chart(app, 'further', { namespace: 'shop' });
  new ExternalService(further, 'pay', { mesh, hosts: ['pay.example.com'], ports: [MeshPort.http(80)], deadline: Duration.seconds(2) });
  expect(mesh.node.children).toEqual([]);
  const manifests = chart.toJson();
  expect(named(manifests)[0]).toBe('Namespace undefined/shop');
  expect(named(app.charts.flatMap((one) => one.toJson())).filter((name) => name.startsWith('Gateway'))).toEqual(['Gateway shop/gate']);
  expect(labels(manifests, 'orders')['istio.io/use-waypoint']).toBe('gate');
});

test('what a namespace shares can be patched as everything else', () => {
  const { chart, service } = shop();
  service('orders').addRoute('a', { matches: [RouteMatch.prefix('/a')] });
  ApiObject.of(chart.node.findChild('mesh-shared').node.findChild('shop').node.findChild('Waypoint'))
    .addJsonPatch(JsonPatch.add('/spec/infrastructure', { parametersRef: { group: '', kind: 'ConfigMap', name: 'waypoint' } }));
  expect(Testing.synth(chart).find(({ kind }) => kind === 'Gateway').spec.infrastructure.parametersRef.name).toBe('waypoint');
});

test('a Service of the program\'s own has to name its waypoint by itself', () => {
  const { chart, mesh } = shop();
  const pods = new Deployment(chart, 'pods', { metadata: { name: 'legacy' }, containers: [{ image: 'shop:1.0', portNumber: 8080 }] });
  const own = new Service(chart, 'service', { metadata: { name: 'legacy' }, selector: pods, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  MeshService.fromService(chart, 'legacy', { mesh, service: own, workload: pods, deadline: Duration.seconds(2) });
  expect(() => Testing.synth(chart)).toThrow(/MESH803 Service legacy has no label istio.io\/use-waypoint/);
  own.metadata.addLabel('istio.io/use-waypoint', 'waypoint');
  expect(named(Testing.synth(chart))).toEqual(expect.arrayContaining(['Gateway shop/waypoint', 'HTTPRoute shop/legacy']));
});

test('names that Istio or Kubernetes refuses', () => {
  expect(() => Waypoints.whereNeeded({ name: 'none' })).toThrow(/Waypoints.whereNeeded.*name.*none/);
  expect(() => Waypoints.whereNeeded({ name: 'Way' })).toThrow(/name/);
});
