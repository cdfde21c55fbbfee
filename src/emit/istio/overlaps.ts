/**
 * Matches that Istio's own analysis would call unreachable.
 *
 * Some are: a route for every port is dead on the one port whose requests an earlier route takes. They are not written.
 *
 * Others are not. Istio warns (IST0131) when a prefix stands before a longer one and the other conditions look alike, and it looks at
 * less than it routes by: not at the caller nor at letter case, it takes a match without a method for GET, and takes two regular
 * expressions on one header for the same. Where it would be wrong, the earlier match also asks for the presence of `:path`, which every
 * request has: it then has a header condition more, and is no longer compared.
 */
import type { HttpRule } from './http-actions';
import type { HttpMatch } from './http-match';

const ALWAYS_THERE = ':path';

type Strings = NonNullable<HttpMatch['headers']>;

/** The rules without the matches whose requests an earlier one takes, as far as Istio's analysis tells. */
export function withoutDead(rules: readonly HttpRule[]): readonly HttpRule[] {
  const known = new Set<string>();
  const prefixes: HttpMatch[] = [];
  const alive = (match: HttpMatch): boolean => {
    const text = JSON.stringify(match);
    if (known.has(text) || prefixes.some((earlier) => isLonger(match, earlier) && covers(earlier, match))) {
      return false;
    }
    known.add(text);
    if (match.uri?.prefix !== undefined) {
      prefixes.push(match);
    }
    return true;
  };
  return rules.flatMap((rule) => {
    const match = rule.match?.filter(alive);
    return match === undefined ? [rule] : match.length === 0 ? [] : [{ ...rule, match }];
  });
}

/** The rules with what keeps Istio's analysis from being wrong about them. */
export function distinguish(rules: readonly HttpRule[]): readonly HttpRule[] {
  const prefixes = rules.flatMap((rule) => rule.match ?? []).filter((match) => match.uri?.prefix !== undefined);
  const wronged = new Set(prefixes.filter((earlier, index) => prefixes.slice(index + 1)
    .some((later) => seemsToCover(earlier, later) && !covers(earlier, later))));
  if (wronged.size === 0) {
    return rules;
  }
  return rules.map((rule) => rule.match?.some((match) => wronged.has(match))
    ? { ...rule, match: rule.match.map((match) => wronged.has(match) ? { ...match, headers: { ...match.headers, [ALWAYS_THERE]: {} } } : match) }
    : rule);
}

/** Istio's judgement: `earlier` leaves nothing of `later` over. */
function seemsToCover(earlier: HttpMatch, later: HttpMatch): boolean {
  return isLonger(later, earlier) && earlier.port === later.port
    && methodSeen(earlier).startsWith(methodSeen(later))
    && textsSeem(earlier.headers, later.headers) && textsSeem(earlier.queryParams, later.queryParams)
    && textsSeem(earlier.withoutHeaders, later.withoutHeaders);
}

/** Whether both ask for a prefix, and that of `later` is the longer. */
function isLonger(later: HttpMatch, earlier: HttpMatch): boolean {
  const [short, long] = [earlier.uri?.prefix, later.uri?.prefix];
  return short !== undefined && long !== undefined && short !== long && long.startsWith(short);
}

function methodSeen(match: HttpMatch): string {
  return seen(match.method) || 'exact GET';
}

function textsSeem(earlier: Strings = {}, later: Strings = {}): boolean {
  const names = Object.keys(earlier);
  return names.length === Object.keys(later).length && names.every((name) => name in later && seen(earlier[name]).startsWith(seen(later[name])));
}

function seen(condition: Strings[string] | undefined): string {
  return condition?.exact !== undefined ? `exact ${condition.exact}` : condition?.prefix !== undefined ? `prefix ${condition.prefix}` : '';
}

/** The truth, for two prefixes of which the later is the longer: every other condition of `earlier` is one of `later`, too. */
function covers(earlier: HttpMatch, later: HttpMatch): boolean {
  return (earlier.ignoreUriCase === true || later.ignoreUriCase !== true)
    && (['port', 'method', 'sourceLabels', 'sourceNamespace'] as const).every((key) => earlier[key] === undefined || JSON.stringify(earlier[key]) === JSON.stringify(later[key]))
    && (['headers', 'queryParams', 'withoutHeaders'] as const).every((key) => Object.entries(earlier[key] ?? {})
      .every(([name, condition]) => JSON.stringify(condition) === JSON.stringify(later[key]?.[name])));
}
