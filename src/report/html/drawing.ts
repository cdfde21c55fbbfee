/** A drawing of calls as inline SVG: it takes its colours from the page, and each box is a link to what the report says of it. */
import { CallDrawing } from '../graph/drawing';
import { BADGE, BOX, Figure, figureOf, FONT, LABEL_LINE, PlacedBadge, PlacedNode } from '../graph/figure';
import type { Point } from '../graph/layout';
import type { Line } from '../graph/lines';
import type { Page } from './blocks';
import { anchorId, escapeHtml } from './escape';

/** Smaller than this share of its own size the words are too small to read: then the drawing scrolls. */
const SMALLEST = 0.75;

const n = (value: number): string => String(Math.round(value * 10) / 10);

export function drawingHtml(drawing: CallDrawing, page: Pick<Page, 'styles' | 'nextDrawing'>): string {
  const id = page.nextDrawing();
  const figure = figureOf(drawing);
  page.styles.push(styleOf(id, figure));
  const weights = ['plain', 'retry', 'over'].map((weight) =>
    `<marker id="${id}-${weight}" class="${weight}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">`
    + '<path d="M0.5 0.5 7.5 4 0.5 7.5z"/></marker>');
  const width = figure.width;
  const height = figure.height;
  return `<figure class="drawing" aria-labelledby="${id}-caption">
<a class="skip" href="#${anchorId(drawing.alternative)}">Skip the drawing, to the table of its calls</a>
<div class="canvas">
<svg id="${id}" role="group" aria-labelledby="${id}-title" aria-describedby="${id}-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title id="${id}-title">${escapeHtml(drawing.title)}</title>
<desc id="${id}-desc">${escapeHtml(drawing.description)}</desc>
<defs>${weights.join('')}</defs>
<g aria-hidden="true">
${figure.edges.map((edge) => edgeSvg(edge, id)).join('\n')}
</g>
${figure.nodes.map((node, index) => nodeSvg(node, index)).join('\n')}
</svg>
</div>
<figcaption id="${id}-caption"><strong>${escapeHtml(drawing.title)}.</strong> ${escapeHtml(drawing.description)}
${legend(drawing)}</figcaption>
</figure>`;
}

/** Its size, and whose calls stand out while a box is pointed at or has the focus. */
function styleOf(id: string, { width, nodes }: Figure): string {
  const shown = nodes.map((_, index) => `#${id}:has(.n${index}:is(:hover,:focus-visible)) .c${index}`).join(',');
  return `#${id}{max-width:${width}px;min-width:${Math.floor(width * SMALLEST)}px}`
    + `#${id}:has(a:is(:hover,:focus-visible)) .call{opacity:.15}${shown}{opacity:1!important}`;
}

function edgeSvg({ line, label, text, weight, index }: Figure['edges'][number], id: string): string {
  const words = label === undefined ? ''
    : `<rect x="${n(label.x - label.width / 2)}" y="${n(label.y - label.height / 2)}" width="${n(label.width)}" height="${n(label.height)}" rx="4"/>`
      + text.map((one, at) => `<text x="${n(label.x)}" y="${n(label.y + FONT.label * 0.36 + (at - (text.length - 1) / 2) * LABEL_LINE)}">${escapeHtml(one)}</text>`).join('');
  return `<g class="call ${weight} c${index.from} c${index.to}"><path d="${pathOf(line)}" marker-end="url(#${id}-${weight})"/>${words}</g>`;
}

/** Level, or a curve that leaves and arrives level. */
export function pathOf({ start, stretches }: Line): string {
  let last: Point = start;
  const parts = stretches.flatMap(({ x, y, turn }) => {
    const from = last;
    last = { x, y };
    if (n(from.y) === n(y)) {
      return n(from.x) === n(x) ? [] : [`H${n(x)}`];
    }
    const middle = n(turn ?? (from.x + x) / 2);
    return [`C${middle} ${n(from.y)} ${middle} ${n(y)} ${n(x)} ${n(y)}`];
  });
  return `M${n(start.x)} ${n(start.y)}${parts.join('')}`;
}

function nodeSvg({ node, name, badges, x, y, width, height }: PlacedNode, index: number): string {
  const left = x - width / 2;
  const top = y - height / 2;
  const parts = [
    `<title>${escapeHtml(node.spoken)}</title>`,
    `<rect class="box" x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" rx="${node.shape === 'external' ? 16 : 7}"/>`,
    node.entry ? `<path class="entry" d="M${n(left - 10)} ${n(top + 4)}l8 6-8 6z"/>` : '',
    `<text class="name" x="${n(left + BOX.padding)}" y="${n(top + BOX.nameBaseline)}">${escapeHtml(name)}</text>`,
    ...node.details.map((detail, line) =>
      `<text class="detail" x="${n(left + BOX.padding)}" y="${n(top + BOX.firstDetail + line * BOX.nextDetail)}">${escapeHtml(detail)}</text>`),
    ...badges.map(badgeSvg),
  ].join('');
  return node.to === undefined
    ? `<g class="node ${node.shape} n${index}" role="img">${parts}</g>`
    : `<a class="node ${node.shape} n${index}" href="#${anchorId(node.to)}">${parts}</a>`;
}

function badgeSvg({ tone, count, x, y, width, height }: PlacedBadge): string {
  return `<g class="mark ${tone}"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(height / 2)}"/>`
    + `${symbol(tone, x + BADGE.padding + 5, y + height / 2)}`
    + `<text x="${n(x + BADGE.padding + BADGE.symbol + 1)}" y="${n(y + height / 2 + FONT.badge * 0.36)}">${escapeHtml(count)}</text></g>`;
}

/** Told apart by shape, not by colour alone: a cross, a triangle, a dot. */
function symbol(tone: string, x: number, y: number): string {
  const [a, b] = [n(x), n(y)];
  if (tone === 'error') {
    return `<path class="symbol line" d="M${a} ${b}m-3.5-3.5 7 7m0-7-7 7"/>`;
  }
  return tone === 'warning' ? `<path class="symbol" d="M${a} ${b}m0-4.5 5 9h-10z"/>` : `<circle class="symbol" cx="${a}" cy="${b}" r="3.5"/>`;
}

/** Only what this drawing shows. */
function legend({ nodes, edges }: CallDrawing): string {
  const sample = (content: string): string => `<svg aria-hidden="true" viewBox="0 0 28 16" width="28" height="16">${content}</svg>`;
  const line = (weight: string): string => sample(`<g class="call ${weight}"><path d="M1 8H27"/></g>`);
  const tones = new Set(nodes.flatMap(({ badges }) => badges.map(({ tone }) => tone)));
  const mark = (tone: string): string => sample(`<g class="mark ${tone}"><rect x="4" y="0" width="20" height="16" rx="8"/>${symbol(tone, 14, 8)}</g>`);
  const entries: readonly (readonly [shown: boolean, sample: string, words: string])[] = [
    [nodes.some(({ entry }) => entry), sample('<path class="entry" d="M8 1l8 7-8 7z"/>'), 'requests from outside arrive here'],
    [nodes.some(({ shape }) => shape === 'external'), sample('<rect class="box external" x="1" y="1" width="26" height="14" rx="7"/>'), 'outside the mesh'],
    [edges.some(({ weight }) => weight === 'retry'), line('retry'), 'may be repeated'],
    [edges.some(({ weight }) => weight === 'over'), line('over'), 'on a path above the amplification budget'],
    [tones.has('error'), mark('error'), 'errors'],
    [tones.has('warning'), mark('warning'), 'warnings'],
    [tones.has('info'), mark('info'), 'for information'],
  ];
  const shown = entries.filter(([present]) => present);
  return shown.length === 0 ? '' : `<ul class="legend">${shown.map(([, picture, words]) => `<li>${picture} ${words}</li>`).join('')}</ul>`;
}
