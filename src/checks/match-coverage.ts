/**
 * Which matches of a service's routes can still be reached. A match covers another one when every request that fulfils the other
 * fulfils it, too. Conditions become tokens: a match needs its own, and grants all that follow from them (an exact path grants each of
 * its prefixes); one covers another when its needs are among the other's grants. Every match is indexed under its rarest need, so that
 * looking one up costs its own length and not the number of routes.
 */
import type { ServiceNode } from '../model/mesh-model';
import { onceWhileJudged } from '../model/once';
import { outlineOf } from '../model/outline';
import type { RouteMatchNode, RouteNode, StringMatch, ValueMatch } from '../model/route';

/** A match that is never the first to take a request. */
export interface CoveredMatch {
  /** Its place in the route's list. */
  readonly index: number;
  /** The route that has taken its requests: an earlier one, or the same. */
  readonly by: RouteNode;
  /** Place of the covering match in that route; none where that route takes everything. */
  readonly byIndex?: number;
}

export interface RouteCoverage {
  readonly route: RouteNode;
  readonly covered: readonly CoveredMatch[];
  /** Every match is covered by earlier routes, so that no request ever gets here. */
  readonly unreachable: boolean;
  /** The earlier route that takes everything, for a route without matches. */
  readonly takenBy?: RouteNode;
}

interface Entry {
  readonly route: RouteNode;
  readonly index: number;
  readonly needs: readonly string[];
}

/** Of every service that has routes. */
export const coverages = onceWhileJudged((model) => outlineOf(model).routed.map((service) => ({ service, coverage: coverageOf(service) })));

export function coverageOf(service: Pick<ServiceNode, 'routes' | 'ports'>): readonly RouteCoverage[] {
  const tokens = new TokenMaker(service.ports.length === 1 ? service.ports[0].number : undefined);
  const rarity = countNeeds(service.routes, tokens);
  const index = new Map<string, Entry[]>();
  const openPorts = new Set(service.ports.filter((port) => port.protocol !== 'udp').map((port) => `port ${port.number}`));
  const hasPorts = openPorts.size > 0;
  let catchAll: RouteNode | undefined;
  return service.routes.map((route) => {
    if (route.matches.length === 0) {
      const takenBy = catchAll;
      catchAll ??= route;
      return { route, covered: [], unreachable: takenBy !== undefined, takenBy };
    }
    const covered: CoveredMatch[] = [];
    const own: Entry[] = [];
    route.matches.forEach((match, place) => {
      const entry = { route, index: place, needs: tokens.needs(match) };
      const grants = tokens.grants(match);
      const by = catchAll ?? coveringEntry(index, own, grants);
      if (by !== undefined) {
        covered.push('needs' in by ? { index: place, by: by.route, byIndex: by.index } : { index: place, by });
      }
      own.push(entry);
    });
    const unreachable = covered.filter((match) => match.by !== route).length === route.matches.length;
    own.forEach((entry) => {
      openPorts.delete(entry.needs.length === 1 ? entry.needs[0] : '');
      if (entry.needs.length === 0 || (hasPorts && openPorts.size === 0)) {
        catchAll ??= route;
      } else {
        const key = rarest(entry.needs, rarity);
        const known = index.get(key);
        if (known === undefined) {
          index.set(key, [entry]);
        } else {
          known.push(entry);
        }
      }
    });
    return { route, covered, unreachable };
  });
}

function coveringEntry(index: ReadonlyMap<string, readonly Entry[]>, own: readonly Entry[], grants: ReadonlySet<string>): Entry | undefined {
  const covers = (entry: Entry) => entry.needs.every((need) => grants.has(need));
  for (const grant of grants) {
    const found = index.get(grant)?.find(covers);
    if (found !== undefined) {
      return found;
    }
  }
  return own.find(covers);
}

function countNeeds(routes: readonly RouteNode[], tokens: TokenMaker): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const route of routes) {
    for (const match of route.matches) {
      tokens.needs(match).forEach((need) => counts.set(need, (counts.get(need) ?? 0) + 1));
    }
  }
  return counts;
}

function rarest(needs: readonly string[], counts: ReadonlyMap<string, number>): string {
  return needs.reduce((best, need) => (counts.get(need) ?? 0) < (counts.get(best) ?? 0) ? need : best);
}

class TokenMaker {
  public constructor(private readonly onlyPort: number | undefined) {}

  /** What a request must fulfil. */
  public needs(match: RouteMatchNode): string[] {
    const needs: string[] = [];
    if (match.path !== undefined && !(match.path.kind === 'prefix' && match.path.value === '/')) {
      needs.push(match.ignorePathCase ? token('path~', lower(match.path)) : token('path', match.path));
    }
    if (match.method !== undefined) {
      needs.push(token('method', match.method));
    }
    Object.entries(match.headers).forEach(([name, value]) => needs.push(token(`header ${name.toLowerCase()}`, value)));
    Object.entries(match.query).forEach(([name, value]) => needs.push(token(`query ${name}`, value)));
    if (match.caller !== undefined) {
      needs.push(`caller ${match.caller}`);
    }
    if (match.port !== undefined && match.port !== this.onlyPort) {
      needs.push(`port ${match.port}`);
    }
    return needs;
  }

  /** All that is known of a request which fulfils the match. */
  public grants(match: RouteMatchNode): ReadonlySet<string> {
    const grants = new Set<string>();
    if (match.path !== undefined) {
      implied('path~', lower(match.path)).forEach((grant) => grants.add(grant));
      if (!match.ignorePathCase) {
        implied('path', match.path).forEach((grant) => grants.add(grant));
      }
    }
    if (match.method !== undefined) {
      implied('method', match.method).forEach((grant) => grants.add(grant));
    }
    Object.entries(match.headers).forEach(([name, value]) => implied(`header ${name.toLowerCase()}`, value).forEach((grant) => grants.add(grant)));
    Object.entries(match.query).forEach(([name, value]) => implied(`query ${name}`, value).forEach((grant) => grants.add(grant)));
    if (match.caller !== undefined) {
      grants.add(`caller ${match.caller}`);
    }
    if (match.port !== undefined) {
      grants.add(`port ${match.port}`);
    }
    return grants;
  }
}

function token(subject: string, match: ValueMatch): string {
  return 'value' in match ? `${subject} ${match.kind} ${match.value}` : `${subject} ${match.kind}`;
}

function lower(match: StringMatch): StringMatch {
  // An expression carries its own case flag; only texts are compared without regard to case.
  return match.kind === 'regex' ? match : { kind: match.kind, value: match.value.toLowerCase() };
}

function implied(subject: string, match: ValueMatch): string[] {
  const grants = [token(subject, match)];
  if (match.kind === 'absent') {
    return grants;
  }
  grants.push(`${subject} present`);
  if (match.kind === 'exact' || match.kind === 'prefix') {
    for (let length = 1; length <= match.value.length; length++) {
      grants.push(`${subject} prefix ${match.value.slice(0, length)}`);
    }
  }
  return grants;
}

/** A match as a person reads it. */
export function matchText(match: RouteMatchNode): string {
  const parts: string[] = [];
  if (match.path !== undefined) {
    parts.push(`path ${match.path.kind} ${match.path.value}`);
  }
  if (match.method !== undefined) {
    parts.push(`method ${match.method.value}`);
  }
  Object.entries(match.headers).forEach(([name, value]) => parts.push(`header ${name} ${'value' in value ? `${value.kind} ${value.value}` : value.kind}`));
  Object.entries(match.query).forEach(([name, value]) => parts.push(`query ${name} ${'value' in value ? `${value.kind} ${value.value}` : value.kind}`));
  if (match.caller !== undefined) {
    parts.push(`caller ${match.caller}`);
  }
  if (match.port !== undefined) {
    parts.push(`port ${match.port}`);
  }
  return parts.length === 0 ? 'every request' : parts.join(' and ');
}
