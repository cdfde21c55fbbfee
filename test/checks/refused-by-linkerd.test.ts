/** Each rule of Linkerd's admission: a valid and an invalid object, and the invalid one never leaves the program. */
import { ApiObject, App, Chart } from 'cdk8s';
import { FindingCode, Mesh, MeshProvider, MeshService, MeshPort } from '../../src';
import { findingsOf } from '../../src/checks';
import { ADMISSION_RULES, refusedByLinkerd } from '../../src/checks/refused-by-linkerd';
import { model, object } from './model-builder';

interface Case {
  readonly kind: string;
  readonly valid: object;
  readonly invalid: object;
  /** A part of the message. */
  readonly says: string;
  readonly apiVersion?: string;
  readonly annotations?: readonly [Record<string, string>, Record<string, string>];
}

const POLICY = 'policy.linkerd.io';
const server = { group: POLICY, kind: 'Server', name: 'orders-http' };
const mtls = (name: string) => ({ group: POLICY, kind: 'MeshTLSAuthentication', name });
const network = (name: string) => ({ group: POLICY, kind: 'NetworkAuthentication', name });
const account = (name: string) => ({ kind: 'ServiceAccount', name });
const authorization = (targetRef: object, ...requiredAuthenticationRefs: object[]) => ({ targetRef, requiredAuthenticationRefs });
const serviceParent = [{ group: '', kind: 'Service', name: 'orders', port: 80 }];
const egressParent = (port?: number) => [{ group: POLICY, kind: 'EgressNetwork', name: 'all', port }];
const rules = (rule: object = {}) => [{ backendRefs: [{ name: 'orders', port: 80 }], ...rule }];
const path = (type: string, value: string) => ({ parentRefs: serviceParent, rules: rules({ matches: [{ path: { type, value } }] }) });
const redirect = (value: string) => ({
  parentRefs: serviceParent, rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: value } } }] }],
});
const GATEWAY = 'gateway.networking.k8s.io/v1';
const ANY = { cidr: '0.0.0.0/0' };
const selector = { podSelector: {}, port: 80 };
const rate = (total: number, identity = 1, override = 1, kind = 'ServiceAccount') => ({
  targetRef: server, total: { requestsPerSecond: total }, identity: { requestsPerSecond: identity },
  overrides: [{ requestsPerSecond: override, clientRefs: [{ kind, name: 'web', namespace: 'shop' }] }],
});
const profile = (route: object, rest: object = {}) => ({ routes: [{ name: 'all', condition: { method: 'GET' }, ...route }], ...rest });
const budget = (rest: object) => profile({}, { retryBudget: { retryRatio: 0.2, minRetriesPerSecond: 10, ttl: '10s', ...rest } });

const CASES: Readonly<Record<string, Case>> = {
  'target-namespace': {
    kind: 'AuthorizationPolicy', valid: authorization({ kind: 'Namespace', name: 'shop' }, account('web')),
    invalid: authorization({ kind: 'Namespace', name: 'other' }, account('web')), says: 'targets the namespace other',
  },
  'target-kind': {
    kind: 'AuthorizationPolicy', valid: authorization({ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', name: 'a' }, account('web')),
    invalid: authorization({ group: 'core', kind: 'Service', name: 'orders' }, account('web')), says: 'targets a Service',
  },
  'authentication-kinds': { kind: 'AuthorizationPolicy', valid: authorization(server, mtls('a'), network('b')), invalid: authorization(server, { kind: 'Pod', name: 'a' }), says: 'requires a Pod' },
  'one-mesh-tls': { kind: 'AuthorizationPolicy', valid: authorization(server, mtls('a')), invalid: authorization(server, mtls('a'), mtls('b')), says: 'requires 2 of kind MeshTLSAuthentication: a, b' },
  'one-account': { kind: 'AuthorizationPolicy', valid: authorization(server, account('a')), invalid: authorization(server, account('a'), account('b')), says: 'requires 2 of kind ServiceAccount' },
  'one-network': { kind: 'AuthorizationPolicy', valid: authorization(server, network('a'), mtls('b')), invalid: authorization(server, network('a'), network('b')), says: 'requires 2 of kind NetworkAuthentication' },
  'mesh-tls-or-account': {
    kind: 'AuthorizationPolicy', valid: authorization(server, account('a'), network('b')), invalid: authorization(server, account('a'), mtls('b')),
    says: 'requires a MeshTLSAuthentication and a ServiceAccount',
  },
  'identity-form': {
    kind: 'MeshTLSAuthentication', valid: { identities: ['*', '*.shop.serviceaccount.identity.linkerd.cluster.local', 'spiffe://root.test/vm/1'] },
    invalid: { identities: ['foo.*'] }, says: 'has the identity foo.*',
  },
  'identity-ref-kind': { kind: 'MeshTLSAuthentication', valid: { identityRefs: [account('a')] }, invalid: { identityRefs: [{ kind: 'Pod', name: 'a' }] }, says: 'has a reference to a Pod' },
  'identity-ref-name': { kind: 'MeshTLSAuthentication', valid: { identityRefs: [account('a')] }, invalid: { identityRefs: [{ kind: 'ServiceAccount' }] }, says: 'without a name' },
  'identity-ref-namespace': {
    kind: 'MeshTLSAuthentication', valid: { identityRefs: [{ kind: 'Namespace', name: 'a' }] }, invalid: { identityRefs: [{ kind: 'Namespace', name: 'a', namespace: 'b' }] },
    says: 'the Namespace a with namespace b',
  },
  'some-network': { kind: 'NetworkAuthentication', valid: { networks: [ANY] }, invalid: { networks: [] }, says: 'has no networks' },
  'network-form': { kind: 'EgressNetwork', valid: { trafficPolicy: 'Deny', networks: [{ cidr: '2001:db8::/32' }] }, invalid: { trafficPolicy: 'Deny', networks: [{ cidr: 'banana' }] }, says: 'has the network banana' },
  'exception-inside': {
    kind: 'NetworkAuthentication', valid: { networks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] },
    invalid: { networks: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] }, says: 'excepts 11.0.0.0/16 from 10.0.0.0/8, which does not hold it',
  },
  'access-policy': { kind: 'Server', valid: { ...selector, accessPolicy: 'audit' }, invalid: { ...selector, accessPolicy: 'allow' }, says: 'has accessPolicy allow' },
  'proxy-protocol': { kind: 'Server', valid: { ...selector, proxyProtocol: 'gRPC' }, invalid: { ...selector, proxyProtocol: 'HTTP' }, says: 'has proxyProtocol HTTP' },
  'server-port': { kind: 'Server', valid: { ...selector, port: 65_535 }, invalid: { ...selector, port: 65_536 }, says: 'has port 65536' },
  'unauthenticated-client': {
    kind: 'ServerAuthorization', valid: { server: { name: 'a' }, client: { unauthenticated: true } },
    invalid: { server: { name: 'a' }, client: { unauthenticated: true, meshTLS: { identities: ['*'] } } }, says: 'client.unauthenticated beside client.meshTLS',
  },
  'unauthenticated-tls': {
    kind: 'ServerAuthorization', valid: { server: { name: 'a' }, client: { meshTLS: { unauthenticatedTLS: true } } },
    invalid: { server: { name: 'a' }, client: { meshTLS: { unauthenticatedTLS: true, serviceAccounts: [{ name: 'a' }] } } }, says: 'unauthenticatedTLS beside identities',
  },
  'client-network-form': {
    kind: 'ServerAuthorization', valid: { server: { name: 'a' }, client: { meshTLS: {}, networks: [ANY] } },
    invalid: { server: { name: 'a' }, client: { meshTLS: {}, networks: [{ cidr: '10.0.0.0/33' }] } }, says: 'has the network 10.0.0.0/33',
  },
  'client-exception-inside': {
    kind: 'ServerAuthorization', valid: { server: { name: 'a' }, client: { meshTLS: {}, networks: [{ cidr: '::/0', except: ['fd00::/8'] }] } },
    invalid: { server: { name: 'a' }, client: { meshTLS: {}, networks: [{ cidr: '10.1.0.0/16', except: ['10.0.0.0/8'] }] } }, says: 'which leaves nothing',
  },
  'rate-limit-target': { kind: 'HTTPLocalRateLimitPolicy', valid: rate(1), invalid: { ...rate(1), targetRef: { group: POLICY, kind: 'HTTPRoute', name: 'a' } }, says: 'targets a HTTPRoute' },
  'rate-positive': { kind: 'HTTPLocalRateLimitPolicy', valid: rate(1), invalid: { targetRef: server, total: { requestsPerSecond: 0 } }, says: 'has total.requestsPerSecond 0' },
  'rate-within-total': { kind: 'HTTPLocalRateLimitPolicy', valid: rate(10, 10, 10), invalid: rate(10, 10, 11), says: 'has overrides[0].requestsPerSecond 11, above the total of 10' },
  'rate-override-kind': { kind: 'HTTPLocalRateLimitPolicy', valid: rate(1), invalid: rate(1, 1, 1, 'Namespace'), says: 'has an override for a Namespace' },
  'egress-parent-port': { kind: 'HTTPRoute', apiVersion: GATEWAY, valid: { parentRefs: egressParent(80), rules: [{}] }, invalid: { parentRefs: egressParent(), rules: [{}] }, says: 'the EgressNetwork all as parent without a port' },
  'route-annotations': {
    kind: 'HTTPRoute', apiVersion: GATEWAY, valid: { parentRefs: serviceParent, rules: rules() }, invalid: { parentRefs: serviceParent, rules: rules() },
    annotations: [{ 'retry.linkerd.io/http': '5xx,429,500-503', 'timeout.linkerd.io/request': '90s' }, { 'retry.linkerd.io/http': '5xx, 429' }], says: 'the annotation retry.linkerd.io/http with 5xx, 429',
  },
  'absolute-path': { kind: 'HTTPRoute', valid: path('PathPrefix', '/api'), invalid: path('PathPrefix', 'api'), says: 'matches the path api' },
  'path-expression': { kind: 'HTTPRoute', apiVersion: GATEWAY, valid: path('RegularExpression', '(?i)/a.*'), invalid: path('RegularExpression', '/a('), says: 'is no regular expression' },
  'redirect-path': { kind: 'HTTPRoute', apiVersion: GATEWAY, valid: redirect('/new'), invalid: redirect('new'), says: 'redirects with replaceFullPath new' },
  'route-timeouts': {
    kind: 'HTTPRoute', valid: { parentRefs: serviceParent, rules: [{ timeouts: { request: '1m30s', backendRequest: '1.5s' } }] },
    invalid: { parentRefs: serviceParent, rules: [{ timeouts: { request: '1s', backendRequest: '5s' } }] }, says: 'has timeouts.backendRequest 5s, above timeouts.request 1s',
  },
  'backend-port': { kind: 'GRPCRoute', apiVersion: GATEWAY, valid: { parentRefs: serviceParent, rules: rules() }, invalid: { parentRefs: serviceParent, rules: [{ backendRefs: [{ name: 'orders' }] }] }, says: 'the Service orders as backend without a port' },
  'grpc-method-type': {
    kind: 'GRPCRoute', apiVersion: GATEWAY, valid: { parentRefs: serviceParent, rules: rules({ matches: [{ method: { type: 'Exact', service: 'a.B' } }] }) },
    invalid: { parentRefs: serviceParent, rules: rules({ matches: [{ method: { type: 'RegularExpression', service: 'a.*' } }] }) }, says: 'matches methods by RegularExpression',
  },
  'one-rule': { kind: 'TCPRoute', apiVersion: 'gateway.networking.k8s.io/v1alpha2', valid: { parentRefs: serviceParent, rules: rules() }, invalid: { parentRefs: serviceParent, rules: [...rules(), ...rules()] }, says: 'has 2 rules' },
  'profile-route': { kind: 'ServiceProfile', valid: profile({}), invalid: profile({ condition: {} }), says: 'the route all without a condition' },
  'profile-not': { kind: 'ServiceProfile', valid: profile({}), invalid: profile({ condition: { all: [{ not: [{ method: 'GET' }] }] } }), says: 'with condition.not' },
  'profile-timeout': { kind: 'ServiceProfile', valid: profile({ timeout: '300ms' }), invalid: profile({ timeout: '5' }), says: 'with timeout 5' },
  'profile-status': {
    kind: 'ServiceProfile', valid: profile({ responseClasses: [{ condition: { status: { min: 500, max: 599 } } }] }),
    invalid: profile({ responseClasses: [{ condition: { status: { min: 500, max: 600 } } }] }), says: 'with status {"max":600,"min":500}',
  },
  'profile-budget': { kind: 'ServiceProfile', valid: budget({}), invalid: budget({ retryRatio: -0.1 }), says: 'has retryBudget.retryRatio -0.1' },
};

function apiVersionOf({ kind, apiVersion }: Case): string {
  return apiVersion ?? (kind === 'ServiceProfile' ? 'linkerd.io/v1alpha2' : ['Server', 'HTTPRoute'].includes(kind) ? `${POLICY}/v1beta3` : kind === 'ServerAuthorization' ? `${POLICY}/v1beta1` : `${POLICY}/v1alpha1`);
}

function program(one: Case, spec: object, annotations: Record<string, string> | undefined) {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.linkerd() });
  new MeshService(chart, 'web', { mesh, podLabels: { app: 'web' }, ports: [MeshPort.http(8080)] });
  new ApiObject(chart, 'by-hand', { apiVersion: apiVersionOf(one), kind: one.kind, metadata: { name: 'by-hand', annotations }, spec });
  return { chart, found: mesh.findings.filter(({ code }) => code === FindingCode.REFUSED_BY_LINKERD) };
}

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

test('every rule has a case', () => {
  expect(Object.keys(CASES).sort()).toEqual([...new Set(ADMISSION_RULES.map(({ name }) => name))].sort());
});

describe.each(Object.entries(CASES))('%s', (name, one) => {
  test('the valid object is written', () => {
    const { chart, found } = program(one, one.valid, one.annotations?.[0]);
    expect(found).toEqual([]);
    expect(chart.toJson()).toContainEqual(expect.objectContaining({ kind: one.kind, metadata: expect.objectContaining({ name: 'by-hand' }) }));
  });

  test('the invalid one is not', () => {
    const { chart, found } = program(one, one.invalid, one.annotations?.[1]);
    expect(found).toEqual([expect.objectContaining({ construct: 'shop/by-hand', evidence: `the rule ${name} of Linkerd's admission` })]);
    expect(found[0].message).toContain(`the ${one.kind} by-hand`);
    expect(found[0].message).toContain(one.says);
    expect(() => chart.toJson()).toThrow(one.says);
  });
});

test('rules of Linkerd are for programs of Linkerd', () => {
  const byHand = object('NetworkAuthentication', 'a', { apiVersion: `${POLICY}/v1alpha1`, body: { spec: { networks: [] } } });
  expect(findingsOf(refusedByLinkerd, model({ objects: [byHand] }))).toEqual([]);
  expect(findingsOf(refusedByLinkerd, model({ objects: [byHand], mesh: { provider: 'linkerd' } }))).toHaveLength(1);
});
