import { Duration } from 'cdk8s';
import { millis, optionalMillis, refuse } from '../mesh/invalid';
import { GateNode } from '../model/delivery';
import { refusedLabel } from '../model/names';
import { refusedPromql } from './promql';

/**
 * Parts of every gate.
 */
export interface GateOptions {
  /**
   * Time that a check looks back.
   * @default - the strategy's `every`, one minute at the least
   */
  readonly window?: Duration;
}

/**
 * How often the new version must answer well.
 */
export interface SuccessRateOptions extends GateOptions {
  /** The least share of requests that succeed, in percent. */
  readonly atLeast: number;
}

/**
 * How fast the new version must answer.
 */
export interface LatencyOptions extends GateOptions {
  /** Share of the requests that must be as fast, in percent: 99 for the 99th percentile. */
  readonly percentile: number;
  /** The longest that they may take. */
  readonly atMost: Duration;
}

/**
 * A question of the program's own.
 */
export interface PromqlOptions extends GateOptions {
  /** Name of the gate: lower-case letters, digits and hyphens. */
  readonly name: string;
  /**
   * Query whose answer is one number. `$namespace`, `$pods` (an expression for the names of the new version's pods) and `$window` are filled in,
   * as in `max(queue_depth{namespace="$namespace", pod=~"$pods"})`. No answer is a failed check.
   */
  readonly query: string;
  /**
   * The least that passes.
   * @default - no limit; give this or `atMost`
   */
  readonly atLeast?: number;
  /**
   * The most that passes.
   * @default - no limit; give this or `atLeast`
   */
  readonly atMost?: number;
}

/**
 * What must be true of the new version before it gets more requests. Every gate looks at what arrives at the version's own pods: a caller that
 * retries sees none of what fails there.
 */
export class Gate {
  /**
   * The share of requests that succeed. A request without an answer has failed, as has one with HTTP status 500 or above, or with a gRPC status
   * that blames the server.
   */
  public static successRate(options: SuccessRateOptions): Gate {
    const { atLeast } = options;
    if (!(atLeast > 0 && atLeast <= 100)) {
      refuse('Gate.successRate', 'atLeast', atLeast, 'give a percentage above 0, which every version passes, up to 100, above which none can');
    }
    return new Gate((windowMs) => ({ kind: 'success-rate', name: 'success-rate', windowMs, atLeast }), options);
  }

  /** A percentile of the time that requests take. */
  public static latency(options: LatencyOptions): Gate {
    const { percentile } = options;
    if (!(percentile > 0 && percentile < 100)) {
      refuse('Gate.latency', 'percentile', percentile, 'give a percentage between 0 and 100, neither included: 99 for the 99th percentile');
    }
    const atMostMs = millis('Gate.latency', 'atMost', options.atMost);
    const name = `latency-p${String(percentile).replace('.', '-')}`;
    return new Gate((windowMs) => ({ kind: 'latency', name, windowMs, percentile, atMostMs }), options);
  }

  /**
   * Any PromQL.
   * Throws on a query that Prometheus' own grammar refuses, and on limits that no value can meet.
   */
  public static promql(options: PromqlOptions): Gate {
    const { name, query, atLeast, atMost } = options;
    const where = `Gate.promql(${name})`;
    const refused = refusedLabel(name);
    if (refused !== undefined) {
      refuse(where, 'name', name, `it ${refused}; give another name`);
    }
    const unparsable = refusedPromql(query);
    if (unparsable !== undefined) {
      refuse(where, 'query', query, `${unparsable}; correct the PromQL`);
    }
    for (const [property, value] of [['atLeast', atLeast], ['atMost', atMost]] as const) {
      if (value !== undefined && !Number.isFinite(value)) {
        refuse(where, property, value, 'give a number');
      }
    }
    if (atLeast === undefined && atMost === undefined) {
      refuse(where, 'atLeast', atLeast, 'say what passes by atLeast, atMost, or both');
    }
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
      refuse(where, 'atMost', atMost, `no value is at least ${atLeast} and at most ${atMost}; give a range`);
    }
    return new Gate((windowMs) => ({ kind: 'promql', name, windowMs, query, atLeast, atMost }), options);
  }

  private readonly windowMs?: number;

  private constructor(private readonly node: (windowMs: number) => GateNode, { window }: GateOptions) {
    this.windowMs = optionalMillis('Gate', 'window', window);
    if (this.windowMs !== undefined && this.windowMs % 1000 !== 0) {
      refuse('Gate', 'window', window, 'give whole seconds');
    }
  }

  /** @internal */
  public _node(everyMs: number): GateNode {
    return Object.freeze(this.node(this.windowMs ?? Math.max(everyMs, 60_000)));
  }
}
