/**
 * Routes: which requests, and what becomes of them. Plain data, free of any provider's field names.
 */
import type { Deadline, RetryPolicy } from './policy';

export interface StringMatch {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly value: string;
}

export type ValueMatch = StringMatch | { readonly kind: 'present' } | { readonly kind: 'absent' };

/** All conditions of one match must hold; a match without any takes every request. */
export interface RouteMatchNode {
  readonly path?: StringMatch;
  readonly ignorePathCase?: boolean;
  readonly method?: StringMatch;
  readonly headers: Readonly<Record<string, ValueMatch>>;
  readonly query: Readonly<Record<string, ValueMatch>>;
  /** Id of the one calling service whose requests match. */
  readonly caller?: string;
  /** Service port the request came in for. */
  readonly port?: number;
}

export interface BackendNode {
  /** Id of the service that answers. */
  readonly service: string;
  readonly subset?: string;
  readonly port?: number;
  /** Share in percent; the shares of one route add up to 100. */
  readonly weight: number;
  /** An engine changes the share, so it stands there although it is 0. */
  readonly moved?: boolean;
}

export interface HeaderChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly add: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export interface CorsPolicyNode {
  readonly origins: readonly StringMatch[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeMs?: number;
  readonly credentials?: boolean;
}

export interface FaultNode {
  readonly delay?: { readonly percent: number; readonly ms: number };
  readonly abort?: { readonly percent: number; readonly httpStatus?: number; readonly grpcStatus?: string };
}

export interface RewriteNode {
  /** Replaces the matched prefix, or the whole path where the match is exact. */
  readonly path?: string;
  readonly pathRegex?: { readonly pattern: string; readonly substitution: string };
  readonly authority?: string;
}

export interface RedirectNode {
  readonly path?: string;
  readonly authority?: string;
  readonly scheme?: string;
  readonly port?: number;
  readonly status: number;
}

export interface MirrorNode {
  readonly service: string;
  readonly subset?: string;
  readonly port?: number;
  readonly percent: number;
}

export interface RouteNode {
  readonly name: string;
  readonly origin: string;
  /** One of them must hold; empty takes every request. */
  readonly matches: readonly RouteMatchNode[];
  /** Empty: as the service itself splits. */
  readonly backends: readonly BackendNode[];
  readonly redirect?: RedirectNode;
  readonly directResponse?: { readonly status: number; readonly body?: string };
  readonly rewrite?: RewriteNode;
  readonly mirrors: readonly MirrorNode[];
  readonly requestHeaders?: HeaderChanges;
  readonly responseHeaders?: HeaderChanges;
  readonly cors?: CorsPolicyNode;
  readonly fault?: FaultNode;
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
}

/** A rule either answers by itself or sends requests on; meshes refuse most other fields on one that answers. */
export function answersItself(route: Pick<RouteNode, 'redirect' | 'directResponse'>): boolean {
  return route.redirect !== undefined || route.directResponse !== undefined;
}
