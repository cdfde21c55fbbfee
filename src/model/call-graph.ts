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
  const { nodes, indexOf, called } = nodesOf(model);
  const { acyclic, order, first, cycles } = withoutRings(nodes);
  const entries = model.services.filter((service) => service.entryPoint || !called.has(indexOf.get(service.id)!)).map((service) => service.id);
  // A ring that nobody calls from outside has no entry by that rule: all of it may be one.
  const ring = cycles.flatMap((cycle) => cycle.services);
  return {
    nodes: acyclic,
    order,
    entries: [...new Set([...entries, ...ring])].map((id) => first === undefined ? indexOf.get(id)! : first[indexOf.get(id)!]),
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

interface Nodes {
  readonly nodes: GraphNode[];
  /** The node of each service as a whole. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Nodes of services that are called, whichever of their operations. */
  readonly called: ReadonlySet<number>;
}

function nodesOf(model: MeshModel): Nodes {
  const nodes: GraphNode[] = [];
  const services = new Map<string, number>();
  const operations = operationsOf(model);
  const byOperation = new Map<string, number>();
  const add = (service: string, operation?: string): number => nodes.push({ service, operation, edges: [], choices: [] }) - 1;
  for (const { id } of [...model.services, ...model.externals]) {
    const any = add(id);
    services.set(id, any);
    for (const operation of operations.get(id) ?? []) {
      const one = add(id, operation);
      byOperation.set(`${id}#${operation}`, one);
      nodes[any].choices.push(one);
    }
    if (nodes[any].choices.length > 0) {
      // The operations that no call is declared for make only the calls that all operations make.
      nodes[any].choices.push(add(id, ''));
    }
  }
  const called = new Set<number>();
  const attempts = attemptsCache(model, nodes.length);
  let caller: string | undefined;
  let from: number | undefined;
  for (const call of model.calls) {
    // The calls of one service follow each other.
    if (call.caller !== caller) {
      ({ caller } = call);
      from = services.get(caller);
    }
    const whole = services.get(call.callee);
    if (from === undefined || whole === undefined || call.times === 0) {
      continue;
    }
    called.add(whole);
    const { choices } = nodes[whole];
    const to = call.operation === undefined || choices.length === 0 ? whole : byOperation.get(`${call.callee}#${call.operation}`) ?? lastOf(choices);
    const edge = { to, call, times: call.times, attempts: attempts(call, whole) };
    if (call.during !== undefined) {
      nodes[byOperation.get(`${caller}#${call.during}`)!].edges.push(edge);
    } else if (nodes[from].choices.length > 0) {
      nodes[from].choices.forEach((choice) => nodes[choice].edges.push(edge));
    } else {
      nodes[from].edges.push(edge);
    }
  }
  return { nodes, indexOf: services, called };
}

/** The operations of each service for which calls are declared. */
function operationsOf(model: MeshModel): ReadonlyMap<string, ReadonlySet<string>> {
  const operations = new Map<string, Set<string>>();
  for (const call of model.calls) {
    if (call.during !== undefined) {
      operations.set(call.caller, (operations.get(call.caller) ?? new Set()).add(call.during));
    }
  }
  return operations;
}

/** Most calls say nothing of their own: what holds for all callers of a service is worked out once, by its node. */
function attemptsCache(model: MeshModel, nodes: number): (call: CallNode, callee: number) => number {
  const plain = new Float64Array(nodes);
  return (call, callee) => {
    if (call.retry !== undefined || call.port !== undefined || call.operation !== undefined) {
      return attemptsOf(model, call);
    }
    // There is one attempt at least, so 0 is not known yet.
    plain[callee] ||= attemptsOf(model, call);
    return plain[callee];
  };
}
