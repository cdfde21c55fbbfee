import { refuse } from '../mesh/invalid';
import { AudienceNode } from '../model/delivery';
import { headerName } from '../traffic/header';
import { StringMatch } from '../traffic/string-match';

/**
 * Users of an A/B test, as far as a request tells.
 */
export class Audience {
  /** Requests with a header whose value fulfils the condition. */
  public static header(name: string, condition: StringMatch): Audience {
    return new Audience({ header: headerName('Audience.header', 'name', name).toLowerCase(), value: condition._node() });
  }

  /** Requests with a cookie of exactly this value. */
  public static cookie(name: string, value: string): Audience {
    for (const [property, text, form] of [['name', name, /^[\w!#$%&'*+.^`|~-]+$/], ['value', value, /^[^\s",;\\]+$/]] as const) {
      if (!form.test(text)) {
        refuse('Audience.cookie', property, text, 'give a text that a cookie can hold: no spaces, quotes, commas, semicolons or backslashes');
      }
    }
    const quoted = `${escaped(name)}=${escaped(value)}`;
    return new Audience({ header: 'cookie', value: { kind: 'regex', value: `^(.*;\\s*)?${quoted}(;.*)?$` } });
  }

  private constructor(private readonly node: AudienceNode) {}

  /** @internal */
  public _node(): AudienceNode {
    return this.node;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
