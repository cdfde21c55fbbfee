import { Duration } from 'cdk8s';
import { millis, refuse } from '../mesh/invalid';
import { ErrorBudgetNode } from '../model/delivery';

/**
 * Parts of an error budget.
 */
export interface ErrorBudgetOptions {
  /** Share of the requests that must succeed, in percent: 99.9. */
  readonly objective: number;
  /**
   * Time over which that share counts.
   * @default Duration.days(30)
   */
  readonly over?: Duration;
  /**
   * Share of the budget that one bad version may spend, in percent.
   * @default 10 - room for ten bad versions in one period
   */
  readonly perRelease?: number;
}

/**
 * How many requests may fail, so that a canary can be judged by what it risks.
 */
export class ErrorBudget {
  /** The budget of an availability objective: of 99.9 % over 30 days, 43 minutes without any answer. */
  public static of(options: ErrorBudgetOptions): ErrorBudget {
    const { objective, perRelease = 10 } = options;
    if (!(objective > 0 && objective < 100)) {
      refuse('ErrorBudget.of', 'objective', objective, 'give a percentage between 0 and 100, neither included: an objective of 100 leaves no budget');
    }
    if (!(perRelease > 0 && perRelease <= 100)) {
      refuse('ErrorBudget.of', 'perRelease', perRelease, 'give a percentage above 0, up to 100');
    }
    return new ErrorBudget({ objective, perReleasePercent: perRelease, overMs: millis('ErrorBudget.of', 'over', options.over ?? Duration.days(30)) });
  }

  private constructor(private readonly node: ErrorBudgetNode) {}

  /** @internal */
  public _node(): ErrorBudgetNode {
    return this.node;
  }
}
