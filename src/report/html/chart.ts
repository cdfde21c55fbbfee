/** A chart of shares over time as inline SVG, in the colours of the page. */
import type { WeightChart } from '../weight-chart';
import type { Page } from './blocks';
import { anchorId, escapeHtml } from './escape';

const SIZE = { width: 760, height: 240 } as const;
const PLOT = { left: 52, right: 748, top: 12, bottom: 204 } as const;
const GRID = [0, 25, 50, 75, 100] as const;

const n = (value: number): string => String(Math.round(value * 10) / 10);

export function chartHtml(chart: WeightChart, page: Pick<Page, 'nextDrawing'>): string {
  const { title, description, alternative } = chart;
  const id = page.nextDrawing();
  return `<figure class="chart" aria-labelledby="${id}-caption">
<div class="canvas">
<svg id="${id}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}">
<title id="${id}-title">${escapeHtml(title)}</title>
<desc id="${id}-desc">${escapeHtml(description)}</desc>
${[...axes(chart), ...area(chart), ...worst(chart), ...line(chart), ...checks(chart), ...now(chart)].join('\n')}
</svg>
</div>
<figcaption id="${id}-caption"><strong>${escapeHtml(title)}.</strong> ${escapeHtml(description)} <a href="#${anchorId(alternative)}">The same as a table.</a>
${legend(chart)}</figcaption>
</figure>`;
}

function places({ end }: WeightChart): { readonly x: (at: number) => string; readonly y: (percent: number) => string } {
  return {
    x: (at) => n(PLOT.left + (end === 0 ? 0 : at / end) * (PLOT.right - PLOT.left)),
    y: (percent) => n(PLOT.bottom - percent / 100 * (PLOT.bottom - PLOT.top)),
  };
}

function axes(chart: WeightChart): readonly string[] {
  const { x, y } = places(chart);
  return [
    ...GRID.map((percent) => `<path class="grid-line" d="M${PLOT.left} ${y(percent)}H${PLOT.right}"/>`
      + `<text class="axis" x="${PLOT.left - 8}" y="${n(Number(y(percent)) + 4)}" text-anchor="end">${percent} %</text>`),
    ...chart.ticks.map(({ at, label }, index) => `<path class="grid-line" d="M${x(at)} ${PLOT.bottom}v5"/>`
      + `<text class="axis" x="${x(at)}" y="${PLOT.bottom + 20}" text-anchor="${index === 0 ? 'start' : at / chart.end > 0.96 ? 'end' : 'middle'}">${escapeHtml(label)}</text>`),
  ];
}

/** Level, and upright at each change. */
function stairs(chart: WeightChart): string {
  const { x, y } = places(chart);
  const [first, ...rest] = chart.weights;
  return `M${x(first.at)} ${y(first.percent)}${rest.map(({ at, percent }) => `H${x(at)}V${y(percent)}`).join('')}H${x(chart.end)}`;
}

function area(chart: WeightChart): readonly string[] {
  const { x, y } = places(chart);
  return chart.weights.length === 0 ? [] : [`<path class="share-area" d="${stairs(chart)}V${y(0)}H${x(chart.weights[0].at)}z"/>`];
}

function line(chart: WeightChart): readonly string[] {
  return chart.weights.length === 0 ? [] : [`<path class="share" d="${stairs(chart)}"/>`];
}

function checks(chart: WeightChart): readonly string[] {
  const { x } = places(chart);
  return chart.checks.map((at) => `<path class="check" d="M${x(at)} ${PLOT.bottom - 7}v7"/>`);
}

function worst(chart: WeightChart): readonly string[] {
  const { x, y } = places(chart);
  const { from, to, percent } = chart.worst ?? { from: 0, to: 0, percent: 0 };
  return percent === 0 ? [] : [`<path class="worst" d="M${x(from)} ${y(0)}V${y(percent)}H${x(to)}V${y(0)}z"/>`];
}

function now(chart: WeightChart): readonly string[] {
  const { x } = places(chart);
  return chart.now === undefined ? [] : [`<path class="now" d="M${x(chart.now)} ${PLOT.top}V${PLOT.bottom}"/>`];
}

function legend(chart: WeightChart): string {
  const sample = (content: string): string => `<svg aria-hidden="true" viewBox="0 0 28 16" width="28" height="16">${content}</svg>`;
  const entries: readonly (readonly [shown: boolean, sample: string, words: string])[] = [
    [true, sample('<path class="share" d="M1 12H14V4H27"/>'), 'share of the requests that meets the new version'],
    [chart.checks.length > 0, sample('<path class="check" d="M8 5v7M14 5v7M20 5v7"/>'), 'the gates are asked'],
    [(chart.worst?.percent ?? 0) > 0, sample('<path class="worst" d="M4 2h20v12H4z"/>'), 'what a version that turns bad at the worst moment may spoil'],
    [chart.now !== undefined, sample('<path class="now" d="M14 1v14"/>'), 'where it stands'],
  ];
  return `<ul class="legend">${entries.filter(([shown]) => shown).map(([, picture, words]) => `<li>${picture} ${words}</li>`).join('')}</ul>`;
}
