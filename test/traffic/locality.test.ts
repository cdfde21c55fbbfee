import { LoadBalancing, LocalityOptions, LocalityShare } from '../../src';
import { refusal } from '../support/refusal';

const policy = (locality: LocalityOptions) => LoadBalancing.leastRequest({ locality })._policy().locality;
const refused = (locality: LocalityOptions) => refusal(() => policy(locality));

test('nothing means nearest first', () => {
  expect(policy({})).toEqual({ failover: [], failoverPriority: [], distribute: [] });
});

test('failover and priority stand together', () => {
  expect(policy({ failover: [{ region: 'eu', failoverTo: 'us' }], failoverPriority: ['rack', 'example.com/cell'] })).toEqual({
    failover: [{ from: 'eu', to: 'us' }], failoverPriority: ['rack', 'example.com/cell'], distribute: [],
  });
});

test('shares are kept', () => {
  const distribute: LocalityShare[] = [{ locality: 'eu/a/*', shares: { 'eu/a/*': 99, 'eu/b': 1 } }, { locality: 'us', shares: { us: 100 } }];
  expect(policy({ distribute })).toEqual({
    failover: [], failoverPriority: [], distribute: [{ from: 'eu/a/*', to: { 'eu/a/*': 99, 'eu/b': 1 } }, { from: 'us', to: { us: 100 } }],
  });
});

test.each([
  [{ failover: [{ region: 'eu', failoverTo: 'us' }] }], [{ failoverPriority: ['rack'] }],
])('refuses shares beside %j', (other) => {
  expect(refused({ ...other, distribute: [{ locality: 'us', shares: { us: 100 } }] }))
    .toBe('LoadBalancing: locality.distribute is [{"locality":"us","shares":{"us":100}}]; give fixed shares or a failover, not both');
});

test.each(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'])('refuses %s beside a failover', (label) => {
  expect(policy({ failoverPriority: [label] })).toMatchObject({ failoverPriority: [label] });
  expect(refused({ failover: [{ region: 'eu', failoverTo: 'us' }], failoverPriority: ['rack', label] }))
    .toBe(`LoadBalancing: locality.failoverPriority is "${label}"; leave it out, since failover says where requests go by place`);
});

test.each(['', 'eu/a', 'eu*'])('refuses the region %j', (region) => {
  const fix = 'name a region alone, without zone and wildcard';
  expect(refused({ failover: [{ region, failoverTo: 'us' }] })).toBe(`LoadBalancing: locality.failover.region is "${region}"; ${fix}`);
  expect(refused({ failover: [{ region: 'us', failoverTo: region }] })).toBe(`LoadBalancing: locality.failover.failoverTo is "${region}"; ${fix}`);
});

test('refuses a failover to the same region', () => {
  expect(refused({ failover: [{ region: 'eu', failoverTo: 'eu' }] }))
    .toBe('LoadBalancing: locality.failover is {"region":"eu","failoverTo":"eu"}; name two different regions');
});

test.each([0, 101, 12.5])('refuses a share of %d', (value) => {
  expect(refused({ distribute: [{ locality: 'eu', shares: { eu: value, us: 100 - value } }] }))
    .toBe(`LoadBalancing: locality.distribute[eu].shares[eu] is ${value}; give a whole number from 1 to 100`);
});

test.each([[{ eu: 99 }, 99], [{ eu: 99, us: 2 }, 101], [{}, 0]])('refuses the shares %j', (shares, sum) => {
  expect(refused({ distribute: [{ locality: 'eu', shares }] }))
    .toBe(`LoadBalancing: locality.distribute[eu].shares is ${JSON.stringify(shares)}; let the shares add up to 100; they add up to ${sum}`);
});

test.each(['', '/eu', 'eu/', 'eu//a', '*/a', 'eu/*/a', 'eu/a/b/c', 'e*'])('refuses the locality %j', (locality) => {
  const fix = 'give region, region/zone or region/zone/sub-zone; a wildcard stands only at the end';
  expect(refused({ distribute: [{ locality, shares: { us: 100 } }] })).toBe(`LoadBalancing: locality.distribute is "${locality}"; ${fix}`);
});

test.each([['eu', 'eu'], ['eu', 'eu/*'], ['eu/*', 'eu/a'], ['eu/a', 'eu/a/b'], ['*', 'eu'], ['eu/a/b', 'eu']])('refuses %s together with %s', (one, other) => {
  expect(refused({ distribute: [one, other].map((locality) => ({ locality, shares: { us: 100 } })) }))
    .toBe(`LoadBalancing: locality.distribute is "${other}"; it overlaps with ${one}; name every place once`);
});

test.each([['eu', 'eu2'], ['eu/a', 'eu/b'], ['eu/a/x', 'eu/a/y']])('takes %s beside %s', (one, other) => {
  expect(policy({ distribute: [{ locality: 'us', shares: { [one]: 50, [other]: 50 } }] })).toMatchObject({ distribute: [{ to: { [one]: 50, [other]: 50 } }] });
});

test('refuses shares that overlap', () => {
  expect(refused({ distribute: [{ locality: 'us', shares: { eu: 50, 'eu/a': 50 } }] }))
    .toBe('LoadBalancing: locality.distribute[us].shares is "eu/a"; it overlaps with eu; name every place once');
});
