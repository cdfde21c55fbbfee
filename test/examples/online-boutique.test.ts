import { build } from '../../examples/online-boutique/app';
import { CALLS, SERVICES } from '../../examples/online-boutique/services';
import { synthesized } from './synthesized';

const { mesh, manifests, find } = synthesized(build);
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const host = (name: string) => `${name}.online-boutique.svc.cluster.local`;

test('ten services of the shop, the cart\'s store and the load generator join the mesh', () => {
  expect(mesh.services.map(({ serviceName }) => serviceName)).toHaveLength(12);
  expect(ofKind('Deployment')).toHaveLength(12);
});

test('every service but the load generator has a Service, and the frontend a second one for the world', () => {
  const expected = SERVICES.filter(({ port }) => port !== undefined).map(({ name }) => name);
  expect(ofKind('Service').map(({ metadata }) => metadata.name).sort()).toEqual([...expected, 'frontend-external'].sort());
});

test.each(SERVICES.filter(({ port }) => port !== undefined))('$name is reached on its port, under a name that tells the protocol', ({ name, port }) => {
  const [written] = find('Service', name).spec.ports;
  expect(written).toMatchObject({ port: port!.port, targetPort: port!.containerPort, name: written.appProtocol });
  expect(written.appProtocol).toBe(name === 'redis-cart' ? 'redis' : name === 'frontend' ? 'http' : 'grpc');
});

test.each(SERVICES)('the proxies of $name are told of what it calls', ({ name }) => {
  const called = CALLS.filter(({ from }) => from === name).map(({ to }) => host(to));
  const hosts: string[] = find('Sidecar', name).spec.egress.flatMap((egress: { hosts: string[] }) => egress.hosts);
  const told = hosts.filter((entry) => entry.endsWith('.svc.cluster.local')).map((entry) => entry.split('/')[1]);
  expect(told.sort()).toEqual(called.sort());
});

test('the frontend alone may look up Google\'s metadata', () => {
  const telling = ofKind('Sidecar').filter(({ spec }) => JSON.stringify(spec).includes('metadata.google.internal'));
  expect(telling.map(({ metadata }) => metadata.name)).toEqual(['frontend']);
  expect(find('ServiceEntry', 'gce-metadata').spec.ports).toEqual([expect.objectContaining({ number: 80, protocol: 'HTTP' })]);
});

test('callers find every callee under the name and port of its Service', () => {
  for (const { from, to } of CALLS) {
    const { env } = find('Deployment', from).spec.template.spec.containers[0];
    const { address, port } = SERVICES.find(({ name }) => name === to)!;
    expect(env).toContainEqual({ name: address, value: `${to}:${port!.port}` });
  }
});

test('every request may take 15 s and is made once', () => {
  const routes = ofKind('VirtualService').flatMap(({ spec }) => spec.http ?? []);
  expect(routes.length).toBeGreaterThanOrEqual(10);
  for (const route of routes) {
    expect(route).toMatchObject({ timeout: '15s', retries: { attempts: 0 } });
  }
});
