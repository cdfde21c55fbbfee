import { Duration } from 'cdk8s';
import { millis, refuse, wholeNumber, wholePercent } from '../mesh/invalid';
import { StrategyNode } from '../model/delivery';
import { Audience } from './audience';

/**
 * Parts of every strategy.
 */
export interface StrategyOptions {
  /** Time between two checks, and for which a share is kept. In whole seconds; Flagger takes 10 s at the least. */
  readonly every: Duration;
}

/**
 * Keeps a user at the version that answered first.
 */
export interface SessionOptions {
  /** Name of the cookie that the engine sets. */
  readonly cookie: string;
  /**
   * How long the cookie lives.
   * @default Duration.days(1) - Flagger's own
   */
  readonly maxAge?: Duration;
}

/**
 * Parts of a strategy that shifts requests by weight.
 */
export interface WeightOptions extends StrategyOptions {
  /**
   * Keeps every user at one version. Only Flagger can; the share of requests then follows the share of users.
   * @default - every request is decided by itself
   */
  readonly keepSession?: SessionOptions;
}

/**
 * Equal steps.
 */
export interface LinearOptions extends WeightOptions {
  /** Share that each step adds, in whole percent. */
  readonly step: number;
  /**
   * Share at which the new version is promoted, in whole percent.
   * @default 100
   */
  readonly max?: number;
}

/**
 * Listed steps.
 */
export interface StepOptions extends WeightOptions {
  /**
   * How long a share is kept where it is not `every`, by the share in percent; a multiple of `every`. Checks go on meanwhile.
   * @default - every share is kept for `every`
   */
  readonly hold?: { [weight: string]: Duration };
}

/**
 * A number of checks in a row.
 */
export interface IterationOptions extends StrategyOptions {
  /** Checks that must pass. */
  readonly iterations: number;
}

/**
 * An A/B test.
 */
export interface AbTestOptions extends IterationOptions {
  /** Whose requests meet the new version: any of these. */
  readonly audiences: Audience[];
}

/**
 * A shadow of the new version.
 */
export interface MirrorOptions extends IterationOptions {
  /**
   * Share of the requests that the new version gets a copy of, in whole percent.
   * @default 100
   */
  readonly percent?: number;
}

/**
 * How requests come to the new version.
 */
export class CanaryStrategy {
  /** Shares that rise by the same step until `max`; then the version is promoted. The last step is shorter where `step` does not divide `max`. */
  public static linear(options: LinearOptions): CanaryStrategy {
    const where = 'CanaryStrategy.linear';
    const step = wholePercent(where, 'step', options.step);
    const max = wholePercent(where, 'max', options.max ?? 100);
    if (step === 0) {
      refuse(where, 'step', step, 'give a share of at least 1 %, or nothing ever reaches the new version');
    }
    if (max < step) {
      refuse(where, 'max', max, `give ${step} or more, the first step`);
    }
    const weights = Array.from({ length: Math.ceil(max / step) }, (_, index) => Math.min(max, (index + 1) * step));
    return CanaryStrategy.weights(where, weights, options, {}, { step, max });
  }

  /**
   * These shares, one after the other, in whole percent; behind the last one the version is promoted.
   * Throws on shares that do not rise, or lie outside 1 to 100.
   */
  public static steps(weights: number[], options: StepOptions): CanaryStrategy {
    const where = 'CanaryStrategy.steps';
    if (weights.length === 0) {
      refuse(where, 'weights', weights, 'give at least one share');
    }
    for (const [index, weight] of weights.entries()) {
      if (wholePercent(where, 'weights', weight) === 0) {
        refuse(where, 'weights', weights, 'begin with a share of at least 1 %');
      }
      if (index > 0 && weight <= weights[index - 1]) {
        refuse(where, 'weights', weights, `let every share be larger than the one before it: ${weight} follows ${weights[index - 1]}`);
      }
    }
    return CanaryStrategy.weights(where, weights, options, options.hold ?? {});
  }

  /** No user's request until all checks have passed, then all of them at once. What is checked must come from a load test. */
  public static blueGreen(options: IterationOptions): CanaryStrategy {
    return new CanaryStrategy({ kind: 'blue-green', ...iterationsOf('CanaryStrategy.blueGreen', options) });
  }

  /** As blue/green, with a copy of the users' requests; their answers go nowhere. What the new version changes is changed twice. */
  public static mirror(options: MirrorOptions): CanaryStrategy {
    const where = 'CanaryStrategy.mirror';
    const mirrorPercent = wholePercent(where, 'percent', options.percent ?? 100);
    if (mirrorPercent === 0) {
      refuse(where, 'percent', mirrorPercent, 'give a share of at least 1 %');
    }
    return new CanaryStrategy({ kind: 'blue-green', ...iterationsOf(where, options), mirrorPercent });
  }

  /** The requests of some users, known by a header or a cookie, until all checks have passed; then everybody's. */
  public static abTest(options: AbTestOptions): CanaryStrategy {
    const where = 'CanaryStrategy.abTest';
    if (options.audiences.length === 0) {
      refuse(where, 'audiences', options.audiences, 'name whose requests meet the new version');
    }
    return new CanaryStrategy({
      kind: 'ab-test', ...iterationsOf(where, options), audiences: options.audiences.map((audience) => audience._node()),
    });
  }

  private static weights(
    where: string, weights: readonly number[], options: WeightOptions, hold: { [weight: string]: Duration }, linear?: { step: number; max: number },
  ): CanaryStrategy {
    const every = interval(where, options);
    for (const [weight, duration] of Object.entries(hold)) {
      if (!weights.some((one) => String(one) === weight)) {
        refuse(where, `hold.${weight}`, duration, `name one of the shares: ${weights.join(', ')}`);
      }
      if (millis(where, `hold.${weight}`, duration) % every !== 0) {
        refuse(where, `hold.${weight}`, duration, `give a multiple of every (${every / 1000} s), after which each check comes`);
      }
    }
    const { keepSession } = options;
    if (keepSession !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(keepSession.cookie)) {
      refuse(where, 'keepSession.cookie', keepSession.cookie, 'give the name of a cookie: letters, digits, hyphens, underscores');
    }
    return new CanaryStrategy({
      kind: 'weights',
      everyMs: every,
      steps: weights.map((weight) => {
        const held = hold[String(weight)];
        return held === undefined ? { weight } : { weight, holdMs: held.toMilliseconds() };
      }),
      ...linear && { linear },
      ...keepSession && {
        session: { cookie: keepSession.cookie, maxAgeMs: millis(where, 'keepSession.maxAge', keepSession.maxAge ?? Duration.days(1)) },
      },
    });
  }

  private constructor(private readonly node: StrategyNode) {}

  /** @internal */
  public _node(): StrategyNode {
    return this.node;
  }
}

function iterationsOf(where: string, options: IterationOptions) {
  return { iterations: wholeNumber(where, 'iterations', options.iterations, 1, 1000), everyMs: interval(where, options) };
}

function interval(where: string, { every }: StrategyOptions): number {
  const ms = millis(where, 'every', every);
  return ms % 1000 === 0 ? ms : refuse(where, 'every', every, 'give whole seconds');
}
