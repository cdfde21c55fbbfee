import { httpRules } from '../../../src/emit/istio/http-rules';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { HTTP, type Members, aCall, aModel, aPort, aRoute, aService, aVersion, anExternal, prefix, retry } from '../model';

const ORDERS = 'orders.shop.svc.cluster.local';
const TO_ORDERS = [{ destination: { host: ORDERS } }];
const NEVER = { retries: { attempts: 0 }, timeout: '15s' };
const FROM_WEB = { sourceLabels: { app: 'web' }, sourceNamespace: 'shop' };

function rulesOf(orders: ServiceNode, members: Members = {}) {
  const services = [aService('web'), aService('batch.jobs'), orders, ...members.services ?? []];
  return httpRules(aModel({ ...members, services }), orders, orders.host);
}

test('a service that says nothing gets one rule with explicit retries and deadline', () => {
  expect(rulesOf(aService('orders'))).toStrictEqual([{ name: 'default', route: TO_ORDERS, ...NEVER }]);
});

test('a service without HTTP ports has no rules', () => {
  expect(rulesOf(aService('orders', { ports: [aPort('tcp', 9000), aPort('udp', 53)] }))).toEqual([]);
});

test('the service\'s retries and deadline are stronger than the mesh\'s', () => {
  expect(rulesOf(aService('orders', { retry: retry(3), deadline: 2500 }))).toStrictEqual([
    { name: 'default', route: TO_ORDERS, retries: { attempts: 3, retryOn: 'connect-failure' }, timeout: '2500ms' },
  ]);
});

test('no deadline is no timeout: Istio refuses 0s', () => {
  expect(rulesOf(aService('orders', { deadline: 'none' }))).toStrictEqual([{ name: 'default', route: TO_ORDERS, retries: { attempts: 0 } }]);
});

test('a split is the default rule', () => {
  const [rule] = rulesOf(aService('orders', { versions: [aVersion('v1'), aVersion('v2')], split: { v1: 90, v2: 10 } }));
  expect(rule.route).toStrictEqual([
    { destination: { host: ORDERS, subset: 'v1' }, weight: 90 }, { destination: { host: ORDERS, subset: 'v2' }, weight: 10 },
  ]);
});

describe('routes', () => {
  test('stand before the default rule, in their order, and use the split where they name no backends', () => {
    const rules = rulesOf(aService('orders', {
      split: { v1: 100 },
      routes: [aRoute('refunds', [prefix('/api/refunds')], { deadline: 1000 }), aRoute('api', [prefix('/api')], { retry: retry(1) })],
    }));
    const route = [{ destination: { host: ORDERS, subset: 'v1' } }];
    expect(rules).toStrictEqual([
      { name: 'refunds', match: [{ uri: { prefix: '/api/refunds' } }], route, retries: { attempts: 0 }, timeout: '1s' },
      { name: 'api', match: [{ uri: { prefix: '/api' } }], route, retries: { attempts: 1, retryOn: 'connect-failure' }, timeout: '15s' },
      { name: 'default', route, ...NEVER },
    ]);
  });

  test('that take everything are the last rule', () => {
    const routes = [aRoute('all', [], { deadline: 1000 }), aRoute('late', [prefix('/late')])];
    expect(rulesOf(aService('orders', { routes })).map(({ name, match }) => [name, match])).toEqual([['all', undefined]]);
  });

  test('whose only condition is the only HTTP port take everything', () => {
    const routes = [aRoute('all', [{ port: 80 }])];
    const rules = rulesOf(aService('orders', { routes, ports: [HTTP, aPort('tcp', 9000)] }));
    expect(rules.map(({ name, match }) => [name, match])).toEqual([['all', undefined]]);
  });

  test('that ask for a port of another protocol, an unknown caller or an absent parameter have no rule', () => {
    const routes = [aRoute('port', [{ port: 81 }]), aRoute('caller', [{ caller: 'shop/nobody' }]), aRoute('query', [{ query: { a: { kind: 'absent' } } }])];
    expect(rulesOf(aService('orders', { routes })).map(({ name }) => name)).toEqual(['default']);
  });

  test('that answer by themselves have neither retries nor deadline', () => {
    const routes = [
      aRoute('moved', [prefix('/old')], { redirect: { path: '/new', status: 308 } }), aRoute('gone', [], { directResponse: { status: 410, body: 'gone' } }),
    ];
    expect(rulesOf(aService('orders', { routes }))).toStrictEqual([
      { name: 'moved', match: [{ uri: { prefix: '/old' } }], redirect: { uri: '/new', redirectCode: 308 } },
      { name: 'gone', directResponse: { status: 410, body: { string: 'gone' } } },
    ]);
  });
});

describe('callers with a policy of their own', () => {
  const calls = [aCall('web', 'orders', { retry: retry(2), deadline: 3000 })];
  const forWeb = { retries: { attempts: 2, retryOn: 'connect-failure' }, timeout: '3s' };

  test('have a rule before everybody\'s', () => {
    expect(rulesOf(aService('orders'), { calls })).toStrictEqual([
      { name: 'default-from-web', match: [FROM_WEB], route: TO_ORDERS, ...forWeb },
      { name: 'default', route: TO_ORDERS, ...NEVER },
    ]);
  });

  test('of another namespace carry it in the rule\'s name', () => {
    const [first] = rulesOf(aService('orders'), { calls: [{ ...aCall('', 'orders', { deadline: 1 }), caller: 'jobs/batch' }] });
    expect(first).toStrictEqual({
      name: 'default-from-batch.jobs', match: [{ sourceLabels: { app: 'batch' }, sourceNamespace: 'jobs' }], route: TO_ORDERS,
      retries: { attempts: 0 }, timeout: '1ms',
    });
  });

  test('have a copy of every route, directly before it', () => {
    const routes = [aRoute('refunds', [prefix('/refunds')]), aRoute('api', [prefix('/api'), { headers: { 'x-api': { kind: 'present' } } }])];
    const rules = rulesOf(aService('orders', { routes }), { calls });
    expect(rules.map(({ name }) => name)).toEqual(['refunds-from-web', 'refunds', 'api-from-web', 'api', 'default-from-web', 'default']);
    expect(rules[2]).toStrictEqual({
      name: 'api-from-web', match: [{ uri: { prefix: '/api' }, ...FROM_WEB }, { headers: { 'x-api': {} }, ...FROM_WEB }], route: TO_ORDERS, ...forWeb,
    });
  });

  test('have no copy of a route that says everything itself, or answers by itself', () => {
    const routes = [
      aRoute('said', [prefix('/said')], { retry: retry(1), deadline: 1000 }), aRoute('moved', [prefix('/old')], { redirect: { path: '/', status: 301 } }),
    ];
    const names = rulesOf(aService('orders', { routes }), { calls }).map(({ name }) => name);
    expect(names).toEqual(['said', 'moved', 'default-from-web', 'default']);
  });

  test('have no copy where their policy is everybody\'s', () => {
    const same = [aCall('web', 'orders', { deadline: 15_000 })];
    expect(rulesOf(aService('orders'), { calls: same }).map(({ name }) => name)).toEqual(['default']);
  });

  test('see only the routes that are for them, and those are not written twice', () => {
    const routes = [aRoute('web', [{ caller: 'shop/web' }], { mirrors: [] }), aRoute('batch', [{ caller: 'jobs/batch', ...prefix('/b') }])];
    expect(rulesOf(aService('orders', { routes }), { calls }).map(({ name, match }) => [name, match])).toEqual([
      ['web-from-web', [FROM_WEB]],
      ['batch', [{ uri: { prefix: '/b' }, sourceLabels: { app: 'batch' }, sourceNamespace: 'jobs' }]],
      ['default', undefined],
    ]);
  });

  test('end with a route that takes everything', () => {
    const routes = [aRoute('all', [])];
    expect(rulesOf(aService('orders', { routes }), { calls }).map(({ name }) => name)).toEqual(['all-from-web', 'all']);
  });

  test('of one operation alone have a rule for that route alone, whatever else they say of the service', () => {
    const routes = [aRoute('place', [prefix('/place')]), aRoute('price', [prefix('/price')])];
    const place = aCall('web', 'orders', { operation: 'place', deadline: 1000 });
    const seen = (all: typeof calls) => rulesOf(aService('orders', { routes }), { calls: all }).map(({ name, timeout }) => [name, timeout]);
    expect(seen([place])).toEqual([['place-from-web', '1s'], ['place', '15s'], ['price', '15s'], ['default', '15s']]);
    expect(seen([aCall('web', 'orders', { port: 80, deadline: 2000 }), place])).toEqual([
      ['place-from-web', '1s'], ['place', '15s'], ['price-from-web', '2s'], ['price', '15s'], ['default-from-web', '2s'], ['default', '15s'],
    ]);
  });

  test('are recognised by every label of their Service, by their name where it has none, and skipped where they are unknown', () => {
    const services = [aService('old', { selector: { app: 'x', tier: 'y' } }), aService('bare', { selector: {}, namespace: undefined })];
    const strange = ['old', 'bare', 'nobody'].map((caller) => aCall(caller, 'orders', { deadline: 1 }));
    const rules = rulesOf(aService('orders'), { services, calls: strange });
    expect(rules.map(({ match }) => match)).toEqual([
      [{ sourceLabels: { app: 'x', tier: 'y' }, sourceNamespace: 'shop' }], [{ sourceLabels: { app: 'bare' } }], undefined,
    ]);
  });
});

describe('several HTTP ports', () => {
  const ports = [HTTP, aPort('grpc', 9090, { streaming: true }), aPort('tcp', 9000)];
  const to = (number: number) => [{ destination: { host: ORDERS, port: { number } } }];

  test('have rules each, with the port in match and destination; one that streams has no default deadline', () => {
    expect(rulesOf(aService('orders', { ports }))).toStrictEqual([
      { name: 'default-http', match: [{ port: 80 }], route: to(80), ...NEVER },
      { name: 'default-grpc', match: [{ port: 9090 }], route: to(9090), retries: { attempts: 0 } },
    ]);
  });

  test('a deadline that was said holds for streams, too', () => {
    expect(rulesOf(aService('orders', { ports, deadline: 1000 })).map((rule) => rule.timeout)).toEqual(['1s', '1s']);
  });

  test('a single HTTP port beside others needs no match, but names the port', () => {
    expect(rulesOf(aService('orders', { ports: [HTTP, aPort('tcp', 9000)] }))).toStrictEqual([{ name: 'default', route: to(80), ...NEVER }]);
  });

  test('a route may be for one of them, and a call, too', () => {
    const routes = [aRoute('admin', [{ port: 80, ...prefix('/admin') }]), aRoute('api', [prefix('/api')])];
    const calls = [aCall('web', 'orders', { port: 9090, deadline: 3000 })];
    const rules = rulesOf(aService('orders', { ports, routes }), { calls });
    expect(rules.map(({ name, match }) => [name, match])).toEqual([
      ['admin-http', [{ uri: { prefix: '/admin' }, port: 80 }]],
      ['api-http', [{ uri: { prefix: '/api' }, port: 80 }]],
      ['default-http', [{ port: 80 }]],
      ['api-grpc-from-web', [{ uri: { prefix: '/api' }, port: 9090, ...FROM_WEB }]],
      ['api-grpc', [{ uri: { prefix: '/api' }, port: 9090 }]],
      ['default-grpc-from-web', [{ port: 9090, ...FROM_WEB }]],
      ['default-grpc', [{ port: 9090 }]],
    ]);
  });

  test('a route is not written for a port whose requests an earlier one takes', () => {
    const routes = [aRoute('v1', [{ port: 80, ...prefix('/v1') }]), aRoute('both', [prefix('/v1'), prefix('/v1/old')])];
    expect(rulesOf(aService('orders', { ports, routes })).map(({ name, match }) => [name, match])).toEqual([
      ['v1-http', [{ uri: { prefix: '/v1' }, port: 80 }]],
      ['default-http', [{ port: 80 }]],
      ['both-grpc', [{ uri: { prefix: '/v1' }, port: 9090 }]],
      ['default-grpc', [{ port: 9090 }]],
    ]);
  });

  test('a call that names the port is stronger than one that names none, and the first of equals counts', () => {
    const calls = [
      aCall('web', 'orders', { deadline: 1000 }), aCall('web', 'orders', { port: 80, deadline: 2000 }), aCall('web', 'orders', { port: 80, deadline: 4000 }),
    ];
    const rules = rulesOf(aService('orders', { ports }), { calls });
    expect(rules.map(({ name, timeout }) => [name, timeout])).toEqual([
      ['default-http-from-web', '2s'], ['default-http', '15s'], ['default-grpc-from-web', '1s'], ['default-grpc', undefined],
    ]);
  });
});

describe('external services', () => {
  test('have a rule for every HTTP port and every caller with a policy', () => {
    const stripe = anExternal('stripe', { ports: [HTTP, aPort('https', 443)], retry: retry(1) });
    const model = aModel({ services: [aService('web')], externals: [stripe], calls: [aCall('web', 'stripe', { deadline: 1000 })] });
    const route = [{ destination: { host: 'stripe.example.com', port: { number: 80 } } }];
    expect(httpRules(model, stripe, 'stripe.example.com')).toStrictEqual([
      { name: 'default-from-web', match: [FROM_WEB], route, retries: { attempts: 1, retryOn: 'connect-failure' }, timeout: '1s' },
      { name: 'default', route, retries: { attempts: 1, retryOn: 'connect-failure' }, timeout: '15s' },
    ]);
  });

  test('with one port need not name it', () => {
    const stripe = anExternal('stripe');
    expect(httpRules(aModel({ externals: [stripe] }), stripe, '*.example.com')[0].route).toEqual([{ destination: { host: '*.example.com' } }]);
  });
});
