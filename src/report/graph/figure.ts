/** A call drawing with a place for everything: boxes sized for their words, and a layout that holds them. */
import { CallDrawing, DrawnEdge, DrawnNode } from './drawing';
import { Box, layOut, PlacedEdge, Size } from './layout';
import { shortened, textWidth } from './text-width';

export const FONT = { name: 14, detail: 12, label: 11.5, badge: 11 } as const;
/** Baselines are measured from the upper side of the box. */
export const BOX = { padding: 12, nameBaseline: 20, firstDetail: 36, nextDetail: 15, below: 11 } as const;
export const BADGE = { height: 16, padding: 5, symbol: 12, gap: 4 } as const;

export const LABEL_LINE = 14;
const LABEL_PADDING = 3;
/** Longer names lose their middle; the link holds the whole. */
const MOST_CHARACTERS = 34;

export interface PlacedBadge extends Size {
  readonly tone: string;
  readonly count: string;
  /** Of its left upper corner, within the drawing. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends Box {
  readonly node: DrawnNode;
  readonly name: string;
  readonly badges: readonly PlacedBadge[];
}

export interface Figure extends Size {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly (PlacedEdge & Pick<DrawnEdge, 'weight'> & { readonly text: readonly string[]; readonly index: { readonly from: number; readonly to: number } })[];
}

export function figureOf({ nodes, edges }: CallDrawing): Figure {
  const names = new Map(nodes.map(({ id, name }) => [id, shortened(name, MOST_CHARACTERS)]));
  const sizes = new Map(nodes.map((node) => [node.id, nodeSize(node, names.get(node.id)!)]));
  const layout = layOut(sizes, edges.map(({ from, to, label }) => ({ from, to, label: label.length === 0 ? undefined : labelSize(label) })));
  const index = new Map(nodes.map(({ id }, at) => [id, at]));
  return {
    width: Math.ceil(layout.width), height: Math.ceil(layout.height),
    nodes: nodes.map((node) => {
      const box = layout.nodes.get(node.id)!;
      return { ...box, node, name: names.get(node.id)!, badges: placeBadges(node, box) };
    }),
    edges: layout.edges.map((edge, at) => ({
      ...edge, weight: edges[at].weight, text: edges[at].label, index: { from: index.get(edge.from)!, to: index.get(edge.to)! },
    })),
  };
}

function nodeSize(node: DrawnNode, name: string): Size {
  const marks = node.badges.reduce((sum, badge) => sum + badgeWidth(badge.count) + BADGE.gap, 0);
  const details = node.details.map((detail, line) => textWidth(detail, FONT.detail) + (line === 0 ? marks : 0));
  return {
    width: Math.ceil(Math.max(textWidth(name, FONT.name, true), ...details) + 2 * BOX.padding),
    height: BOX.firstDetail + BOX.nextDetail * (node.details.length - 1) + BOX.below,
  };
}

function labelSize(label: readonly string[]): Size {
  return {
    width: Math.ceil(Math.max(...label.map((line) => textWidth(line, FONT.label))) + 2 * LABEL_PADDING),
    height: LABEL_LINE * label.length + 2,
  };
}

function badgeWidth(count: number): number {
  return Math.ceil(BADGE.symbol + textWidth(String(count), FONT.badge, true) + 2 * BADGE.padding);
}

/** In the first small line, from the right. */
function placeBadges(node: DrawnNode, box: Box): readonly PlacedBadge[] {
  let right = box.x + box.width / 2 - BOX.padding + 4;
  const y = box.y - box.height / 2 + BOX.firstDetail - 12.5;
  return [...node.badges].reverse().map(({ tone, count }): PlacedBadge => {
    const width = badgeWidth(count);
    right -= width;
    const badge = { tone, count: String(count), x: right, y, width, height: BADGE.height };
    right -= BADGE.gap;
    return badge;
  }).reverse();
}
