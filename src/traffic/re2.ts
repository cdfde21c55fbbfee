/** RE2 expressions, which proxies compile: one that they refuse costs the whole route. */
import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';

/** The longest that Istio takes; it stands for the size of the compiled program, which Envoy limits. */
const LONGEST = 1024;

/** What RE2 has no word for, and JavaScript takes for something else. */
const UNKNOWN: readonly (readonly [RegExp, string])[] = [
  [/\(\?(=|!|<=|<!)/, 'write it without look-around, which RE2 does not know'],
  [/\\([1-9]|k)/, 'write it without back-references, which RE2 does not know'],
  [/\\([^\dpPdDsSwWbBAzafnrtvx\W_]|[^\0-\x7f])/, 'write the letter without its backslash, or the character itself: RE2 does not know this escape'],
  [/\\x(?!\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})/, 'give two hexadecimal digits behind \\x'],
  [/\[\^?\]/, 'put something between the brackets; a bracket of its own is written \\]'],
];

const MOST_REPEATS = 1000;

/** Refuses what RE2 cannot compile and JavaScript's engine can tell. */
export function re2(where: IConstruct | string, property: string, pattern: string): string {
  if (pattern === '') {
    refuse(where, property, pattern, 'give an expression; an empty one finds nothing');
  }
  if (pattern.length > LONGEST) {
    refuse(where, property, pattern, `it has ${pattern.length} characters; use at most ${LONGEST}, or a prefix`);
  }
  // A backslash that is itself escaped starts nothing.
  const escapes = pattern.replace(/\\\\/g, '..');
  const unknown = UNKNOWN.find(([form]) => form.test(escapes));
  if (unknown !== undefined) {
    refuse(where, property, pattern, unknown[1]);
  }
  if ([...escapes.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].some(([, least, most]) => Math.max(Number(least), Number(most ?? 0)) > MOST_REPEATS)) {
    refuse(where, property, pattern, `repeat at most ${MOST_REPEATS} times`);
  }
  const unnamed = [...escapes.matchAll(/\\[pP](\{\^?(\w+)\}|[A-Z])?/g)].find(([, name, word]) => !isCharacterClass(word ?? name));
  if (unnamed !== undefined) {
    refuse(where, property, pattern, `name a class of characters behind ${unnamed[0].slice(0, 2)}, for instance \\p{Greek} or \\pL`);
  }
  try {
    // RE2 names groups (?P<name>), takes inline flags and names classes inside brackets; JavaScript knows none of them.
    new RegExp(escapes.replace(/(?<!\\)\(\?P</g, '(?<').replace(/(?<!\\)\(\?[imsU-]+([:)])/g, (_, end: string) => end === ':' ? '(?:' : '')
      .replace(/\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/g, 'a'));
  } catch (error) {
    refuse(where, property, pattern, `write a valid RE2 expression (${(error as Error).message})`);
  }
  return pattern;
}

/** A general category or a script of Unicode, as RE2 calls them. */
function isCharacterClass(name: string | undefined): boolean {
  if (name === undefined || name === 'Any') {
    return name === 'Any';
  }
  try {
    return new RegExp(name.length <= 2 ? `\\p{gc=${name}}` : `\\p{sc=${name}}`, 'u').test('') === false;
  } catch {
    return false;
  }
}
