/** Blocks as HTML. */
import { Block, Card, Fact, Piece, pieces, Table, Text } from '../tree';
import { chartHtml } from './chart';
import { drawingHtml } from './drawing';
import { anchorId, escapeHtml } from './escape';
import { matrixHtml } from './matrix';

/** What one page knows while it is written. */
export class Page {
  /** Rules that single drawings need. */
  public readonly styles: string[] = [];
  private readonly taken = new Set<string>();
  private drawings = 0;

  /** ` id="…"` for the first that asks for it: ids are unique, whatever a program that has errors declares. */
  public id(anchor: string | undefined): string {
    if (anchor === undefined || this.taken.has(anchor)) {
      return '';
    }
    this.taken.add(anchor);
    return ` id="${anchorId(anchor)}"`;
  }

  public nextDrawing(): string {
    return `drawing-${++this.drawings}`;
  }
}

export function textHtml(text: Text): string {
  return pieces(text).map(pieceHtml).join('');
}

function pieceHtml(piece: Piece): string {
  if (typeof piece === 'string') {
    return escapeHtml(piece);
  }
  if ('code' in piece) {
    return piece.code === '' ? '' : `<code>${escapeHtml(piece.code)}</code>`;
  }
  if ('strong' in piece) {
    return `<strong>${escapeHtml(piece.strong)}</strong>`;
  }
  if ('badge' in piece) {
    return `<span class="badge ${piece.tone}">${escapeHtml(piece.badge)}</span>`;
  }
  return `<a href="#${anchorId(piece.to)}">${escapeHtml(piece.link)}</a>`;
}

/** `level` is that of a part's heading. */
export function blocksHtml(blocks: readonly Block[], page: Page, level: number): string {
  return blocks.map((block) => blockHtml(block, page, level)).join('\n');
}

function blockHtml(block: Block, page: Page, level: number): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textHtml(block.text)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${textHtml(item)}</li>`).join('')}</${tag}>`;
    }
    case 'figures':
      return `<dl class="figures">${block.facts.map(figureHtml).join('')}</dl>`;
    case 'facts':
      return factsHtml(block.facts);
    case 'table':
      return tableHtml(block, page);
    case 'cards':
      return `<ol class="cards">\n${block.cards.map((card) => cardHtml(card, page, level)).join('\n')}\n</ol>`;
    case 'drawing':
      return drawingHtml(block.drawing, page);
    case 'matrix':
      return matrixHtml(block.matrix);
    case 'chart':
      return chartHtml(block.chart, page);
    case 'part':
      return `<article class="part"${page.id(block.anchor)}>\n<h${level}>${escapeHtml(block.title)}</h${level}>\n`
        + `${blocksHtml(block.blocks, page, Math.min(6, level + 1))}\n</article>`;
  }
}

function figureHtml({ label, value, note, tone }: Fact): string {
  const small = note === undefined || note === '' ? '' : `<span class="note">${textHtml(note)}</span>`;
  return `<div class="figure ${tone ?? 'plain'}"><dt>${escapeHtml(label)}</dt><dd><span class="value">${textHtml(value)}</span>${small}</dd></div>`;
}

function factsHtml(facts: readonly Fact[]): string {
  return `<dl class="facts">${facts.map(({ label, value, note }) =>
    `<div><dt>${escapeHtml(label)}</dt><dd>${textHtml(value)}${note === undefined ? '' : ` <span class="note">${textHtml(note)}</span>`}</dd></div>`).join('')}</dl>`;
}

function cardHtml({ anchor, tone, title, fields }: Card, page: Page, level: number): string {
  return `<li class="card ${tone}"${page.id(anchor)}><h${level}>${textHtml(title)}</h${level}>${factsHtml(fields)}</li>`;
}

function tableHtml({ anchor, caption, columns, rows, anchors }: Table, page: Page): string {
  const head = columns.map(({ title, figures }) => `<th scope="col"${figures ? ' class="n"' : ''}>${escapeHtml(title)}</th>`).join('');
  const body = rows.map((row, place) => {
    const cells = row.map((cell, index) => {
      const { title, figures } = columns[index];
      const kind = figures ? ' class="n"' : '';
      return index === 0 ? `<th scope="row"${kind}>${textHtml(cell)}</th>` : `<td data-label="${escapeHtml(title)}"${kind}>${textHtml(cell)}</td>`;
    });
    return `<tr${page.id(anchors?.[place])}>${cells.join('')}</tr>`;
  });
  return `<table${page.id(anchor)}>\n<caption>${escapeHtml(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}
