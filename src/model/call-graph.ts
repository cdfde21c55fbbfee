/**
 * The call graph on which budgets are judged. Its nodes are services, or operations of services where calls are declared for one; an
 * edge is a call. Cycles are found here, and unrolled where a depth is declared, so that whoever walks the graph walks a DAG.
 *
 * A node for a service whose calls depend on the operation, reached by a caller that does not say which one it calls, is a choice: the
 * worst of its operations counts, not their sum.
 */
import { calleeOf, circuitBreakerFor, httpPorts, retryFor } from './effective';
import { CallNode, MeshModel } from './mesh-model';
import { RetryPolicy, UNSEEN_BY_APPLICATION } from './policy';
import { isHttp } from './protocol';

export interface GraphEdge {
  readonly to: number;
  readonly call: CallNode;
  /** Calls for one request of the caller. */
  readonly times: number;
  /** Attempts of each call that the callee's application may see. */
  readonly attempts: number;
}

export interface GraphNode {
  /** Id of the service or external service. */
  readonly service: string;
  /** The operation, where the graph knows it. */
  readonly operation?: string;
  readonly edges: GraphEdge[];
  /** A choice between operations: the node stands for one of these. */
  readonly choices: number[];
}

export interface CallCycle {
  /** The services of one way round, the first one again at the end. */
  readonly services: readonly string[];
  readonly calls: readonly CallNode[];
  /** One way round makes more requests than it began with, so it never ends. */
  readonly multiplies: boolean;
}

export interface CallGraph {
  readonly nodes: readonly GraphNode[];
  /** Every node after all nodes that it leads to. */
  readonly order: readonly number[];
  /** Nodes at which requests from outside arrive. */
  readonly entries: readonly number[];
  /** Ways round that no declared depth bounds. */
  readonly cycles: readonly CallCycle[];
}

/** How many attempts of a call the callee's application may see. A retry budget bounds the retries to a share of the requests. */
export function attemptsOf(model: MeshModel, call: CallNode): number {
  const callee = calleeOf(model, call.callee);
  if (callee === undefined || httpPorts(callee).length === 0) {
    return 1;
  }
  const port = callee.ports.find((one) => one.number === call.port);
  if (port !== undefined && !isHttp(port.protocol)) {
    return 1;
  }
  const routes = 'routes' in callee ? callee.routes.filter((route) => call.operation === undefined || route.name === call.operation) : [];
  const policies = [...routes.map((route) => retryFor(model, callee, route, call)), ...(call.operation === undefined || routes.length === 0
    ? [retryFor(model, callee, undefined, call)] : [])];
  const retries = Math.max(0, ...policies.map(seenRetries));
  const budget = circuitBreakerFor(model, callee).retryBudget;
  return 1 + (budget === undefined ? retries : Math.min(retries, budget.percent / 100));
}

function seenRetries(policy: RetryPolicy): number {
  return policy.on.every((condition) => UNSEEN_BY_APPLICATION.has(condition)) ? 0 : policy.retries;
}

export function callGraph(model: MeshModel): CallGraph {
  const nodes = nodesOf(model);
  const components = stronglyConnected(nodes);
  const { acyclic, first, cycles } = unroll(nodes, components);
  const called = new Set(model.calls.filter((call) => call.times > 0).map((call) => call.callee));
  const entries = model.services.filter((service) => service.entryPoint || !called.has(service.id)).map((service) => service.id);
  // A ring that nobody calls from outside has no entry by that rule: all of it may be one.
  const ring = cycles.flatMap((cycle) => cycle.services);
  const byService = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (node.operation === undefined) {
      byService.set(node.service, first[index]);
    }
  });
  return {
    nodes: acyclic,
    order: postOrder(acyclic),
    entries: [...new Set([...entries, ...ring])].map((id) => byService.get(id)!),
    cycles,
  };
}

function nodesOf(model: MeshModel): GraphNode[] {
  const nodes: GraphNode[] = [];
  const index = new Map<string, number>();
  const operations = new Map<string, Set<string>>();
  for (const call of model.calls) {
    if (call.during !== undefined) {
      operations.set(call.caller, (operations.get(call.caller) ?? new Set()).add(call.during));
    }
  }
  const add = (service: string, operation?: string): number => {
    index.set(`${service}#${operation ?? ''}`, nodes.length);
    return nodes.push({ service, operation, edges: [], choices: [] }) - 1;
  };
  for (const { id } of [...model.services, ...model.externals]) {
    const any = add(id);
    for (const operation of operations.get(id) ?? []) {
      nodes[any].choices.push(add(id, operation));
    }
    if (nodes[any].choices.length > 0) {
      // The operations that no call is declared for make only the calls that all operations make.
      nodes[any].choices.push(nodes.push({ service: id, operation: '', edges: [], choices: [] }) - 1);
    }
  }
  const attempts = attemptsCache(model);
  for (const call of model.calls) {
    const from = index.get(`${call.caller}#`);
    const calleeOperations = operations.get(call.callee);
    const to = call.operation !== undefined && calleeOperations !== undefined && !calleeOperations.has(call.operation)
      ? lastOf(nodes[index.get(`${call.callee}#`)!].choices)
      : index.get(`${call.callee}#${calleeOperations === undefined ? '' : call.operation ?? ''}`);
    if (from === undefined || to === undefined || call.times === 0) {
      continue;
    }
    const edge = { to, call, times: call.times, attempts: attempts(call) };
    const callers = call.during !== undefined ? [index.get(`${call.caller}#${call.during}`)!]
      : nodes[from].choices.length > 0 ? nodes[from].choices : [from];
    callers.forEach((caller) => nodes[caller].edges.push(edge));
  }
  return nodes;
}

/** Most calls say nothing of their own: what holds for all callers of a service is worked out once. */
function attemptsCache(model: MeshModel): (call: CallNode) => number {
  const plain = new Map<string, number>();
  return (call) => {
    if (call.retry !== undefined || call.port !== undefined || call.operation !== undefined) {
      return attemptsOf(model, call);
    }
    const known = plain.get(call.callee) ?? attemptsOf(model, call);
    plain.set(call.callee, known);
    return known;
  };
}

function lastOf<T>(items: readonly T[]): T {
  return items[items.length - 1];
}

function successors(node: GraphNode): readonly number[] {
  return node.choices.length > 0 ? node.choices : node.edges.map((edge) => edge.to);
}

/**
 * Tarjan's algorithm with a stack of its own, since call chains may be longer than JavaScript's: the component of every node. A component
 * has a greater number than every component that it leads to.
 */
export function stronglyConnected(nodes: readonly GraphNode[]): Int32Array {
  const component = new Int32Array(nodes.length).fill(-1);
  const seen = new Int32Array(nodes.length).fill(-1);
  const low = new Int32Array(nodes.length);
  const open: number[] = [];
  let clock = 0;
  let count = 0;
  for (let root = 0; root < nodes.length; root++) {
    const work: { readonly node: number; readonly next: readonly number[]; at: number }[] = [];
    const enter = (node: number): void => {
      seen[node] = low[node] = clock++;
      open.push(node);
      work.push({ node, next: successors(nodes[node]), at: 0 });
    };
    if (seen[root] < 0) {
      enter(root);
    }
    while (work.length > 0) {
      const frame = lastOf(work);
      const { node } = frame;
      if (frame.at < frame.next.length) {
        const next = frame.next[frame.at++];
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
  return component;
}

/**
 * A DAG of the same paths. Where declared depths break every way round, the nodes of the ring are laid out in layers, one for each
 * time that a bounded call may happen; where they do not, the ring is reported, and walked once at most.
 */
function unroll(nodes: readonly GraphNode[], component: Int32Array): { acyclic: GraphNode[]; first: number[]; cycles: CallCycle[] } {
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
  return { ...layOut(nodes, component, layers, dropped), cycles };
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

function postOrder(nodes: readonly GraphNode[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(nodes.length);
  for (let root = 0; root < nodes.length; root++) {
    const work: { readonly node: number; readonly next: readonly number[]; at: number }[] = [];
    if (seen[root] === 0) {
      seen[root] = 1;
      work.push({ node: root, next: successors(nodes[root]), at: 0 });
    }
    while (work.length > 0) {
      const frame = lastOf(work);
      if (frame.at < frame.next.length) {
        const next = frame.next[frame.at++];
        if (seen[next] === 0) {
          seen[next] = 1;
          work.push({ node: next, next: successors(nodes[next]), at: 0 });
        }
      } else {
        order.push(frame.node);
        work.pop();
      }
    }
  }
  return order;
}
