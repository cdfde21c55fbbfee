/** Rings in the call graph: found, unrolled where a depth is declared, and cut where none is, so that whoever walks the graph walks a DAG. */
import type { CallCycle, GraphEdge, GraphNode } from './call-graph';

export function lastOf<T>(items: readonly T[]): T {
  return items[items.length - 1];
}

/** How many nodes a node leads to, and which is the one at a place. */
function degree({ choices, edges }: GraphNode): number {
  return choices.length > 0 ? choices.length : edges.length;
}

function successor({ choices, edges }: GraphNode, at: number): number {
  return choices.length > 0 ? choices[at] : edges[at].to;
}

/**
 * Tarjan's algorithm with a stack of its own, since call chains may be longer than JavaScript's: the component of every node. A component
 * has a greater number than every component that it leads to.
 */
export function stronglyConnected(nodes: readonly GraphNode[]): { readonly component: Int32Array; readonly count: number } {
  const component = new Int32Array(nodes.length).fill(-1);
  const seen = new Int32Array(nodes.length).fill(-1);
  const low = new Int32Array(nodes.length);
  const open: number[] = [];
  let clock = 0;
  let count = 0;
  for (let root = 0; root < nodes.length; root++) {
    const work: { readonly node: number; at: number }[] = [];
    const enter = (node: number): void => {
      seen[node] = low[node] = clock++;
      open.push(node);
      work.push({ node, at: 0 });
    };
    if (seen[root] < 0) {
      enter(root);
    }
    while (work.length > 0) {
      const frame = lastOf(work);
      const { node } = frame;
      if (frame.at < degree(nodes[node])) {
        const next = successor(nodes[node], frame.at++);
        if (seen[next] < 0) {
          enter(next);
        } else if (component[next] < 0) {
          low[node] = Math.min(low[node], seen[next]);
        }
        continue;
      }
      work.pop();
      if (work.length > 0) {
        low[lastOf(work).node] = Math.min(low[lastOf(work).node], low[node]);
      }
      if (low[node] === seen[node]) {
        let member: number;
        do {
          member = open.pop()!;
          component[member] = count;
        } while (member !== node);
        count++;
      }
    }
  }
  return { component, count };
}

/**
 * A DAG of the same paths. Where declared depths break every way round, the nodes of the ring are laid out in layers, one for each
 * time that a bounded call may happen; where they do not, the ring is reported, and walked once at most.
 */
export function unroll(nodes: readonly GraphNode[], component: Int32Array): { acyclic: GraphNode[]; first: number[]; cycles: CallCycle[] } {
  const members = new Map<number, number[]>();
  nodes.forEach((_, node) => members.has(component[node]) ? members.get(component[node])!.push(node) : members.set(component[node], [node]));
  const dropped = new Set<GraphEdge>();
  const layers = new Map<number, number>();
  const cycles: CallCycle[] = [];
  for (const [id, group] of members) {
    const inside = group.flatMap((node) => nodes[node].edges.filter((edge) => component[edge.to] === id));
    if (inside.length === 0) {
      continue;
    }
    const unbounded = findCycle(nodes, group, component, (edge) => edge.call.maxDepth === undefined);
    if (unbounded === undefined) {
      const depths = new Map(inside.filter((edge) => edge.call.maxDepth !== undefined).map((edge) => [edge.call, edge.call.maxDepth!]));
      layers.set(id, [...depths.values()].reduce((sum, depth) => sum + depth, 0));
      continue;
    }
    const calls = unbounded.map((edge) => edge.call);
    const multiplies = inside.some((edge) => edge.call.maxDepth === undefined && edge.times * edge.attempts > 1);
    cycles.push({ services: [calls[0].caller, ...calls.map((call) => call.callee)], calls, multiplies });
    walkComponent(nodes, group, component, () => true, (_, edge) => edge !== undefined && dropped.add(edge));
  }
  return layers.size === 0 && dropped.size === 0
    ? { acyclic: [...nodes], first: [...nodes.keys()], cycles }
    : { ...layOut(nodes, component, layers, dropped), cycles };
}

function layOut(
  nodes: readonly GraphNode[], component: Int32Array, layers: ReadonlyMap<number, number>, dropped: ReadonlySet<GraphEdge>,
): { acyclic: GraphNode[]; first: number[] } {
  const acyclic: GraphNode[] = [];
  const first = nodes.map((node, index) => {
    const start = acyclic.length;
    for (let layer = 0; layer <= (layers.get(component[index]) ?? 0); layer++) {
      acyclic.push({ service: node.service, operation: node.operation, edges: [], choices: [] });
    }
    return start;
  });
  nodes.forEach((node, index) => {
    const depth = layers.get(component[index]) ?? 0;
    for (let layer = 0; layer <= depth; layer++) {
      const copy = acyclic[first[index] + layer];
      copy.choices.push(...node.choices.map((choice) => first[choice] + (component[choice] === component[index] ? layer : 0)));
      for (const edge of node.edges.filter((one) => !dropped.has(one))) {
        const within = component[edge.to] === component[index];
        const target = within ? layer + (edge.call.maxDepth === undefined ? 0 : 1) : 0;
        if (!within || target <= depth) {
          copy.edges.push({ ...edge, to: first[edge.to] + target });
        }
      }
    }
  });
  return { acyclic, first };
}

/** One way round within a component over the edges that count, as its calls in order. */
function findCycle(
  nodes: readonly GraphNode[], group: readonly number[], component: Int32Array, counts: (edge: GraphEdge) => boolean,
): GraphEdge[] | undefined {
  let found: GraphEdge[] | undefined;
  walkComponent(nodes, group, component, counts, (ring) => {
    found = found ?? ring();
  });
  return found;
}

/**
 * Walks a component depth first and tells of every edge that leads back into the trail: without all of these the component is a DAG.
 * `ring` gives the edges of that way round.
 */
function walkComponent(
  nodes: readonly GraphNode[], group: readonly number[], component: Int32Array, counts: (edge: GraphEdge) => boolean,
  back: (ring: () => GraphEdge[], edge: GraphEdge | undefined) => void,
): void {
  const open = new Map<number, boolean>();
  type Step = { readonly to: number; readonly edge?: GraphEdge };
  const steps = (node: number): Step[] => [
    ...nodes[node].choices.map((to) => ({ to })), ...nodes[node].edges.filter(counts).map((edge) => ({ to: edge.to, edge })),
  ].filter(({ to }) => component[to] === component[node]);
  for (const root of group) {
    const trail: { readonly node: number; readonly by?: GraphEdge; readonly next: Step[] }[] = [];
    if (!open.has(root)) {
      open.set(root, true);
      trail.push({ node: root, next: steps(root) });
    }
    while (trail.length > 0) {
      const top = lastOf(trail);
      const step = top.next.pop();
      if (step === undefined) {
        open.set(top.node, false);
        trail.pop();
      } else if (open.get(step.to)) {
        const ring = (): GraphEdge[] => {
          const start = trail.findIndex((frame) => frame.node === step.to);
          return [...trail.slice(start + 1).map((frame) => frame.by), step.edge].filter((edge): edge is GraphEdge => edge !== undefined);
        };
        back(ring, step.edge);
      } else if (!open.has(step.to)) {
        open.set(step.to, true);
        trail.push({ node: step.to, by: step.edge, next: steps(step.to) });
      }
    }
  }
}

export function postOrder(nodes: readonly GraphNode[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(nodes.length);
  for (let root = 0; root < nodes.length; root++) {
    const work: { readonly node: number; at: number }[] = [];
    if (seen[root] === 0) {
      seen[root] = 1;
      work.push({ node: root, at: 0 });
    }
    while (work.length > 0) {
      const frame = lastOf(work);
      const { node } = frame;
      if (frame.at < degree(nodes[node])) {
        const next = successor(nodes[node], frame.at++);
        if (seen[next] === 0) {
          seen[next] = 1;
          work.push({ node: next, at: 0 });
        }
      } else {
        order.push(node);
        work.pop();
      }
    }
  }
  return order;
}
