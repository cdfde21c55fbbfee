/**
 * What a report says, free of any markup: every section gives such blocks, one renderer writes them as HTML and one as Markdown, so that
 * both say the same.
 */
import type { CallDrawing } from './graph/drawing';
import type { Matrix } from './matrix';
import type { WeightChart } from './weight-chart';

export type Tone = 'plain' | 'good' | 'error' | 'warning' | 'info';

/** A piece of a line. A link leads to the part with that anchor. */
export type Piece =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly badge: string; readonly tone: Tone }
  | { readonly link: string; readonly to: string };

export type Text = Piece | readonly Piece[];

export interface Fact {
  readonly label: string;
  readonly value: Text;
  /** What stands below the value, in small print. */
  readonly note?: Text;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  /** Figures stand at the right. */
  readonly figures?: boolean;
}

export interface Card {
  readonly anchor?: string;
  readonly tone: Tone;
  readonly title: Text;
  readonly fields: readonly Fact[];
}

/** The first cell of a row names the row. */
export interface Table {
  readonly kind: 'table';
  readonly anchor?: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Text[])[];
  /** Anchors of the rows, where something leads to them. */
  readonly anchors?: readonly string[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly ordered?: boolean; readonly items: readonly Text[] }
  /** The few figures that matter most. */
  | { readonly kind: 'figures'; readonly facts: readonly Fact[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | Table
  | { readonly kind: 'cards'; readonly cards: readonly Card[] }
  | { readonly kind: 'drawing'; readonly drawing: CallDrawing }
  | { readonly kind: 'matrix'; readonly matrix: Matrix }
  | { readonly kind: 'chart'; readonly chart: WeightChart }
  | { readonly kind: 'part'; readonly anchor?: string; readonly title: string; readonly blocks: readonly Block[] };

export interface Chapter {
  readonly anchor: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Document {
  readonly title: string;
  readonly subtitle: Text;
  readonly chapters: readonly Chapter[];
}

export function pieces(text: Text): readonly Piece[] {
  return Array.isArray(text) ? text as readonly Piece[] : [text as Piece];
}

/** The words of a text without what they mean. */
export function words(text: Text): string {
  return pieces(text).map((piece) => typeof piece === 'string' ? piece : 'code' in piece ? piece.code
    : 'strong' in piece ? piece.strong : 'badge' in piece ? piece.badge : piece.link).join('');
}

/** The pieces with a comma between them. */
export function enumerated(items: readonly Text[], none = 'none'): readonly Piece[] {
  return items.length === 0 ? [none] : items.flatMap((item, index) => [...(index > 0 ? [', '] : []), ...pieces(item)]);
}

export const paragraph = (...text: readonly Piece[]): Block => ({ kind: 'paragraph', text });
export const code = (text: string): Piece => ({ code: text });
