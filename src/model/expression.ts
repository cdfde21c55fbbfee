/** Texts as RE2 expressions that take the whole of what they are compared with. */
import type { RouteMatchNode, StringMatch } from './route';

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What takes every path. */
export const ANY_PATH = '.*';

/** A path that is written as an expression: one itself, or one without regard to case, whose prefix takes whole segments. */
export function pathExpression({ path, ignorePathCase }: Pick<RouteMatchNode, 'path' | 'ignorePathCase'>): string | undefined {
  if (path?.kind === 'regex') {
    return path.value;
  }
  return path !== undefined && ignorePathCase === true ? caseless(path) : undefined;
}

function caseless({ kind, value }: StringMatch): string {
  return `(?i)${escaped(kind === 'prefix' ? value.replace(/\/$/, '') : value)}${kind === 'prefix' ? '(/.*)?' : ''}`;
}
