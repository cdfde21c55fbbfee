import { plain } from '../plain';

/** Characters that mean something within a line of CommonMark, GitHub's tables and its formulas. */
const ACTIVE = /[\\`*_[\]<>&|~$#!]/g;

/** Text anywhere in a line. `@` and bare addresses stay as they are: they may become links, to what they say. */
export function escapeInline(text: string): string {
  return plain(text).replace(ACTIVE, '\\$&');
}

/** A line that is a paragraph or an item of a list, and no list, rule or definition of its own. */
export function escapeStart(line: string): string {
  return line.replace(/^[-+=:]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2');
}
