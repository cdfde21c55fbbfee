import { Duration } from 'cdk8s';
import { millis, refuse } from '../mesh/invalid';
import { WebhookKind, WebhookNode } from '../model/delivery';
import { refusedLabel } from '../model/names';
import { url } from './url';

/**
 * Parts of a webhook.
 */
export interface WebhookOptions {
  /**
   * Name under which the engine reports it.
   * @default - what it is for: acceptance, load-test, event or rollback
   */
  readonly name?: string;
  /**
   * How long the engine waits for the answer, in whole seconds.
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
  /**
   * What is sent beside the name, the namespace and the phase, for instance the command of a load test.
   * @default - nothing
   */
  readonly metadata?: { [name: string]: string };
}

/**
 * An address that the engine calls by POST. An answer of 2xx is a yes.
 */
export class CanaryWebhook {
  /** Tests the new version before any user meets it; no other answer than yes lets it start. */
  public static acceptance(address: string, options: WebhookOptions = {}): CanaryWebhook {
    return new CanaryWebhook('acceptance', address, options);
  }

  /** Makes requests before each check, so that there is something to measure. It should answer at once and go on by itself. */
  public static loadTest(address: string, options: WebhookOptions = {}): CanaryWebhook {
    return new CanaryWebhook('load-test', address, options);
  }

  /** Is told of everything that happens. */
  public static events(address: string, options: WebhookOptions = {}): CanaryWebhook {
    return new CanaryWebhook('event', address, options);
  }

  /** Is asked before each check whether to go back; a yes rolls back. */
  public static rollback(address: string, options: WebhookOptions = {}): CanaryWebhook {
    return new CanaryWebhook('rollback', address, options);
  }

  private readonly node: WebhookNode;

  private constructor(kind: WebhookKind, address: string, { name = kind, timeout, metadata = {} }: WebhookOptions) {
    const where = `CanaryWebhook(${name})`;
    const refused = refusedLabel(name);
    if (refused !== undefined) {
      refuse(where, 'name', name, `it ${refused}; give another name`);
    }
    const timeoutMs = millis(where, 'timeout', timeout ?? Duration.seconds(10));
    if (timeoutMs % 1000 !== 0) {
      refuse(where, 'timeout', timeout, 'give whole seconds');
    }
    this.node = Object.freeze({ kind, name, url: url(where, 'address', address), timeoutMs, metadata: Object.freeze({ ...metadata }) });
  }

  /** @internal */
  public _node(): WebhookNode {
    return this.node;
  }
}
