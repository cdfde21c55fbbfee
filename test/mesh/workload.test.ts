import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Workload, apiObjectOf } from '../../src/mesh/workload';
import { refusal } from '../support/refusal';
import { shop, workload } from '../support/shop';

const chartOf = (): Chart => shop().chart;

describe('a workload is known by its ApiObject', () => {
  const { chart, mesh } = shop();

  test('whoever made it', () => {
    const raw = workload(chart, 'raw');
    expect(apiObjectOf(chart, 'workload', raw)).toBe(raw);
    expect(apiObjectOf(chart, 'workload', new kplus28.Deployment(chart, 'k28')).kind).toBe('Deployment');
    expect(apiObjectOf(chart, 'workload', new kplus33.StatefulSet(chart, 'k33', { containers: [{ image: 'db:1', portNumber: 5432 }] })).kind).toBe('StatefulSet');
  });

  test('what has none is refused', () => {
    expect(refusal(() => apiObjectOf(chart, 'workload', mesh))).toBe('shop: workload is "shop/mesh"; give a cdk8s-plus construct or an ApiObject');
  });
});

describe('reading', () => {
  test('keeps what the mesh must know', () => {
    const object = workload(chartOf(), 'web', {
      labels: { app: 'web' }, annotations: { 'example.com/a': 'b' }, selector: { app: 'web' }, workload: { replicas: 2 },
      spec: {
        serviceAccountName: 'web', hostNetwork: true, securityContext: { runAsUser: 1000 },
        containers: [{ name: 'web', image: 'web:1', securityContext: { runAsUser: 1337 }, ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9090 }],
          livenessProbe: { httpGet: { path: '/live?full=1', port: 'http' } }, readinessProbe: { grpc: { port: 9090 } }, startupProbe: { tcpSocket: { port: 8080 } } }],
        initContainers: [{ name: 'log', image: 'log:1', restartPolicy: 'Always', ports: [{ containerPort: 7070 }], livenessProbe: { exec: { command: ['true'] } } }],
      },
    });
    expect(new Workload(object).read()).toEqual({
      origin: 'shop/web', kind: 'Deployment', apiVersion: 'apps/v1', name: 'web', namespace: 'shop', runsToCompletion: false,
      podLabels: { app: 'web' }, podAnnotations: { 'example.com/a': 'b' }, pinnedLabels: { app: 'web' },
      containers: [
        { name: 'web', image: 'web:1', runAsUser: 1337, ports: [{ name: 'http', number: 8080 }, { name: undefined, number: 9090 }],
          probes: [{ kind: 'http', port: 'http', path: '/live' }, { kind: 'grpc', port: 9090 }, { kind: 'tcp', port: 8080 }] },
        { name: 'log', image: 'log:1', runAsUser: undefined, ports: [{ name: undefined, number: 7070 }], probes: [] },
      ],
      replicas: 2, serviceAccount: 'web', hostNetwork: true, runAsUser: 1000,
    });
  });

  test('of a workload that says nothing finds nothing', () => {
    const object = new ApiObject(chartOf(), 'web', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: {} } });
    expect(new Workload(object).read()).toMatchObject({
      podLabels: {}, podAnnotations: {}, pinnedLabels: {}, containers: [], replicas: undefined, serviceAccount: undefined, hostNetwork: false,
    });
  });

  test.each([['Job', true], ['CronJob', true], ['Pod', false], ['StatefulSet', false], ['DaemonSet', false]])('knows whether a %s ends: %s', (kind, ends) => {
    expect(new Workload(workload(chartOf(), 'web', { kind, labels: { app: 'web' } })).read())
      .toMatchObject({ kind, runsToCompletion: ends, podLabels: { app: 'web' }, containers: [{ name: 'web', ports: [{ number: 8080 }] }] });
  });

  test('says why it could not', () => {
    const chart = chartOf();
    const unfinished = new Workload(ApiObject.of(new kplus28.Deployment(chart, 'unfinished')));
    expect(unfinished.read()).toMatchObject({ podLabels: {}, containers: [], unreadable: expect.stringContaining('PodSpec must have at least 1 container') as string });
    const config = new Workload(new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: {} }));
    expect(config.read()).toMatchObject({ containers: [], unreadable: 'a ConfigMap has no pod template under spec.template' });
  });

  test('resolves what is lazy', () => {
    let replicas = 1;
    const object = workload(chartOf(), 'web', { workload: { replicas: Lazy.any({ produce: () => replicas }) } });
    const read = new Workload(object);
    expect(read.read().replicas).toBe(1);
    replicas = 4;
    expect(read.read().replicas).toBe(4);
  });
});

describe('patching', () => {
  const additions = { labels: { 'app': 'web', 'sidecar.istio.io/inject': 'true' }, annotations: { 'a/b~c': 'd' } };

  const TEMPLATES: Record<string, string[]> = {
    Deployment: ['spec', 'template'], StatefulSet: ['spec', 'template'], DaemonSet: ['spec', 'template'], Job: ['spec', 'template'],
    CronJob: ['spec', 'jobTemplate', 'spec', 'template'], Pod: [],
  };

  test.each(Object.keys(TEMPLATES))('creates every missing parent in the pods of a %s', (kind) => {
    const object = workload(chartOf(), 'web', { kind });
    const before = object.toJson();
    const read = new Workload(object);
    read.read();
    read.patch(additions, 'web-account');
    const after = object.toJson();
    const template = TEMPLATES[kind].reduce((part: any, key) => part[key], after);
    expect(template.metadata).toMatchObject({ labels: additions.labels, annotations: additions.annotations });
    expect(template.spec).toMatchObject({ serviceAccountName: 'web-account' });
    expect(after.spec.selector).toEqual(before.spec.selector);
  });

  test('adds to what is there, and leaves the selector alone', () => {
    const object = workload(chartOf(), 'web', { labels: { team: 'a' }, annotations: { note: 'b' }, selector: { team: 'a' } });
    const read = new Workload(object);
    read.read();
    read.patch(additions, undefined);
    expect(object.toJson().spec).toMatchObject({
      selector: { matchLabels: { team: 'a' } },
      template: { metadata: { labels: { team: 'a', ...additions.labels }, annotations: { note: 'b', ...additions.annotations } } },
    });
    expect(object.toJson().spec.template.spec.serviceAccountName).toBeUndefined();
  });

  test('adds once, however often it is asked', () => {
    const object = workload(chartOf(), 'web');
    const read = new Workload(object);
    const json = [1, 2, 3].map(() => {
      read.read();
      read.patch(additions, undefined);
      read.patch(additions, undefined);
      return object.toJson();
    });
    expect(json[1]).toEqual(json[0]);
    expect(json[2]).toEqual(json[0]);
    expect((object as unknown as { patches: unknown[] }).patches).toHaveLength(2);
  });

  test('a later read shows the program\'s own words only', () => {
    const object = workload(chartOf(), 'web');
    const read = new Workload(object);
    read.read();
    read.patch(additions, 'account');
    expect(read.read()).toMatchObject({ podLabels: {}, podAnnotations: {}, serviceAccount: undefined });
  });

  test('keeps patches of the program, before and after ours', () => {
    const object = workload(chartOf(), 'web', { labels: { team: 'a' } });
    const read = new Workload(object);
    object.addJsonPatch(JsonPatch.add('/spec/template/metadata/labels/early', '1'));
    read.read();
    read.patch(additions, undefined);
    object.addJsonPatch(JsonPatch.add('/spec/template/metadata/labels/late', '2'), JsonPatch.remove('/spec/template/metadata/labels/team'));
    read.read();
    read.patch(additions, undefined);
    expect(object.toJson().spec.template.metadata.labels).toEqual({ early: '1', late: '2', ...additions.labels });
  });

  test('what the program adds where ours made a parent survives', () => {
    const deployment = new kplus28.Deployment(chartOf(), 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
    const object = ApiObject.of(deployment);
    const read = new Workload(object);
    read.read();
    read.patch(additions, undefined);
    deployment.podMetadata.addAnnotation('note', 'mine');
    expect(read.read().podAnnotations).toEqual({ note: 'mine' });
    read.patch(additions, undefined);
    expect(object.toJson().spec.template.metadata.annotations).toEqual({ 'note': 'mine', 'a/b~c': 'd' });
  });

  test('leaves alone what could not be read', () => {
    const object = new ApiObject(chartOf(), 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });
    const read = new Workload(object);
    read.read();
    read.patch(additions, 'account');
    expect(object.toJson()).toMatchObject({ data: { a: 'b' } });
    expect(object.toJson().spec).toBeUndefined();
  });

  test('without cdk8s\' list of patches only the taking back is lost', () => {
    const object = workload(chartOf(), 'web');
    const hidden = (object as unknown as { patches: JsonPatch[] }).patches;
    const read = new Workload(object);
    Object.defineProperty(object, 'patches', { get: () => undefined, configurable: true });
    jest.spyOn(object, 'addJsonPatch').mockImplementation((...patches) => void hidden.push(...patches));
    jest.spyOn(object, 'toJson').mockImplementation(() => JsonPatch.apply({ spec: { template: { spec: {} } } }, ...hidden));
    for (let synth = 0; synth < 2; synth++) {
      read.read();
      read.patch(additions, undefined);
    }
    expect(object.toJson().spec.template.metadata).toEqual({ labels: additions.labels, annotations: additions.annotations });
    expect(hidden).toHaveLength(2);
  });
});
