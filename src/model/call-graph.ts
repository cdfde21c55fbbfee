/**
 * The call graph on which budgets are judged. Its nodes are services, or operations of services where calls are declared for one; an
 * edge is a call. Cycles are found here, and unrolled where a depth is declared, so that whoever walks the graph walks a DAG.
 *
 * A node for a service whose calls depend on the operation, reached by a caller that does not say which one it calls, is a choice: the
 * worst of its operations counts, not their sum.
 */
import { unroll } from './call-rings';
import { Callee, calleeOf, circuitBreakerFor, httpPorts, retryFor } from './effective';
import { Rows, inOrder, rowsOf, stronglyConnected } from './graph-rows';
import { CallNode, MeshModel } from './mesh-model';
import { onceWhileJudged } from './once';
import { RetryPolicy, UNSEEN_BY_APPLICATION } from './policy';
import { isHttp } from './protocol';

export interface CallRows extends Rows {
  /** Ids of all services and external services. */
  readonly ids: readonly string[];
  /** Of each node the place of its service in `ids`. */
  readonly serviceOf: Int32Array;
  /** 1 for a choice between operations: the node makes no calls, and stands for one of the nodes that it leads to. */
  readonly choice: Uint8Array;
  /** Of each edge the place of its call in `calls`, `times` and `attempts`; -1 for one that leads from a choice. */
  readonly callOf: Int32Array;
  readonly calls: readonly CallNode[];
  /** Calls for one request of the caller. */
  readonly times: Float64Array;
  /** Attempts of each call that the callee's application may see. */
  readonly attempts: Float64Array;
}

export interface CallCycle {
  /** The services of one way round, the first one again at the end. */
  readonly services: readonly string[];
  readonly calls: readonly CallNode[];
  /** One way round makes more requests than it began with, so it never ends. */
  readonly multiplies: boolean;
}

export interface CallGraph extends CallRows {
  /** Every node after all nodes that it leads to. */
  readonly order: Int32Array;
  /** Nodes at which requests from outside arrive. */
  readonly entries: readonly number[];
  /** Ways round that no declared depth bounds. */
  readonly cycles: readonly CallCycle[];
}

/** How many attempts of a call the callee's application may see. A retry budget bounds the retries to a share of the requests. */
export function attemptsOf(model: MeshModel, call: CallNode): number {
  const callee = calleeOf(model, call.callee);
  const retries = callee === undefined ? 0 : retriesOf(model, callee, call);
  // Of most calls the application sees no retry, and then it does not matter what the port speaks.
  if (callee === undefined || retries === 0 || httpPorts(callee).length === 0) {
    return 1;
  }
  const port = callee.ports.find((one) => one.number === call.port);
  if (port !== undefined && !isHttp(port.protocol)) {
    return 1;
  }
  const budget = circuitBreakerFor(model, callee).retryBudget;
  return 1 + (budget === undefined ? retries : Math.min(retries, budget.percent / 100));
}

function retriesOf(model: MeshModel, callee: Callee, call: CallNode): number {
  const routes = 'routes' in callee ? callee.routes.filter((route) => call.operation === undefined || route.name === call.operation) : [];
  const ofRoutes = routes.map((route) => seenRetries(retryFor(model, callee, route, call)));
  const plain = call.operation === undefined || routes.length === 0 ? seenRetries(retryFor(model, callee, undefined, call)) : 0;
  return Math.max(plain, ...ofRoutes);
}

function seenRetries(policy: RetryPolicy): number {
  return policy.retries === 0 || policy.on.every((condition) => UNSEEN_BY_APPLICATION.has(condition)) ? 0 : policy.retries;
}

/** The graph of a model. */
export const callGraph = onceWhileJudged((model): CallGraph => {
  const ids = [...model.services, ...model.externals].map(({ id }) => id);
  const places = new Map(ids.map((id, place) => [id, place]));
  const ends = endsOf(model, places);
  const { rows, whole } = rowsOfCalls(model, ids, ends);
  const { acyclic, order, movedTo, cycles } = withoutRings(rows);
  const entries = model.services.filter(({ id, entryPoint }) => entryPoint || ends.called[places.get(id)!] === 0).map(({ id }) => id);
  // A ring that nobody calls from outside has no entry by that rule: all of it may be one.
  const nodes = [...new Set([...entries, ...cycles.flatMap(({ services }) => services)])].map((id) => whole[places.get(id)!]);
  return { ...acyclic, order, entries: movedTo === undefined ? nodes : nodes.map((node) => movedTo[node]), cycles };
});

/** The services at which requests from outside arrive. */
export function entryPointsOf({ entries, ids, serviceOf }: CallGraph): readonly string[] {
  return entries.map((node) => ids[serviceOf[node]]);
}

/** Most graphs have no ring, and then the components of it are its nodes, in the order that is asked for. */
function withoutRings(rows: CallRows): {
  readonly acyclic: CallRows;
  readonly order: Int32Array;
  /** Where the nodes of the graph went; undefined where they stay. */
  readonly movedTo?: Int32Array;
  readonly cycles: readonly CallCycle[];
} {
  const { component, count } = stronglyConnected(rows);
  // A service that calls itself is a ring too: the edge is one of the node that it leads to.
  if (count === component.length && !rows.to.some((to, edge) => edge >= rows.first[to] && edge < rows.first[to + 1])) {
    return { acyclic: rows, order: inOrder(component), cycles: [] };
  }
  const unrolled = unroll(rows, component);
  return { ...unrolled, order: inOrder(stronglyConnected(unrolled.acyclic).component) };
}

/** What the calls lead from and to, as places of services, and what they weigh. */
interface Ends {
  /** -1 for a call that is never made, or whose ends nobody declared. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly times: Float64Array;
  readonly attempts: Float64Array;
  /** 1 for services that are called, whichever of their operations. */
  readonly called: Uint8Array;
  /** The operations for which calls are declared, of each service that has any, numbered from 1. */
  readonly operations: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

function endsOf(model: MeshModel, places: ReadonlyMap<string, number>): Ends {
  const { calls } = model;
  const [from, to] = [new Int32Array(calls.length).fill(-1), new Int32Array(calls.length)];
  const [times, attempts] = [new Float64Array(calls.length), new Float64Array(calls.length)];
  const called = new Uint8Array(places.size);
  const operations = new Map<number, Map<string, number>>();
  const attemptsFor = attemptsCache(model, places.size);
  let caller: string | undefined;
  let place: number | undefined;
  calls.forEach((call, at) => {
    // The calls of one service follow each other.
    if (call.caller !== caller) {
      ({ caller } = call);
      place = places.get(caller);
    }
    if (place !== undefined && call.during !== undefined) {
      const own = operations.get(place) ?? new Map<string, number>();
      operations.set(place, own.set(call.during, own.get(call.during) ?? own.size + 1));
    }
    const callee = places.get(call.callee);
    if (place === undefined || callee === undefined || call.times === 0) {
      return;
    }
    from[at] = place;
    to[at] = callee;
    times[at] = call.times;
    attempts[at] = attemptsFor(call, callee);
    called[callee] = 1;
  });
  return { from, to, times, attempts, called, operations };
}

/**
 * Each service is a node, `whole`. One with operations is a choice between the nodes that follow it: its operations, and at last the
 * ones that no call is declared for, which make only the calls that all operations make.
 */
function rowsOfCalls(model: MeshModel, ids: readonly string[], ends: Ends): { readonly rows: CallRows; readonly whole: Int32Array } {
  const { calls } = model;
  const { from, to, times, attempts, operations } = ends;
  const whole = new Int32Array(ids.length + 1);
  ids.forEach((_, place) => {
    const own = operations.get(place);
    whole[place + 1] = whole[place] + (own === undefined ? 1 : own.size + 2);
  });
  const serviceOf = new Int32Array(whole[ids.length]);
  const choice = new Uint8Array(serviceOf.length);
  ids.forEach((_, place) => serviceOf.fill(place, whole[place], whole[place + 1]));
  operations.forEach((_, place) => {
    choice[whole[place]] = 1;
  });
  const operation = (place: number, name: string): number => {
    const own = operations.get(place)!;
    return whole[place] + (own.get(name) ?? own.size + 1);
  };
  const { label, ...rows } = rowsOf(serviceOf.length, (edge) => {
    for (const place of operations.keys()) {
      for (let one = whole[place] + 1; one < whole[place + 1]; one++) {
        edge(whole[place], one, -1);
      }
    }
    for (let at = 0; at < calls.length; at++) {
      const caller = from[at];
      if (caller < 0) {
        continue;
      }
      const callee = whole[to[at]];
      const target = choice[callee] === 0 || calls[at].operation === undefined ? callee : operation(to[at], calls[at].operation!);
      const source = whole[caller];
      if (choice[source] === 0) {
        edge(source, target, at);
      } else if (calls[at].during !== undefined) {
        edge(operation(caller, calls[at].during!), target, at);
      } else {
        for (let one = source + 1; one < whole[caller + 1]; one++) {
          edge(one, target, at);
        }
      }
    }
  });
  return { rows: { ...rows, ids, serviceOf, choice, callOf: label, calls, times, attempts }, whole };
}

/** Most calls say nothing of their own: what holds for all callers of a service is worked out once, by its place. */
function attemptsCache(model: MeshModel, services: number): (call: CallNode, callee: number) => number {
  const plain = new Float64Array(services);
  return (call, callee) => {
    if (call.retry !== undefined || call.port !== undefined || call.operation !== undefined) {
      return attemptsOf(model, call);
    }
    // There is one attempt at least, so 0 is not known yet.
    plain[callee] ||= attemptsOf(model, call);
    return plain[callee];
  };
}
