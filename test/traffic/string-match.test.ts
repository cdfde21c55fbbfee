import { StringMatch } from '../../src';
import { refusal } from '../support/refusal';

test('each form keeps its text', () => {
  expect(StringMatch.exact('/a')._node()).toEqual({ kind: 'exact', value: '/a' });
  expect(StringMatch.prefix('/a')._node()).toEqual({ kind: 'prefix', value: '/a' });
  expect(StringMatch.regex('/a/[0-9]+')._node()).toEqual({ kind: 'regex', value: '/a/[0-9]+' });
});

test.each([
  ['exact', () => StringMatch.exact('')],
  ['prefix', () => StringMatch.prefix('')],
  ['regex', () => StringMatch.regex('')],
])('%s refuses an empty text', (form, action) => {
  expect(refusal(action)).toBe(`StringMatch.${form}: value is ""; give a text; an empty one matches nothing`);
});

test('refuses an expression that RE2 does not compile', () => {
  expect(refusal(() => StringMatch.regex('a(?=b)')))
    .toBe('StringMatch.regex: pattern is "a(?=b)"; write it without look-around, which RE2 does not know');
});
