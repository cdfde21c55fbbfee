import type { GatewayApiDialect } from '../../../src/emit/gateway-api';
import { gatewayApi } from '../../../src/emit/gateway-api';
import { MOST_MATCHES, MOST_MATCHES_OF_A_RULE, MOST_RULES } from '../../../src/emit/gateway-api/layout';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { schemaErrors } from '../../support/schemas';
import { aCall, aModel, anExternal, aPort, aRoute, aService, aVersion, HTTP, type Members, prefix, retry } from '../model';
import { manifestsOf } from '../resources';

const DIALECT: GatewayApiDialect = {
  appProtocol: () => undefined, grpc: (_service, port) => port.protocol === 'grpc', expressionsLast: true, grants: true, retryBudgets: true, tcpRoute: 'v1alpha2', tlsRoute: 'v1',
  limitFields: ({ deadline }) => deadline === 'none' ? {} : { timeouts: { request: `${deadline}ms` } },
};

function written(service: ServiceNode, members: Members = {}, dialect: Partial<GatewayApiDialect> = {}) {
  const model = aModel({ ...members, services: [service, ...members.services ?? []] });
  const all = manifestsOf(gatewayApi({ ...DIALECT, ...dialect }), service, model) as any[];
  expect(all.flatMap(schemaErrors)).toEqual([]);
  return (kind: string) => all.filter((one) => one.kind === kind);
}

const named = (list: any[]) => list.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test('a plain service has one rule, without conditions', () => {
  const [route, ...others] = written(aService('orders'))('HTTPRoute');
  expect(others).toEqual([]);
  expect(route).toEqual({
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'orders', namespace: 'shop' },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: 'orders' }],
      rules: [{ name: 'default', backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 80 }], timeouts: { request: '15000ms' } }],
    },
  });
});

describe('versions', () => {
  const two = { versions: [aVersion('v1'), aVersion('v2')], split: { v1: 90, v2: 10 } };

  test('several have a Service each, which a split leads to', () => {
    const of = written(aService('orders', two));
    expect(named(of('Service'))).toEqual(['shop/orders-v1', 'shop/orders-v2']);
    const ports = [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }];
    expect(of('Service')[1].spec).toEqual({ selector: { app: 'orders', version: 'v2' }, ports });
    expect(of('HTTPRoute')[0].spec.rules[0].backendRefs).toEqual([
      { group: '', kind: 'Service', name: 'orders-v1', port: 80, weight: 90 }, { group: '', kind: 'Service', name: 'orders-v2', port: 80, weight: 10 },
    ]);
  });

  test('a lone one is the service itself', () => {
    const of = written(aService('orders', { split: { v1: 100 } }));
    expect(of('Service')).toEqual([]);
    expect(of('HTTPRoute')[0].spec.rules[0].backendRefs).toEqual([{ group: '', kind: 'Service', name: 'orders', port: 80 }]);
  });

  test('one that its pods name otherwise keeps the name that was declared', () => {
    const versions = [aVersion('stable', { declaredSubset: 'v1' }), aVersion('v2')];
    const of = written(aService('orders', { versions, split: { stable: 100, v2: 0 } }));
    expect(of('HTTPRoute')[0].spec.rules[0].backendRefs).toEqual([{ group: '', kind: 'Service', name: 'orders-v1', port: 80 }]);
  });
});

describe('what a route holds', () => {
  const routes = (count: number, each = 1) => Array.from({ length: count }, (_, index) => (
    aRoute(`r${index}`, Array.from({ length: each }, (__, at) => ({ path: { kind: 'exact' as const, value: `/${index}/${at}` } })))
  ));
  const matchesOf = (rules: any[]) => rules.reduce((sum, { matches }) => sum + (matches?.length ?? 1), 0);
  const layout = (list: ReturnType<typeof routes>) => written(aService('orders', { routes: list }))('HTTPRoute')
    .map(({ metadata, spec: { rules } }) => [metadata.name, rules.length, matchesOf(rules)]);

  test('rules, the default one counted', () => {
    expect(layout(routes(MOST_RULES - 1))).toEqual([['orders', 16, 16]]);
    expect(layout(routes(MOST_RULES))).toEqual([['orders', 16, 16], ['orders-02', 1, 1]]);
    expect(layout(routes(2 * MOST_RULES + 1)).map(([name]) => name)).toEqual(['orders', 'orders-02', 'orders-03']);
  });

  test('matches of a rule: a long list goes on in a further rule of the same kind', () => {
    expect(layout(routes(1, MOST_MATCHES_OF_A_RULE))).toEqual([['orders', 2, 65]]);
    expect(layout(routes(1, MOST_MATCHES_OF_A_RULE + 1))).toEqual([['orders', 3, 66]]);
    const [{ spec }] = written(aService('orders', { routes: routes(1, 65) }))('HTTPRoute');
    expect(spec.rules.map(({ name }: any) => name)).toEqual(['r0', 'r0-2', 'default']);
  });

  test('matches of a route', () => {
    expect(layout(routes(1, MOST_MATCHES - 1))).toEqual([['orders', 3, 128]]);
    expect(layout(routes(2, MOST_MATCHES_OF_A_RULE))).toEqual([['orders', 2, 128], ['orders-02', 1, 1]]);
  });

  test('nothing behind a route that takes everything', () => {
    expect(layout([...routes(1), aRoute('all', []), ...routes(1)])).toEqual([['orders', 2, 2]]);
  });
});

describe('conditions', () => {
  const matches = (...list: Parameters<typeof aRoute>[1]) => written(aService('orders', { routes: [aRoute('one', list)] }))('HTTPRoute')[0].spec.rules
    .map((rule: any) => rule.matches);

  test('of paths', () => {
    const exact = (value: string) => ({ path: { kind: 'exact' as const, value } });
    expect(matches(prefix('/api'), exact('/a'), { ...exact('/A.b'), ignorePathCase: true })[0]).toEqual([
      { path: { type: 'PathPrefix', value: '/api' } }, { path: { type: 'Exact', value: '/a' } }, { path: { type: 'RegularExpression', value: '(?i)/A\\.b' } },
    ]);
    expect(matches({ ...prefix('/api/'), ignorePathCase: true })[0]).toEqual([{ path: { type: 'RegularExpression', value: '(?i)/api(/.*)?' } }]);
  });

  test('behind an expression, what takes everything is one, too: Istio tries prefixes first', () => {
    expect(matches({ path: { kind: 'regex', value: '/v[0-9]+/.*' } })).toEqual([
      [{ path: { type: 'RegularExpression', value: '/v[0-9]+/.*' } }], [{ path: { type: 'RegularExpression', value: '.*' } }],
    ]);
    const service = aService('orders', { routes: [aRoute('one', [{ path: { kind: 'regex', value: '/v' } }])] });
    expect(written(service, {}, { expressionsLast: false })('HTTPRoute')[0].spec.rules[1].matches).toBeUndefined();
  });

  test('of methods, headers and query parameters', () => {
    expect(matches({
      method: { kind: 'exact', value: 'GET' }, query: { q: { kind: 'present' } },
      headers: { b: { kind: 'prefix', value: 'a.b' }, a: { kind: 'exact', value: '1' }, c: { kind: 'regex', value: 'x+' } },
    })[0]).toEqual([{
      method: 'GET', queryParams: [{ name: 'q', type: 'RegularExpression', value: '.*' }],
      headers: [{ name: 'a', value: '1' }, { name: 'b', type: 'RegularExpression', value: 'a\\.b.*' }, { name: 'c', type: 'RegularExpression', value: 'x+' }],
    }]);
  });

  test('that no field says write no rule, rather than one that takes other requests', () => {
    expect(matches({ caller: 'shop/web' }, { headers: { a: { kind: 'absent' } } })).toEqual([undefined]);
  });

  test('of ports: every port has a route of its own, which names it', () => {
    const ports = [HTTP, aPort('http2', 81, { name: 'admin' })];
    const of = written(aService('orders', { ports, routes: [aRoute('one', [{ ...prefix('/a'), port: 81 }])] }))('HTTPRoute');
    expect(of.map(({ metadata, spec }) => [metadata.name, spec.parentRefs[0].port, spec.rules.length])).toEqual([['orders-http', 80, 1], ['orders-admin', 81, 2]]);
  });
});

describe('callers of another namespace with a policy of their own', () => {
  const calls = [aCall('web', 'orders', { caller: 'front/web', deadline: 2000 })];
  const orders = aService('orders', {
    versions: [aVersion('v1'), aVersion('v2')], routes: [aRoute('slow', [prefix('/slow')], { deadline: 60_000 })], consumers: [{ namespace: 'front', calls }], routedFrom: ['front'],
  });
  const of = written(orders, { calls });

  test('have a route in their namespace, with the limits of their calls', () => {
    expect(named(of('HTTPRoute'))).toEqual(['shop/orders', 'front/orders-from-front']);
    const [ours, theirs] = of('HTTPRoute').map(({ spec }) => spec);
    expect(theirs.parentRefs).toEqual([{ group: '', kind: 'Service', name: 'orders', namespace: 'shop' }]);
    expect(ours.rules.map(({ timeouts }: any) => timeouts.request)).toEqual(['60000ms', '15000ms']);
    expect(theirs.rules.map(({ timeouts }: any) => timeouts.request)).toEqual(['60000ms', '2000ms']);
    expect(theirs.rules[1].backendRefs).toEqual([{ group: '', kind: 'Service', name: 'orders', namespace: 'shop', port: 80 }]);
  });

  test('which the Services allow', () => {
    const [grant] = of('ReferenceGrant');
    expect(named([grant])).toEqual(['shop/orders-from-front']);
    expect(new Set(grant.spec.from.map(({ namespace }: any) => namespace))).toEqual(new Set(['front']));
    expect(grant.spec.to.map(({ name }: any) => name)).toEqual(['orders', 'orders-v1', 'orders-v2']);
  });

  test('further routes of several namespaces and ports never share a name', () => {
    const consumers = ['a', 'a-02'].map((namespace) => ({ namespace, calls }));
    const many = Array.from({ length: 20 }, (_, index) => aRoute(`r${index}`, [prefix(`/${index}`)]));
    expect(named(written({ ...orders, routes: many, consumers })('HTTPRoute')))
      .toEqual(['shop/orders', 'shop/orders-02', 'a/orders-from-a', 'a/orders-from-a.02', 'a-02/orders-from-a-02', 'a-02/orders-from-a-02.02']);
  });
});

describe('actions', () => {
  const rule = (rest: Parameters<typeof aRoute>[2], matches: Parameters<typeof aRoute>[1] = [prefix('/a')]) => written(
    aService('orders', { routes: [aRoute('one', matches, rest)] }), { services: [aService('ledger.bank')], externals: [anExternal('pay')] },
  )('HTTPRoute')[0].spec.rules as any[];

  test('a redirect sends nothing on, so it has no limits', () => {
    expect(rule({ redirect: { path: '/b', authority: 'example.com:8443', scheme: 'https', status: 308 } })[0]).toEqual({
      name: 'one', matches: [{ path: { type: 'PathPrefix', value: '/a' } }],
      filters: [{ type: 'RequestRedirect', requestRedirect: {
        scheme: 'https', hostname: 'example.com', port: 8443, path: { type: 'ReplaceFullPath', replaceFullPath: '/b' }, statusCode: 308,
      } }],
    });
  });

  test('a prefix is replaced, anything else as a whole; each prefix has a rule of its own', () => {
    const rules = rule({ rewrite: { path: '/b', authority: 'b.example.com' } }, [prefix('/a'), { path: { kind: 'exact', value: '/x' } }]);
    expect(rules.map(({ name, filters }) => [name, filters?.[0].urlRewrite])).toEqual([
      ['one', { hostname: 'b.example.com', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' } }],
      ['one-2', { hostname: 'b.example.com', path: { type: 'ReplaceFullPath', replaceFullPath: '/b' } }],
      ['default', undefined],
    ]);
  });

  test('copies, in percent or as a fraction', () => {
    const mirrors = [100, 5, 0.5].map((percent) => ({ service: 'bank/ledger', percent }));
    const ref = { group: '', kind: 'Service', name: 'ledger', namespace: 'bank', port: 80 };
    expect(rule({ mirrors })[0].filters.map(({ requestMirror }: any) => requestMirror))
      .toEqual([{ backendRef: ref }, { backendRef: ref, percent: 5 }, { backendRef: ref, fraction: { numerator: 5000, denominator: 1_000_000 } }]);
  });

  test('headers and CORS', () => {
    const { filters } = rule({
      requestHeaders: { set: { a: '1' }, add: { b: '2' }, remove: ['c'] }, responseHeaders: { set: {}, add: {}, remove: ['d'] },
      cors: { origins: [{ kind: 'exact', value: 'https://a.example.com' }], methods: ['GET'], headers: [], exposeHeaders: [], maxAgeMs: 1500, credentials: true },
    })[0];
    expect(filters).toEqual([
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: '1' }], add: [{ name: 'b', value: '2' }], remove: ['c'] } },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['d'] } },
      { type: 'CORS', cors: { allowOrigins: ['https://a.example.com'], allowMethods: ['GET'], maxAge: 2, allowCredentials: true } },
    ]);
  });
});

describe('other routes', () => {
  test('gRPC by service and method', () => {
    const ports = [aPort('grpc', 9000)];
    const routes = [
      aRoute('one', [{ path: { kind: 'exact', value: '/shop.Orders/Get' }, headers: { a: { kind: 'exact', value: '1' } } }, prefix('/shop.Orders/')]),
      aRoute('two', [{ headers: { a: { kind: 'present' } } }]),
    ];
    const of = written(aService('orders', { ports, routes, retry: retry(1) }));
    expect(of('HTTPRoute')).toEqual([]);
    expect(of('GRPCRoute')[0].spec.rules).toEqual([
      {
        name: 'one', matches: [{ method: { service: 'shop.Orders', method: 'Get' }, headers: [{ name: 'a', value: '1' }] }, { method: { service: 'shop.Orders' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 9000 }],
      },
      { name: 'two', matches: [{ headers: [{ name: 'a', type: 'RegularExpression', value: '.*' }] }], backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 9000 }] },
      { name: 'default', backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 9000 }] },
    ]);
  });

  test('connections, where they are split or routed', () => {
    const ports = [aPort('tcp', 5000), aPort('tls', 5001)];
    expect(written(aService('db', { ports }))('TCPRoute')).toEqual([]);
    const of = written(aService('db', { ports, versions: [aVersion('v1'), aVersion('v2')], split: { v1: 50, v2: 50 } }));
    expect(named([...of('TCPRoute'), ...of('TLSRoute')])).toEqual(['shop/db-tcp', 'shop/db-tls']);
    const refs = (port: number) => ['db-v1', 'db-v2'].map((name) => ({ group: '', kind: 'Service', name, port, weight: 50 }));
    expect(of('TCPRoute')[0].spec).toEqual({ parentRefs: [{ group: '', kind: 'Service', name: 'db', port: 5000 }], rules: [{ backendRefs: refs(5000) }] });
    expect(of('TLSRoute')[0].spec).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'db', port: 5001 }], hostnames: ['db.shop.svc.cluster.local'], rules: [{ backendRefs: refs(5001) }],
    });
  });
});
