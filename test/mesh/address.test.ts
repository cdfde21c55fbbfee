import { isAddress } from '../../src/mesh/address';

test.each(['10.1.2.3', '10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/32', '::1', '2001:db8::/32', '::/128'])('%s is an address or a network', (text) => {
  expect(isAddress(text)).toBe(true);
});

test.each(['', '10.1.2', '10.1.2.256', 'a.example.com', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1'])('%j is none', (text) => {
  expect(isAddress(text)).toBe(false);
});
