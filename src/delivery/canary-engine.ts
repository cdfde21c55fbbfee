import { refuse } from '../mesh/invalid';
import { EngineNode } from '../model/delivery';
import { refusedLabel, refusedLabelKey } from '../model/names';
import { url } from './url';

/**
 * How Flagger was installed.
 */
export interface FlaggerOptions {
  /**
   * Labels by which Flagger may tell pods apart, in its own order (`-selector-labels`). The workload's selector must hold one of them.
   * @default ['app', 'name', 'app.kubernetes.io/name'] - Flagger's own
   */
  readonly selectorLabels?: string[];
  /**
   * URL that answers 200 once a person has agreed, such as the load tester's `/gate/check`. Needed for approvals.
   * @default - none
   */
  readonly approvalUrl?: string;
}

/**
 * Where a canary stands that is moved by commits.
 */
export interface ManualOptions {
  /** Subset that holds the old version. */
  readonly stable: string;
  /** Subset that holds the new version. */
  readonly canary: string;
  /** Share of the requests that meets the new version now: 0, a step of the strategy, or 100. */
  readonly weight: number;
}

/**
 * Who moves the requests, and brings them back.
 */
export class CanaryEngine {
  /** Flagger 1.44 or later: it writes the routes, and keeps the old version as a copy of the workload, called `orders-primary`. */
  public static flagger(options: FlaggerOptions = {}): CanaryEngine {
    const selectorLabels = options.selectorLabels ?? ['app', 'name', 'app.kubernetes.io/name'];
    if (selectorLabels.length === 0) {
      refuse('CanaryEngine.flagger', 'selectorLabels', selectorLabels, 'name the labels that Flagger was started with');
    }
    for (const label of selectorLabels) {
      const refused = refusedLabelKey(label);
      if (refused !== undefined) {
        refuse('CanaryEngine.flagger', 'selectorLabels', label, `it ${refused}; give the key of a label`);
      }
    }
    const approvalUrl = options.approvalUrl === undefined ? undefined : url('CanaryEngine.flagger', 'approvalUrl', options.approvalUrl);
    return new CanaryEngine({ id: 'flagger', selectorLabels: [...selectorLabels], approvalUrl });
  }

  /** Argo Rollouts 1.8 or later: it moves the weights in the service's own rules, and runs the pods by a Rollout. */
  public static argoRollouts(): CanaryEngine {
    return new CanaryEngine({ id: 'argo-rollouts' });
  }

  /** Nobody but the program: each step is a commit that changes `weight`. Both versions are versions of the service. */
  public static manual(options: ManualOptions): CanaryEngine {
    for (const property of ['stable', 'canary'] as const) {
      const refused = refusedLabel(options[property]);
      if (refused !== undefined) {
        refuse('CanaryEngine.manual', property, options[property], `it ${refused}; give the name of a subset`);
      }
    }
    if (options.stable === options.canary) {
      refuse('CanaryEngine.manual', 'canary', options.canary, 'name another subset than the stable one');
    }
    return new CanaryEngine({ id: 'manual', ...options });
  }

  private constructor(private readonly node: EngineNode) {}

  /** @internal */
  public _node(): EngineNode {
    return this.node;
  }
}
