/**
 * Places for a call graph: callers at the left, callees at the right, in columns. The library decides who stands where; the lines between
 * the columns are drawn here, so that none of them crosses a box: a line is level wherever it passes a column, and turns only in the gaps.
 */

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
  /** Where the line begins, turns and ends; two of one height lie level. */
  readonly points: readonly Point[];
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
  const placed = edges.map(({ from, to, label }) => {
    const { points, x, y } = graph.edge(keys.get(from)!, keys.get(to)!);
    return { from, to, bends: points.slice(1, -1), label: label && { ...label, x: x!, y: y! } };
  });
  const columns = columnsOf([...boxes.values(), ...placed.flatMap(({ label }) => label ?? [])]);
  const ports = portsOf(placed, boxes, columns);
  const { width, height } = graph.graph();
  return {
    width, height, nodes: boxes,
    edges: placed.map(({ from, to, bends, label }, index) => ({ from, to, label, points: levelled(ports[index], bends, columns) })),
  };
}

interface Column {
  readonly x: number;
  half: number;
}

/** Boxes of one rank share their centre; the widest says how wide the column is. */
function columnsOf(boxes: readonly Box[]): ReadonlyMap<number, Column> {
  const columns = new Map<number, Column>();
  for (const { x, width } of boxes) {
    const key = Math.round(x);
    const column = columns.get(key) ?? { x, half: 0 };
    column.half = Math.max(column.half, width / 2);
    columns.set(key, column);
  }
  return columns;
}

/** Where a line touches a box, and where it leaves the column of that box: level with it until there. */
interface Port {
  readonly at: Point;
  readonly out: Point;
}

interface End {
  readonly edge: number;
  readonly start: boolean;
  readonly box: Box;
  /** The side: 1 for the right one. */
  readonly side: 1 | -1;
  /** Height at which the line goes on. */
  readonly towards: number;
}

interface Route {
  readonly from: string;
  readonly to: string;
  readonly bends: readonly Point[];
}

/** Lines touch a box at places of their own along its side, in the order in which they go on, so that they do not cross there. */
function portsOf(
  routes: readonly Route[], boxes: ReadonlyMap<string, Box>, columns: ReadonlyMap<number, Column>,
): readonly { readonly start: Port; readonly end: Port }[] {
  const sides = new Map<string, End[]>();
  routes.forEach(({ from, to, bends }, edge) => {
    const [source, target] = [boxes.get(from)!, boxes.get(to)!];
    const direction = source.x <= target.x ? 1 : -1;
    const ends: readonly End[] = [
      { edge, start: true, box: source, side: direction, towards: (bends[0] ?? target).y },
      { edge, start: false, box: target, side: direction === 1 ? -1 : 1, towards: (bends[bends.length - 1] ?? source).y },
    ];
    for (const end of ends) {
      const key = `${end.side} ${end.start ? from : to}`;
      sides.set(key, [...sides.get(key) ?? [], end]);
    }
  });
  const starts = new Map<number, Port>();
  const finishes = new Map<number, Port>();
  for (const ends of sides.values()) {
    ends.sort((a, b) => a.towards - b.towards || a.edge - b.edge);
    ends.forEach(({ edge, start, box, side }, place) => {
      const step = Math.min(10, (box.height - 12) / ends.length);
      const y = box.y + (place - (ends.length - 1) / 2) * step;
      const half = columns.get(Math.round(box.x))!.half;
      (start ? starts : finishes).set(edge, { at: { x: box.x + side * box.width / 2, y }, out: { x: box.x + side * half, y } });
    });
  }
  return routes.map((_, edge) => ({ start: starts.get(edge)!, end: finishes.get(edge)! }));
}

/** The points of a line, every column that it passes crossed on one level. */
function levelled(
  { start, end }: { readonly start: Port; readonly end: Port }, bends: readonly Point[], columns: ReadonlyMap<number, Column>,
): readonly Point[] {
  const direction = start.at.x <= end.at.x ? 1 : -1;
  const through = bends.flatMap(({ x, y }): readonly Point[] => {
    const half = direction * (columns.get(Math.round(x))?.half ?? 0);
    return [{ x: x - half, y }, { x: x + half, y }];
  });
  return [start.at, start.out, ...through, end.out, end.at]
    .filter((point, index, all) => index === 0 || point.x !== all[index - 1].x || point.y !== all[index - 1].y);
}
