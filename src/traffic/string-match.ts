import { refuse } from '../mesh/invalid';
import { StringMatch as StringMatchNode } from '../model/route';

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
    return new StringMatch({ kind: 'regex', value: re2('StringMatch.regex', 'pattern', pattern) });
  }

  private constructor(private readonly node: StringMatchNode) {}

  /** @internal */
  public _node(): StringMatchNode {
    return this.node;
  }
}

/** Refuses what RE2 cannot compile and JavaScript's engine can tell. */
export function re2(where: string, property: string, pattern: string): string {
  nonEmpty(where, pattern);
  if (/\(\?(=|!|<=|<!)/.test(pattern) || /(^|[^\\])(\\\\)*\\[1-9]/.test(pattern)) {
    refuse(where, property, pattern, 'write it without look-around and back-references, which RE2 does not know');
  }
  try {
    // RE2 names groups (?P<name>) and takes inline flags; JavaScript knows neither.
    new RegExp(pattern.replace(/\(\?P</g, '(?<').replace(/\(\?[imsU-]+([:)])/g, (_, end: string) => end === ':' ? '(?:' : ''));
  } catch (error) {
    refuse(where, property, pattern, `write a valid RE2 expression (${(error as Error).message})`);
  }
  return pattern;
}

function nonEmpty(where: string, value: string): string {
  return value === '' ? refuse(where, 'value', value, 'give a text; an empty one matches nothing') : value;
}
