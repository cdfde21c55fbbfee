/** A matrix as a table whose heads stay in sight. Marks are told apart by shape, not by colour alone. */
import type { Mark, Matrix, MatrixHead } from '../matrix';
import { anchorId, escapeHtml } from './escape';

/** More columns than this do not fit on paper; the table says the same there. */
const MOST_PRINTED = 40;

export function matrixHtml({ caption, description, legend, alternative, rows, columns, fields }: Matrix): string {
  const byPlace = new Map(fields.map((field) => [field.row * columns.length + field.column, field]));
  const body = rows.map((head, row) => {
    const cells = columns.map((_, column) => {
      const field = byPlace.get(row * columns.length + column);
      return field === undefined ? '<td></td>'
        : `<td class="${field.mark}"><a href="#${anchorId(field.to)}" title="${escapeHtml(field.spoken)}">${symbol(field.mark)}<span class="unseen">${escapeHtml(field.spoken)}</span></a></td>`;
    });
    return `<tr>${headHtml(head, 'row')}${cells.join('')}</tr>`;
  });
  return `<figure class="matrix${columns.length > MOST_PRINTED ? ' wide' : ''}">
<a class="skip" href="#${anchorId(alternative)}">Skip the matrix, to the table that says why</a>
<div class="grid" role="region" tabindex="0" aria-label="${escapeHtml(caption)}">
<table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr><td></td>${columns.map((head) => headHtml(head, 'col')).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>
<figcaption>${escapeHtml(description)}
<ul class="legend">${legend.map(([mark, words]) => `<li><span class="mark-${mark}">${mark === 'empty' ? '' : symbol(mark)}</span> ${escapeHtml(words)}</li>`).join('')}</ul></figcaption>
</figure>`;
}

function headHtml({ title, to, faint }: MatrixHead, scope: 'row' | 'col'): string {
  return `<th scope="${scope}"${faint ? ' class="faint"' : ''}><a href="#${anchorId(to)}">${escapeHtml(title)}</a></th>`;
}

/** A tick, half a disc, a cross. */
const PATHS: Readonly<Record<Mark, string>> = {
  all: '<path class="stroke" d="M3 8.5 6.5 12 13 4.5"/>',
  some: '<circle class="stroke" cx="8" cy="8" r="5"/><path d="M8 3a5 5 0 0 0 0 10z"/>',
  none: '<path class="stroke" d="m4 4 8 8m0-8-8 8"/>',
};

function symbol(mark: Mark): string {
  return `<svg aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">${PATHS[mark]}</svg>`;
}
