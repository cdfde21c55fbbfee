import { retryAmplification } from '../../src/checks/retry-amplification';
import { call, found, lines, model, retry, service } from './model-builder';

const names = ['web', 'orders', 'ledger'];
const services = names.map((name) => service(name));

function chain(first: number, second: number) {
  return { services, calls: [call('web', 'orders', { retry: retry(first) }), call('orders', 'ledger', { times: 2, retry: retry(second) })] };
}

test('one more than the limit', () => {
  const above = { services, calls: [call('web', 'orders', { times: 3, retry: retry(2) })], mesh: { budgets: { ...model({}).mesh.budgets, requestAmplification: 8 } } };
  expect(lines(retryAmplification, above)).toEqual([
    '[shop/web] one request to shop/web may become 9 requests to shop/orders, and the limit is 8 (web → orders 3 × 3 attempts; 3 while nothing fails). '
    + 'Say Retry.never() for web → orders; or raise budgets.requestAmplification.',
  ]);
});

test('the limit itself', () => {
  const at = { services, calls: [call('web', 'orders', { times: 4, retry: retry(1) })] };
  expect(found(retryAmplification, at)).toEqual([]);
});

test('the path is shown hop by hop, and the hop next to the failure keeps its retries', () => {
  expect(lines(retryAmplification, chain(2, 2))).toEqual([
    '[shop/web] one request to shop/web may become 18 requests to shop/ledger, and the limit is 8 '
    + '(web → orders 3 attempts, orders → ledger 2 × 3 attempts; 2 while nothing fails). Say Retry.never() for web → orders; or raise budgets.requestAmplification.',
  ]);
});

test('several hops that have to change', () => {
  const four = [...services, service('bank')];
  const calls = [['web', 'orders'], ['orders', 'ledger'], ['ledger', 'bank']].map(([from, to]) => call(from, to, { retry: retry(4) }));
  expect(found(retryAmplification, { services: four, calls })[0]).toMatchObject({
    message: 'one request to shop/web may become 125 requests to shop/bank, and the limit is 8',
    fix: 'Say Retry.never() for web → orders and orders → ledger, none of which can be left out; or raise budgets.requestAmplification',
  });
});

test('what other paths add is told', () => {
  const calls = [
    call('web', 'orders', { retry: retry(2) }), call('orders', 'ledger', { retry: retry(2) }), call('web', 'ledger'),
  ];
  expect(found(retryAmplification, { services, calls })[0].evidence)
    .toBe('web → orders 3 attempts, orders → ledger 3 attempts make 9, and other paths add 1; 1 while nothing fails'.replace('; 1 while', '; 2 while'));
});

test('calls of the normal course alone are load, not amplification', () => {
  expect(found(retryAmplification, { services, calls: [call('web', 'orders', { times: 20 })] })).toEqual([]);
  const one = found(retryAmplification, { services, calls: [call('web', 'orders', { times: 20, retry: retry(1) })] });
  expect(one[0].fix).toMatch(/^Call less often: even without any retry the limit is passed/);
});

test('every entry point is judged', () => {
  const calls = [
    call('web', 'ledger', { times: 3, retry: retry(2) }), call('orders', 'ledger', { times: 5, retry: retry(1) }),
  ];
  expect(found(retryAmplification, { services, calls }).map(({ construct }) => construct)).toEqual(['shop/web', 'shop/orders']);
});
