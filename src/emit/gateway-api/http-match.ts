/** The conditions of an HTTPRoute's rules. */
import type { HttpRouteSpecRulesMatches } from '../../../imports/gateway.networking.k8s.io';
import { ANY_PATH, escaped, pathExpression } from '../../model/expression';
import type { RouteMatchNode, ValueMatch } from '../../model/route';
import { type Json, defined, nonEmpty } from '../json';

export type HttpMatch = Json<HttpRouteSpecRulesMatches>;

type Condition = NonNullable<HttpMatch['headers']>[number];

/** @param expression write the absence of a path as an expression, for meshes that let expressions give way to every prefix */
export function httpMatch(match: RouteMatchNode, expression: boolean): HttpMatch {
  return defined<HttpMatch>({
    path: path(match, expression),
    method: match.method?.value as HttpMatch['method'],
    headers: nonEmpty(conditions(match.headers)),
    queryParams: nonEmpty(conditions(match.query)),
  });
}

function path(match: RouteMatchNode, expression: boolean): HttpMatch['path'] {
  const value = pathExpression(match) ?? (match.path === undefined && expression ? ANY_PATH : undefined);
  if (value !== undefined) {
    return { type: 'RegularExpression', value };
  }
  return match.path && { type: match.path.kind === 'exact' ? 'Exact' : 'PathPrefix', value: match.path.value };
}

/** In an order that does not depend on the program's. The absence of a header is a finding: no field says it. */
function conditions(values: Readonly<Record<string, ValueMatch>>): Condition[] {
  return Object.entries(values).filter(([, { kind }]) => kind !== 'absent').sort(([a], [b]) => a < b ? -1 : 1).map(([name, match]): Condition => {
    if (match.kind === 'exact') {
      return { name, value: match.value };
    }
    return { name, type: 'RegularExpression', value: match.kind === 'regex' ? match.value : match.kind === 'prefix' ? `${escaped(match.value)}.*` : '.*' };
  });
}
