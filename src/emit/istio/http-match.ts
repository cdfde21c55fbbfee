/** The conditions of HTTP rules. */
import type { VirtualServiceSpecHttpMatch } from '../../../imports/networking.istio.io';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import type { RouteMatchNode, StringMatch, ValueMatch } from '../../model/route';
import { EVERYTHING } from '../connection-routes';
import { type Json, defined, nonEmptyObject } from '../json';
import { sourceOf } from './source';

export type HttpMatch = Json<VirtualServiceSpecHttpMatch>;

interface StringCondition {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** The rule that a list of matches is written for. */
export interface MatchScope {
  readonly port: PortNode;
  /** The service has other HTTP ports too, so that rules must say which one they are for. */
  readonly portNamed: boolean;
  /** Only requests of this caller. */
  readonly caller?: ServiceNode;
  /** Callers (ids) that an earlier rule serves. */
  readonly served?: ReadonlySet<string>;
}

/**
 * The alternatives of one rule, or undefined where none of them can ever hold in this scope. A list with an alternative that always
 * holds is that one alone; it is empty where even that has nothing to say.
 */
export function httpMatches(model: MeshModel, matches: readonly RouteMatchNode[], scope: MatchScope): readonly HttpMatch[] | undefined {
  const possible = (matches.length === 0 ? [EVERYTHING] : matches).flatMap((match) => httpMatch(model, match, scope) ?? []);
  if (possible.length === 0) {
    return undefined;
  }
  const always = httpMatch(model, EVERYTHING, scope);
  const distinct = [...new Map(possible.map((match) => [JSON.stringify(match), match])).values()];
  const whole = distinct.find((match) => JSON.stringify(match) === JSON.stringify(always));
  if (whole !== undefined) {
    return Object.keys(whole).length === 0 ? [] : [whole];
  }
  return distinct;
}

/** Whether a match takes every request that comes for this port. */
export function takesEverything(match: RouteMatchNode, port: PortNode): boolean {
  return match.path === undefined && match.method === undefined && match.caller === undefined
    && Object.keys(match.headers).length === 0 && Object.keys(match.query).length === 0 && (match.port ?? port.number) === port.number;
}

function httpMatch(model: MeshModel, match: RouteMatchNode, scope: MatchScope): HttpMatch | undefined {
  const caller = match.caller === undefined ? scope.caller : model.serviceById.get(match.caller);
  const otherCaller = match.caller !== undefined && (caller === undefined || (scope.caller !== undefined && scope.caller.id !== match.caller));
  if (otherCaller || (match.port ?? scope.port.number) !== scope.port.number || (match.caller !== undefined && scope.served?.has(match.caller))) {
    return undefined;
  }
  if (Object.values(match.query).some(({ kind }) => kind === 'absent')) {
    // Istio cannot tell that a parameter is missing. No vocabulary says it; a rule that took the wrong requests would be worse than none.
    return undefined;
  }
  const headers = sorted(match.headers);
  return defined<HttpMatch>({
    uri: match.path && stringMatch(match.path),
    ignoreUriCase: match.ignorePathCase ? true : undefined,
    method: match.method && stringMatch(match.method),
    headers: nonEmptyObject(Object.fromEntries(headers.filter(([, { kind }]) => kind !== 'absent').map(valueMatch))),
    withoutHeaders: nonEmptyObject(Object.fromEntries(headers.filter(([, { kind }]) => kind === 'absent').map(([name]) => [name, {}]))),
    queryParams: nonEmptyObject(Object.fromEntries(sorted(match.query).map(valueMatch))),
    port: scope.portNamed ? scope.port.number : undefined,
    ...(caller && sourceOf(caller)),
  });
}

/** In an order that does not depend on the program's, so that equal matches are equal texts. */
function sorted(conditions: Readonly<Record<string, ValueMatch>>): [string, ValueMatch][] {
  return Object.entries(conditions).sort(([a], [b]) => a < b ? -1 : 1);
}

export function stringMatch(match: StringMatch): StringCondition {
  return { [match.kind]: match.value };
}

/** An empty condition asks for no more than presence. */
function valueMatch([name, match]: [string, ValueMatch]): [string, StringCondition] {
  return [name, 'value' in match ? stringMatch(match) : {}];
}
