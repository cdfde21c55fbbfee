/**
 * Retry amplification: the worst case of requests that reach one service for one request to an entry point, which is the sum over all
 * call paths of the product of calls and attempts. It is an upper bound: ejection and exhausted deadlines only lower it.
 *
 * One walk over the graph backwards from a service gives the figures of all entry points at once. Such walks are made only where a
 * forward walk, which adds up all entries, leaves a doubt; and only for services that retries reach, since calls that a program makes
 * in its normal course are load, not amplification.
 */
import { CallGraph, GraphEdge, callGraph } from './call-graph';
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
  private readonly targets: string[];
  private searched = 0;
  private latest?: { readonly target: string; readonly figures: Float64Array };

  public constructor(model: MeshModel) {
    this.graph = callGraph(model);
    this.walk = new GraphWalk(this.graph);
    this.targets = [...model.services, ...model.externals].map((service) => service.id);
  }

  /** The entry point that a service has most to fear from, and how much; undefined for a service that no entry point reaches. */
  public worst(target: string): AmplificationPath | undefined {
    const figures = this.figures(target);
    const { entries, nodes } = this.graph;
    const from = entries.filter((entry) => figures[entry] > 0 && nodes[entry].service !== target);
    return from.length === 0 ? undefined : this.path(from.reduce((a, b) => figures[b] > figures[a] ? b : a), target);
  }

  /** For every entry point above the limit through retries, the service that it may hit hardest. */
  public exceeding(limit: number): readonly ExceedingPath[] {
    const above = new Map<number, { target: string; requests: number; healthy: number; readonly targets: string[] }>();
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
    return [...above].sort(([, a], [, b]) => a.target < b.target ? -1 : 1)
      .map(([entry, { target, healthy, targets }]) => ({ ...this.path(entry, target, healthy), above: targets }));
  }

  /** For every entry point that calls something, the service that one request to it may hit hardest, through retries or without. */
  public hardest(): readonly AmplificationPath[] {
    const { entries, nodes } = this.graph;
    const worst = new Map<number, { readonly target: string; readonly requests: number }>();
    for (const target of this.targets) {
      const figures = this.figures(target);
      for (const entry of entries) {
        if (figures[entry] > (worst.get(entry)?.requests ?? 0) && nodes[entry].service !== target) {
          worst.set(entry, { target, requests: figures[entry] });
        }
      }
    }
    return entries.flatMap((entry) => worst.has(entry) ? [this.path(entry, worst.get(entry)!.target)] : []);
  }

  /**
   * Calls that would have to stop retrying for the entry point to stay within the limit: none of them can be left out. Calls near the
   * end of a path keep their retries where possible, since the hop next to the failure recovers most for the least repetition.
   * `fan-out`: the calls of the normal course alone are above the limit. `too-large`: the search would take longer than the synth.
   */
  public proposal(path: ExceedingPath, limit: number): readonly CallNode[] | 'fan-out' | 'too-large' {
    const { nodes, entries } = this.graph;
    const entry = entries.find((node) => nodes[node].service === path.entry)!;
    if (this.searched > SEARCH_LIMIT) {
      return 'too-large';
    }
    const { retrying, size } = this.retryingBelow(entry);
    this.searched += retrying.length * path.above.length * size;
    if (this.searched > SEARCH_LIMIT) {
      return 'too-large';
    }
    const quiet = new Set<CallNode>(retrying);
    const worstWith = (): number => {
      const weights = Float64Array.from(this.walk.edges, (edge) => edge.times * (quiet.has(edge.call) ? 1 : edge.attempts));
      return Math.max(...this.walk.requests(path.above, weights).subarray(entry * path.above.length, (entry + 1) * path.above.length));
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
    return retrying.filter((call) => quiet.has(call)).reverse();
  }

  /** Calls that retry below a node, the ones nearest to the leaves first. */
  private retryingBelow(start: number): { readonly retrying: readonly CallNode[]; readonly size: number } {
    const below = new Set([start]);
    const { nodes, order } = this.graph;
    for (let at = order.length - 1; at >= 0; at--) {
      const node = nodes[order[at]];
      if (below.has(order[at])) {
        node.choices.forEach((choice) => below.add(choice));
        node.edges.forEach((edge) => below.add(edge.to));
      }
    }
    const edges = order.filter((node) => below.has(node)).flatMap((node) => nodes[node].edges);
    const size = nodes.reduce((sum, node) => sum + node.edges.length, 0);
    return { retrying: [...new Set(edges.filter((edge) => edge.attempts > 1).map((edge) => edge.call))], size };
  }

  /**
   * Services that may be above the limit. `total` adds up what all entries together send to a node, so it bounds each one of them; only
   * services reached over a retrying call count. A service whose every request calls another one is never worse off than that one.
   */
  private doubtful(limit: number): readonly string[] {
    const { nodes, order, entries } = this.graph;
    const total = new Float64Array(nodes.length);
    const retried = new Uint8Array(nodes.length);
    entries.forEach((entry) => total[entry]++);
    const perService = new Map<string, number>();
    const reachedByRetries = new Set<string>();
    const passesOn = new Set<string>();
    for (let at = order.length - 1; at >= 0; at--) {
      const index = order[at];
      const node = nodes[index];
      for (const choice of node.choices) {
        total[choice] += total[index];
        retried[choice] |= retried[index];
      }
      for (const edge of node.edges) {
        total[edge.to] += total[index] * edge.times * edge.attempts;
        retried[edge.to] |= retried[index] | Number(edge.attempts > 1);
      }
      if (node.choices.length === 0) {
        // One operation may be reached over a retrying call and another one not: the service has to answer both.
        perService.set(node.service, (perService.get(node.service) ?? 0) + total[index]);
        if (retried[index] === 1) {
          reachedByRetries.add(node.service);
        }
      }
      if (node.edges.some((edge) => edge.call.during === undefined && edge.call.maxDepth === undefined && edge.times >= 1)) {
        passesOn.add(node.service);
      }
    }
    // Where a worst operation is chosen, the one that hits the callee hardest may do so without any retry, and hide the other.
    const prunes = nodes.every((node) => node.choices.length === 0);
    return this.targets.filter((target) => reachedByRetries.has(target) && perService.get(target)! > limit && !(prunes && passesOn.has(target)));
  }

  private figures(target: string): Float64Array {
    if (this.latest?.target !== target) {
      this.latest = { target, figures: this.walk.towards(target) };
    }
    return this.latest.figures;
  }

  private path(entry: number, target: string, healthy = this.walk.towards(target, this.walk.healthy)[entry]): AmplificationPath {
    const { nodes } = this.graph;
    const figures = this.figures(target);
    const hops: AmplificationHop[] = [];
    for (let at = entry; nodes[at].service !== target || at === entry;) {
      const node = nodes[at];
      if (node.choices.length > 0) {
        at = node.choices.reduce((a, b) => figures[b] > figures[a] ? b : a);
        if (nodes[at].service === target && at !== entry && hops.length > 0) {
          break;
        }
        continue;
      }
      const weight = (edge: GraphEdge): number => edge.times * edge.attempts * figures[edge.to];
      const best = node.edges.reduce<GraphEdge | undefined>((a, b) => a === undefined || weight(b) > weight(a) ? b : a, undefined);
      if (best === undefined || weight(best) === 0) {
        break;
      }
      hops.push({ call: best.call, times: best.times, attempts: best.attempts });
      at = best.to;
    }
    return {
      entry: nodes[entry].service, target, requests: figures[entry], healthy, hops,
    };
  }
}
