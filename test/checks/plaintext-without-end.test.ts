import { plaintextWithoutEnd } from '../../src/checks/plaintext-without-end';
import { lines } from './model-builder';
import { guarded, migration, plaintext, policy, security } from './security-builder';

test('exceptions for good', () => {
  const zeroTrust = policy({ migration: migration({ exceptions: [{ namespace: 'legacy', reason: 'no proxy there' }] }) });
  expect(lines(plaintextWithoutEnd, { services: [guarded('orders', { zeroTrust, security: security({ plaintext: [plaintext(9090)] }) })] })).toEqual([
    '[shop/orders] shop/orders takes plain connections on port 9090 for good (its reason is: a scraper). Say until when with until, or suppress '
    + 'this with a reason if it is for good.',
    '[shop/zero-trust] namespace legacy takes plain connections for good (the reason is: no proxy there). Say until when with until, or suppress '
    + 'this with a reason if it is for good.',
  ]);
});

test('exceptions with a last day', () => {
  const zeroTrust = policy({ migration: migration({ exceptions: [{ namespace: 'legacy', reason: 'no proxy there', until: '2027-01-01' }] }) });
  const orders = guarded('orders', { zeroTrust, security: security({ plaintext: [plaintext(9090, { until: '2027-01-01' })] }) });
  expect(lines(plaintextWithoutEnd, { services: [orders] })).toEqual([]);
});
