import { exceptionExpired } from '../../src/checks/exception-expired';
import { lines } from './model-builder';
import { guarded, migration, plaintext, policy, security } from './security-builder';

function judge(asOf: string | undefined, until: string | undefined) {
  const zeroTrust = policy({ migration: migration({ exceptions: [{ namespace: 'legacy', reason: 'no proxy there', until }] }) });
  return lines(exceptionExpired, { mesh: { asOf }, services: [guarded('orders', { zeroTrust, security: security({ plaintext: [plaintext(9090, { until })] }) })] });
}

test('the day after the last one', () => {
  expect(judge('2027-04-01', '2027-03-31')).toEqual([
    '[shop/orders] shop/orders was to take plain connections on port 9090 until 2027-03-31, and it is 2027-04-01 (its reason was: a scraper). '
    + 'Take the exception away, or give it another last day.',
    '[shop/zero-trust] namespace legacy was to take plain connections until 2027-03-31, and it is 2027-04-01 (the reason was: no proxy there). '
    + 'Take the exception away, or give it another last day.',
  ]);
});

test.each([['2027-03-31', '2027-03-31'], ['2027-04-01', undefined], [undefined, '2020-01-01']])('on %s, until %s', (asOf, until) => {
  expect(judge(asOf, until)).toEqual([]);
});
