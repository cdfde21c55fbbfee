/**
 * The call graph on which budgets are judged. Its nodes are services, or operations of services where calls are declared for one; an
 * edge is a call. Cycles are found here, and unrolled where a depth is declared, so that whoever walks the graph walks a DAG.
 *
 * A node for a service whose calls depend on the operation, reached by a caller that does not say which one it calls, is a choice: the
 * worst of its operations counts, not their sum.
 */
import { lastOf, postOrder, stronglyConnected, unroll } from './call-rings';
import { calleeOf, circuitBreakerFor, httpPorts, retryFor } from './effective';
import { CallNode, MeshModel } from './mesh-model';
import { oncePerModel } from './once';
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

/** The graph of a model. */
export const callGraph = oncePerModel((model): CallGraph => {
  const nodes = nodesOf(model);
  const { acyclic, order, first, cycles } = withoutRings(nodes);
  const called = new Set<string>();
  for (const call of model.calls) {
    if (call.times > 0) {
      called.add(call.callee);
    }
  }
  const entries = model.services.filter((service) => service.entryPoint || !called.has(service.id)).map((service) => service.id);
  // A ring that nobody calls from outside has no entry by that rule: all of it may be one.
  const ring = cycles.flatMap((cycle) => cycle.services);
  const byService = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (node.operation === undefined) {
      byService.set(node.service, first?.[index] ?? index);
    }
  });
  return {
    nodes: acyclic,
    order,
    entries: [...new Set([...entries, ...ring])].map((id) => byService.get(id)!),
    cycles,
  };
});

/** Most graphs have no ring, and then the components of it are its nodes, in the order that is asked for. */
function withoutRings(nodes: readonly GraphNode[]): {
  readonly acyclic: readonly GraphNode[];
  readonly order: readonly number[];
  /** Where the nodes of the graph went; undefined where they stay. */
  readonly first?: readonly number[];
  readonly cycles: readonly CallCycle[];
} {
  const { component, count } = stronglyConnected(nodes);
  if (count === nodes.length && !nodes.some((node, index) => node.edges.some(({ to }) => to === index))) {
    const order = new Array<number>(count);
    component.forEach((place, index) => order[place] = index);
    return { acyclic: nodes, order, cycles: [] };
  }
  const unrolled = unroll(nodes, component);
  return { ...unrolled, order: postOrder(unrolled.acyclic) };
}

function nodesOf(model: MeshModel): GraphNode[] {
  const nodes: GraphNode[] = [];
  const services = new Map<string, number>();
  const index = new Map<string, number>();
  const operations = new Map<string, Set<string>>();
  for (const call of model.calls) {
    if (call.during !== undefined) {
      operations.set(call.caller, (operations.get(call.caller) ?? new Set()).add(call.during));
    }
  }
  const add = (service: string, operation?: string): number => nodes.push({ service, operation, edges: [], choices: [] }) - 1;
  const indexOf = (service: string, operation: string | undefined): number | undefined =>
    operation === undefined ? services.get(service) : index.get(`${service}#${operation}`);
  for (const { id } of [...model.services, ...model.externals]) {
    const any = add(id);
    services.set(id, any);
    for (const operation of operations.get(id) ?? []) {
      const one = add(id, operation);
      index.set(`${id}#${operation}`, one);
      nodes[any].choices.push(one);
    }
    if (nodes[any].choices.length > 0) {
      // The operations that no call is declared for make only the calls that all operations make.
      nodes[any].choices.push(nodes.push({ service: id, operation: '', edges: [], choices: [] }) - 1);
    }
  }
  const attempts = attemptsCache(model);
  for (const call of model.calls) {
    const from = services.get(call.caller);
    const calleeOperations = operations.get(call.callee);
    const to = call.operation !== undefined && calleeOperations !== undefined && !calleeOperations.has(call.operation)
      ? lastOf(nodes[services.get(call.callee)!].choices)
      : indexOf(call.callee, calleeOperations === undefined ? undefined : call.operation);
    if (from === undefined || to === undefined || call.times === 0) {
      continue;
    }
    const edge = { to, call, times: call.times, attempts: attempts(call) };
    const callers = call.during !== undefined ? [indexOf(call.caller, call.during)!]
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
