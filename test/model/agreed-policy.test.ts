import { agreementOf, withAgreement } from '../../src/model/agreed-policy';
import { call, port, retry, service } from '../checks/model-builder';

const one = (rest = {}) => call('web', 'orders', rest);
const other = (rest = {}) => call('batch', 'orders', rest);

test('what all calls ask for alike', () => {
  expect(agreementOf([])).toEqual({});
  expect(agreementOf([one(), other()])).toEqual({});
  expect(agreementOf([one({ deadline: 1000 }), other({ deadline: 1000 })])).toEqual({ deadline: 1000 });
  expect(agreementOf([one({ retry: retry(2) }), other({ retry: retry(2) })])).toEqual({ retry: retry(2) });
});

test.each([
  ['one asks and another does not', [one({ deadline: 1000 }), other()]],
  ['they ask for different things', [one({ deadline: 1000 }), other({ deadline: 2000 })]],
  ['one asks for more', [one({ deadline: 1000 }), other({ deadline: 1000, retry: retry(1) })]],
  ['one caller says two things', [one({ deadline: 1000 }), one({ deadline: 2000 })]],
  ['it is about a port', [one({ deadline: 1000, port: 8080 })]],
  ['it is about an operation', [one({ deadline: 1000, operation: 'search' })]],
])('no agreement: %s', (_, calls) => {
  expect(agreementOf(calls)).toBeUndefined();
});

test('a callee is given what its callers agree on, and keeps the rest; connections have nothing to limit', () => {
  const orders = service('orders', { deadline: 5000, retry: retry(1) });
  expect(withAgreement(orders, [one({ deadline: 1000 })])).toEqual({ ...orders, deadline: 1000 });
  expect(withAgreement(orders, [one({ deadline: 'none' })]).deadline).toBe('none');
  expect(withAgreement(orders, [one({ deadline: 1000 }), other()])).toBe(orders);
  expect(withAgreement(orders)).toBe(orders);
  const db = service('orders', { ports: [port(5432, 'postgres')] });
  expect(withAgreement(db, [one({ deadline: 1000 })])).toBe(db);
});
