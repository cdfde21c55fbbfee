/** The document as Markdown, with the tables of GitHub. */
import type { Mark, Matrix } from '../matrix';
import { plain } from '../plain';
import { Block, Card, Chapter, Document, Fact, Piece, pieces, Table, Text, words } from '../tree';
import { escapeInline, escapeStart } from './escape';

/** Anchors of headings, as GitHub makes them of the headings' words. */
type Anchors = ReadonlyMap<string, string>;

export function documentMarkdown(document: Document): string {
  const anchors = anchorsOf(document);
  const chapters = document.chapters.map(({ title, blocks }) => [`## ${line(title)}`, ...blocksMarkdown(blocks, anchors, 3)].join('\n\n'));
  return `${[`# ${line(document.title)}`, paragraphMarkdown(document.subtitle, anchors), ...chapters].join('\n\n')}\n`;
}

/** A heading's words as they stand behind `#`. */
function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replace(/ /g, '-');
}

function anchorsOf(document: Document): Anchors {
  const anchors = new Map<string, string>();
  const used = new Map<string, number>();
  const add = (title: string, anchor?: string): void => {
    const base = slug(plain(title).trim());
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    if (anchor !== undefined && !anchors.has(anchor)) {
      anchors.set(anchor, count === 0 ? base : `${base}-${count}`);
    }
  };
  const visit = (blocks: readonly Block[]): void => blocks.forEach((block) => {
    if (block.kind === 'part') {
      add(block.title, block.anchor);
      visit(block.blocks);
    } else if (block.kind === 'cards') {
      block.cards.forEach((card) => add(words(card.title), card.anchor));
    }
  });
  add(document.title);
  document.chapters.forEach(({ title, anchor, blocks }: Chapter) => {
    add(title, anchor);
    visit(blocks);
  });
  return anchors;
}

function line(text: string): string {
  return escapeInline(text.trim());
}

function inline(text: Text, anchors: Anchors): string {
  return pieces(text).map((piece) => pieceMarkdown(piece, anchors)).join('').trim();
}

function pieceMarkdown(piece: Piece, anchors: Anchors): string {
  if (typeof piece === 'string') {
    return escapeInline(piece);
  }
  if ('code' in piece) {
    // Only what needs no escape at all: within a code span there is none.
    return /^[\w./:@=,-][\w./:@=, -]*$/.test(piece.code) ? `\`${piece.code.trim()}\`` : escapeInline(piece.code);
  }
  if ('strong' in piece) {
    return strong(piece.strong);
  }
  if ('badge' in piece) {
    return strong(piece.badge);
  }
  const anchor = anchors.get(piece.to);
  return anchor === undefined ? escapeInline(piece.link) : `[${escapeInline(piece.link)}](#${encodeURIComponent(anchor)})`;
}

function strong(text: string): string {
  const inner = escapeInline(text).trim();
  return inner === '' ? '' : `**${inner}**`;
}

function blocksMarkdown(blocks: readonly Block[], anchors: Anchors, level: number): readonly string[] {
  return blocks.flatMap((block) => blockMarkdown(block, anchors, level)).filter((text) => text !== '');
}

function blockMarkdown(block: Block, anchors: Anchors, level: number): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return [paragraphMarkdown(block.text, anchors)];
    case 'list':
      return [block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${paragraphMarkdown(item, anchors)}`).join('\n')];
    case 'figures':
    case 'facts':
      return [factsMarkdown(block.facts, anchors)];
    case 'table':
      return tableMarkdown(block, anchors);
    case 'cards':
      return block.cards.flatMap((card) => cardMarkdown(card, anchors, level));
    case 'drawing':
      return [`${strong(block.drawing.title)}. ${escapeInline(block.drawing.description)} It is drawn in the HTML report; the table of calls says the same.`];
    case 'matrix':
      return matrixMarkdown(block.matrix, anchors);
    case 'chart':
      return [`${strong(block.chart.title)}. ${escapeInline(block.chart.description)} The same as a table.`];
    case 'part':
      return [`${'#'.repeat(level)} ${line(block.title)}`, ...blocksMarkdown(block.blocks, anchors, Math.min(6, level + 1))];
  }
}

function paragraphMarkdown(text: Text, anchors: Anchors): string {
  return escapeStart(inline(text, anchors));
}

function factsMarkdown(facts: readonly Fact[], anchors: Anchors): string {
  return facts.map(({ label, value, note }) => {
    const small = note === undefined || note === '' ? '' : ` (${inline(note, anchors)})`;
    return `- ${escapeInline(label)}: ${inline(value, anchors)}${small}`;
  }).join('\n');
}

function cardMarkdown({ title, fields }: Card, anchors: Anchors, level: number): readonly string[] {
  return [`${'#'.repeat(level)} ${inline(title, anchors)}`, factsMarkdown(fields, anchors)];
}

function tableMarkdown({ caption, columns, rows }: Omit<Table, 'kind'>, anchors: Anchors): readonly string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    strong(caption),
    [
      row(columns.map(({ title }) => escapeInline(title))),
      row(columns.map(({ figures }) => figures ? '--:' : ':--')),
      ...rows.map((cells) => row(cells.map((cell) => inline(cell, anchors)))),
    ].join('\n'),
  ];
}

/** More columns than this do not read in a table of text. */
const MOST_COLUMNS = 12;

const MARKS: Readonly<Record<Mark, string>> = { all: 'all', some: 'some', none: 'refused' };

function matrixMarkdown({ caption, description, rows, columns, fields }: Matrix, anchors: Anchors): readonly string[] {
  if (columns.length > MOST_COLUMNS) {
    return [`${strong(caption)}. It is a matrix in the HTML report; the table of pairs says the same.`];
  }
  const cells = rows.map(({ title, to }): Text[] => [{ link: title, to }, ...columns.map(() => '')]);
  fields.forEach(({ row, column, mark }) => {
    cells[row][column + 1] = MARKS[mark];
  });
  return [
    ...tableMarkdown({ caption, columns: [{ title: '' }, ...columns.map(({ title }) => ({ title }))], rows: cells }, anchors),
    escapeInline(description),
  ];
}
