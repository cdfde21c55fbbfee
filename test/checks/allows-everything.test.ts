import { allowsEverything } from '../../src/checks/allows-everything';
import { Severity } from '../../src/model/finding';
import { found, object, service } from './model-builder';
import { guarded } from './security-builder';

function judge(spec: object, services = [guarded('orders'), guarded('web')], namespace = 'shop') {
  return found(allowsEverything, {
    services, objects: [object('AuthorizationPolicy', 'by-hand', { apiVersion: 'security.istio.io/v1', namespace, body: { spec } })],
  });
}

test('an empty rule opens all, a rule without source some', () => {
  expect(judge({ rules: [{}] })).toMatchObject([{
    severity: Severity.ERROR, message: 'the AuthorizationPolicy by-hand has a rule without any condition: everyone may call shop/orders and shop/web',
  }]);
  expect(judge({ action: 'ALLOW', rules: [{ to: [{ operation: { methods: ['GET'] } }] }], selector: { matchLabels: { app: 'web' } } })).toMatchObject([{
    severity: Severity.WARNING, message: 'the AuthorizationPolicy by-hand has a rule without a source: everyone may call shop/web so',
  }]);
  expect(judge({ rules: [{}] }, undefined, 'istio-system')).toHaveLength(1);
});

test('an empty policy, a source, a condition, another action, and services that nothing closes', () => {
  expect(judge({})).toEqual([]);
  expect(judge({ rules: [{ from: [{ source: { namespaces: ['a'] } }] }, { when: [{ key: 'source.ip', values: ['10.0.0.1'] }] }] })).toEqual([]);
  expect(judge({ action: 'DENY', rules: [{}] })).toEqual([]);
  expect(judge({ rules: [{}] }, [service('orders')])).toEqual([]);
  expect(judge({ rules: [{}] }, undefined, 'bank')).toEqual([]);
});
