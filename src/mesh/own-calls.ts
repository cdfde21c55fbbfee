/** The calls that one service declares. */
import { grouped } from '../model/grouped';
import { CallNode } from '../model/mesh-model';

/** As many are looked through one by one: most services have no more, and an index for each of them would be most of what is kept of calls. */
const FEW = 16;
const NONE: readonly CallNode[] = [];

export class OwnCalls {
  /** In order of declaration. */
  public readonly all: CallNode[] = [];
  private byCallee?: Map<string, CallNode[]>;

  public add(call: CallNode): void {
    this.all.push(call);
    const { byCallee } = this;
    if (byCallee === undefined) {
      this.byCallee = this.all.length > FEW ? grouped(this.all, ({ callee }) => callee) : undefined;
      return;
    }
    const earlier = byCallee.get(call.callee);
    if (earlier === undefined) {
      byCallee.set(call.callee, [call]);
    } else {
      earlier.push(call);
    }
  }

  /** Those to one callee, in order; the list may grow with the next call. */
  public to(callee: string): readonly CallNode[] {
    if (this.byCallee !== undefined) {
      return this.byCallee.get(callee) ?? NONE;
    }
    for (const call of this.all) {
      if (call.callee === callee) {
        return this.all.filter((one) => one.callee === callee);
      }
    }
    return NONE;
  }
}
