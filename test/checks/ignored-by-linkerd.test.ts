import { findingsOf } from '../../src/checks';
import { IGNORED_RULES, ignoredByLinkerd } from '../../src/checks/ignored-by-linkerd';
import { Severity } from '../../src/model/finding';
import type { ObjectNode } from '../../src/model/mesh-model';
import { ejecting, existing, model, object, retry, service, version, workload } from './model-builder';

const POLICY = 'policy.linkerd.io';
const toService = [{ group: '', kind: 'Service', name: 'orders', port: 80 }];
const toServer = (rest: object = {}) => [{ group: POLICY, kind: 'Server', name: 'orders-http', ...rest }];
const rules = (rest: object) => [{ backendRefs: [{ name: 'orders', port: 80 }], ...rest }];

function raw(apiVersion: string, kind: string, spec: object | undefined, annotations: Record<string, string> = {}): ObjectNode {
  return object(kind, 'by-hand', { apiVersion, body: { metadata: { annotations }, spec } });
}

function found(...objects: ObjectNode[]) {
  return findingsOf(ignoredByLinkerd, model({ objects, mesh: { provider: 'linkerd' } }));
}

const GATEWAY = 'gateway.networking.k8s.io/v1';
const route = (spec: object) => raw(GATEWAY, 'HTTPRoute', { parentRefs: toService, ...spec });
const weights = (...all: number[]) => ({ rules: [{ backendRefs: all.map((weight) => ({ name: 'orders', port: 80, weight })) }] });
const headers = (type: string) => [{ type }];

const CASES: Readonly<Record<string, readonly [good: ObjectNode, bad: ObjectNode, says: string]>> = {
  'parent-kind': [
    raw(`${POLICY}/v1beta3`, 'HTTPRoute', { parentRefs: toServer() }), raw(`${POLICY}/v1beta3`, 'HTTPRoute', { parentRefs: [{ name: 'orders-http' }] }), 'without group and kind',
  ],
  'inbound-parent-port': [
    raw(`${POLICY}/v1beta3`, 'HTTPRoute', { parentRefs: toServer() }), raw(`${POLICY}/v1beta3`, 'HTTPRoute', { parentRefs: toServer({ port: 80 }) }), 'names a port or section of the Server orders-http',
  ],
  'outbound-filters': [route({ rules: rules({ filters: headers('RequestHeaderModifier') }) }), route({ rules: rules({ filters: headers('URLRewrite') }) }), 'the filter URLRewrite, so the whole route is dropped'],
  'inbound-response-headers': [
    raw(GATEWAY, 'HTTPRoute', { parentRefs: toServer(), rules: [{ filters: headers('RequestHeaderModifier') }] }),
    raw(GATEWAY, 'HTTPRoute', { parentRefs: toServer(), rules: [{ filters: headers('ResponseHeaderModifier') }] }), 'changes headers of answers on a Server',
  ],
  'unread-limits': [route({ rules: rules({ timeouts: { request: '90s' } }) }), route({ rules: rules({ timeouts: { request: '1m30s' } }) }), 'timeouts.request 1m30s, which Linkerd does not read'],
  'no-weight': [route(weights(0, 1)), route(weights(0, 0)), '2 backends of weight 0'],
  'tls-route-version': [
    raw('gateway.networking.k8s.io/v1alpha2', 'TLSRoute', { parentRefs: toService, rules: rules({}) }), raw(GATEWAY, 'TLSRoute', { parentRefs: toService, rules: rules({}) }), 'reads v1alpha2 alone',
  ],
  'server-port-text': [raw(`${POLICY}/v1beta3`, 'Server', { port: 'http' }), raw(`${POLICY}/v1beta3`, 'Server', { port: '8080' }), 'the port "8080", which is taken for a name'],
  'client-without-authentication': [
    raw(`${POLICY}/v1beta1`, 'ServerAuthorization', { client: { meshTLS: { identities: ['*'] } } }), raw(`${POLICY}/v1beta1`, 'ServerAuthorization', { client: {} }), 'says nothing of how clients prove who they are',
  ],
};

test('every rule has a case', () => {
  expect(Object.keys(CASES).sort()).toEqual([...new Set(IGNORED_RULES.map(({ name }) => name))].sort());
});

test.each(Object.entries(CASES))('%s', (_, [good, bad, says]) => {
  expect(found(good)).toEqual([]);
  const message = expect.stringContaining(says) as string;
  expect(found(bad)).toEqual([expect.objectContaining({ severity: Severity.WARNING, construct: bad.origin, message })]);
});

test.each([
  ['retry', { retry: { attempts: 1 } }], ['timeouts.backendRequest', { timeouts: { request: '2s', backendRequest: '1s' } }],
])('%s is a field that is not read', (field, rule) => {
  expect(found(route({ rules: rules(rule) }))).toEqual([expect.objectContaining({ message: expect.stringContaining(`${field}, which Linkerd does not read`) })]);
});

test('routes of other meshes\' parents are left alone', () => {
  const gateway = raw(GATEWAY, 'HTTPRoute', { parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }], rules: rules({ filters: headers('URLRewrite') }) });
  expect(found(gateway)).toEqual([]);
});

test('a policy that requires nothing is an error', () => {
  const policy = raw(`${POLICY}/v1alpha1`, 'AuthorizationPolicy', { targetRef: { group: POLICY, kind: 'Server', name: 'a' }, requiredAuthenticationRefs: [] });
  expect(found(policy)).toEqual([expect.objectContaining({ severity: Severity.ERROR, message: expect.stringContaining('everybody is let in') })]);
});

test.each([
  ['config.linkerd.io/opaque-ports', '3306,4000-4010', 'mysql'], ['balancer.linkerd.io/failure-accrual', 'consecutive', 'Consecutive'],
  ['balancer.linkerd.io/failure-accrual-consecutive-max-failures', '7', '-1'], ['balancer.linkerd.io/failure-accrual-consecutive-min-penalty', '90s', '1m30s'],
  ['balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio', '0.5', '101'], ['timeout.linkerd.io/request', '10s', '10'],
])('%s is read as %s, and left out as %s', (key, good, bad) => {
  expect(found(raw('v1', 'Service', {}, { [key]: good }))).toEqual([]);
  expect(found(raw('v1', 'Service', {}, { [key]: bad }))).toEqual([expect.objectContaining({ message: `the Service by-hand has the annotation ${key} with ${bad}` })]);
});

test('a number of retries without conditions repeats no answer', () => {
  expect(found(raw('v1', 'Service', {}, { 'retry.linkerd.io/limit': '2' }))).toEqual([expect.objectContaining({ message: expect.stringContaining('without conditions') })]);
  expect(found(raw('v1', 'Service', {}, { 'retry.linkerd.io/limit': '2', 'retry.linkerd.io/http': '5xx' }))).toEqual([]);
});

test('values of pods are judged, too', () => {
  const pods = version('v1', { workload: workload('orders', { podAnnotations: { 'config.linkerd.io/opaque-ports': 'sql' } }) });
  const all = findingsOf(ignoredByLinkerd, model({ services: [service('orders', { versions: [pods], pods: { min: 1, max: 1 } })], mesh: { provider: 'linkerd' } }));
  expect(all).toEqual([expect.objectContaining({ message: expect.stringMatching(/^the pod template of Deployment orders has the annotation/) })]);
});

test('a headless service has no routes, and an existing one no ejection', () => {
  const services = [
    service('db', { headless: true }), service('orders', { headless: true, retry: retry(1), split: { v1: 100 } }),
    service('old', { existing: true, existingService: existing('old'), circuitBreaker: ejecting({}) }),
  ];
  expect(findingsOf(ignoredByLinkerd, model({ services, mesh: { provider: 'linkerd' } })).map(({ construct, severity, message }) => [construct, severity, message])).toEqual([
    ['shop/orders', Severity.ERROR, 'shop/orders is headless, so Linkerd reads no route of it: split and retry do nothing'],
    ['shop/old', Severity.WARNING, 'the ejection of shop/old would stand in annotations of its Service, which the program writes itself'],
    ['shop/mesh', Severity.INFO, 'failing pods of shop/db and shop/orders are not left out'],
  ]);
});
