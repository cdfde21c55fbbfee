import { plain } from '../plain';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** Safe as text and within a quoted attribute, in HTML and in SVG. */
export function escapeHtml(text: string): string {
  return plain(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** An id that can stand in an address behind `#` as it is. */
export function anchorId(anchor: string): string {
  return anchor.replace(/[^A-Za-z0-9./-]/gu, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
}
