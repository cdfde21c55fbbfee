/** A call drawing with a place for everything: boxes sized for their words, and a layout that holds them. */
import { CallDrawing, DrawnEdge, DrawnNode } from './drawing';
import { Box, layOut, PlacedEdge, Size } from './layout';
import { shortened, textWidth } from './text-width';

export const FONT = { name: 14, detail: 11.5, label: 11, badge: 11 } as const;
export const BOX = { padding: 14, height: 48, nameBaseline: 21, detailBaseline: 37 } as const;
export const BADGE = { height: 16, padding: 5, symbol: 12, gap: 4 } as const;

const LABEL_HEIGHT = 17;
const LABEL_PADDING = 4;
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
  readonly edges: readonly (PlacedEdge & Pick<DrawnEdge, 'weight'> & { readonly text?: string; readonly index: { readonly from: number; readonly to: number } })[];
}

export function figureOf({ nodes, edges }: CallDrawing): Figure {
  const names = new Map(nodes.map(({ id, name }) => [id, shortened(name, MOST_CHARACTERS)]));
  const sizes = new Map(nodes.map((node) => [node.id, nodeSize(node, names.get(node.id)!)]));
  const layout = layOut(sizes, edges.map(({ from, to, label }) => ({ from, to, label: label === undefined ? undefined : labelSize(label) })));
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
  const second = textWidth(node.detail, FONT.detail) + node.badges.reduce((sum, badge) => sum + badgeWidth(badge.count) + BADGE.gap, 0);
  return { width: Math.ceil(Math.max(textWidth(name, FONT.name, true), second) + 2 * BOX.padding), height: BOX.height };
}

function labelSize(label: string): Size {
  return { width: Math.ceil(textWidth(label, FONT.label) + 2 * LABEL_PADDING), height: LABEL_HEIGHT };
}

function badgeWidth(count: number): number {
  return Math.ceil(BADGE.symbol + textWidth(String(count), FONT.badge, true) + 2 * BADGE.padding);
}

/** In the second line, from the right. */
function placeBadges(node: DrawnNode, box: Box): readonly PlacedBadge[] {
  let right = box.x + box.width / 2 - BOX.padding + 4;
  const y = box.y - box.height / 2 + BOX.detailBaseline - 12;
  return [...node.badges].reverse().map(({ tone, count }): PlacedBadge => {
    const width = badgeWidth(count);
    right -= width;
    const badge = { tone, count: String(count), x: right, y, width, height: BADGE.height };
    right -= BADGE.gap;
    return badge;
  }).reverse();
}
