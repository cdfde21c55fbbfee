import { accountContradicted } from '../../src/checks/account-contradicted';
import { found, lines, service, version, workload } from './model-builder';

function orders(own: string | undefined, stated: string | undefined, rest: Parameters<typeof workload>[1] = {}) {
  const pods = workload('orders', { serviceAccount: own, ...rest });
  return { services: [service('orders', { serviceAccount: stated, versions: [version('v1', { workload: pods })] })] };
}

test('two accounts for the same pods', () => {
  expect(lines(accountContradicted, orders('shop', 'orders'))).toEqual([
    '[shop/orders] serviceAccountName is orders, and Deployment orders runs as shop (the pod template of shop/orders-pods says so, or another service of '
    + 'the same pods). Leave serviceAccountName out, or say shop there; or change the account of the workload.',
  ]);
});

test.each<[string, string | undefined, string | undefined]>([
  ['the same account', 'orders', 'orders'], ['only the workload says one', 'shop', undefined], ['only the service says one', undefined, 'orders'],
])('%s', (_, own, stated) => {
  expect(found(accountContradicted, orders(own, stated))).toEqual([]);
});

test('every version is judged, and pods that nobody can read are not', () => {
  const versions = [undefined, 'orders', 'shop'].map((own, index) => version(`v${index}`, { workload: workload(`orders-v${index}`, { serviceAccount: own }) }));
  expect(found(accountContradicted, { services: [service('orders', { serviceAccount: 'orders', versions })] }).map(({ message }) => message))
    .toEqual(['serviceAccountName is orders, and Deployment orders-v2 runs as shop']);
  expect(found(accountContradicted, orders('shop', 'orders', { unreadable: 'it is broken' }))).toEqual([]);
});
