/** Colours of the page, and which of them are read upon which. */
export const PALETTE = {
  light: {
    'page': '#ffffff', 'panel': '#f5f7fa', 'text': '#18202c', 'muted': '#4c586a', 'line': '#d3dae3', 'edge': '#7d8a9c', 'link': '#1a56b4', 'focus': '#1a56b4',
    'error': '#a1121d', 'error-panel': '#fdeced', 'warning': '#754700', 'warning-panel': '#fdf2da', 'info': '#1c4d8f', 'info-panel': '#e7f0fc',
    'good': '#155c37', 'good-panel': '#e4f4ea', 'plain': '#344054', 'plain-panel': '#eaeef3',
  },
  dark: {
    'page': '#10141a', 'panel': '#191f28', 'text': '#e7ebf1', 'muted': '#a9b4c3', 'line': '#343e4c', 'edge': '#78869a', 'link': '#86b7ff', 'focus': '#9fc6ff',
    'error': '#ffb0ab', 'error-panel': '#401a1e', 'warning': '#f5cb7c', 'warning-panel': '#37280d', 'info': '#abceff', 'info-panel': '#172c49',
    'good': '#93dfb4', 'good-panel': '#12311e', 'plain': '#ccd4df', 'plain-panel': '#262e3a',
  },
} as const;

export type Color = keyof typeof PALETTE.light;

/** Words in the first colour stand on the second. */
export const READ_ON: readonly (readonly [Color, Color])[] = [
  ...(['text', 'muted', 'link', 'error', 'warning', 'info', 'good', 'plain'] as const).flatMap((color) => [[color, 'page'], [color, 'panel']] as const),
  ...(['error', 'warning', 'info', 'good', 'plain'] as const).map((tone) => [tone, `${tone}-panel`] as const),
];

/** Lines and shapes in the first colour must be told from the second. */
export const SEEN_ON: readonly (readonly [Color, Color])[] = [['edge', 'page'], ['edge', 'panel'], ['focus', 'page'], ['focus', 'panel'], ['info', 'page'], ['error', 'page']];

/** Ratio of luminances as WCAG 2.2 defines it, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
