/** Paths of rules as an HTTPRoute matches them. */
import { isExact, isPrefix } from '../../model/request-cells';

export interface PathMatch {
  readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression';
  readonly value: string;
}

/** A letter of a segment, or an encoded one that is neither a slash, nor a backslash, nor a dot. */
const LETTER = '(?:[^/%;.]|%[^/25][^/]|%2[\\da-dA-D])';
/** Neither empty, nor `.` or `..`, nor one of these with a parameter. */
const SAFE_SEGMENT = `\\.{0,2}${LETTER}(?:${LETTER}|[;.])*`;
const SAFE_REST = `(?:${SAFE_SEGMENT}/)*(?:${SAFE_SEGMENT})?`;

/**
 * Paths that an application may read otherwise than they are spelt: with encoded slashes or dots, empty segments, and steps up. Linkerd compares
 * paths as they are sent.
 */
export const MISLEADING: PathMatch = {
  type: 'RegularExpression', value: '.*(?:%2[fFeE]|%5[cC]|//|/\\.\\.?(?:[/;]|$)).*',
};

/**
 * @param strict a template takes no spelling that an application may read otherwise; a prefix cannot say so, which a route for MISLEADING does
 */
export function pathMatch(path: string, strict: boolean): PathMatch {
  if (isExact(path)) {
    return { type: 'Exact', value: path };
  }
  if (isPrefix(path)) {
    return { type: 'PathPrefix', value: path === '/*' ? '/' : path.slice(0, -2) };
  }
  const [segment, rest] = strict ? [SAFE_SEGMENT, SAFE_REST] : ['[^/]+', '.*'];
  const parts = path.split('/').map((part) => part === '{*}' ? segment : part === '{**}' ? rest : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { type: 'RegularExpression', value: parts.join('/') };
}
