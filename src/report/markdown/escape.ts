import { plain } from '../plain';

/** Characters that mean something within a line of CommonMark or GitHub's tables. */
const ACTIVE = /[\\`*_[\]<>&|~$]/g;

/** Text in the middle of a line. `@` and bare addresses stay as they are: they may become links, to what they say. */
export function escapeInline(text: string): string {
  return plain(text).replace(ACTIVE, '\\$&');
}

/** Text at the beginning of a line, where a few more characters would open a list, a heading or a rule. */
export function escapeLine(text: string): string {
  return escapeInline(text).replace(/^(\s*)([#+\-=:!]|\d+(?=[.)]))/, (_, space: string, first: string) =>
    /^\d/.test(first) ? `${space}${first}` : `${space}\\${first}`).replace(/^(\s*\d+)([.)])/, '$1\\$2');
}
