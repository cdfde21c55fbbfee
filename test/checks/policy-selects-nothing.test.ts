import { policySelectsNothing } from '../../src/checks/policy-selects-nothing';
import type { ZeroTrustNode } from '../../src/model/security';
import { found, lines, object, service } from './model-builder';
import { guarded, migration, policy } from './security-builder';

const under = (zeroTrust: ZeroTrustNode) => ({ services: [guarded('orders', { zeroTrust }), service('ledger', { namespace: 'bank' })] });

test('a scope without services', () => {
  expect(lines(policySelectsNothing, under(policy({ scope: { kind: 'namespaces', namespaces: ['shop', 'shpo'] } })))).toEqual([
    '[shop/zero-trust] scope names the namespace shpo, in which the program has no service (its services are in shop and bank). Correct the '
    + 'name, or take it away.',
  ]);
});

test('a stage for namespaces that are not there, or not of the policy', () => {
  const staged = policy({ migration: migration({ stage: 'strict-namespaces', strictNamespaces: ['shop', 'shpo'] }) });
  expect(found(policySelectsNothing, under(staged))).toMatchObject([{ message: expect.stringContaining('mtls.strictFor names the namespace shpo') }]);
  const excepted = policy({
    scope: { kind: 'namespaces', namespaces: ['shop'] }, migration: migration({ exceptions: [{ namespace: 'bank', reason: 'old' }] }),
  });
  expect(found(policySelectsNothing, under(excepted))).toMatchObject([{ message: 'mtls.exceptFor names the namespace bank, which the policy is not about' }]);
});

test('a policy for the whole mesh may know more namespaces than the program', () => {
  const wide = policy({ scope: { kind: 'mesh', gateways: [] }, migration: migration({ exceptions: [{ namespace: 'elsewhere', reason: 'old' }] }) });
  expect(found(policySelectsNothing, under(wide))).toEqual([]);
  expect(found(policySelectsNothing, under(policy({ scope: { kind: 'namespaces', namespaces: ['shop', 'bank'] } })))).toEqual([]);
});

test('selectors by hand', () => {
  const byHand = (labels: object, namespace = 'shop', kind = 'RequestAuthentication') => object(kind, 'by-hand', {
    apiVersion: 'security.istio.io/v1', namespace, body: { spec: { selector: { matchLabels: labels } } },
  });
  const judge = (...objects: ReturnType<typeof byHand>[]) => found(policySelectsNothing, { services: [service('orders')], objects });
  expect(judge(byHand({ app: 'order' }))).toMatchObject([{ message: 'the RequestAuthentication by-hand selects app=order, and no pod of namespace shop carries that' }]);
  expect(judge(byHand({ app: 'order' }, 'shop', 'PeerAuthentication'))).toHaveLength(1);
  expect(judge(byHand({ app: 'orders' }), byHand({ app: 'x' }, 'elsewhere'), byHand({}))).toEqual([]);
});
