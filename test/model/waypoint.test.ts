import type { ExternalNode, MeshModel, ServiceNode } from '../../src/model/mesh-model';
import { DEFAULT_CIRCUIT_BREAKER, NEVER_RETRY } from '../../src/model/policy';
import {
  externalHasWaypoint, externalWaypointReasons, guardsRequests, hasWaypoint, isPoliced, isPolicedOutside, waypointReasons,
} from '../../src/model/waypoint';
import { ambient } from '../checks/ambient-builder';
import { delivered } from '../checks/canary-builder';
import { ejecting, external, model, port, retry, route, service, version } from '../checks/model-builder';
import { account, authorizer, plaintext, rule, security, STRICT, token } from '../checks/security-builder';

const MESH = model({ mesh: ambient() }).mesh;

function reasons(rest: Partial<ServiceNode>, defaults: Partial<MeshModel['mesh']['defaults']> = {}): readonly string[] {
  return waypointReasons(service('orders', rest), model({ mesh: ambient(), defaults }).mesh);
}

test.each<[string, Partial<ServiceNode>]>([
  ['a plain service', {}],
  ['several versions, each with its share of the pods', { versions: [version('v1'), version('v2')] }],
  ['what holds without a proxy', { retry: NEVER_RETRY, deadline: 'none', circuitBreaker: { ...DEFAULT_CIRCUIT_BREAKER, ejection: 'off' } }],
  ['connections to where the application looked', { loadBalancing: { algorithm: { kind: 'passthrough' } } }],
  ['zero trust', { zeroTrust: STRICT }],
  ['rules about connections', { zeroTrust: STRICT, security: security({ allow: [rule(account('a', 'b'))], deny: [rule({ kind: 'addresses', blocks: ['10.0.0.1'], forwarded: false })] }) }],
  ['rules about requests that no policy makes exclusive', { security: security({ allow: [rule(account('a', 'b'), { methods: ['GET'] })] }), calledByRequest: true }],
  ['a plain port', { security: security({ plaintext: [plaintext(8080)] }) }],
  ['requests and time limits of connections', { ports: [port(5432, 'postgres')], retry: retry(2), deadline: 1000, security: security({ tokens: [token()] }) }],
  ['no connection that a proxy takes', { ports: [port(53, 'udp')], circuitBreaker: ejecting({}) }],
])('%s needs none', (_, rest) => {
  expect(reasons(rest)).toEqual([]);
});

test.each<[string, Partial<ServiceNode>]>([
  ['route a', { routes: [route('orders', 'a')] }],
  ['split', { split: { v1: 100 } }],
  ['canary', { delivery: delivered('orders').delivery }],
  ['retry', { retry: retry(1) }],
  ['deadline', { deadline: 1 }],
  ['circuitBreaker', { circuitBreaker: ejecting({}) }],
  ['circuitBreaker', { circuitBreaker: { pool: { maxConnections: 1 }, ejection: 'off' } }],
  ['circuitBreaker', { ports: [port(5432, 'postgres')], circuitBreaker: { pool: {}, ejection: 'default', retryBudget: { percent: 1, minConcurrency: 1 } } }],
  ['loadBalancing', { loadBalancing: { algorithm: { kind: 'least-request' } } }],
  ['policy of a version', { versions: [version('v1', { circuitBreaker: ejecting({}) })] }],
  ['policy of a version', { versions: [version('v1', { loadBalancing: { algorithm: { kind: 'random' } } })] }],
  ['rule about requests', { security: security({ deny: [rule(account('a', 'b'), { paths: ['/admin'] })] }) }],
  ['rule about requests', { zeroTrust: STRICT, security: security({ allow: [rule(account('a', 'b'), { hosts: ['a.test'] })] }) }],
  ['rule about requests', { security: security({ deny: [rule({ kind: 'addresses', blocks: ['10.0.0.1'], forwarded: true })] }) }],
  ['call that names requests', { zeroTrust: STRICT, calledByRequest: true }],
  ['required token', { security: security({ tokens: [token()] }) }],
  ['external authorizer', { security: security({ external: [authorizer()] }) }],
])('%s needs one: %j', (reason, rest) => {
  expect(reasons(rest)).toEqual([reason]);
});

test('what the program says for all services needs one before each that speaks HTTP; the library\'s own defaults do not', () => {
  expect(reasons({}, { deadline: 15_000, deadlineSaid: false })).toEqual([]);
  expect(reasons({}, { deadline: 15_000, deadlineSaid: true })).toEqual(['defaults.deadline of the mesh']);
  expect(reasons({}, { deadline: 'none', deadlineSaid: true })).toEqual([]);
  expect(reasons({}, { retry: retry(1) })).toEqual(['defaults.retry of the mesh']);
  expect(reasons({}, { circuitBreaker: ejecting({}) })).toEqual(['defaults.circuitBreaker of the mesh']);
  expect(reasons({}, { loadBalancing: { algorithm: { kind: 'round-robin' } } })).toEqual(['defaults.loadBalancing of the mesh']);
  expect(reasons({ ports: [port(5432, 'postgres')] }, { retry: retry(1), circuitBreaker: ejecting({}) })).toEqual([]);
});

test('only in ambient namespaces, and only where waypoints are allowed', () => {
  const orders = service('orders', { deadline: 1 });
  expect(hasWaypoint(orders, MESH)).toBe(true);
  expect(hasWaypoint(service('plain'), MESH)).toBe(false);
  expect(hasWaypoint(orders, model({ mesh: ambient({ waypoints: 'never' }) }).mesh)).toBe(false);
  expect(waypointReasons(orders, model({ mesh: ambient({ waypoints: 'never' }) }).mesh)).toEqual(['deadline']);
  expect(waypointReasons(orders, model({ mesh: ambient({ sidecarNamespaces: ['shop'] }) }).mesh)).toEqual([]);
  expect(waypointReasons(orders, model({}).mesh)).toEqual([]);
});

test('external services', () => {
  const of = (rest: Partial<ExternalNode>, mesh = MESH) => externalWaypointReasons(external('pay', rest), mesh);
  expect(of({})).toEqual([]);
  expect(of({ originateTls: true, ports: [port(80)], retry: retry(1), deadline: 1, circuitBreaker: ejecting({}) }))
    .toEqual(['TLS for plain requests', 'retry', 'deadline', 'circuitBreaker']);
  expect(of({ retry: retry(1), deadline: 1 })).toEqual([]);
  expect(of({ originateTls: true }, model({ mesh: ambient({ sidecarNamespaces: ['shop'] }) }).mesh)).toEqual([]);
  expect(externalHasWaypoint(external('pay', { circuitBreaker: ejecting({}) }), MESH)).toBe(true);
  expect(externalHasWaypoint(external('pay'), MESH)).toBe(false);
});

test('rules about requests are those that a caller must not go around', () => {
  expect(guardsRequests(service('orders', { deadline: 1, routes: [route('orders', 'a')] }))).toBe(false);
  expect(guardsRequests(service('orders', { security: security({ tokens: [token()] }) }))).toBe(true);
});

test('policies are read by waypoints, and by the sidecars that are left', () => {
  const moving = model({ mesh: ambient({ sidecarNamespaces: ['old'] }) }).mesh;
  expect([isPoliced(service('a'), MESH), isPoliced(service('a', { deadline: 1 }), MESH), isPoliced(service('a'), moving)]).toEqual([false, true, true]);
  expect(isPoliced(service('a', { namespace: 'old' }), moving)).toBe(false);
  expect([isPolicedOutside(external('a'), MESH), isPolicedOutside(external('a'), moving)]).toEqual([false, true]);
});
