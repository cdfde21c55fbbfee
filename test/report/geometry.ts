/** Whether drawn things lie upon each other. */
import type { Figure } from '../../src/report/graph/figure';
import type { Box, Layout, Point } from '../../src/report/graph/layout';
import type { Line } from '../../src/report/graph/lines';

/** Pairs of rectangles that share some area. */
export function overlaps(boxes: readonly (readonly [name: string, box: Box])[]): readonly string[] {
  const found: string[] = [];
  boxes.forEach(([name, a], index) => {
    for (const [other, b] of boxes.slice(index + 1)) {
      if (Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2) {
        found.push(`${name} and ${other}`);
      }
    }
  });
  return found;
}

export function boxesOf({ nodes, edges }: Layout): readonly (readonly [string, Box])[] {
  return [...nodes, ...edges.flatMap(({ from, to, label }): [string, Box][] => label === undefined ? [] : [[`label ${from} → ${to}`, label]])];
}

/** Points along a line, forty for each of its curves. */
export function along({ start, stretches }: Line): readonly Point[] {
  let from: Point = start;
  return stretches.flatMap(({ x, y, turn }) => {
    const a = from;
    from = { x, y };
    const middle = turn ?? (a.x + x) / 2;
    return Array.from({ length: 40 }, (_, step): Point => {
      const t = step / 40;
      const [p, q, r, s] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t ** 2 * (1 - t), t ** 3];
      return a.y === y ? { x: a.x + t * (x - a.x), y } : { x: p * a.x + (q + r) * middle + s * x, y: (p + q) * a.y + (r + s) * y };
    });
  });
}

/** Lines that run through a box that is neither of their ends, or through another line's label. */
export function crossings(layout: Layout): readonly string[] {
  return layout.edges.flatMap(({ from, to, line }) => {
    const own = new Set([from, to, `label ${from} → ${to}`]);
    const points = along(line);
    return boxesOf(layout).filter(([name, { x, y, width, height }]) => !own.has(name)
      && points.some((point) => Math.abs(point.x - x) < width / 2 - 0.5 && Math.abs(point.y - y) < height / 2 - 0.5)).map(([name]) => `${from} → ${to} through ${name}`);
  });
}

export function layoutOf({ width, height, nodes, edges }: Figure): Layout {
  return { width, height, edges, nodes: new Map(nodes.map((node) => [node.node.id, node])) };
}
