import { sharedAccount } from '../../src/checks/shared-account';
import { call, found, lines, service, version, workload } from './model-builder';
import { guarded } from './security-builder';

const shared = { accounts: ['shop'] };

test('whoever shares an account may do what the other may', () => {
  const services = [service('web', shared), service('mail', shared), guarded('ledger')];
  expect(lines(sharedAccount, { services, calls: [call('web', 'ledger')] })).toEqual([
    '[shop/mail] shop/mail runs under the account shop/shop, as shop/web, so it may call shop/ledger, too (it declares no call to it). '
    + 'Give each service an account of its own with serviceAccountName, or leave that out so that one is written under its name.',
  ]);
});

test('services of the same rights, of other namespaces, and of other accounts', () => {
  const ledger = guarded('ledger');
  const both = [call('web', 'ledger'), call('mail', 'ledger')];
  expect(found(sharedAccount, { services: [service('web', shared), service('mail', shared), ledger], calls: both })).toEqual([]);
  const elsewhere = service('mail', { ...shared, namespace: 'post' });
  expect(found(sharedAccount, { services: [service('web', shared), elsewhere, ledger], calls: [call('web', 'ledger')] })).toEqual([]);
  expect(found(sharedAccount, { services: [service('web'), service('mail'), ledger], calls: [call('web', 'ledger')] })).toEqual([]);
});

test('where no policy is about the callee, rights do not differ', () => {
  const services = [service('web', shared), service('mail', shared), service('ledger')];
  expect(found(sharedAccount, { services, calls: [call('web', 'ledger')] })).toEqual([]);
});

test('two services of the same pods are one caller; a callee that shares gains nothing over itself', () => {
  const pods = [version('v1', { workload: workload('web') })];
  const services = [service('web', { ...shared, versions: pods }), service('web-admin', { ...shared, versions: pods }), guarded('ledger')];
  expect(found(sharedAccount, { services, calls: [call('web', 'ledger')] })).toEqual([]);
  expect(found(sharedAccount, { services: [service('web', shared), guarded('ledger', shared)], calls: [call('web', 'ledger')] })).toEqual([]);
});
