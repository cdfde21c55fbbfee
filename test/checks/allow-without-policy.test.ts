import { allowWithoutPolicy } from '../../src/checks/allow-without-policy';
import { found, lines, service } from './model-builder';
import { account, ANYONE, guarded, policy, rule, security } from './security-builder';

const allowed = security({ allow: [rule(account('batch', 'nightly'))] });

test('allowing somebody refuses nobody', () => {
  expect(lines(allowWithoutPolicy, { services: [service('orders', { security: allowed })] })).toEqual([
    '[shop/orders] shop/orders allows account batch/nightly, and no policy refuses the others (the program has no ZeroTrustPolicy). '
    + 'Write a ZeroTrustPolicy whose scope takes its namespace in, or take the rule away.',
  ]);
  const elsewhere = guarded('ledger', { namespace: 'bank', zeroTrust: policy({ scope: { kind: 'namespaces', namespaces: ['bank'] } }) });
  expect(found(allowWithoutPolicy, { services: [service('orders', { security: allowed }), elsewhere] }))
    .toMatchObject([{ evidence: 'no policy is about namespace shop' }]);
});

test('rules for pods without a proxy', () => {
  const denied = security({ deny: [rule(ANYONE)] });
  expect(found(allowWithoutPolicy, { services: [guarded('orders', { meshed: false, security: denied })] }))
    .toMatchObject([{ message: 'shop/orders has rules about its callers, and its pods have no proxy to enforce them' }]);
});

test('under a policy, and denials anywhere', () => {
  expect(found(allowWithoutPolicy, { services: [guarded('orders', { security: allowed }), service('web', { security: security({ deny: [rule(ANYONE)] }) })] })).toEqual([]);
});
