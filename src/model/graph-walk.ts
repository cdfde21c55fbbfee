/**
 * Requests to some services for one request to each node of the graph, for many services in one walk: the graph lies in flat arrays, and
 * the figures of all services stand side by side, so that thousands of services are walked in a second.
 */
import { CallGraph, GraphEdge } from './call-graph';

/** Services that one walk takes. */
export const WALK_WIDTH = 32;

export class GraphWalk {
  public readonly edges: readonly GraphEdge[];
  /** Calls times attempts, for each edge. */
  public readonly declared: Float64Array;
  /** Calls alone, for each edge: the normal course. */
  public readonly healthy: Float64Array;
  private readonly firstEdge: Int32Array;
  private readonly to: Int32Array;
  private readonly byService = new Map<string, number[]>();

  public constructor(private readonly graph: CallGraph) {
    const { nodes } = graph;
    this.edges = nodes.flatMap((node) => node.edges);
    this.firstEdge = new Int32Array(nodes.length + 1);
    nodes.forEach((node, index) => {
      this.firstEdge[index + 1] = this.firstEdge[index] + node.edges.length;
      if (node.choices.length === 0) {
        const own = this.byService.get(node.service);
        if (own === undefined) {
          this.byService.set(node.service, [index]);
        } else {
          own.push(index);
        }
      }
    });
    this.to = Int32Array.from(this.edges, (edge) => edge.to);
    this.declared = Float64Array.from(this.edges, (edge) => edge.times * edge.attempts);
    this.healthy = Float64Array.from(this.edges, (edge) => edge.times);
  }

  /** Figure of service `i` for node `n` at `n * targets.length + i`. */
  public requests(targets: readonly string[], weights: Float64Array): Float64Array {
    const { nodes, order } = this.graph;
    const width = targets.length;
    const figures = new Float64Array(nodes.length * width);
    targets.forEach((target, column) => (this.byService.get(target) ?? []).forEach((node) => {
      figures[node * width + column] = 1;
    }));
    for (const node of order) {
      const at = node * width;
      for (let edge = this.firstEdge[node]; edge < this.firstEdge[node + 1]; edge++) {
        const weight = weights[edge];
        const from = this.to[edge] * width;
        for (let column = 0; column < width; column++) {
          figures[at + column] += weight * figures[from + column];
        }
      }
      for (const choice of nodes[node].choices) {
        const from = choice * width;
        for (let column = 0; column < width; column++) {
          figures[at + column] = Math.max(figures[at + column], figures[from + column]);
        }
      }
    }
    return figures;
  }

  /** The figures of one service for all nodes. */
  public towards(target: string, weights: Float64Array = this.declared): Float64Array {
    return this.requests([target], weights);
  }
}
