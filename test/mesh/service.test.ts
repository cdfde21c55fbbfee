import { App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { CircuitBreaker, LoadBalancing, Mesh, MeshPort, MeshProvider, MeshService, MeshServiceProps, Replicas, Retry, RouteMatch } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, service, shop, workload } from '../support/shop';

const made = (props: Partial<MeshServiceProps>) => service(shop(), 'orders', props);
const refused = (props: Partial<MeshServiceProps>) => refusal(() => made(props)).replace(/^shop\/orders: /, '');

const LOWER = 'it must hold only lower-case letters, digits and hyphens, and starts and ends with a letter or digit';
const ACCEPTS = 'give a name that Kubernetes accepts';

describe('a service', () => {
  test('takes its name from its id, and its namespace from the chart', () => {
    const orders = made({});
    expect([orders.serviceName, orders.calleeId, orders.mesh.node.path]).toEqual(['orders', 'shop/orders', 'shop/mesh']);
    expect(orders._declaration).toMatchObject({
      id: 'shop/orders', origin: 'shop/orders', name: 'orders', namespace: 'shop', headless: false, existing: false, hasWorkload: true, runsToCompletion: false,
      routes: [], split: undefined, retry: undefined, deadline: undefined, egress: 'auto', callees: [], serviceAccount: undefined,
      ports: [{ name: 'http', number: 8080, containerPort: 8080, protocol: 'http', streaming: false }],
    });
  });

  test('keeps what it is told', () => {
    expect(made({
      name: 'orders-2', namespace: 'other', headless: true, language: 'go', replicas: Replicas.exactly(2), serviceAccountName: 'robot', retry: Retry.upTo(1),
      deadline: Duration.seconds(2), circuitBreaker: CircuitBreaker.withoutEjection(), loadBalancing: LoadBalancing.random(), version: '2.0', subset: 'stable',
    })._declaration).toMatchObject({
      id: 'other/orders-2', name: 'orders-2', namespace: 'other', headless: true, language: 'go', replicas: { min: 2, max: 2 }, serviceAccount: 'robot',
      retry: { retries: 1 }, deadline: 2000, circuitBreaker: { ejection: 'off' }, loadBalancing: { algorithm: { kind: 'random' } },
      versions: [{ name: '2.0', subset: 'stable' }],
    });
  });

  test.each([['Job', true], ['CronJob', true], ['StatefulSet', false]])('of a %s runs to completion: %s', (kind, ends) => {
    const program = shop();
    expect(service(program, 'orders', { workload: workload(program.chart, 'pods', { kind }) })._declaration.runsToCompletion).toBe(ends);
  });

  test('without ports writes no Service', () => {
    const program = shop();
    service(program, 'worker', { ports: [] }).calls(service(program, 'orders'));
    expect(Testing.synth(program.chart).filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toEqual(['orders']);
  });

  test('without a namespace fails the synth, and is never in default', () => {
    const app = new App();
    const chart = new Chart(app, 'shop');
    service({ chart, mesh: new Mesh(app, 'mesh', { provider: MeshProvider.istio(), adoption: FULL_MESH }) }, 'orders');
    expect(refusal(() => app.synthYaml())).toMatch(/\n {2}\[shop\/orders\] MESH906 /);
  });

  test('belongs into a chart', () => {
    const app = new App();
    const mesh = new Mesh(app, 'mesh', { provider: MeshProvider.istio() });
    expect(refusal(() => new MeshService(app, 'orders', { mesh, podLabels: { app: 'a' } }))).toContain('cannot find a parent chart');
  });
});

describe('refuses', () => {
  const SERVICE = 'it must hold only lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit';

  test.each<[Partial<MeshServiceProps>, string]>([
    [{ name: '2-orders' }, `name is "2-orders"; ${SERVICE}; ${ACCEPTS}`],
    [{ name: 'a'.repeat(64) }, `name is "${'a'.repeat(64)}"; it has 64 characters, and at most 63 are allowed; ${ACCEPTS}`],
    [{ namespace: 'Shop' }, `namespace is "Shop"; ${LOWER}; ${ACCEPTS}`],
    [{ serviceAccountName: 'a..b' }, 'serviceAccountName is "a..b"; it must hold only lower-case letters, digits, hyphens and dots, and each part between dots '
      + `starts and ends with a letter or digit; ${ACCEPTS}`],
    [{ podLabels: {} }, 'podLabels is {}; name at least one label: without any, every pod of the namespace would be selected'],
    [{ podLabels: { 'a/b/c': 'd' } }, 'podLabels is "a/b/c"; it must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or '
      + `digit; ${ACCEPTS}`],
    [{ podLabels: { app: '-' } }, 'podLabels.app is "-"; it must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or '
      + `digit; ${ACCEPTS}`],
    [{ ports: [MeshPort.http(80), MeshPort.http(80)] }, 'ports[1].port is 80; it is there already; give every port once'],
    [{ deadline: Duration.seconds(0) }, 'deadline is 0 seconds; give a duration longer than 0'],
    [{ version: '' }, 'version is ""; it is empty; give a name that fits a label'],
    [{ version: 'a b' }, 'version is "a b"; it must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or digit; '
      + 'give a name that fits a label'],
    [{ version: 'V1' }, `subset is "V1"; ${LOWER}; give another name`],
    [{ subset: 'a.b' }, `subset is "a.b"; ${LOWER}; give another name`],
  ])('%j', (props, message) => {
    expect(refused(props)).toBe(message);
  });

  test('an id that Kubernetes refuses, when no name is given', () => {
    expect(refusal(() => service(shop(), 'Orders', { podLabels: { app: 'orders' } }))).toBe(`shop/Orders: name is "Orders"; ${SERVICE}; ${ACCEPTS}`);
  });

  test('neither pods nor labels, and both', () => {
    const { chart, mesh } = shop();
    expect(refusal(() => new MeshService(chart, 'orders', { mesh })))
      .toBe('shop/orders: workload is undefined; give a workload, or podLabels of pods that something else makes');
    expect(refusal(() => new MeshService(chart, 'web', { mesh, workload: workload(chart, 'pods'), podLabels: { app: 'web' } })))
      .toBe('shop/web: workload is "shop/pods"; leave out podLabels: the pods are those of the workload');
  });

  test('what is no workload', () => {
    const { chart, mesh } = shop();
    expect(refusal(() => new MeshService(chart, 'orders', { mesh, workload: mesh })))
      .toBe('shop/orders: workload is "shop/mesh"; give a cdk8s-plus construct or an ApiObject');
  });
});

describe('a version', () => {
  test('has a subset of its own name unless another is given', () => {
    const program = shop();
    const orders = service(program, 'orders');
    orders.addVersion('v2', { workload: workload(program.chart, 'v2') });
    orders.addVersion('2.1', { subset: 'canary', labels: { track: 'canary' }, circuitBreaker: CircuitBreaker.withoutEjection(), loadBalancing: LoadBalancing.random() });
    expect(orders._declaration.versions).toMatchObject([
      { name: 'v1', subset: 'v1', labels: {} }, { name: 'v2', subset: 'v2', labels: {} },
      {
        name: '2.1', subset: 'canary', origin: 'shop/orders', labels: { track: 'canary' }, circuitBreaker: { ejection: 'off' },
        loadBalancing: { algorithm: { kind: 'random' } },
      },
    ]);
  });

  const adding = (version: string, options: Parameters<MeshService['addVersion']>[1] = {}) => {
    const orders = made({ subset: 'stable' });
    orders.addVersion('v2', { subset: 'canary' });
    return refusal(() => orders.addVersion(version, options));
  };

  test('that is there already is refused, by version and by subset', () => {
    expect(adding('v2')).toBe('shop/orders: version is "v2"; it is there already; the service has v1, v2');
    expect(adding('v3', { subset: 'canary' })).toBe('shop/orders: subset is "canary"; it is there already; the service has stable, canary');
    expect(adding('stable')).toBe('shop/orders: subset is "stable"; it is there already; the service has stable, canary');
  });

  test('with labels that Kubernetes refuses is refused', () => {
    expect(adding('v3', { labels: { 'a b': 'c' } })).toContain('shop/orders: labels is "a b"; it must hold only ');
  });

  test('of the pods of another version is refused', () => {
    const program = shop();
    const pods = workload(program.chart, 'pods');
    const orders = service(program, 'orders', { workload: pods });
    expect(refusal(() => orders.addVersion('v2', { workload: pods })))
      .toBe('shop/orders: workload is "shop/pods"; its pods are those of version v1; give every version pods of its own');
  });

  test('that is refused leaves nothing behind', () => {
    const orders = made({});
    const pods = workload(orders.mesh.node.scope!, 'v2');
    expect(() => orders.addVersion('v2', { subset: 'A', workload: pods })).toThrow();
    expect(() => orders.addVersion('v2', { labels: { 'a b': 'c' }, workload: pods })).toThrow();
    expect(orders._workloads.size).toBe(1);
    orders.addVersion('v2', { workload: pods });
    expect(orders._declaration.versions).toHaveLength(2);
  });
});

describe('splits and routes', () => {
  test('the last split holds', () => {
    const orders = made({});
    orders.addVersion('v2');
    orders.split({ v1: 90, v2: 10 });
    orders.split({ v1: 50, v2: 50 });
    expect(orders._declaration.split).toEqual({ v1: 50, v2: 50 });
  });

  test('a wrong split is refused', () => {
    expect(refusal(() => made({}).split({ v1: 90, v2: 11 })))
      .toBe('shop/orders: split is {"v1":90,"v2":11}; let the shares add up to 100; they add up to 101');
    expect(refusal(() => made({}).split({ v1: 110, v2: -10 }))).toBe('shop/orders: split.v1 is 110; give a whole percentage from 0 to 100');
  });

  test('an unknown subset fails the synth', () => {
    const program = shop();
    service(program, 'orders').split({ v1: 90, v3: 10 });
    expect(refusal(() => program.app.synthYaml())).toMatch(/\n {2}\[shop\/orders\] MESH401 [^\n]*v3/);
  });

  test('routes keep their order', () => {
    const orders = made({});
    orders.addRoute('b', { matches: [RouteMatch.exact('/b')] });
    orders.addRoute('a', {});
    expect(orders._declaration.routes.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(orders._declaration.routes.every((route) => Object.isFrozen(route))).toBe(true);
  });

  test('a route\'s name is refused when it is taken or malformed', () => {
    const orders = made({});
    orders.addRoute('main', {});
    expect(refusal(() => orders.addRoute('main', {}))).toBe('shop/orders: route is "main"; give every route a name of its own');
    expect(refusal(() => orders.addRoute('Main', {}))).toBe(`shop/orders: route is "Main"; ${LOWER}; give another name`);
    expect(refusal(() => orders.addRoute('', {}))).toBe(`shop/orders: route is ""; ${LOWER}; give another name`);
  });
});

describe('the ServiceAccount', () => {
  const accounts = (chart: Chart) => Testing.synth(chart).filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
  const pods = (chart: Chart, id: string, account?: string) => (
    workload(chart, id, account === undefined ? {} : { spec: { serviceAccountName: account } })
  );
  const podSpecs = (chart: Chart) => Testing.synth(chart).filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template.spec.serviceAccountName);

  test('is written, and named in the pods', () => {
    const program = shop();
    service(program, 'orders');
    expect(accounts(program.chart)).toEqual(['orders']);
    expect(podSpecs(program.chart)).toEqual(['orders']);
  });

  test('is left to the program where it names one', () => {
    const program = shop();
    service(program, 'orders', { serviceAccountName: 'robot' });
    expect(accounts(program.chart)).toEqual([]);
    expect(podSpecs(program.chart)).toEqual(['robot']);
  });

  test('is dropped when the workload names its own', () => {
    const program = shop();
    service(program, 'orders', { workload: pods(program.chart, 'pods', 'robot') });
    expect(accounts(program.chart)).toEqual([]);
    expect(podSpecs(program.chart)).toEqual(['robot']);
  });

  test('is dropped when the workload names its own, even by the service\'s name', () => {
    const program = shop();
    service(program, 'orders', { workload: pods(program.chart, 'pods', 'orders') });
    expect(accounts(program.chart)).toEqual([]);
  });

  test('is dropped when the account is named after the hand-over', () => {
    const program = shop();
    const late = pods(program.chart, 'pods');
    service(program, 'orders', { workload: late });
    late.addJsonPatch(JsonPatch.add('/spec/template/spec/serviceAccountName', 'robot'));
    expect(accounts(program.chart)).toEqual([]);
  });

  test('is kept while one version has none, and comes back for one that is added', () => {
    const program = shop();
    const orders = service(program, 'orders', { workload: pods(program.chart, 'v1', 'robot') });
    expect(accounts(program.chart)).toEqual([]);
    orders.addVersion('v2', { workload: pods(program.chart, 'v2') });
    expect(accounts(program.chart)).toEqual(['orders']);
    expect(podSpecs(program.chart)).toEqual(['robot', 'orders']);
  });

  test('is not written for pods from elsewhere', () => {
    const program = shop();
    service(program, 'orders', { podLabels: { app: 'orders' } });
    expect(accounts(program.chart)).toEqual([]);
  });

  test('of two services of the same pods is one', () => {
    const program = shop();
    const shared = pods(program.chart, 'pods');
    service(program, 'orders', { workload: shared });
    service(program, 'orders-headless', { workload: shared, headless: true });
    expect(accounts(program.chart)).toEqual(['orders']);
    const services = Testing.synth(program.chart).filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata, spec }) => [metadata.name, spec.clusterIP, spec.selector])).toEqual([
      ['orders', undefined, { app: 'orders' }], ['orders-headless', 'None', { app: 'orders' }],
    ]);
  });
});
