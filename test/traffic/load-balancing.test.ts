import { Duration } from 'cdk8s';
import { HashKey, LoadBalancing } from '../../src';
import { refusal } from '../support/refusal';

test.each([
  ['least-request', LoadBalancing.leastRequest()], ['round-robin', LoadBalancing.roundRobin()], ['random', LoadBalancing.random()],
])('%s', (kind, balancing) => {
  expect(balancing._policy()).toEqual({ algorithm: { kind }, locality: undefined, warmUp: undefined });
});

test.each([
  ['header', HashKey.header('x-user'), { kind: 'header', name: 'x-user' }],
  ['cookie', HashKey.cookie('session'), { kind: 'cookie', name: 'session', path: undefined, ttlMs: undefined }],
  ['cookie with life and path', HashKey.cookie('session', { ttl: Duration.hours(1), path: '/' }), { kind: 'cookie', name: 'session', path: '/', ttlMs: 3_600_000 }],
  ['query parameter', HashKey.query('user'), { kind: 'query', name: 'user' }],
  ['address', HashKey.sourceIp(), { kind: 'source-ip' }],
])('hashes by %s', (_, key, node) => {
  expect(LoadBalancing.consistentHash(key)._policy().algorithm).toEqual({ kind: 'hash', key: node, table: 'ring', tableSize: undefined });
});

test('the table and its size are kept', () => {
  const key = HashKey.sourceIp();
  expect(LoadBalancing.consistentHash(key, { minimumRingSize: 1 })._policy().algorithm).toMatchObject({ table: 'ring', tableSize: 1 });
  expect(LoadBalancing.consistentHash(key, { minimumRingSize: 8_388_608 })._policy().algorithm).toMatchObject({ table: 'ring', tableSize: 8_388_608 });
  expect(LoadBalancing.consistentHash(key, { maglevTableSize: 2 })._policy().algorithm).toMatchObject({ table: 'maglev', tableSize: 2 });
  expect(LoadBalancing.consistentHash(key, { maglevTableSize: 65_537 })._policy().algorithm).toMatchObject({ table: 'maglev', tableSize: 65_537 });
  // The largest prime below Istio's limit, 5000011.
  expect(LoadBalancing.consistentHash(key, { maglevTableSize: 4_999_999 })._policy().algorithm).toMatchObject({ tableSize: 4_999_999 });
});

const hash = (options: object) => refusal(() => LoadBalancing.consistentHash(HashKey.sourceIp(), options));

test.each([0, 8_388_609, 1.5])('refuses a ring of %d', (size) => {
  expect(hash({ minimumRingSize: size })).toBe(`LoadBalancing.consistentHash: minimumRingSize is ${size}; give a whole number from 1 to 8388608`);
});

test.each([1, 0, 5_000_011, 2.5])('refuses a Maglev table of %d', (size) => {
  expect(hash({ maglevTableSize: size })).toBe(`LoadBalancing.consistentHash: maglevTableSize is ${size}; give a whole number from 2 to 5000010`);
});

test.each([4, 65_536, 25])('refuses a Maglev table of %d, which is no prime', (size) => {
  expect(hash({ maglevTableSize: size })).toBe(`LoadBalancing.consistentHash: maglevTableSize is ${size}; give a prime number, for instance 65537`);
});

test('refuses two tables', () => {
  expect(hash({ maglevTableSize: 7, minimumRingSize: 5 }))
    .toBe('LoadBalancing.consistentHash: minimumRingSize is 5; give a ring size or a Maglev table size, not both');
});

test('warms up where the algorithm can', () => {
  const warmUp = Duration.seconds(30);
  expect(LoadBalancing.leastRequest({ warmUp })._policy().warmUp).toEqual({ durationMs: 30_000 });
  expect(LoadBalancing.roundRobin({ warmUp })._policy().warmUp).toEqual({ durationMs: 30_000 });
  const fix = 'leave it out, or use leastRequest or roundRobin, which can warm up';
  expect(refusal(() => LoadBalancing.random({ warmUp }))).toBe(`LoadBalancing.random: warmUp is 30 seconds; ${fix}`);
  expect(hash({ warmUp })).toBe(`LoadBalancing.consistentHash: warmUp is 30 seconds; ${fix}`);
  expect(refusal(() => LoadBalancing.leastRequest({ warmUp: Duration.seconds(0) })))
    .toBe('LoadBalancing: warmUp is 0 seconds; give a duration longer than 0');
});

test('refuses a key without a name, and a header that is none', () => {
  expect(refusal(() => HashKey.cookie(''))).toBe('HashKey.cookie: name is ""; give a name');
  expect(refusal(() => HashKey.query(''))).toBe('HashKey.query: name is ""; give a name');
  expect(refusal(() => HashKey.header(''))).toBe('HashKey.header: name is ""; give the name of an HTTP header: letters, digits and hyphens');
  expect(refusal(() => HashKey.cookie('a', { ttl: Duration.millis(0) }))).toBe('HashKey.cookie: ttl is 0 millis; give a duration longer than 0');
});
