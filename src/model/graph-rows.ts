/** A graph in flat arrays: they cost a fraction of objects, and nobody has to walk them for garbage. */

/** The edges of node `n` are the ones from `first[n]` up to `first[n + 1]`. */
export interface Rows {
  readonly first: Int32Array;
  /** Where each edge leads. */
  readonly to: Int32Array;
}

export interface LabelledRows extends Rows {
  readonly label: Int32Array;
}

/** Rows of edges that come in any order; those of one node keep theirs. `each` tells of all of them, and is asked twice. */
export function rowsOf(nodes: number, each: (edge: (from: number, to: number, label: number) => void) => void): LabelledRows {
  const first = new Int32Array(nodes + 1);
  each((from) => first[from + 1]++);
  for (let node = 0; node < nodes; node++) {
    first[node + 1] += first[node];
  }
  const [to, label] = [new Int32Array(first[nodes]), new Int32Array(first[nodes])];
  const free = first.slice();
  each((from, target, name) => {
    const edge = free[from]++;
    to[edge] = target;
    label[edge] = name;
  });
  return { first, to, label };
}

/**
 * Tarjan's algorithm with a stack of its own, since call chains may be longer than JavaScript's: the component of every node. A component
 * has a greater number than every component that it leads to.
 */
export function stronglyConnected({ first, to }: Rows): { readonly component: Int32Array; readonly count: number } {
  const nodes = first.length - 1;
  const component = new Int32Array(nodes).fill(-1);
  const seen = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const next = first.slice();
  // Nodes that are being walked, and nodes without a component yet.
  const [trail, open] = [new Int32Array(nodes), new Int32Array(nodes)];
  let [depth, waiting, clock, count] = [0, 0, 0, 0];
  const enter = (node: number): void => {
    seen[node] = low[node] = clock++;
    open[waiting++] = node;
    trail[depth++] = node;
  };
  for (let root = 0; root < nodes; root++) {
    if (seen[root] < 0) {
      enter(root);
    }
    while (depth > 0) {
      const node = trail[depth - 1];
      if (next[node] < first[node + 1]) {
        const target = to[next[node]++];
        if (seen[target] < 0) {
          enter(target);
        } else if (component[target] < 0) {
          low[node] = Math.min(low[node], seen[target]);
        }
        continue;
      }
      depth--;
      if (depth > 0) {
        low[trail[depth - 1]] = Math.min(low[trail[depth - 1]], low[node]);
      }
      if (low[node] === seen[node]) {
        let member: number;
        do {
          member = open[--waiting];
          component[member] = count;
        } while (member !== node);
        count++;
      }
    }
  }
  return { component, count };
}

/** The nodes of a graph without rings, every one after all that it leads to. */
export function inOrder(component: Int32Array): Int32Array {
  const order = new Int32Array(component.length);
  component.forEach((place, node) => {
    order[place] = node;
  });
  return order;
}
