import { sidecar } from '../../../src/emit/istio/sidecar';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { type Members, aMesh, aModel, aRoute, aService, anExternal } from '../model';

function hostsOf(web: ServiceNode, members: Members = {}) {
  const model = aModel({ ...members, services: [web, aService('orders'), aService('ledger.bank'), aService('audit'), ...members.services ?? []] });
  return (sidecar.spec!(web, model) as any).egress[0].hosts;
}

test.each<[boolean, Partial<ServiceNode>]>([
  [false, {}], [true, { callees: ['shop/orders'] }], [true, { egress: 'declared' }], [true, { egress: 'namespace' }],
  [false, { egress: 'everything', callees: ['shop/orders'] }], [false, { egress: 'declared', meshed: false }],
])('exists: %s for %j', (exists, rest) => {
  expect(sidecar.exists(aService('web', rest), aMesh())).toBe(exists);
});

test('holds the callees, sorted, and what the platform needs', () => {
  const web = aService('web', { callees: ['shop/orders', 'bank/ledger', 'shop/orders'] });
  expect(sidecar.spec!(web, aModel({ services: [web, aService('orders'), aService('ledger.bank')] }))).toStrictEqual({
    workloadSelector: { labels: { app: 'web' } },
    egress: [{ hosts: ['bank/ledger.bank.svc.cluster.local', 'istio-system/*', 'shop/orders.shop.svc.cluster.local'] }],
  });
});

test('holds what the callees\' routes lead to, and passes over what this program does not have', () => {
  const routes = [aRoute('r', [], { backends: [{ service: 'bank/ledger', weight: 100 }], mirrors: [{ service: 'shop/audit', percent: 1 }] })];
  const members = { services: [aService('front', { routes })] };
  expect(hostsOf(aService('web', { callees: ['shop/front', 'shop/nobody'] }), members)).toEqual([
    'bank/ledger.bank.svc.cluster.local', 'istio-system/*', 'shop/audit.shop.svc.cluster.local', 'shop/front.shop.svc.cluster.local',
  ]);
});

test('holds every host of an external service', () => {
  const externals = [anExternal('google', { hosts: ['a.example.com', '*.example.org'] })];
  expect(hostsOf(aService('web', { callees: ['shop/google'] }), { externals })).toEqual(['istio-system/*', 'shop/*.example.org', 'shop/a.example.com']);
});

test('a service without callees knows the platform alone', () => {
  expect(hostsOf(aService('web', { egress: 'declared' }))).toEqual(['istio-system/*']);
});

test('a scope of the namespace names no host of it, since Istio warns of what is there twice', () => {
  expect(hostsOf(aService('web', { egress: 'namespace', callees: ['shop/orders', 'bank/ledger'] }))).toEqual([
    './*', 'bank/ledger.bank.svc.cluster.local', 'istio-system/*',
  ]);
});

test('nor does one of the control plane\'s namespace', () => {
  expect(hostsOf(aService('web', { callees: ['bank/ledger', 'shop/orders'] }), { mesh: { systemNamespace: 'bank' } })).toEqual(['bank/*', 'shop/orders.shop.svc.cluster.local']);
  expect(hostsOf(aService('web', { egress: 'namespace' }), { mesh: { systemNamespace: 'shop' } })).toEqual(['./*']);
  expect(hostsOf(aService('web', { egress: 'declared' }), { mesh: { systemNamespace: 'shop' } })).toEqual(['./*']);
});

test('the pods of a headless service know each other', () => {
  expect(hostsOf(aService('web', { headless: true, callees: ['shop/orders'] }))).toEqual([
    'istio-system/*', 'shop/orders.shop.svc.cluster.local', 'shop/web.shop.svc.cluster.local',
  ]);
});

test('a callee without a namespace, which is an error elsewhere, breaks nothing', () => {
  const services = [aService('lost', { namespace: undefined })];
  expect(hostsOf(aService('web', { callees: ['shop/lost'], namespace: undefined, egress: 'namespace' }), { services })).toEqual([
    '*/lost.shop.svc.cluster.local', 'istio-system/*',
  ]);
});

test('never selects the whole namespace', () => {
  const web = aService('web', { selector: {}, egress: 'declared' });
  expect(sidecar.spec!(web, aModel({ services: [web] }))).toMatchObject({ workloadSelector: { labels: { app: 'web' } } });
});
