/**
 * The order in which Gateway API tries matches, whatever their order in a route: an exact path, then the longest prefix, then a method, then
 * more headers, then more query parameters; of equals the first. A match without a path is one of the prefix `/`.
 */
import { ANY_PATH, pathExpression } from './expression';
import type { PortNode } from './mesh-model';
import type { RouteMatchNode, RouteNode, ValueMatch } from './route';

export interface Precedence {
  /** A path that is an expression gives way to every prefix, so what takes every path is written as an expression behind one. */
  readonly expressionsLast: boolean;
}

/** One rule in the order of the program: a route, or what no route takes. */
export interface OrderedRule<Route extends RouteNode> {
  readonly route?: Route;
  /** Those that can hold for the port; empty takes everything. */
  readonly matches: readonly RouteMatchNode[];
  /** A path that is not asked for is written as an expression, so that it does not take precedence over the expressions before it. */
  readonly asExpression: boolean;
}

/** The rules of one port, up to the one that takes everything. */
export function orderedRules<Route extends RouteNode>(
  routes: readonly Route[], port: PortNode, { expressionsLast }: Precedence,
): readonly OrderedRule<Route>[] {
  const rules: OrderedRule<Route>[] = [];
  let asExpression = false;
  for (const route of routes) {
    const all = route.matches.length === 0 || route.matches.some((match) => takesEverything(match, port));
    const matches = all ? [] : distinct(route.matches.filter((match) => canBeSaid(match, port)));
    if (all || matches.length > 0) {
      rules.push({ route, matches, asExpression });
    }
    if (all) {
      return rules;
    }
    asExpression ||= expressionsLast && matches.some((match) => pathExpression(match) !== undefined);
  }
  return [...rules, { matches: [], asExpression }];
}

/** A match by caller, or by what is not there, is a finding: no field says it. A rule that took other requests would be worse than none. */
function canBeSaid(match: RouteMatchNode, port: PortNode): boolean {
  return (match.port ?? port.number) === port.number && match.caller === undefined
    && [...Object.values(match.headers), ...Object.values(match.query)].every(({ kind }) => kind !== 'absent');
}

function takesEverything(match: RouteMatchNode, port: PortNode): boolean {
  return canBeSaid(match, port) && match.path === undefined && match.method === undefined
    && Object.keys(match.headers).length === 0 && Object.keys(match.query).length === 0;
}

function distinct(matches: readonly RouteMatchNode[]): readonly RouteMatchNode[] {
  return [...new Map(matches.map((match) => [JSON.stringify(match), match])).values()];
}

/** One match of the rules, with what its rank is made of. */
export interface RankedMatch {
  readonly match: RouteMatchNode;
  /** The prefix or the whole path that it takes; undefined: an expression. */
  readonly path?: { readonly exact: boolean; readonly value: string };
  readonly expression?: string;
  readonly rank: readonly number[];
}

export function ranked(match: RouteMatchNode, asExpression: boolean, { expressionsLast }: Precedence): RankedMatch {
  const expression = pathExpression(match) ?? (match.path === undefined && asExpression ? ANY_PATH : undefined);
  const conditions = [Number(match.method !== undefined), Object.keys(match.headers).length, Object.keys(match.query).length];
  if (expression !== undefined) {
    return { match, expression, rank: [expressionsLast ? 0 : 2, expression.length, ...conditions] };
  }
  const exact = match.path?.kind === 'exact';
  const value = match.path === undefined ? '/' : exact || match.path.value === '/' ? match.path.value : match.path.value.replace(/\/$/, '');
  return { match, path: { exact, value }, rank: [exact ? 3 : 1, value.length, ...conditions] };
}

/** Whether `a` is tried before `b` although it stands behind it. */
export function outranks(a: RankedMatch, b: RankedMatch): boolean {
  const differing = a.rank.findIndex((value, index) => value !== b.rank[index]);
  return differing >= 0 && a.rank[differing] > b.rank[differing];
}

/** Whether one request can fulfil both. */
export function overlap(a: RankedMatch, b: RankedMatch): boolean {
  return pathsOverlap(a, b)
    && valuesOverlap(a.match.method, b.match.method)
    && (['headers', 'query'] as const).every((key) => Object.entries(a.match[key]).every(([name, value]) => valuesOverlap(value, b.match[key][name])));
}

function pathsOverlap(a: RankedMatch, b: RankedMatch): boolean {
  if (a.path === undefined || b.path === undefined) {
    const [path, expression] = a.path === undefined ? [b.path, a.expression] : [a.path, b.expression];
    if (path === undefined || expression === undefined) {
      return true;
    }
    return path.exact ? matchesWhole(expression, path.value) : beginAlike(beginning(expression), path.value);
  }
  const [short, long] = a.path.value.length <= b.path.value.length ? [a.path, b.path] : [b.path, a.path];
  return short.value === long.value || (!short.exact && isBelow(long.value, short.value));
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '/' || path === prefix || path.startsWith(`${prefix}/`);
}

function valuesOverlap(a: ValueMatch | undefined, b: ValueMatch | undefined): boolean {
  if (a === undefined || b === undefined || !('value' in a) || !('value' in b)) {
    return true;
  }
  const [one, other] = a.kind === 'exact' ? [a, b] : [b, a];
  if (one.kind !== 'exact') {
    return one.kind === 'regex' || other.kind === 'regex' || beginAlike(one.value, other.value);
  }
  return other.kind === 'exact' ? one.value === other.value : other.kind === 'prefix' ? one.value.startsWith(other.value) : matchesWhole(other.value, one.value);
}

/** The letters with which every text begins that the expression takes; empty where there is no telling. */
function beginning(expression: string): string {
  const [letters] = /^[A-Za-z0-9/_-]*/.exec(expression)!;
  const optional = /^[*?{]/.test(expression.slice(letters.length));
  return expression.includes('|') ? '' : letters.slice(0, optional ? -1 : undefined);
}

function beginAlike(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** What JavaScript cannot read, though RE2 can, may match. */
function matchesWhole(expression: string, text: string): boolean {
  const [, flags = '', rest = expression] = /^\(\?([is]+)\)(.*)$/s.exec(expression) ?? [];
  try {
    return new RegExp(`^(?:${rest})$`, `${flags}u`).test(text);
  } catch {
    return true;
  }
}
