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
