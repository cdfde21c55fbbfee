/**
 * Requests to some services for one request to each node of the graph, for many services in one walk: the figures of all services
 * stand side by side, so that thousands of services are walked in a second.
 */
import { CallGraph } from './call-graph';

/** Services that one walk takes. */
export const WALK_WIDTH = 32;

export class GraphWalk {
  private known?: Float64Array;

  public constructor(private readonly graph: CallGraph) {}

  /** Times, of each call: the normal course. */
  public get healthy(): Float64Array {
    return this.graph.times;
  }

  /** Times and attempts, of each call. Most programs stay so far below their limit that nobody asks. */
  public get declared(): Float64Array {
    const { times, attempts } = this.graph;
    return this.known ??= times.map((each, call) => each * attempts[call]);
  }

  /** Figure of service `i` of the targets, which are places in `ids`, for node `n` at `n * targets.length + i`. */
  public requests(targets: readonly number[], weights: Float64Array): Float64Array {
    const { ids, serviceOf, choice, first, to, callOf, order } = this.graph;
    const width = targets.length;
    const figures = new Float64Array(serviceOf.length * width);
    const columns = new Int32Array(ids.length).fill(-1);
    targets.forEach((target, column) => {
      columns[target] = column;
    });
    for (const node of order) {
      const at = node * width;
      const own = columns[serviceOf[node]];
      if (own >= 0 && choice[node] === 0) {
        figures[at + own] = 1;
      }
      const end = first[node + 1];
      if (choice[node] === 1) {
        for (const one of to.subarray(first[node], end)) {
          const from = one * width;
          for (let column = 0; column < width; column++) {
            figures[at + column] = Math.max(figures[at + column], figures[from + column]);
          }
        }
        continue;
      }
      for (let edge = first[node]; edge < end; edge++) {
        const weight = weights[callOf[edge]];
        const from = to[edge] * width;
        for (let column = 0; column < width; column++) {
          figures[at + column] += weight * figures[from + column];
        }
      }
    }
    return figures;
  }

  /** The figures of one service for all nodes. */
  public towards(target: number, weights: Float64Array = this.declared): Float64Array {
    return this.requests([target], weights);
  }
}
