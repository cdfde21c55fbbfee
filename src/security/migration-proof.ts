import { Duration } from 'cdk8s';
import { millis } from '../mesh/invalid';
import { acceptedLabels } from '../mesh/kubernetes-name';
import { ProofNode } from '../model/security';

/**
 * How the proof looks back.
 */
export interface ProofOptions {
  /**
   * How long nothing plain must have been seen. Jobs that run once a week need more than a week.
   * @default Duration.days(7)
   */
  readonly window?: Duration;
}

/**
 * Parts of a proof as a PrometheusRule.
 */
export interface PrometheusRuleProofOptions extends ProofOptions {
  /**
   * Labels by which a Prometheus finds its rules.
   * @default - none
   */
  readonly labels?: { [name: string]: string };
}

/**
 * How a stage of a migration shows that it is safe to go on, from the metrics of the proxies.
 */
export class MigrationProof {
  /**
   * The query stands as annotation `cdk8s-mesh/proof` on the policy of each namespace: its answer is 0 when it is safe to go on. Needs
   * nothing in the cluster.
   */
  public static query(options: ProofOptions = {}): MigrationProof {
    return new MigrationProof({ kind: 'annotation', windowMs: window('query', options), labels: {} });
  }

  /** A PrometheusRule for each namespace with alerts, for clusters with the Prometheus operator. */
  public static prometheusRule(options: PrometheusRuleProofOptions = {}): MigrationProof {
    const labels = acceptedLabels('MigrationProof.prometheusRule', 'labels', options.labels);
    return new MigrationProof({ kind: 'rule', windowMs: window('prometheusRule', options), labels });
  }

  private constructor(private readonly node: ProofNode) {}

  /** @internal */
  public _node(): ProofNode {
    return this.node;
  }
}

function window(factory: string, options: ProofOptions): number {
  return millis(`MigrationProof.${factory}`, 'window', options.window ?? Duration.days(7));
}
