import { unknownAccount } from '../../src/checks/unknown-account';
import { call, found, lines, object, service } from './model-builder';
import { account, guarded, rule, security } from './security-builder';

const byHand = (principal: string) => object('AuthorizationPolicy', 'by-hand', {
  apiVersion: 'security.istio.io/v1', body: { spec: { rules: [{ from: [{ source: { principals: [principal] } }] }] } },
});

test('a rule with an account of the program that nobody has', () => {
  const orders = guarded('orders', { security: security({ allow: [rule(account('shop', 'nightly'))] }) });
  expect(lines(unknownAccount, { services: [orders, service('web')] })).toEqual([
    '[shop/orders] a rule of shop/orders names the account shop/nightly, which no workload or ServiceAccount of this program has '
    + '(accounts of that namespace: orders and web). Correct the name, or declare the ServiceAccount.',
  ]);
});

test('accounts of services, of ServiceAccounts and of namespaces that the program knows nothing of', () => {
  const allow = ['web', 'nightly', 'default'].map((name) => rule(account('shop', name)));
  const orders = guarded('orders', { security: security({ allow: [...allow, rule(account('batch', 'any'))] }) });
  const objects = [object('ServiceAccount', 'nightly', { apiVersion: 'v1' })];
  expect(found(unknownAccount, { services: [orders, service('web')], objects })).toEqual([]);
});

test('pods from elsewhere that call a guarded service', () => {
  const batch = service('batch', { podLabels: { app: 'batch' }, accounts: ['default'] });
  const parts = { services: [batch, guarded('orders')], calls: [call('batch', 'orders')] };
  expect(lines(unknownAccount, parts)).toEqual([
    '[shop/batch] nothing says which account the pods of shop/batch run as, and it calls shop/orders (its pods are made outside this '
    + 'program; default is assumed). Say serviceAccountName.',
  ]);
  expect(found(unknownAccount, { ...parts, services: [{ ...batch, serviceAccount: 'batch' }, guarded('orders')] })).toEqual([]);
  expect(found(unknownAccount, { ...parts, services: [batch, service('orders')] })).toEqual([]);
});

test('policies by hand: accounts and trust domains', () => {
  const services = [service('orders')];
  const judge = (principal: string) => found(unknownAccount, { services, objects: [byHand(principal)], mesh: { trustDomain: 'shop.example', trustDomainAliases: ['old.example'] } });
  expect(judge('shop.example/ns/shop/sa/web')).toMatchObject([{ construct: 'shop/by-hand-authorizationpolicy', catalogue: ['KIA0106'] }]);
  expect(judge('elsewhere/ns/shop/sa/orders')).toMatchObject([{ message: expect.stringContaining('names the trust domain elsewhere'), catalogue: ['KIA0108'] }]);
  for (const right of ['shop.example/ns/shop/sa/orders', 'old.example/ns/shop/sa/orders', 'cluster.local/ns/shop/sa/orders', '*', 'shop.example/ns/shop/sa/*', 'shop.example/ns/x/sa/y']) {
    expect(judge(right)).toEqual([]);
  }
});
