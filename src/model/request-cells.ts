import { grouped } from './grouped';
/**
 * Requests taken apart, for meshes in which the one most specific rule decides about a request, and not all rules together. Where two rules
 * share requests, those requests are a cell of their own, with the callers of both. Prefixes take whole segments here: `/api*` and `/api/*` are
 * `/api` and everything below it.
 */

/** Requests, and who may send them. Empty lists take everything. */
export interface LimitedGrant {
  readonly methods: readonly string[];
  /** As in `RequestScope`. */
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
  /** Key of whoever may send them. */
  readonly who: string;
}

export interface Cell {
  /** Undefined: any. */
  readonly host?: string;
  /** Exact, a prefix that ends with a slash and a star, or a template. */
  readonly path?: string;
  readonly method?: string;
  /** Everybody who may send such a request, by whichever rule: sorted, each once. */
  readonly who: readonly string[];
}

/** A cell for every combination of host, path and method that rules tell apart. */
export function requestCells(limited: readonly LimitedGrant[]): readonly Cell[] {
  const grants = limited.map((grant) => ({ ...grant, paths: pathsOf(grant) }));
  const hosts: readonly (string | undefined)[] = [...new Set(grants.flatMap((grant) => grant.hosts)), undefined];
  return hosts.flatMap((host) => {
    const ofHost = grants.filter((grant) => takes(grant.hosts, host, coversHost));
    return values(ofHost, ({ paths }) => paths).flatMap((path) => {
      const ofPath = ofHost.filter((grant) => takes(grant.paths, path, coversPath));
      return values(ofPath, ({ methods }) => methods).map((method): Cell => {
        const who = ofPath.filter((grant) => takes(grant.methods, method, (one, other) => one === other)).map((grant) => grant.who);
        return { host, path, method, who: [...new Set(who)].sort() };
      });
    });
  });
}

/** Whether a list that takes everything where it is empty takes all that a value stands for. */
function takes(list: readonly string[], value: string | undefined, covers: (wide: string, narrow: string) => boolean): boolean {
  return list.length === 0 || (value !== undefined && list.some((one) => covers(one, value)));
}

function values(grants: readonly LimitedGrant[], of: (grant: LimitedGrant) => readonly string[]): readonly (string | undefined)[] {
  return [...new Set(grants.flatMap((grant): readonly (string | undefined)[] => of(grant).length === 0 ? [undefined] : of(grant)))];
}

function coversHost(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.startsWith('*.') && narrow.endsWith(wide.slice(1)));
}

function pathsOf({ paths }: LimitedGrant): readonly string[] {
  const whole = paths.map(wholeSegments);
  return whole.includes('/*') ? [] : whole;
}

function wholeSegments(path: string): string {
  return !path.endsWith('*') || path.includes('{') ? path : `${path.replace(/\/?\*$/, '')}/*`;
}

/** Whether a pattern is a plain path and everything below it. */
export function isPrefix(path: string): boolean {
  return path.endsWith('/*') && !path.includes('{');
}

export function isExact(path: string): boolean {
  return !path.includes('*');
}

interface PathShape {
  /** Undefined: any text. */
  readonly segments: readonly (string | undefined)[];
  /** More segments may follow. */
  readonly open: boolean;
  /** What the path ends with behind the open part. */
  readonly end?: string;
}

function shapeOf(path: string): PathShape {
  const parts = path.split('/').slice(1);
  const rest = parts.findIndex((part) => part === '{**}' || part === '*');
  const segments = (rest < 0 ? parts : parts.slice(0, rest)).map((part) => part === '{*}' ? undefined : part);
  return { segments, open: rest >= 0, end: rest < 0 || rest === parts.length - 1 ? undefined : parts.slice(rest + 1).join('/') };
}

/** Whether the wide pattern takes every path that the narrow one takes. */
export function coversPath(wide: string, narrow: string): boolean {
  if (wide === narrow) {
    return true;
  }
  const [w, n] = [shapeOf(wide), shapeOf(narrow)];
  const long = w.open ? n.segments.length >= w.segments.length : !n.open && n.segments.length === w.segments.length;
  const ends = w.end === undefined || w.end === n.end || (isExact(narrow) && narrow.endsWith(`/${w.end}`));
  return long && ends && w.segments.every((segment, index) => segment === undefined || segment === n.segments[index]);
}

/** Whether there may be a path that both patterns take. */
export function sharePaths(a: string, b: string): boolean {
  const [one, other] = [shapeOf(a), shapeOf(b)];
  const [short, long] = one.segments.length <= other.segments.length ? [one, other] : [other, one];
  return (short.open || (short.segments.length === long.segments.length))
    && short.segments.every((segment, index) => segment === undefined || long.segments[index] === undefined || segment === long.segments[index]);
}

/**
 * Pairs of patterns with requests in common and different callers, of which a mesh that goes by the length of the match cannot tell the more
 * specific one: a template matches as many letters as whatever else takes the path, and a prefix as many as the exact path that it begins with.
 */
export function indistinct(cells: readonly Cell[]): readonly (readonly [string, string])[] {
  const byPath = grouped(cells.filter(({ path }) => path !== undefined), ({ path }) => path!);
  const paths = [...byPath.keys()].sort((a, b) => Number(isExact(a)) - Number(isExact(b)));
  const patterns = paths.filter((path) => !isExact(path));
  return patterns.flatMap((a, index) => paths.slice(index + 1)
    .filter((b) => sharePaths(a, b) && !isTold(a, b) && differ(byPath.get(a)!, byPath.get(b)!, nested(a, b))).map((b) => [a, b] as const));
}

function nested(a: string, b: string): boolean {
  return coversPath(a, b) || coversPath(b, a);
}

function isTold(a: string, b: string): boolean {
  const [wide, narrow] = coversPath(a, b) ? [a, b] : [b, a];
  return isPrefix(wide) && coversPath(wide, narrow) && wide.slice(0, -2) !== narrow;
}

/** Cells of nested paths say the same methods, of which the mesh takes the one that is said; those of others need not. */
function differ(a: readonly Cell[], b: readonly Cell[], inside: boolean): boolean {
  const meet = (one: Cell, other: Cell): boolean => one.host === other.host
    && (one.method === other.method || (!inside && (one.method === undefined || other.method === undefined)));
  return a.some((one) => b.some((other) => meet(one, other) && one.who.join() !== other.who.join()));
}
