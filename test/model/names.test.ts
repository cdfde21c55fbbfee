import {
  fullyQualified, refusedLabel, refusedLabelKey, refusedLabelValue, refusedPortName, refusedServiceName, refusedSubdomain,
} from '../../src/model/names';

const a = (length: number) => 'a'.repeat(length);
const LOWER = 'must hold only lower-case letters, digits and hyphens, and starts and ends with a letter or digit';
const SERVICE = 'must hold only lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit';
const VALUE = 'must hold only letters, digits, hyphens, dots and underscores, and starts and ends with a letter or digit';
const SUBDOMAIN = 'must hold only lower-case letters, digits, hyphens and dots, and each part between dots starts and ends with a letter or digit';
const LONG = 'has 64 characters, and at most 63 are allowed';

type Rule = (name: string) => string | undefined;

describe.each<[string, Rule, string[], [string, string][]]>([
  ['a namespace', refusedLabel, ['a', '0', 'a-b', a(63)], [['', LOWER], ['-a', LOWER], ['a-', LOWER], ['A', LOWER], ['a.b', LOWER], ['a_b', LOWER], [a(64), LONG]]],
  ['a Service', refusedServiceName, ['a', 'a0', 'a-0', a(63)], [['', SERVICE], ['0a', SERVICE], ['a-', SERVICE], ['a.b', SERVICE], [a(64), LONG]]],
  ['a label\'s value', refusedLabelValue, ['', 'A', '1.0_x-y', a(63)], [['-a', VALUE], ['a.', VALUE], ['a b', VALUE], ['a/b', VALUE], [a(64), LONG]]],
  ['a label\'s key', refusedLabelKey, ['app', 'A_b.c', 'example.com/app', `${[a(63), a(63), a(63), a(61)].join('.')}/${a(63)}`], [
    ['', 'has no name'], ['example.com/', 'has no name'], ['/a', `${SUBDOMAIN} before its slash`], ['Example.com/a', `${SUBDOMAIN} before its slash`],
    ['a/b/c', VALUE], ['a b', VALUE], [a(64), LONG], [`${a(254)}/a`, 'has 254 characters, and at most 253 are allowed before its slash'],
  ]],
  ['a ServiceAccount', refusedSubdomain, ['a', '0.a-b.c', [a(63), a(63), a(63), a(61)].join('.')], [
    ['', SUBDOMAIN], ['a..b', SUBDOMAIN], ['.a', SUBDOMAIN], ['a.-b', SUBDOMAIN], ['A', SUBDOMAIN], [a(254), 'has 254 characters, and at most 253 are allowed'],
  ]],
  ['a port', refusedPortName, ['http', 'a', '0a', a(15)], [
    [a(16), 'has 16 characters, and a port name has at most 15'], ['80', 'has no letter, and a port name has at least one'],
    ['a--b', 'has two hyphens in a row'], ['A', LOWER], ['', LOWER],
  ]],
])('%s', (_, rule, accepted, refused) => {
  test.each(accepted)('may be %j', (name) => {
    expect(rule(name)).toBeUndefined();
  });

  test.each(refused)('may not be %j', (name, reason) => {
    expect(rule(name)).toBe(reason);
  });
});

test('a host is fully qualified', () => {
  expect(fullyQualified('orders', 'shop', 'cluster.local')).toBe('orders.shop.svc.cluster.local');
});
