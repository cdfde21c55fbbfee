/**
 * Retry amplification: the worst case of requests that reach one service for one request to an entry point, which is the sum over all
 * call paths of the product of calls and attempts. It is an upper bound: ejection and exhausted deadlines only lower it.
 *
 * One walk over the graph backwards from a service gives the figures of all entry points at once. Such walks are made only where a
 * forward walk, which adds up all entries, leaves a doubt; and only for services that retries reach, since calls that a program makes
 * in its normal course are load, not amplification.
 */
import { CallGraph, callGraph } from './call-graph';
import { GraphWalk, WALK_WIDTH } from './graph-walk';
import { CallNode, MeshModel } from './mesh-model';

export interface AmplificationHop {
  readonly call: CallNode;
  readonly times: number;
  readonly attempts: number;
}

export interface AmplificationPath {
  readonly entry: string;
  readonly target: string;
  /** Worst case of requests to the target for one request to the entry, over all paths. */
  readonly requests: number;
  /** The same while nothing fails. */
  readonly healthy: number;
  /** The path that adds most to it. */
  readonly hops: readonly AmplificationHop[];
}

export interface ExceedingPath extends AmplificationPath {
  /** All services that this entry point may hit above the limit through retries. */
  readonly above: readonly string[];
}

/** Edges that the searches for proposals may look at, all findings together: about half a second. */
const SEARCH_LIMIT = 20_000_000;

export class Amplification {
  public readonly graph: CallGraph;
  private readonly walk: GraphWalk;
  private searched = 0;
  private known?: ReadonlyMap<string, number>;
  private latest?: { readonly target: number; readonly figures: Float64Array };

  public constructor(model: MeshModel) {
    this.graph = callGraph(model);
    this.walk = new GraphWalk(this.graph);
  }

  /** The entry point that a service has most to fear from, and how much; undefined for a service that no entry point reaches. */
  public worst(id: string): AmplificationPath | undefined {
    const { entries, serviceOf } = this.graph;
    const target = this.places.get(id);
    if (target === undefined) {
      return undefined;
    }
    const figures = this.figures(target);
    const from = entries.filter((entry) => figures[entry] > 0 && serviceOf[entry] !== target);
    return from.length === 0 ? undefined : this.path(from.reduce((a, b) => figures[b] > figures[a] ? b : a), target);
  }

  /** For every entry point above the limit through retries, the service that it may hit hardest. */
  public exceeding(limit: number): readonly ExceedingPath[] {
    const { ids } = this.graph;
    const above = new Map<number, { target: number; requests: number; healthy: number; readonly targets: number[] }>();
    const doubtful = this.doubtful(limit);
    for (let first = 0; first < doubtful.length; first += WALK_WIDTH) {
      const targets = doubtful.slice(first, first + WALK_WIDTH);
      const [figures, healthy] = [this.walk.declared, this.walk.healthy].map((weights) => this.walk.requests(targets, weights));
      for (const entry of this.graph.entries) {
        targets.forEach((target, column) => {
          const at = entry * targets.length + column;
          if (figures[at] <= limit || figures[at] <= healthy[at]) {
            return;
          }
          const known = above.get(entry);
          const hit = { target, requests: figures[at], healthy: healthy[at] };
          if (known === undefined) {
            above.set(entry, { ...hit, targets: [target] });
          } else {
            known.targets.push(target);
            Object.assign(known, hit.requests > known.requests ? hit : {});
          }
        });
      }
    }
    return [...above].sort(([, a], [, b]) => ids[a.target] < ids[b.target] ? -1 : 1)
      .map(([entry, { target, healthy, targets }]) => ({ ...this.path(entry, target, healthy), above: targets.map((one) => ids[one]) }));
  }

  /** For every entry point that calls something, the service that one request to it may hit hardest, through retries or without. */
  public hardest(): readonly AmplificationPath[] {
    const { entries, ids, serviceOf } = this.graph;
    const worst = new Map<number, { readonly target: number; readonly requests: number }>();
    ids.forEach((_, target) => {
      const figures = this.figures(target);
      for (const entry of entries) {
        if (figures[entry] > (worst.get(entry)?.requests ?? 0) && serviceOf[entry] !== target) {
          worst.set(entry, { target, requests: figures[entry] });
        }
      }
    });
    return entries.flatMap((entry) => worst.has(entry) ? [this.path(entry, worst.get(entry)!.target)] : []);
  }

  /**
   * Calls that would have to stop retrying for the entry point to stay within the limit: none of them can be left out. Calls near the
   * end of a path keep their retries where possible, since the hop next to the failure recovers most for the least repetition.
   * `fan-out`: the calls of the normal course alone are above the limit. `too-large`: the search would take longer than the synth.
   */
  public proposal(path: ExceedingPath, limit: number): readonly CallNode[] | 'fan-out' | 'too-large' {
    const { calls, times, attempts, entries, ids, serviceOf } = this.graph;
    const entry = entries.find((node) => ids[serviceOf[node]] === path.entry)!;
    if (this.searched > SEARCH_LIMIT) {
      return 'too-large';
    }
    const { retrying, size } = this.retryingBelow(entry);
    this.searched += retrying.length * path.above.length * size;
    if (this.searched > SEARCH_LIMIT) {
      return 'too-large';
    }
    const targets = path.above.map((id) => this.places.get(id)!);
    const quiet = new Set(retrying);
    const worstWith = (): number => {
      const weights = times.map((each, call) => each * (quiet.has(call) ? 1 : attempts[call]));
      return Math.max(...this.walk.requests(targets, weights).subarray(entry * targets.length, (entry + 1) * targets.length));
    };
    if (worstWith() > limit) {
      return 'fan-out';
    }
    for (const call of retrying) {
      quiet.delete(call);
      if (worstWith() > limit) {
        quiet.add(call);
      }
    }
    return retrying.filter((call) => quiet.has(call)).map((call) => calls[call]).reverse();
  }

  /** Calls that retry below a node, the ones nearest to the leaves first; and how many edges that are calls the whole graph has. */
  private retryingBelow(start: number): { readonly retrying: readonly number[]; readonly size: number } {
    const { first, to, callOf, attempts, order } = this.graph;
    const below = new Uint8Array(order.length);
    below[start] = 1;
    for (let at = order.length - 1; at >= 0; at--) {
      const node = order[at];
      if (below[node] === 1) {
        for (let edge = first[node]; edge < first[node + 1]; edge++) {
          below[to[edge]] = 1;
        }
      }
    }
    const retrying = new Set<number>();
    for (const node of order) {
      if (below[node] === 1) {
        callOf.subarray(first[node], first[node + 1]).filter((one) => attempts[one] > 1).forEach((one) => retrying.add(one));
      }
    }
    return { retrying: [...retrying], size: callOf.reduce((sum, one) => one < 0 ? sum : sum + 1, 0) };
  }

  /**
   * Services that may be above the limit. `total` adds up what all entries together send to a node, so it bounds each one of them; only
   * services reached over a retrying call count. A service whose every request calls another one is never worse off than that one.
   */
  private doubtful(limit: number): readonly number[] {
    const { ids, serviceOf, choice, first, to, callOf, times, attempts, order, entries } = this.graph;
    const total = new Float64Array(order.length);
    const retried = new Uint8Array(order.length);
    entries.forEach((entry) => total[entry]++);
    // One operation may be reached over a retrying call and another one not: the service has to answer both.
    const perService = new Float64Array(ids.length);
    const reachedByRetries = new Uint8Array(ids.length);
    for (let at = order.length - 1; at >= 0; at--) {
      const node = order[at];
      for (let edge = first[node]; edge < first[node + 1]; edge++) {
        const one = callOf[edge];
        total[to[edge]] += one < 0 ? total[node] : total[node] * times[one] * attempts[one];
        retried[to[edge]] |= retried[node] | Number(attempts[one] > 1);
      }
      if (choice[node] === 0) {
        perService[serviceOf[node]] += total[node];
        reachedByRetries[serviceOf[node]] |= retried[node];
      }
    }
    const suspects = [...ids.keys()].filter((service) => reachedByRetries[service] === 1 && perService[service] > limit);
    // Where a worst operation is chosen, the one that hits the callee hardest may do so without any retry, and hide the other.
    return suspects.length === 0 || choice.includes(1) ? suspects : suspects.filter(this.keepsRequests());
  }

  /** Whether a service answers some requests without calling another one. */
  private keepsRequests(): (service: number) => boolean {
    const { ids, serviceOf, first, callOf, calls, times } = this.graph;
    const passesOn = new Uint8Array(ids.length);
    serviceOf.forEach((service, node) => {
      passesOn[service] |= Number(callOf.subarray(first[node], first[node + 1])
        .some((one) => calls[one].during === undefined && calls[one].maxDepth === undefined && times[one] >= 1));
    });
    return (service) => passesOn[service] === 0;
  }

  /** Where the services are in the graph's `ids`. */
  private get places(): ReadonlyMap<string, number> {
    return this.known ??= new Map(this.graph.ids.map((id, place) => [id, place]));
  }

  private figures(target: number): Float64Array {
    if (this.latest?.target !== target) {
      this.latest = { target, figures: this.walk.towards(target) };
    }
    return this.latest.figures;
  }

  private path(entry: number, target: number, healthy = this.walk.towards(target, this.walk.healthy)[entry]): AmplificationPath {
    const { ids, serviceOf, choice, to, callOf, calls, times, attempts } = this.graph;
    const figures = this.figures(target);
    const hops: AmplificationHop[] = [];
    for (let at = entry; serviceOf[at] !== target || at === entry;) {
      const best = this.heaviest(at, figures);
      if (best === undefined) {
        break;
      }
      if (choice[at] === 0) {
        const one = callOf[best];
        hops.push({ call: calls[one], times: times[one], attempts: attempts[one] });
      }
      at = to[best];
    }
    return {
      entry: ids[serviceOf[entry]], target: ids[target], requests: figures[entry], healthy, hops,
    };
  }

  /** The edge of a node over which most requests go to where the figures are of; undefined where none does. */
  private heaviest(node: number, figures: Float64Array): number | undefined {
    const { choice, first, to, callOf, times, attempts } = this.graph;
    let best: number | undefined;
    let most = 0;
    for (let edge = first[node]; edge < first[node + 1]; edge++) {
      const weight = (choice[node] === 1 ? 1 : times[callOf[edge]] * attempts[callOf[edge]]) * figures[to[edge]];
      if (weight > most) {
        [best, most] = [edge, weight];
      }
    }
    return best;
  }
}
