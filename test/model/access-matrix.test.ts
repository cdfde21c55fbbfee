import { accessMatrix } from '../../src/model/access-matrix';
import { call, model, Parts, port, service } from '../checks/model-builder';
import { account, ANYONE, authorizer, guarded, PERMISSIVE, plaintext, rule, security, token } from '../checks/security-builder';

/** `verdict: reason` of every port. */
function answers(parts: Parts, caller: string, callee: string): string[] {
  return accessMatrix(model(parts)).cells(`shop/${caller}`, `shop/${callee}`).map(({ verdict, reason }) => `${verdict}: ${reason}`);
}

test('declared calls, and everything else', () => {
  const parts = { services: [service('web'), guarded('orders', { ports: [port(80), port(81), port(53, 'udp')] })], calls: [call('web', 'orders', { port: 80 })] };
  expect(answers(parts, 'web', 'orders')).toEqual(['allowed: shop/web calls it', 'refused: shop/web declares no call to it']);
  expect(accessMatrix(model(parts))).toMatchObject({ callers: ['shop/web', 'shop/orders'], callees: ['shop/web', 'shop/orders'] });
});

test('requests that are allowed, and what must come with them', () => {
  const orders = guarded('orders', { security: security({ tokens: [token()], external: [authorizer()] }) });
  const parts = { services: [service('web'), orders], calls: [call('web', 'orders', { paths: ['/a'] }), call('web', 'orders', { methods: ['GET'], paths: ['/b'] })] };
  expect(accessMatrix(model(parts)).cell('shop/web', 'shop/orders', 8080)).toEqual({
    caller: 'shop/web', callee: 'shop/orders', port: 8080, verdict: 'allowed', reason: 'shop/web calls it',
    requests: [{ ports: [8080], methods: [], paths: ['/a'], hosts: [] }, { ports: [8080], methods: ['GET'], paths: ['/b'], hosts: [] }],
    conditions: ['a token of https://id.example.com', 'opa agrees'],
  });
  const whole = { ...parts, calls: [...parts.calls, call('web', 'orders')] };
  expect(accessMatrix(model(whole)).cell('shop/web', 'shop/orders', 8080).requests).toBeUndefined();
});

test('services that nothing closes', () => {
  expect(answers({ services: [service('web'), service('orders')] }, 'web', 'orders')).toEqual(['open: no policy is about it']);
  expect(answers({ services: [service('web'), service('orders', { zeroTrust: PERMISSIVE })] }, 'web', 'orders')).toEqual(['open: its policy only counts']);
  expect(answers({ services: [service('web'), guarded('orders', { meshed: false })] }, 'web', 'orders')).toEqual(['open: its pods have no proxy']);
});

test('callers without identity, under somebody else\'s account, and by rules for many', () => {
  const calls = [call('web', 'orders')];
  expect(answers({ services: [service('web', { meshed: false }), guarded('orders')], calls }, 'web', 'orders')).toEqual(['refused: shop/web has no proxy, so no identity']);
  const shared = { accounts: ['shop'] };
  expect(answers({ services: [service('web', shared), service('mail', shared), guarded('orders')], calls }, 'mail', 'orders'))
    .toEqual(['allowed: it runs under the account of shop/web: shop/web calls it']);
  const allow = [rule({ kind: 'namespace', namespace: 'shop' }, { reason: 'one team' })];
  expect(answers({ services: [service('web'), guarded('orders', { security: security({ allow }) })] }, 'web', 'orders'))
    .toEqual(['allowed: every account of namespace shop: one team']);
});

test('denials are the stronger, also where nothing is closed, but not of single requests', () => {
  const calls = [call('web', 'orders')];
  const denied = (...deny: ReturnType<typeof rule>[]) => ({ security: security({ deny }) });
  const web = { kind: 'service', service: 'shop/web' } as const;
  expect(answers({ services: [service('web'), guarded('orders', denied(rule(web, { reason: 'it is old' })))], calls }, 'web', 'orders')).toEqual(['refused: it is old']);
  expect(answers({ services: [service('web'), service('orders', denied(rule(ANYONE)))], calls }, 'web', 'orders')).toEqual(['refused: shop/orders denies it']);
  expect(answers({ services: [service('web'), guarded('orders', denied(rule(web, { paths: ['/a'] })))], calls }, 'web', 'orders')).toEqual(['allowed: shop/web calls it']);
});

test('a plain port is everybody\'s, also of those that are denied', () => {
  const open = security({ plaintext: [plaintext(80)], deny: [rule({ kind: 'service', service: 'shop/mail' })] });
  const parts = { services: [service('web'), service('mail'), guarded('orders', { ports: [port(80), port(81)], security: open })] };
  const plain = 'allowed: anyone, without identity: a scraper';
  expect(answers(parts, 'web', 'orders')).toEqual([plain, 'refused: shop/web declares no call to it']);
  expect(answers(parts, 'mail', 'orders')).toEqual([plain, 'refused: shop/orders denies it']);
});

test('a headless service\'s own pods', () => {
  expect(answers({ services: [guarded('db', { headless: true })] }, 'db', 'db')).toEqual(['allowed: pods of a headless service find each other by its name']);
});

test('callers from outside the program', () => {
  const allow = [rule(account('istio-ingress', 'gateway'), { paths: ['/a'] }), rule(ANYONE, { reason: 'the shop window' })];
  const orders = guarded('orders', { security: security({ allow, plaintext: [plaintext(9090, { addresses: ['192.0.2.0/24'] })] }) });
  expect(accessMatrix(model({ services: [orders, service('open', { security: security({ allow }) })] })).outside).toEqual([
    expect.objectContaining({ caller: 'account istio-ingress/gateway', port: 8080, requests: [{ ports: [8080], methods: [], paths: ['/a'], hosts: [] }] }),
    expect.objectContaining({ caller: 'anyone', port: 8080, requests: undefined, reason: 'the shop window' }),
    expect.objectContaining({ caller: '192.0.2.0/24, without identity', callee: 'shop/orders', port: 9090, reason: 'a scraper' }),
  ]);
});

test('an audit answers twice: what holds, and what will', () => {
  const audited = (rest: Parameters<typeof service>[1] = {}) => service('orders', { zeroTrust: PERMISSIVE, ...rest });
  const web = { kind: 'service', service: 'shop/web' } as const;
  const judged = (rest?: Parameters<typeof service>[1]) => {
    const { verdict, enforced } = accessMatrix(model({ services: [service('web'), service('mail'), audited(rest)], calls: [call('web', 'orders')] })).cell('shop/web', 'shop/orders', 8080);
    return [verdict, enforced?.verdict, enforced?.reason];
  };
  expect(judged()).toEqual(['open', 'allowed', 'shop/web calls it']);
  expect(judged({ security: security({ deny: [rule(web, { reason: 'it is old' })] }) })).toEqual(['open', 'refused', 'it is old']);
  expect(accessMatrix(model({ services: [service('web'), audited()] })).cell('shop/web', 'shop/orders', 8080).enforced)
    .toMatchObject({ verdict: 'refused', reason: 'shop/web declares no call to it', byDefault: true });
});

test('requests that are refused although others are not', () => {
  const web = { kind: 'service', service: 'shop/web' } as const;
  const deny = [rule(web, { methods: ['DELETE'] }), rule({ kind: 'service', service: 'shop/mail' }, { methods: ['PUT'] }), rule(web, { ports: [81], paths: ['/b'] })];
  const parts = (rest: Parameters<typeof service>[1]) => ({ services: [service('web'), service('mail'), guarded('orders', rest)], calls: [call('web', 'orders')] });
  const except = (rest: Parameters<typeof service>[1], at: number) => accessMatrix(model(parts(rest))).cell('shop/web', 'shop/orders', at).except;
  const ports = [port(80), port(81), port(5432, 'postgres')];
  expect(except({ ports, security: security({ deny }) }, 80)).toEqual([{ ports: [], methods: ['DELETE'], paths: [], hosts: [] }]);
  expect(except({ ports, security: security({ deny }) }, 81)).toHaveLength(2);
  expect(except({ ports, security: security({ deny }) }, 5432)).toBeUndefined();
  expect(except({ ports, security: security({ deny, plaintext: [plaintext(80)] }) }, 80)).toBeUndefined();
});

test('a denial of everybody holds on a plain port, whatever stands before it', () => {
  const deny = [rule({ kind: 'service', service: 'shop/web' }), rule(ANYONE, { reason: 'closed' })];
  const orders = guarded('orders', { ports: [port(80)], security: security({ deny, plaintext: [plaintext(80)] }) });
  expect(answers({ services: [service('web'), orders] }, 'web', 'orders')).toEqual(['refused: closed']);
});

test('what must come with a request, by port and by caller', () => {
  const exempt = [{ kind: 'service', service: 'shop/mail' } as const, account('istio-ingress', 'gateway')];
  const tokens = [token({ exempt, publicPaths: ['/healthz'] })];
  const orders = guarded('orders', {
    ports: [port(80), port(5432, 'postgres')],
    security: security({ tokens, external: [authorizer({ paths: ['/admin/*'] })], allow: [rule(account('istio-ingress', 'gateway')), rule(account('batch', 'nightly'))] }),
  });
  const matrix = accessMatrix(model({ services: [service('web', { accounts: ['web'] }), service('mail', { accounts: ['mail'] }), orders], calls: [call('web', 'orders'), call('mail', 'orders')] }));
  const authorized = 'opa agrees to /admin/*';
  const withToken = ['a token of https://id.example.com except for /healthz', authorized];
  expect(matrix.cells('shop/web', 'shop/orders').map(({ conditions }) => conditions)).toEqual([withToken, []]);
  expect(matrix.cell('shop/mail', 'shop/orders', 80).conditions).toEqual([authorized]);
  expect(matrix.outside.filter(({ port: at }) => at === 80).map(({ caller, conditions }) => [caller, conditions])).toEqual([
    ['account istio-ingress/gateway', [authorized]], ['account batch/nightly', withToken],
  ]);
  const everything = guarded('orders', { ports: [port(5432, 'postgres')], security: security({ external: [authorizer({ connections: true })] }) });
  expect(accessMatrix(model({ services: [service('web'), everything], calls: [call('web', 'orders')] })).cell('shop/web', 'shop/orders', 5432).conditions).toEqual(['opa agrees']);
});

describe('callers that are named', () => {
  const named = (rest: Parameters<typeof service>[1], ...callers: Parameters<typeof call>[]) => accessMatrix(model({
    services: [
      service('web'), service('twin', { accounts: ['web'] }), service('legacy', { meshed: false }), service('mail', { namespace: 'post' }), guarded('orders', rest),
    ],
    calls: callers.map((one) => call(...one)),
  })).named('shop/orders');

  test.each<[string, Parameters<typeof rule>[0], readonly string[]]>([
    ['a service, and who shares its account', { kind: 'service', service: 'shop/web' }, ['shop/web', 'shop/twin']],
    ['an account', account('post', 'mail'), ['post/mail']],
    ['a namespace', { kind: 'namespace', namespace: 'shop' }, ['shop/web', 'shop/twin', 'shop/orders']],
    ['every workload', { kind: 'workload' }, ['shop/web', 'shop/twin', 'post/mail', 'shop/orders']],
    ['anyone', ANYONE, ['shop/web', 'shop/twin', 'shop/legacy', 'post/mail', 'shop/orders']],
    ['addresses', { kind: 'addresses', blocks: ['192.0.2.7'], forwarded: false }, []],
    ['an account of another mesh', { kind: 'account', namespace: 'shop', account: 'web', trustDomain: 'other' }, []],
  ])('%s', (_, principal, expected) => {
    expect(named({ security: security({ allow: [rule(principal)] }) })).toEqual(expected);
    expect(named({ security: security({ deny: [rule(principal)] }) })).toEqual(expected);
  });

  test('are refused by default where nothing is about them, and for a reason of their own where a call is', () => {
    const parts = { services: [service('legacy', { meshed: false }), guarded('orders', { ports: [port(80), port(81)] })], calls: [call('legacy', 'orders', { port: 80 })] };
    const cells = accessMatrix(model(parts)).cells('shop/legacy', 'shop/orders');
    expect(cells.map(({ verdict, byDefault }) => [verdict, byDefault])).toEqual([['refused', undefined], ['refused', true]]);
  });

  test('by calls, also of those that have no identity', () => {
    expect(named({}, ['legacy', 'orders'])).toEqual(['shop/legacy']);
    expect(named({})).toEqual([]);
  });
});
