import { connectionDenial, connectionPolicy, externalAuthorization, requestDenial, requestPolicy } from '../../../src/emit/istio-ambient/authorization';
import { pathNormalization } from '../../../src/emit/istio-ambient/path-normalization';
import { plainPorts } from '../../../src/emit/istio-ambient/peer-authentication';
import { requestAuthentication } from '../../../src/emit/istio-ambient/request-authentication';
import type { AmbientNode } from '../../../src/model/ambient';
import type { Resource } from '../../../src/model/contracts';
import type { CallNode, MeshModel, ServiceDeclaration, ServiceNode } from '../../../src/model/mesh-model';
import { ambient } from '../../checks/ambient-builder';
import { account, ANYONE, authorizer, PERMISSIVE, plaintext, rule, security, STRICT, token } from '../../checks/security-builder';
import { schemaErrors } from '../../support/schemas';
import { aCall, aModel, aPort, aRoute, aService, HTTP, prefix } from '../model';
import { manifestsOf } from '../resources';

function program(services: readonly ServiceNode[], calls: readonly CallNode[] = [], rest: Partial<AmbientNode> = {}): MeshModel {
  return aModel({ services, calls, mesh: ambient(rest) });
}

function spec(resource: Resource<ServiceDeclaration, ServiceNode>, model: MeshModel, id = 'shop/orders'): any {
  const manifests = manifestsOf([resource], model.serviceById.get(id)!, model);
  expect(manifests.flatMap(schemaErrors)).toEqual([]);
  return manifests[0]?.spec;
}

const sa = (name: string, namespace = 'shop') => `cluster.local/ns/${namespace}/sa/${name}`;
const allow = (principals: string[], operation: object = { ports: ['8080'] }) => ({ from: [{ source: { principals } }], to: [{ operation }] });

const web = aService('web');
const guarded = aService('orders', { zeroTrust: STRICT });
const timed = aService('orders', { zeroTrust: STRICT, deadline: 1000 });

describe('a service without a waypoint', () => {
  test('lets its callers in by their identity and port, at the pods', () => {
    const model = program([web, guarded], [aCall('web', 'orders')]);
    expect(spec(connectionPolicy, model)).toEqual({ action: 'ALLOW', selector: { matchLabels: { app: 'orders' } }, rules: [allow([sa('web')])] });
    const atWaypoint = [requestPolicy, requestDenial, requestAuthentication, pathNormalization].map((resource) => spec(resource, model));
    expect(atWaypoint).toEqual(Array(4).fill(undefined));
  });

  test('is closed without callers, and open without a policy', () => {
    expect(spec(connectionPolicy, program([guarded]))).toEqual({ action: 'ALLOW', selector: { matchLabels: { app: 'orders' } } });
    expect(spec(connectionPolicy, program([aService('orders')]))).toBeUndefined();
  });

  test('lets the waypoint of a service in whose route leads to it, in place of the caller', () => {
    const front = aService('front', { zeroTrust: STRICT, routes: [aRoute('a', [prefix('/a')], { backends: [{ service: 'shop/orders', weight: 100 }] })] });
    expect(spec(connectionPolicy, program([web, front, guarded], [aCall('web', 'front')])).rules).toEqual([allow([sa('waypoint')])]);
    const old = aService('web.old');
    const call = { ...aCall('web', 'front'), caller: 'old/web' };
    // A sidecar routes by itself.
    expect(spec(connectionPolicy, program([old, front, guarded], [call], { sidecarNamespaces: ['old'] })).rules).toEqual([allow([sa('web', 'old')])]);
    expect(spec(connectionPolicy, program([web, front, guarded], [aCall('web', 'front')], { waypoints: 'never' })).rules).toBeUndefined();
  });

  test('plain ports take plain connections, and are always permissive', () => {
    const db = aService('orders', {
      zeroTrust: STRICT, ports: [HTTP, aPort('mysql', 3306)], security: security({ plaintext: [plaintext(3306, { mode: 'disabled', addresses: ['192.0.2.0/24'] }), plaintext(9090)] }),
    });
    expect(spec(connectionPolicy, program([db])).rules).toEqual([
      { from: [{ source: { ipBlocks: ['192.0.2.0/24'] } }], to: [{ operation: { ports: ['3306'] } }] },
      { from: [{ source: { notPrincipals: ['*'] } }], to: [{ operation: { ports: ['9090'] } }] },
    ]);
    expect(spec(plainPorts, program([db]))).toEqual({
      selector: { matchLabels: { app: 'orders' } }, portLevelMtls: { 3306: { mode: 'PERMISSIVE' }, 9090: { mode: 'PERMISSIVE' } },
    });
  });
});

describe('a service behind a waypoint', () => {
  const model = program([web, timed], [aCall('web', 'orders')]);

  test('lets nobody in but the waypoint, at the pods', () => {
    expect(spec(connectionPolicy, model)).toEqual({ action: 'ALLOW', selector: { matchLabels: { app: 'orders' } }, rules: [allow([sa('waypoint')])] });
    expect(spec(connectionPolicy, program([web, timed], [aCall('web', 'orders')], { waypointName: 'gate' })).rules).toEqual([allow([sa('gate')])]);
  });

  test('names its callers to the waypoint, by the port of the Service', () => {
    expect(spec(requestPolicy, model)).toEqual({
      action: 'ALLOW', targetRefs: [{ group: '', kind: 'Service', name: 'orders' }], rules: [allow([sa('web')], { ports: ['80'] })],
    });
  });

  test('lets callers with sidecars in beside it, unless it has rules about requests', () => {
    const old = aService('batch.old');
    const call = { ...aCall('x', 'orders'), caller: 'old/batch' };
    const rules = (orders: ServiceNode) => spec(connectionPolicy, program([old, orders], [call], { sidecarNamespaces: ['old'] })).rules;
    expect(rules(timed)).toEqual([allow([sa('batch', 'old'), sa('waypoint')])]);
    expect(rules({ ...timed, security: security({ tokens: [token()] }) })).toEqual([allow([sa('waypoint')])]);
  });

  test('lets everybody in where it says so, unless it has rules about requests', () => {
    const open = (rest: object) => spec(connectionPolicy, program([{ ...timed, security: security({ allow: [rule(ANYONE)], ...rest }) }])).rules;
    expect(open({})).toEqual([{ to: [{ operation: { ports: ['8080'] } }] }]);
    expect(open({ tokens: [token()] })).toEqual([allow([sa('waypoint')])]);
  });

  test('without a policy it is closed to all but the waypoint only where it has rules about requests', () => {
    expect(spec(connectionPolicy, program([aService('orders', { deadline: 1 })]))).toBeUndefined();
    const orders = aService('orders', { security: security({ tokens: [token()] }) });
    expect(spec(connectionPolicy, program([web, orders], [aCall('web', 'orders')])).rules).toEqual([allow([sa('waypoint')])]);
    expect(spec(requestPolicy, program([web, orders], [aCall('web', 'orders')]))).toBeUndefined();
  });

  test('requests of a call are judged at the waypoint', () => {
    const orders = { ...guarded, calledByRequest: true };
    const narrow = program([web, orders], [aCall('web', 'orders', { methods: ['GET'], paths: ['/a'] })]);
    expect(spec(requestPolicy, narrow).rules).toEqual([allow([sa('web')], { ports: ['80'], methods: ['GET'], paths: ['/a'] })]);
    expect(spec(connectionPolicy, narrow).rules).toEqual([allow([sa('waypoint')])]);
  });

  test('tokens, external authorizers and paths', () => {
    const orders = { ...timed, security: security({ tokens: [token({ publicPaths: ['/health'] })], external: [authorizer({ paths: ['/a*'] })], pathRules: true }) };
    const secured = program([orders]);
    const targetRefs = [{ group: '', kind: 'Service', name: 'orders' }];
    expect(spec(requestAuthentication, secured)).toMatchObject({ targetRefs, jwtRules: [{ issuer: 'https://id.example.com' }] });
    expect(spec(requestDenial, secured)).toEqual({
      targetRefs, action: 'DENY',
      rules: [{ from: [{ source: { notRequestPrincipals: ['https://id.example.com/*'] } }], to: [{ operation: { ports: ['80'], notPaths: ['/health'] } }] }],
    });
    expect(spec(externalAuthorization, secured)).toEqual({
      targetRefs, action: 'CUSTOM', provider: { name: 'opa' }, rules: [{ to: [{ operation: { ports: ['80'], paths: ['/a*'] } }] }],
    });
    const { targetRefs: gateway, configPatches } = spec(pathNormalization, secured);
    expect(gateway).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }]);
    expect(configPatches.map(({ match }: any) => match.listener.filterChain.name)).toEqual(Array(2).fill('inbound-vip|80|http|orders.shop.svc.cluster.local'));
    expect(spec(pathNormalization, program([{ ...orders, zeroTrust: { ...STRICT, refuseEncodedSlashes: false } }]))).toBeUndefined();
  });
});

test('denials of connections are said to both proxies, denials of requests to the waypoint alone', () => {
  const deny = [rule(account('a', 'b')), rule(account('c', 'd'), { paths: ['/admin'] })];
  const model = program([aService('orders', { security: security({ deny }) })]);
  expect(spec(connectionDenial, model)).toEqual({
    action: 'DENY', selector: { matchLabels: { app: 'orders' } }, rules: [{ from: [{ source: { principals: [sa('b', 'a')] } }] }],
  });
  expect(spec(requestDenial, model).rules).toEqual([
    { from: [{ source: { principals: [sa('b', 'a')] } }] }, allow([sa('d', 'c')], { ports: ['80'], paths: ['/admin'] }),
  ]);
  const calm = program([aService('orders', { security: security({ deny: deny.slice(0, 1) }) })]);
  expect([spec(connectionDenial, calm).rules.length, spec(requestDenial, calm)]).toEqual([1, undefined]);
  expect(spec(connectionDenial, program([aService('orders', { security: security({ deny: deny.slice(1) }) })]))).toBeUndefined();
});

test('where nothing is enforced yet, policies only count', () => {
  const annotations = (zeroTrust: typeof STRICT) => {
    const model = program([web, { ...timed, zeroTrust }], [aCall('web', 'orders')]);
    return manifestsOf([connectionPolicy, requestPolicy], model.serviceById.get('shop/orders')!, model).map(({ metadata }) => (metadata as any).annotations);
  };
  expect(annotations(PERMISSIVE)).toEqual([{ 'istio.io/dry-run': 'true' }, { 'istio.io/dry-run': 'true' }]);
  expect(annotations(STRICT)).toEqual([undefined, undefined]);
});

test('pods outside the mesh have no policy of their own', () => {
  expect(spec(connectionPolicy, program([{ ...timed, meshed: false }]))).toBeUndefined();
});
