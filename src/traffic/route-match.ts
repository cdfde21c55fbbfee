import { ICallee } from '../mesh/callee';
import { refuse, wholeNumber } from '../mesh/invalid';
import { RouteMatchNode, ValueMatch } from '../model/route';
import { headerName } from './header';
import { StringMatch } from './string-match';

/**
 * Which requests a route takes. Several matches in a route's list are alternatives; `RouteMatch.all` joins conditions that must hold
 * together.
 */
export class RouteMatch {
  /** The path is this one. */
  public static exact(path: string): RouteMatch {
    return RouteMatch.path(StringMatch.exact(path));
  }

  /** The path begins with this, character by character: `/v1` takes `/v10` too. */
  public static prefix(path: string): RouteMatch {
    return RouteMatch.path(StringMatch.prefix(path));
  }

  /** The whole path, without the query, matches this RE2 expression. */
  public static regex(pattern: string): RouteMatch {
    return RouteMatch.path(StringMatch.regex(pattern));
  }

  /** A condition on the path; an exact path or prefix begins with a slash. */
  public static path(condition: StringMatch): RouteMatch {
    const path = condition._node();
    if (path.kind !== 'regex' && !path.value.startsWith('/')) {
      refuse('RouteMatch', 'path', path.value, 'begin it with a slash');
    }
    return new RouteMatch({ path, headers: {}, query: {} });
  }

  /** The HTTP method, in capitals. */
  public static method(name: string): RouteMatch {
    if (!/^[A-Z]+$/.test(name)) {
      refuse('RouteMatch.method', 'name', name, 'give an HTTP method in capitals, for instance GET');
    }
    return new RouteMatch({ method: { kind: 'exact', value: name }, headers: {}, query: {} });
  }

  /** A header with exactly this value. */
  public static header(name: string, value: string): RouteMatch {
    return RouteMatch.headerMatching(name, StringMatch.exact(value));
  }

  /** A condition on a header's value. */
  public static headerMatching(name: string, condition: StringMatch): RouteMatch {
    return RouteMatch.ofHeader(name, condition._node());
  }

  /** The header is there, whatever its value. */
  public static headerPresent(name: string): RouteMatch {
    return RouteMatch.ofHeader(name, { kind: 'present' });
  }

  /** The header is not there. */
  public static headerAbsent(name: string): RouteMatch {
    return RouteMatch.ofHeader(name, { kind: 'absent' });
  }

  /** A query parameter with exactly this value. */
  public static query(name: string, value: string): RouteMatch {
    return RouteMatch.queryMatching(name, StringMatch.exact(value));
  }

  /** A condition on a query parameter's value. */
  public static queryMatching(name: string, condition: StringMatch): RouteMatch {
    const match = condition._node();
    // Istio's API has a prefix there, and ignores it: it would match the parameter's mere presence.
    if (match.kind === 'prefix') {
      refuse('RouteMatch.queryMatching', 'condition', match, 'use StringMatch.exact or StringMatch.regex');
    }
    if (name === '') {
      refuse('RouteMatch', 'query', name, 'give the name of a query parameter');
    }
    return new RouteMatch({ headers: {}, query: { [name]: match } });
  }

  /** Requests of one calling service. */
  public static caller(service: ICallee): RouteMatch {
    return new RouteMatch({ headers: {}, query: {}, caller: service.calleeId }, service);
  }

  /** Requests that came for this port of the service. */
  public static port(number: number): RouteMatch {
    return new RouteMatch({ headers: {}, query: {}, port: wholeNumber('RouteMatch.port', 'number', number, 1, 65535) });
  }

  /** All of these conditions together; each kind at most once, headers and query parameters by name. */
  public static all(...conditions: RouteMatch[]): RouteMatch {
    if (conditions.length === 0) {
      refuse('RouteMatch.all', 'conditions', conditions, 'give at least one condition');
    }
    const caller = conditions.find((condition) => condition.calling !== undefined)?.calling;
    return new RouteMatch(conditions.map((condition) => condition.node).reduce(join), caller);
  }

  private static ofHeader(name: string, match: ValueMatch): RouteMatch {
    return new RouteMatch({ headers: { [headerName('RouteMatch', 'header', name).toLowerCase()]: match }, query: {} });
  }

  private constructor(private readonly node: RouteMatchNode, private readonly calling?: ICallee) {}

  /** The same conditions, with the path compared without regard to case. */
  public ignoringPathCase(): RouteMatch {
    if (this.node.path === undefined || this.node.path.kind === 'regex') {
      refuse('RouteMatch.ignoringPathCase', 'path', this.node.path?.value, 'use it on an exact path or a prefix; write (?i) in an expression');
    }
    return new RouteMatch({ ...this.node, ignorePathCase: true }, this.calling);
  }

  /** @internal */
  public get _caller(): ICallee | undefined {
    return this.calling;
  }

  /** @internal */
  public _node(): RouteMatchNode {
    return this.node;
  }
}

function join(a: RouteMatchNode, b: RouteMatchNode): RouteMatchNode {
  for (const key of ['path', 'method', 'caller', 'port'] as const) {
    if (a[key] !== undefined && b[key] !== undefined) {
      refuse('RouteMatch.all', key, [a[key], b[key]], 'give it once, or list two matches as alternatives');
    }
  }
  for (const [kind, left, right] of [['header', a.headers, b.headers], ['query', a.query, b.query]] as const) {
    const twice = Object.keys(right).find((name) => Object.hasOwn(left, name));
    if (twice !== undefined) {
      refuse('RouteMatch.all', `${kind} ${twice}`, [left[twice], right[twice]], 'give it once, or list two matches as alternatives');
    }
  }
  return { ...a, ...b, headers: { ...a.headers, ...b.headers }, query: { ...a.query, ...b.query } };
}
