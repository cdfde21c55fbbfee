import { Approval as ApprovalNode } from '../model/delivery';

/**
 * Where a canary waits until a person agrees.
 */
export class Approval {
  /** Before any user meets the new version. */
  public static readonly START = new Approval('start');
  /** Before every step. */
  public static readonly EACH_STEP = new Approval('each-step');
  /** Before the new version becomes the only one. */
  public static readonly PROMOTION = new Approval('promotion');

  private constructor(private readonly node: ApprovalNode) {}

  /** @internal */
  public _node(): ApprovalNode {
    return this.node;
  }
}
