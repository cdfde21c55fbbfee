/**
 * Places for a call graph: callers at the left, callees at the right, in columns. The library decides who stands where. The lines are drawn
 * here (lines.ts), so that none of them crosses a box: a line is level wherever it passes a column, and turns only in the gaps.
 */
import { drawLines, Line } from './lines';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Around the centre x, y. */
export interface Box extends Size, Point {}

export interface EdgeToPlace {
  readonly from: string;
  readonly to: string;
  /** Of its label, where it has one. */
  readonly label?: Size;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  readonly line: Line;
  readonly label?: Box;
}

export interface Layout extends Size {
  readonly nodes: ReadonlyMap<string, Box>;
  readonly edges: readonly PlacedEdge[];
}

/** The part of the layout library that is used. */
interface Dagre {
  readonly graphlib: { readonly Graph: new(options: { readonly multigraph: boolean }) => DagreGraph };
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(options: object): void;
  setNode(id: string, size: Size): void;
  setEdge(from: string, to: string, label: object): void;
  graph(): Size;
  node(id: string): Box;
  edge(from: string, to: string): { readonly points: readonly Point[]; readonly x?: number; readonly y?: number };
}

const MARGIN = 16;
const SPACING = { nodesep: 18, edgesep: 12, ranksep: 84, marginx: MARGIN, marginy: MARGIN };

/** At most one edge from one node to another, and none to itself. The same input has the same layout, byte for byte. */
export function layOut(nodes: ReadonlyMap<string, Size>, edges: readonly EdgeToPlace[]): Layout {
  // Only a report with a drawing needs it: whoever imports this package should not wait for it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const dagre = require('@dagrejs/dagre') as Dagre;
  const graph = new dagre.graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', ...SPACING });
  const keys = new Map([...nodes.keys()].map((id, index) => [id, `n${index}`]));
  nodes.forEach(({ width, height }, id) => graph.setNode(keys.get(id)!, { width, height }));
  for (const { from, to, label } of edges) {
    graph.setEdge(keys.get(from)!, keys.get(to)!, { labelpos: 'c', width: label?.width ?? 0, height: label?.height ?? 0 });
  }
  dagre.layout(graph);
  const boxes = new Map([...keys].map(([id, key]): [string, Box] => {
    const { x, y, width, height } = graph.node(key);
    return [id, { x, y, width, height }];
  }));
  return drawLines(boxes, edges.map(({ from, to, label }) => {
    const { points, x, y } = graph.edge(keys.get(from)!, keys.get(to)!);
    return { from, to, bends: points.slice(1, -1), label: label && { ...label, x: x!, y: y! } };
  }), MARGIN);
}
