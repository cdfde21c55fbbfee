import { wildcardPrincipal } from '../../src/checks/wildcard-principal';
import { found, lines, object } from './model-builder';
import { account, guarded, rule, security } from './security-builder';

const NAMESPACE = { kind: 'namespace', namespace: 'batch' } as const;

test('everybody of a namespace or of the mesh', () => {
  const orders = guarded('orders', { security: security({ allow: [rule(NAMESPACE), rule({ kind: 'workload' })] }) });
  expect(lines(wildcardPrincipal, { services: [orders] })).toEqual([
    '[shop/orders] shop/orders allows every account of namespace batch (the rule has no reason). Name the accounts with '
    + 'Principal.serviceAccount, or say in reason why all of them are right.',
    expect.stringContaining('shop/orders allows every workload of the mesh'),
  ]);
});

test('accounts, and wide rules with a reason', () => {
  const orders = guarded('orders', { security: security({ allow: [rule(NAMESPACE, { reason: 'one team' }), rule(account('a', 'b'))], deny: [rule(NAMESPACE)] }) });
  expect(found(wildcardPrincipal, { services: [orders] })).toEqual([]);
});

test('by hand', () => {
  const judge = (source: object, action?: string) => found(wildcardPrincipal, {
    objects: [object('AuthorizationPolicy', 'by-hand', { apiVersion: 'security.istio.io/v1', body: { spec: { action, rules: [{ from: [{ source }] }] } } })],
  });
  expect(judge({ principals: ['*'], namespaces: ['batch'] })).toMatchObject([{ message: 'the AuthorizationPolicy by-hand allows * and namespace batch' }]);
  expect(judge({ principals: ['cluster.local/ns/a/sa/b'] })).toEqual([]);
  expect(judge({ principals: ['*'] }, 'DENY')).toEqual([]);
});
