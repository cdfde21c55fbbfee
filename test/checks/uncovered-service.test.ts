import { uncoveredService } from '../../src/checks/uncovered-service';
import { Severity } from '../../src/model/finding';
import { found, lines, service } from './model-builder';
import { guarded, policy } from './security-builder';

const shop = guarded('orders', { zeroTrust: policy({ scope: { kind: 'namespaces', namespaces: ['shop'] } }) });

test('a service outside every policy', () => {
  expect(lines(uncoveredService, { services: [shop, service('ledger', { namespace: 'bank' })] })).toEqual([
    '[shop/ledger] everyone may call bank/ledger: no policy is about namespace bank (there are policies for shop). Take the namespace into '
    + 'the scope of a policy, or suppress this with a reason.',
  ]);
  expect(found(uncoveredService, { services: [shop, service('gateway', { namespace: 'istio-system' })] }))
    .toMatchObject([{ evidence: 'it is the namespace of the control plane, whose policies hold everywhere' }]);
});

test('pods without proxies are information', () => {
  expect(found(uncoveredService, { services: [shop, guarded('legacy', { meshed: false })] })).toMatchObject([{ severity: Severity.INFO }]);
});

test('covered services, services without ports, and a program without any policy', () => {
  expect(found(uncoveredService, { services: [shop, service('batch', { namespace: 'jobs', ports: [] })] })).toEqual([]);
  expect(found(uncoveredService, { services: [service('orders'), service('legacy', { meshed: false })] })).toEqual([]);
});
