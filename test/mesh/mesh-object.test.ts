/** The short way to a manifest ends at the same bytes as that of cdk8s. */
import { ApiObject, App, AppProps, Chart, IResolver, JsonPatch, Lazy, ResolutionContext } from 'cdk8s';
import { Body, MeshObject } from '../../src/mesh/mesh-object';
import { isPlain, sorted } from '../../src/mesh/plain-data';
import { Registry } from '../../src/mesh/registry';
import { Workload } from '../../src/mesh/workload';
import { MeshModel } from '../../src/model/mesh-model';
import fc from '../support/fc';
import { refusal } from '../support/refusal';

function registryOf(): Registry {
  return new Registry({ build: (revision) => ({ revision }) as MeshModel, judge: () => [], warn: () => undefined, charts: () => 1 });
}

class Rendered extends Body {
  protected readonly registry = registryOf();

  public constructor(protected readonly render: (model: MeshModel) => object) {
    super();
  }
}

/** The same object, written by this library and by cdk8s. */
function pair(spec: object | undefined, metadata: object, change: (object: ApiObject) => void = () => undefined, app: AppProps = {}) {
  return [true, false].map((ours) => {
    const chart = new Chart(new App(app), 'shop', { namespace: 'shop', labels: { team: 'a' } });
    const props = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'thing', ...metadata } };
    const body = spec && new Rendered(() => spec);
    const whole = { ...props, spec: body };
    const object = ours ? new MeshObject(chart, 'thing', whole, body) : new ApiObject(chart, 'thing', whole);
    change(object);
    return { object, json: () => JSON.stringify(object.toJson()) };
  });
}

const SPEC = { z: 1, a: { d: [{ y: 1, x: undefined }, []], c: {}, b: null }, list: [3, 1], no: undefined };

const CHANGES: Record<string, (object: ApiObject) => void> = {
  'nothing more': () => undefined,
  'a label': ({ metadata }) => metadata.addLabel('a', 'b'),
  'an annotation': ({ metadata }) => metadata.addAnnotation('a', 'b'),
  'a lazy annotation': ({ metadata }) => metadata.addAnnotation('a', Lazy.any({ produce: () => 'b' }) as string),
  'a label that is no text': ({ metadata }) => metadata.addLabel('a', undefined as unknown as string),
  'a finalizer': ({ metadata }) => metadata.addFinalizers('f'),
  'an owner': ({ metadata }) => metadata.addOwnerReference({ apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u' }),
  'any attribute': ({ metadata }) => metadata.add('generation', 3),
  'an added field': (object) => object.addJsonPatch(JsonPatch.add('/spec/new', { b: 1, a: 2 })),
  'an added section': (object) => object.addJsonPatch(JsonPatch.add('/data', { a: 'b' })),
  'a removed section': (object) => object.addJsonPatch(JsonPatch.remove('/spec')),
  'a removed namespace': (object) => object.addJsonPatch(JsonPatch.remove('/metadata/namespace'), JsonPatch.replace('/kind', 'Other')),
};

test.each(Object.keys(CHANGES))('with %s', (name) => {
  const [ours, theirs] = pair(SPEC, { labels: { b: 'c' }, annotations: { z: 'y' } }, CHANGES[name]);
  expect(ours.json()).toBe(theirs.json());
  expect(ours.json()).toBe(theirs.json());
});

test.each([[{ namespace: 'other' }], [{ labels: {} }], [{ finalizers: ['f'] }], [{ generateName: 'thing-' }]])('with the metadata %j and without a body', (metadata) => {
  const [ours, theirs] = pair(undefined, metadata);
  expect(ours.json()).toBe(theirs.json());
});

test('where something is lazy after all, and the body is rendered anew each time', () => {
  let value = 1;
  const lazy = { a: Lazy.any({ produce: () => ({ b: value }) }), token: { resolve: () => 'resolved' } };
  const [ours, theirs] = pair(lazy, {});
  expect(ours.json()).toBe(theirs.json());
  value = 2;
  expect(ours.json()).toBe(theirs.json());
  expect(ours.json()).toContain('"b":2');
});

test('with a resolver of the app\'s own', () => {
  const resolver: IResolver = { resolve: (context: ResolutionContext) => context.value === 1 ? context.replaceValue(100) : undefined };
  const [ours, theirs] = pair(SPEC, {}, undefined, { resolvers: [resolver] });
  expect(ours.json()).toBe(theirs.json());
  expect(ours.json()).toContain('"z":100');
});

test('in the order of the program, where that is asked for', () => {
  process.env.CDK8S_DISABLE_SORT = 'true';
  try {
    const [ours, theirs] = pair(SPEC, {});
    expect(ours.json()).toBe(theirs.json());
    expect(ours.json()).toMatch(/"spec":\{"z"/);
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});

test('a patch that does not fit fails in the words of cdk8s', () => {
  const [ours, theirs] = pair(SPEC, {}, (object) => object.addJsonPatch(JsonPatch.replace('/spec/missing/parent', 1)));
  expect(refusal(ours.json)).toBe(refusal(theirs.json));
  expect(refusal(ours.json)).toContain('shop/thing');
});

test('a body that cannot be rendered fails in the words of cdk8s', () => {
  const chart = new Chart(new App(), 'shop');
  const body = new Rendered(() => { throw new Error('no'); });
  const object = new MeshObject(chart, 'thing', { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'thing' }, spec: body }, body);
  expect(refusal(() => object.toJson())).toBe('Failed serializing construct at path \'shop/thing\' with name \'thing\': Error: no');
});

/** Anything that a program may put into a manifest. */
const DATA = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(undefined, null, true, 0, 'a', 'web'), fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'name', 'ports', '10', 'z/~'), tie('value'), { maxKeys: 4, noNullPrototype: true })),
})).value;

test('whatever the body holds', () => {
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), DATA, { noNullPrototype: true }), (spec) => {
    const [ours, theirs] = pair(spec, {});
    expect(ours.json()).toBe(theirs.json());
  }), { numRuns: 100 });
});

test('plain is what has nothing to resolve', () => {
  expect([null, undefined, 1, 'a', [], {}, [{ a: [null] }]].map(isPlain)).toEqual(Array(7).fill(true));
  const others = [Lazy.any({ produce: () => 1 }), [new Date()], { a: { resolve: () => 1 } }, { a: new Map() }];
  expect(others.map(isPlain)).toEqual([false, false, false, false]);
  expect(JSON.stringify(sorted({ b: null, a: [undefined, { d: 1, c: undefined }] }))).toBe('{"a":[null,{"d":1}]}');
});

/** Pod templates with everything that is read of them, well formed or not there. */
const TEXTS = fc.option(fc.dictionary(fc.constantFrom('app', 'version', 'a/b'), fc.constantFrom('web', 'v1'), { noNullPrototype: true }), { nil: undefined });
const record = <T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(parts, { noNullPrototype: true });
const CONTAINER = record({
  name: fc.constant('web'), image: fc.constantFrom('web:1', undefined), securityContext: fc.constantFrom(undefined, null, { runAsUser: 1337 }),
  ports: fc.constantFrom(undefined, [{ containerPort: 8080 }], [{ name: 'http', containerPort: 80 }]),
});
const WORKLOAD = record({
  replicas: fc.constantFrom(undefined, null, 3),
  selector: record({ matchLabels: TEXTS }),
  template: record({
    metadata: fc.option(record({ labels: TEXTS, annotations: TEXTS }), { nil: undefined }),
    spec: fc.option(record({
      containers: fc.array(CONTAINER, { minLength: 1, maxLength: 2 }),
      serviceAccountName: fc.constantFrom(undefined, null, 'web'),
      hostNetwork: fc.constantFrom(undefined, true),
    }), { nil: undefined }),
  }),
});

test('a workload is read as cdk8s would write it, and what is added to it is the same', () => {
  fc.assert(fc.property(WORKLOAD, (spec) => {
    const [literal, lazy] = [spec, Lazy.any({ produce: () => spec })].map((given) => {
      const object = new ApiObject(new Chart(new App(), 'shop'), 'web', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: given });
      const workload = new Workload(object);
      const node = workload.read();
      workload.patch({ labels: { app: 'web', inject: 'true' }, annotations: { 'a/b': 'c' } }, 'account');
      return { node, json: JSON.stringify(object.toJson()) };
    });
    expect(literal).toEqual(lazy);
  }), { numRuns: 200 });
});
