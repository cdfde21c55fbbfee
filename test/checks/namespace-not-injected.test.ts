import { namespaceNotInjected } from '../../src/checks/namespace-not-injected';
import { Severity } from '../../src/model/finding';
import { found, lines, object, service } from './model-builder';

const orders = service('orders');
const outside = service('outside', { podLabels: { app: 'outside' } });

function namespace(labels: Record<string, string>, name = 'shop') {
  return object('Namespace', name, { body: { metadata: { name, labels } } });
}

test('it says which label decides', () => {
  expect(lines(namespaceNotInjected, { services: [orders], objects: [namespace({ 'istio-injection': 'disabled', 'team': 'a' })] })).toEqual([
    '[shop/shop-namespace] istio-injection of Namespace shop is disabled: no pod there gets a proxy (labels: istio-injection=disabled; services: shop/orders). Write istio-injection=enabled.',
  ]);
});

const { ERROR, WARNING, INFO } = Severity;

test.each<[string, string | undefined, Record<string, string>, [Severity, string[]] | undefined]>([
  ['enabled', undefined, { 'istio-injection': 'enabled' }, undefined],
  ['the default revision', undefined, { 'istio.io/rev': 'default' }, undefined],
  ['the wanted revision', 'next', { 'istio.io/rev': 'next' }, undefined],
  ['disabled', undefined, { 'istio-injection': 'disabled' }, [ERROR, ['IST0102']]],
  ['a value that nobody knows', undefined, { 'istio-injection': 'true' }, [ERROR, ['IST0102']]],
  ['disabled is stronger than a revision', 'next', { 'istio-injection': 'disabled', 'istio.io/rev': 'next' }, [ERROR, ['IST0102']]],
  ['another revision', undefined, { 'istio.io/rev': 'next' }, [WARNING, []]],
  ['the default one while another is wanted', 'next', { 'istio-injection': 'enabled' }, [WARNING, []]],
  ['enabled hides the wanted revision', 'next', { 'istio-injection': 'enabled', 'istio.io/rev': 'next' }, [WARNING, ['IST0123']]],
  ['enabled beside a revision', undefined, { 'istio-injection': 'enabled', 'istio.io/rev': 'default' }, [WARNING, ['IST0123']]],
  ['enabled beside ambient', undefined, { 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, [WARNING, ['IST0123', 'KIA1316']]],
  ['ambient alone', undefined, { 'istio.io/dataplane-mode': 'ambient' }, [WARNING, ['KIA1316']]],
  ['nothing', undefined, {}, [INFO, ['IST0102']]],
])('%s', (_, revision, labels, expected) => {
  const findings = found(namespaceNotInjected, { mesh: { revision }, services: [orders], objects: [namespace(labels)] });
  expect(findings.map(({ severity, catalogue }) => [severity, catalogue])).toEqual(expected === undefined ? [] : [expected]);
});

test('nothing, where pods come from outside and carry no label of ours', () => {
  expect(found(namespaceNotInjected, { services: [orders, outside], objects: [namespace({})] })).toMatchObject([{ severity: WARNING }]);
});

test('a namespace without services of the mesh', () => {
  expect(found(namespaceNotInjected, { services: [orders], objects: [namespace({ 'istio-injection': 'disabled' }, 'other')] })).toEqual([]);
});

test('a namespace of ours', () => {
  const of = (rest: object) => found(namespaceNotInjected, { services: [orders], namespaces: [{ origin: 'shop/ns', name: 'shop', labels: { team: 'a' }, injected: true, ...rest }] });
  expect(of({})).toEqual([]);
  expect(of({ injected: false })).toMatchObject([{ construct: 'shop/ns', catalogue: ['IST0102'] }]);
  expect(of({ injected: false, name: 'other' })).toEqual([]);
  expect(of({ labels: { 'istio-injection': 'disabled' } })).toMatchObject([
    { message: 'labels of namespace shop say istio-injection=disabled, which is for the mesh to say', catalogue: ['IST0123'] },
  ]);
});

describe('Linkerd', () => {
  const inside = (metadata: Record<string, unknown>, elsewhere = true) => found(namespaceNotInjected, {
    services: [service('orders', { hasWorkload: !elsewhere })], objects: [object('Namespace', 'shop', { body: { metadata } })], mesh: { provider: 'linkerd' },
  }).map(({ severity, message }) => [severity, message]);

  test('asks for its annotation where pods come from elsewhere, and for nothing where the pods have it', () => {
    expect(inside({ annotations: { 'linkerd.io/inject': 'enabled' } })).toEqual([]);
    expect(inside({})).toEqual([[Severity.WARNING, 'Namespace shop has no annotation linkerd.io/inject: only pods that have it themselves get a proxy']]);
    expect(inside({ annotations: { 'linkerd.io/inject': 'disabled' } })).toEqual([[Severity.ERROR,
      'linkerd.io/inject of Namespace shop is disabled: only pods that say otherwise get a proxy']]);
    expect(inside({ annotations: { 'linkerd.io/inject': 'disabled' } }, false)).toEqual([]);
  });

  test('is kept away by one label', () => {
    const disabled = [[Severity.ERROR, 'config.linkerd.io/admission-webhooks of Namespace shop is disabled: no pod there gets a proxy']];
    expect(inside({ labels: { 'config.linkerd.io/admission-webhooks': 'disabled' } }, false)).toEqual(disabled);
    const namespaces = [{ origin: 'shop/namespace', name: 'shop', injected: true, labels: { 'config.linkerd.io/admission-webhooks': 'disabled' } }];
    expect(found(namespaceNotInjected, { services: [service('orders')], namespaces, mesh: { provider: 'linkerd' } })).toHaveLength(1);
  });
});
