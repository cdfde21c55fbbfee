/**
 * Lines between the columns of a layout. Boxes and labels of one column share their centre, so a line that is level across the whole width
 * of a column crosses none of them. Between two columns it turns, and where many do, the columns move apart.
 */
import type { Box, Layout, Point } from './layout';

/** One stretch of a line: to this point, level, or with a turn around `turn`. */
export interface Stretch extends Point {
  readonly turn?: number;
}

export interface Line {
  readonly start: Point;
  readonly stretches: readonly Stretch[];
}

/** An edge as the layout library leaves it: the points between its ends, one for each column that it passes. */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly bends: readonly Point[];
  readonly label?: Box;
}

interface Column {
  /** Of its centre, as the library has it. */
  readonly was: number;
  readonly half: number;
  /** Of its centre in the drawing. */
  x: number;
}

/** Between two columns: at least this far apart, more for every line that turns there by more than its own height, and at most this far. */
const GAP = { least: 24, perTurn: 4, most: 84 } as const;
/** Room at the left of the first column, for the mark of an entry point. */
const ENTRY = 10;
/** Lines that turn by less need no room. */
const FLAT = 24;
/** Distance of two lines on the side of a box, and what stays free above and below them. */
const PORT = { most: 10, free: 6 } as const;

export function drawLines(boxes: ReadonlyMap<string, Box>, routes: readonly Route[], margin: number): Layout {
  const columns = columnsOf([...boxes.values()], routes);
  const at = new Map(columns.map((column, index) => [Math.round(column.was), index]));
  const index = (x: number): number => at.get(Math.round(x))!;
  const paths = routes.map((route, edge) => levelsOf(route, edge, boxes, index));
  spreadPorts(paths, boxes);
  const gaps = turnsIn(paths, columns.length);
  let right = margin + ENTRY;
  columns.forEach((column, place) => {
    const wide = (gaps[place - 1] ?? []).filter(({ from, to }) => Math.abs(from - to) > FLAT).length;
    right += place === 0 ? 0 : Math.min(GAP.most, GAP.least + GAP.perTurn * wide);
    column.x = right + column.half;
    right = column.x + column.half;
  });
  const moved = (box: Box): Box => ({ ...box, x: columns[index(box.x)].x });
  const turns = turnPlaces(gaps, columns);
  const bottoms = [
    ...[...boxes.values(), ...routes.flatMap(({ label }) => label ?? [])].map(({ y, height }) => y + height / 2),
    ...routes.flatMap(({ bends }) => bends.map(({ y }) => y)),
  ];
  return {
    width: right + margin,
    height: Math.max(0, ...bottoms) + margin,
    nodes: new Map([...boxes].map(([id, box]) => [id, moved(box)])),
    edges: routes.map(({ from, to, label }, edge) => ({
      from, to, label: label && moved(label), line: lineOf(paths[edge], columns, [moved(boxes.get(from)!), moved(boxes.get(to)!)], turns[edge]),
    })),
  };
}

function columnsOf(boxes: readonly Box[], routes: readonly Route[]): Column[] {
  const halves = new Map<number, { readonly was: number; half: number }>();
  const widen = (x: number, half: number): void => {
    const known = halves.get(Math.round(x)) ?? { was: x, half: 0 };
    known.half = Math.max(known.half, half);
    halves.set(Math.round(x), known);
  };
  boxes.forEach(({ x, width }) => widen(x, width / 2));
  routes.forEach(({ bends, label }) => {
    bends.forEach(({ x }) => widen(x, 0));
    if (label !== undefined) {
      widen(label.x, label.width / 2);
    }
  });
  return [...halves.values()].sort((a, b) => a.was - b.was).map(({ was, half }) => ({ was, half, x: was }));
}

/** A line by the columns that it touches, and its height in each. */
interface Path {
  readonly edge: number;
  readonly from: string;
  readonly to: string;
  /** 1 to the right, -1 to the left. */
  readonly direction: 1 | -1;
  readonly levels: { readonly column: number; y: number }[];
}

function levelsOf({ from, to, bends }: Route, edge: number, boxes: ReadonlyMap<string, Box>, index: (x: number) => number): Path {
  const ends = [boxes.get(from)!, boxes.get(to)!];
  const levels = [ends[0], ...bends, ends[1]].map(({ x, y }) => ({ column: index(x), y }));
  return {
    edge, from, to, direction: ends[0].x <= ends[1].x ? 1 : -1,
    levels: levels.filter(({ column }, at) => at === 0 || column !== levels[at - 1].column),
  };
}

/** Lines touch a box at places of their own along its side, in the order in which they go on, so that they do not cross there. */
function spreadPorts(paths: readonly Path[], boxes: ReadonlyMap<string, Box>): void {
  interface End { readonly level: { y: number }; readonly towards: number; readonly box: Box; readonly edge: number }
  const sides = new Map<string, End[]>();
  for (const { edge, from, to, direction, levels } of paths) {
    const last = levels.length - 1;
    for (const [id, side, level, next] of [[from, direction, levels[0], levels[1]], [to, -direction, levels[last], levels[last - 1]]] as const) {
      const key = `${side} ${id}`;
      sides.set(key, [...sides.get(key) ?? [], { level, towards: next.y, box: boxes.get(id)!, edge }]);
    }
  }
  for (const ends of sides.values()) {
    ends.sort((a, b) => a.towards - b.towards || a.edge - b.edge);
    ends.forEach(({ level, box }, place) => {
      const step = Math.min(PORT.most, (box.height - 2 * PORT.free) / ends.length);
      level.y = box.y + (place - (ends.length - 1) / 2) * step;
    });
  }
}

interface Turn {
  readonly edge: number;
  /** Heights at the left and at the right of the gap. */
  readonly from: number;
  readonly to: number;
}

/** For the gap behind each column, the lines that change their height in it. */
function turnsIn(paths: readonly Path[], columns: number): Turn[][] {
  const gaps: Turn[][] = Array.from({ length: columns }, () => []);
  for (const { edge, levels } of paths) {
    levels.slice(1).forEach((level, at) => {
      const [left, right] = level.column > levels[at].column ? [levels[at], level] : [level, levels[at]];
      if (left.y !== right.y) {
        gaps[left.column].push({ edge, from: left.y, to: right.y });
      }
    });
  }
  return gaps;
}

/** For every line and gap, where it turns: lines that go down turn the earlier the lower they begin, so that they do not cross needlessly. */
function turnPlaces(gaps: readonly Turn[][], columns: readonly Column[]): readonly ReadonlyMap<number, number>[] {
  const places: Map<number, number>[] = [];
  gaps.forEach((turns, gap) => {
    const [left, right] = [columns[gap], columns[gap + 1]];
    for (const down of [true, false]) {
      const alike = turns.filter(({ from, to }) => down === to > from)
        .sort((a, b) => down ? b.from - a.from || b.to - a.to : a.from - b.from || a.to - b.to);
      alike.forEach(({ edge }, place) => {
        const share = 0.25 + 0.5 * (place + 0.5) / alike.length;
        const start = left.x + left.half;
        (places[edge] ??= new Map()).set(gap, start + share * (right.x - right.half - start));
      });
    }
  });
  return places;
}

function lineOf(
  { levels, direction }: Path, columns: readonly Column[], [first, last]: readonly Box[], turns: ReadonlyMap<number, number> = new Map(),
): Line {
  const edgeOf = (column: number, side: number): number => columns[column].x + side * columns[column].half;
  const stretches: Stretch[] = [];
  levels.forEach(({ column, y }, at) => {
    if (at > 0) {
      stretches.push({ x: edgeOf(column, -direction), y, turn: turns.get(direction === 1 ? column - 1 : column) });
    }
    if (at < levels.length - 1) {
      stretches.push({ x: edgeOf(column, direction), y });
    }
  });
  const end = levels[levels.length - 1];
  stretches.push({ x: last.x - direction * last.width / 2, y: end.y });
  return { start: { x: first.x + direction * first.width / 2, y: levels[0].y }, stretches };
}
