import { refuse } from '../mesh/invalid';
import { StringMatch as StringMatchNode } from '../model/route';
import { re2 } from './re2';

/**
 * A condition on a text: on a path, a header's value, a query parameter's value, an origin.
 */
export class StringMatch {
  /** The very same text. */
  public static exact(value: string): StringMatch {
    return new StringMatch({ kind: 'exact', value: nonEmpty('StringMatch.exact', value) });
  }

  /** The text begins with this; for a path, character by character, so `/v1` takes `/v10` too. */
  public static prefix(value: string): StringMatch {
    return new StringMatch({ kind: 'prefix', value: nonEmpty('StringMatch.prefix', value) });
  }

  /**
   * The whole text matches this RE2 expression.
   * RE2 has no look-around and no back-references; both are refused here, since the proxy would refuse the whole route.
   */
  public static regex(pattern: string): StringMatch {
    return new StringMatch({ kind: 'regex', value: re2('StringMatch.regex', 'pattern', nonEmpty('StringMatch.regex', pattern)) });
  }

  private constructor(private readonly node: StringMatchNode) {}

  /** @internal */
  public _node(): StringMatchNode {
    return this.node;
  }
}

function nonEmpty(where: string, value: string): string {
  return value === '' ? refuse(where, 'value', value, 'give a text; an empty one matches nothing') : value;
}
