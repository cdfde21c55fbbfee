import { re2 } from '../../src/traffic/re2';
import { refusal } from '../support/refusal';

/** Go's regexp package, which Istio validates with, compiles every one of them. */
const RE2 = [
  '/v[12]/.*', '^(?P<name>[a-z]+)$', '(?i)/orders', '(?i:orders)|x', '(?s-m)a.b', 'a{1000}', 'a{2,1000}', 'a{3,}', '\\d+\\.\\w\\W\\s\\S\\b\\B\\D',
  '\\pL\\p{Greek}\\PN', '\\x41\\x{263a}', '\\A/x\\z', '[[:alpha:]]', '[^/]+', '\\\\1', '\\/\\-\\_', '[[:^space:]x]', '\\a\\f\\n\\r\\t\\v',
];

test.each(RE2)('takes the RE2 expression %s', (pattern) => {
  expect(re2('here', 'pattern', pattern)).toBe(pattern);
});

const AROUND = 'write it without look-around, which RE2 does not know';
const BACK = 'write it without back-references, which RE2 does not know';
const ESCAPE = 'write the letter without its backslash, or the character itself: RE2 does not know this escape';

const CLASS = 'name a class of characters behind \\p, for instance \\p{Greek} or \\pL';

test.each([
  ['a(?=b)', AROUND], ['a(?!b)', AROUND], ['(?<=a)b', AROUND], ['(?<!a)b', AROUND],
  ['(a)\\1', BACK], ['(?P<n>a)\\k<n>', BACK], ['\\\\\\1', BACK],
  ['\\u0041', ESCAPE], ['\\cA', ESCAPE], ['\\e', ESCAPE], ['\\Z', ESCAPE], ['\\Qa.b\\E', ESCAPE], ['\\é', ESCAPE],
  ['\\p', CLASS], ['\\p.', CLASS], ['\\p{Foo}', CLASS], ['\\p{Letter}', CLASS], ['\\pX', CLASS],
  ['\\xg1', 'give two hexadecimal digits behind \\x'], ['\\x1', 'give two hexadecimal digits behind \\x'],
  ['a[]b', 'put something between the brackets; a bracket of its own is written \\]'],
  ['[^]', 'put something between the brackets; a bracket of its own is written \\]'],
  ['a{1001}', 'repeat at most 1000 times'], ['a{1,1001}', 'repeat at most 1000 times'], ['a{2000,}', 'repeat at most 1000 times'],
])('refuses %s', (pattern, fix) => {
  expect(refusal(() => re2('here', 'pattern', pattern))).toBe(`here: pattern is ${JSON.stringify(pattern)}; ${fix}`);
});

test.each(['(', 'a)', '[a', '*a', 'a**', '(?P<n>a)(?P<n>b)', 'a{3,2}', '[z-a]', '\\(?i)', '[[:alpha:]'])('refuses %s, which no engine compiles', (pattern) => {
  expect(refusal(() => re2('here', 'pattern', pattern))).toMatch(/^here: pattern is ".*"; write a valid RE2 expression \(Invalid regular expression: /);
});

test('takes 1024 characters and refuses one more', () => {
  expect(re2('here', 'pattern', 'a'.repeat(1024))).toHaveLength(1024);
  expect(refusal(() => re2('here', 'pattern', 'a'.repeat(1025)))).toContain('; it has 1025 characters; use at most 1024, or a prefix');
});

test('refuses an empty expression', () => {
  expect(refusal(() => re2('here', 'pattern', ''))).toBe('here: pattern is ""; give an expression; an empty one finds nothing');
});
