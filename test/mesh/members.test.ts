import { Chart } from 'cdk8s';
import { CircuitBreaker, ExternalService, LoadBalancing, MeshNamespace, MeshPort, MeshService } from '../../src';
import { service, shop, workload } from '../support/shop';

const model = (member: MeshService) => member.mesh._members.model(7);
const node = (member: MeshService) => model(member).serviceById.get(member.calleeId)!;

test('the model holds everything, in order of declaration', () => {
  const program = shop();
  const { app, chart, mesh } = program;
  const web = service(program, 'web');
  const other = new Chart(app, 'other', { namespace: 'other' });
  const orders = service({ chart: other, mesh }, 'orders');
  const stripe = new ExternalService(chart, 'stripe', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });
  new MeshNamespace(chart, 'shop', { mesh });
  web.calls(orders, { times: 2 });
  web.calls(stripe);
  orders.calls(stripe);
  const built = model(web);
  expect(built.revision).toBe(7);
  expect(built.mesh).toBe(mesh._node);
  expect(built.services.map(({ id, host, origin }) => [id, host, origin])).toEqual([
    ['shop/web', 'web.shop.svc.cluster.local', 'shop/web'], ['other/orders', 'orders.other.svc.cluster.local', 'other/orders'],
  ]);
  expect(built.externals.map(({ id }) => id)).toEqual(['shop/stripe']);
  expect(built.namespaces.map(({ name }) => name)).toEqual(['shop']);
  expect(built.calls.map(({ caller, callee, times }) => [caller, callee, times])).toEqual([
    ['shop/web', 'other/orders', 2], ['shop/web', 'shop/stripe', 1], ['other/orders', 'shop/stripe', 1],
  ]);
  expect(built.serviceById.get('other/orders')).toBe(built.services[1]);
  expect(built.externalById.get('shop/stripe')).toBe(built.externals[0]);
  expect(built.callsFrom.get('shop/web')).toHaveLength(2);
  expect(built.callsTo.get('shop/stripe')).toEqual([built.calls[1], built.calls[2]]);
  expect(built.callsTo.get('shop/web')).toBeUndefined();
  expect(built.objects.map(({ origin, ours }) => [origin, ours])).toContainEqual(['shop/web-pods', false]);
  expect(built.objects.map(({ origin, ours }) => [origin, ours])).toContainEqual(['shop/web/Service', true]);
});

test('the snapshot of a service and of its versions has whatever they declare', () => {
  const program = shop();
  const orders = service(program, 'orders');
  orders.addVersion('v2', {
    labels: { track: 'new' }, circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 1 } }), loadBalancing: LoadBalancing.roundRobin(),
  });
  const { versions, ...declared } = orders._declaration;
  const { versions: snapshots, ...snapshot } = node(orders);
  expect(Object.keys(snapshot)).toEqual(expect.arrayContaining(Object.keys(declared)));
  versions.forEach((version, index) => expect(snapshots[index]).toMatchObject(version));
});

test('a snapshot does not grow with the program', () => {
  const program = shop();
  const web = service(program, 'web');
  const before = model(web);
  web.addVersion('v2', { workload: workload(program.chart, 'v2') });
  web.addRoute('main', {});
  web.calls(service(program, 'orders'));
  expect(before.services).toHaveLength(1);
  const [{ versions, routes, callees }] = before.services;
  expect([versions, routes, callees, before.calls].map(({ length }) => length)).toEqual([1, 0, 0, 0]);
});

test('snapshots are frozen', () => {
  const web = service(shop(), 'web');
  const built = model(web);
  const [first] = built.services;
  for (const part of [built, built.services, first, first.versions, first.selector, built.mesh, built.objects]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('listeners hear of services that are there and that come', () => {
  const program = shop();
  const first = service(program, 'first');
  const heard: unknown[] = [];
  program.mesh._members.eachService((member) => heard.push(member));
  const second = service(program, 'second');
  expect(heard).toEqual([first, second]);
});

describe('labels', () => {
  test('pods are selected by app, and told apart by version', () => {
    const web = service(shop(), 'web');
    expect(node(web)).toMatchObject({ selector: { app: 'web' }, versions: [{ name: 'v1', subset: 'v1', selector: { version: 'v1' } }] });
  });

  test('an app label that pods carry stays theirs', () => {
    const program = shop();
    const web = service(program, 'web', { workload: workload(program.chart, 'pods', { labels: { app: 'frontend' } }) });
    web.addVersion('v2', { workload: workload(program.chart, 'v2') });
    expect(node(web).selector).toEqual({ app: 'frontend' });
  });

  test('pods of another maker are known by the labels that are given', () => {
    expect(node(service(shop(), 'web', { podLabels: { 'k8s-app': 'dns' } }))).toMatchObject({ selector: { 'k8s-app': 'dns' }, hasWorkload: false });
  });

  test('a version that is not named takes the name that its pods carry, and no other version does', () => {
    const program = shop();
    const web = service(program, 'web', { workload: workload(program.chart, 'pods', { labels: { version: 'blue' } }) });
    web.addVersion('v2', { workload: workload(program.chart, 'v2', { labels: { version: 'green' } }) });
    expect(node(web).versions.map(({ name, subset, selector }) => [name, subset, selector])).toEqual([
      ['blue', 'blue', { version: 'blue' }], ['v2', 'v2', { version: 'v2' }],
    ]);
  });

  test('a named version keeps its name', () => {
    const program = shop();
    const web = service(program, 'web', { version: 'v1', workload: workload(program.chart, 'pods', { labels: { version: 'blue' } }) });
    expect(node(web).versions[0]).toMatchObject({ name: 'v1', subset: 'v1', selector: { version: 'v1' } });
  });

  test('a subset keeps its own name whatever the pods carry, and the default one where a subset could not be called so', () => {
    const program = shop();
    const named = service(program, 'named', { subset: 'stable', workload: workload(program.chart, 'a', { labels: { version: 'blue' } }) });
    expect(node(named).versions[0]).toMatchObject({ name: 'blue', subset: 'stable' });
    const dotted = service(program, 'dotted', { workload: workload(program.chart, 'b', { labels: { version: '1.0.3' } }) });
    expect(node(dotted).versions[0]).toMatchObject({ name: '1.0.3', subset: 'v1', selector: { version: '1.0.3' } });
  });

  test('further labels of a version stand beside its name', () => {
    const program = shop();
    const web = service(program, 'web');
    web.addVersion('v2', { workload: workload(program.chart, 'v2'), labels: { track: 'canary' } });
    expect(node(web).versions[1].selector).toEqual({ version: 'v2', track: 'canary' });
  });
});

describe('accounts', () => {
  const accountOf = (id: string, program = shop()) => workload(program.chart, id, { spec: { serviceAccountName: id } });

  test('are the service\'s own', () => {
    expect(node(service(shop(), 'web')).accounts).toEqual(['web']);
  });

  test('are the workloads\' own where they name any', () => {
    const program = shop();
    const web = service(program, 'web', { workload: accountOf('robot', program) });
    web.addVersion('v2', { workload: workload(program.chart, 'v2') });
    web.addVersion('v3', { workload: accountOf('robot-v3', program) });
    expect(node(web).accounts).toEqual(['robot', 'web', 'robot-v3']);
    expect(node(web).versions.map(({ account }) => account)).toEqual(['robot', 'web', 'robot-v3']);
  });

  test('are what the program says', () => {
    expect(node(service(shop(), 'web', { serviceAccountName: 'team.web' })).accounts).toEqual(['team.web']);
  });

  test('of pods from elsewhere are the default one', () => {
    expect(node(service(shop(), 'web', { podLabels: { app: 'web' } })).accounts).toEqual(['default']);
  });
});

describe('two services of the same pods', () => {
  test('share their labels and their account, whichever is asked', () => {
    const program = shop();
    const pods = workload(program.chart, 'pods', { workload: { replicas: 2 } });
    const web = service(program, 'web', { workload: pods });
    const admin = service(program, 'web-admin', { workload: pods });
    for (let build = 0; build < 2; build++) {
      expect(node(web)).toMatchObject({ selector: { app: 'web' }, accounts: ['web'], pods: { min: 2, max: 2 } });
      expect(node(admin)).toMatchObject({ selector: { app: 'web' }, accounts: ['web'], pods: { min: 2, max: 2 }, versions: [{ name: 'v1' }] });
    }
  });

  test('in two versions are an error', () => {
    const program = shop();
    const pods = workload(program.chart, 'pods');
    service(program, 'web', { workload: pods, version: 'v1' });
    const admin = service(program, 'web-admin', { workload: pods, version: 'v2' });
    expect(program.mesh.findings.filter(({ construct, severity }) => severity === 'error' && construct === admin.node.path).map(({ code }) => code))
      .toEqual(['MESH910']);
  });
});
