/** Rings in the call graph: unrolled where a depth is declared, and cut where none is, so that whoever walks the graph walks a DAG. */
import type { CallCycle, CallRows } from './call-graph';
import { rowsOf } from './graph-rows';

/**
 * A DAG of the same paths. Where declared depths break every way round, the nodes of the ring are laid out in layers, one for each
 * time that a bounded call may happen; where they do not, the ring is reported, and walked once at most.
 */
export function unroll(graph: CallRows, component: Int32Array): { acyclic: CallRows; movedTo: Int32Array; cycles: CallCycle[] } {
  const { to, callOf, times, attempts } = graph;
  const members = new Map<number, number[]>();
  component.forEach((id, node) => members.has(id) ? members.get(id)!.push(node) : members.set(id, [node]));
  const dropped = new Set<number>();
  const layers = new Map<number, number>();
  const cycles: CallCycle[] = [];
  for (const [id, group] of members) {
    const inside = group.flatMap((node) => edgesOf(graph, node)).filter((edge) => component[to[edge]] === id && callOf[edge] >= 0);
    if (inside.length === 0) {
      continue;
    }
    const unbounded = findCycle(graph, group, component, (edge) => depthOf(graph, edge) === undefined);
    if (unbounded === undefined) {
      const depths = new Map(inside.map((edge) => [callOf[edge], depthOf(graph, edge) ?? 0]));
      layers.set(id, [...depths.values()].reduce((sum, depth) => sum + depth, 0));
      continue;
    }
    const calls = unbounded.map((edge) => graph.calls[callOf[edge]]);
    const multiplies = inside.some((edge) => depthOf(graph, edge) === undefined && times[callOf[edge]] * attempts[callOf[edge]] > 1);
    cycles.push({ services: [calls[0].caller, ...calls.map((one) => one.callee)], calls, multiplies });
    walkComponent(graph, group, component, () => true, (_, edge) => callOf[edge] >= 0 && dropped.add(keyOf(graph, edge)));
    // A way round may be left that led back from a choice to its operation: only then is an operation cut off. Bounded calls go in any case.
    const left = (edge: number): boolean => depthOf(graph, edge) === undefined && !dropped.has(keyOf(graph, edge));
    walkComponent(graph, group, component, left, (_, edge) => dropped.add(keyOf(graph, edge)));
  }
  return { ...layOut(graph, component, layers, dropped), cycles };
}

function edgesOf({ first }: CallRows, node: number): number[] {
  return Array.from({ length: first[node + 1] - first[node] }, (_, at) => first[node] + at);
}

function depthOf({ calls, callOf }: CallRows, edge: number): number | undefined {
  return calls[callOf[edge]]?.maxDepth;
}

/** All operations of a service may share a call, and it is cut for all of them. */
function keyOf({ callOf }: CallRows, edge: number): number {
  return callOf[edge] >= 0 ? callOf[edge] : -1 - edge;
}

function layOut(
  graph: CallRows, component: Int32Array, layers: ReadonlyMap<number, number>, dropped: ReadonlySet<number>,
): { acyclic: CallRows; movedTo: Int32Array } {
  const { to, callOf } = graph;
  const depths = component.map((id) => layers.get(id) ?? 0);
  const movedTo = new Int32Array(depths.length);
  const origin: number[] = [];
  depths.forEach((depth, node) => {
    movedTo[node] = origin.length;
    for (let layer = 0; layer <= depth; layer++) {
      origin.push(node);
    }
  });
  const { label, ...rows } = rowsOf(origin.length, (connect) => origin.forEach((node, copy) => {
    const layer = copy - movedTo[node];
    for (const edge of edgesOf(graph, node)) {
      const within = component[to[edge]] === component[node];
      const target = within ? layer + (depthOf(graph, edge) === undefined ? 0 : 1) : 0;
      if (!dropped.has(keyOf(graph, edge)) && (!within || target <= depths[node])) {
        connect(copy, movedTo[to[edge]] + target, callOf[edge]);
      }
    }
  }));
  const serviceOf = Int32Array.from(origin, (node) => graph.serviceOf[node]);
  const choice = Uint8Array.from(origin, (node) => graph.choice[node]);
  return { acyclic: { ...graph, ...rows, callOf: label, serviceOf, choice }, movedTo };
}

/** One way round within a component over the calls that count, in order. */
function findCycle(graph: CallRows, group: readonly number[], component: Int32Array, counts: (edge: number) => boolean): number[] | undefined {
  let found: number[] | undefined;
  walkComponent(graph, group, component, counts, (ring) => {
    found = found ?? ring();
  });
  return found;
}

/**
 * Walks a component depth first and tells of every edge that leads back into the trail: without all of these the component is a DAG.
 * `ring` gives the calls of that way round.
 */
function walkComponent(
  graph: CallRows, group: readonly number[], component: Int32Array, counts: (edge: number) => boolean,
  back: (ring: () => number[], edge: number) => void,
): void {
  const { to, callOf } = graph;
  const open = new Map<number, boolean>();
  const steps = (node: number): number[] => edgesOf(graph, node).filter((edge) => component[to[edge]] === component[node] && counts(edge));
  for (const root of group) {
    const trail: { readonly node: number; readonly by: number; readonly next: number[] }[] = [];
    if (!open.has(root)) {
      open.set(root, true);
      trail.push({ node: root, by: -1, next: steps(root) });
    }
    while (trail.length > 0) {
      const top = trail[trail.length - 1];
      const edge = top.next.pop();
      if (edge === undefined) {
        open.set(top.node, false);
        trail.pop();
      } else if (open.get(to[edge])) {
        const ring = (): number[] => {
          const start = trail.findIndex(({ node }) => node === to[edge]);
          return [...trail.slice(start + 1).map(({ by }) => by), edge].filter((one) => callOf[one] >= 0);
        };
        back(ring, edge);
      } else if (!open.has(to[edge])) {
        open.set(to[edge], true);
        trail.push({ node: to[edge], by: edge, next: steps(to[edge]) });
      }
    }
  }
}
