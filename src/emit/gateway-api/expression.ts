/** Texts as RE2 expressions that take the whole of what they are compared with. */
import type { StringMatch } from '../../model/route';

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A path without regard to case; a prefix takes whole segments, as every prefix of Gateway API does. */
export function caselessPath({ kind, value }: StringMatch): string {
  const text = kind === 'regex' ? value : escaped(kind === 'prefix' ? value.replace(/\/$/, '') : value);
  return `(?i)${text}${kind === 'prefix' ? '(/.*)?' : ''}`;
}
