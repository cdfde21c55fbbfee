import { refuse } from '../mesh/invalid';
import { AlertKind, AlertNode } from '../model/delivery';
import { refusedLabel, refusedSubdomain } from '../model/names';

/**
 * What an alert tells.
 */
export enum AlertSeverity {
  /** Everything, a promotion included. */
  INFO = 'info',
  /** What went wrong, and what a person did. */
  WARNING = 'warning',
  /** Rollbacks only. */
  ERROR = 'error',
}

/**
 * Parts of an alert.
 */
export interface AlertOptions {
  /**
   * Name of the alert.
   * @default - slack, teams or pagerduty
   */
  readonly name?: string;
  /**
   * The least that is told.
   * @default AlertSeverity.ERROR
   */
  readonly severity?: AlertSeverity;
  /**
   * Secret in the canary's namespace that holds the webhook's URL under the key `address`. Flagger reads it; Argo Rollouts has the address in
   * its own configuration.
   * @default - none; Flagger then refuses the alert
   */
  readonly secret?: string;
}

/**
 * Who is told, through the engine's own objects.
 */
export class CanaryAlert {
  /** A channel of Slack. */
  public static slack(channel: string, options: AlertOptions = {}): CanaryAlert {
    return new CanaryAlert('slack', channel, options);
  }

  /**
   * A channel of Microsoft Teams.
   * @param receiver the name under which Argo Rollouts knows the channel; Flagger takes the URL in the secret instead
   */
  public static teams(receiver: string, options: AlertOptions = {}): CanaryAlert {
    return new CanaryAlert('teams', receiver, options);
  }

  /**
   * A service of PagerDuty. Only Argo Rollouts can.
   * @param service the name under which Argo Rollouts' configuration knows it
   */
  public static pagerDuty(service: string, options: AlertOptions = {}): CanaryAlert {
    return new CanaryAlert('pagerduty', service, options);
  }

  private readonly node: AlertNode;

  private constructor(kind: AlertKind, receiver: string, { name = kind, severity = AlertSeverity.ERROR, secret }: AlertOptions) {
    const where = `CanaryAlert(${name})`;
    const refused = refusedLabel(name);
    if (refused !== undefined) {
      refuse(where, 'name', name, `it ${refused}; give another name`);
    }
    if (!/^[\w#@.-]+$/.test(receiver)) {
      refuse(where, 'receiver', receiver, 'give the name of a channel or service, without spaces, commas and semicolons');
    }
    const refusedSecret = secret === undefined ? undefined : refusedSubdomain(secret);
    if (refusedSecret !== undefined) {
      refuse(where, 'secret', secret, `it ${refusedSecret}; give the name of a Secret`);
    }
    this.node = Object.freeze({ kind, name, severity: severity, receiver, secret });
  }

  /** @internal */
  public _node(): AlertNode {
    return this.node;
  }
}
