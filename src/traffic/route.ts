import { Duration } from 'cdk8s';
import { ICallee } from '../mesh/callee';
import { Retry } from './retry';
import { RouteBackend } from './route-backend';
import { RouteMatch } from './route-match';
import { StringMatch } from './string-match';

/**
 * A change of the request on its way to the backend.
 */
export interface RouteRewrite {
  /**
   * Replaces the matched prefix, or the whole path where the match is exact.
   * @default - the path is kept
   */
  readonly path?: string;
  /**
   * Replaces what the RE2 expression `pathPattern` finds in the path; `\1` stands for its first group.
   * @default - the path is kept
   */
  readonly pathSubstitution?: string;
  /**
   * The expression for `pathSubstitution`.
   * @default - none
   */
  readonly pathPattern?: string;
  /**
   * Replaces the Host header.
   * @default - it is kept
   */
  readonly authority?: string;
}

/**
 * An answer that sends the client elsewhere.
 */
export interface RouteRedirect {
  /**
   * The new path.
   * @default - the same path
   */
  readonly path?: string;
  /**
   * The new host.
   * @default - the same host
   */
  readonly authority?: string;
  /**
   * The new scheme, `http` or `https`.
   * @default - the same scheme
   */
  readonly scheme?: string;
  /**
   * The new port.
   * @default - the scheme's own
   */
  readonly port?: number;
  /**
   * 301, 302, 303, 307 or 308.
   * @default 301
   */
  readonly status?: number;
}

/**
 * An answer that the proxy gives by itself.
 */
export interface DirectResponse {
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /**
   * The body, as text.
   * @default - an empty one
   */
  readonly body?: string;
}

/**
 * A copy of the requests, whose answers are thrown away.
 */
export interface RouteMirror {
  /**
   * The service that gets the copies.
   * @default - the route's own service; then give a subset
   */
  readonly service?: ICallee;
  /**
   * The subset that gets them.
   * @default - all pods
   */
  readonly subset?: string;
  /**
   * Port of that service.
   * @default - its only port
   */
  readonly port?: number;
  /**
   * Share of the requests that is copied, in percent.
   * @default 100
   */
  readonly percent?: number;
}

/**
 * Changes of headers.
 */
export interface HeaderOptions {
  /**
   * Headers that get this value, whatever they had.
   * @default - none
   */
  readonly overwrite?: { [name: string]: string };
  /**
   * Headers that get this value beside what they had.
   * @default - none
   */
  readonly append?: { [name: string]: string };
  /**
   * Headers that are taken away.
   * @default - none
   */
  readonly remove?: string[];
}

/**
 * Which pages of other origins may call, answered by the proxy.
 */
export interface CorsPolicy {
  /** Origins that may, for instance `StringMatch.exact('https://shop.example.com')`. */
  readonly origins: StringMatch[];
  /**
   * Methods that may be used.
   * @default - none is written: browsers then allow GET, HEAD and POST
   */
  readonly methods?: string[];
  /**
   * Request headers that may be sent.
   * @default - none
   */
  readonly headers?: string[];
  /**
   * Answer headers that the page may read.
   * @default - none
   */
  readonly exposeHeaders?: string[];
  /**
   * How long a browser may keep the answer to a preflight.
   * @default - the browser's own
   */
  readonly maxAge?: Duration;
  /**
   * Whether cookies and authorization may be sent.
   * @default - nothing is written: browsers take it for no
   */
  readonly credentials?: boolean;
}

/**
 * Failures made on purpose.
 */
export interface FaultInjection {
  /**
   * A pause before the request goes on.
   * @default - none
   */
  readonly delay?: Duration;
  /**
   * Share of the requests that is delayed, in percent.
   * @default 100
   */
  readonly delayPercent?: number;
  /**
   * HTTP status that the proxy answers instead of the service, 200 to 599.
   * @default - none
   */
  readonly abortStatus?: number;
  /**
   * gRPC status that the proxy answers instead of the service, by name, for instance `UNAVAILABLE`.
   * @default - none
   */
  readonly abortGrpcStatus?: string;
  /**
   * Share of the requests that is aborted, in percent.
   * @default 100
   */
  readonly abortPercent?: number;
}

/**
 * What a route does with the requests that it takes. Routes are tried in the order in which they were added; what none takes goes
 * to the service as it splits.
 */
export interface RouteOptions {
  /**
   * Alternatives: a request that one of them takes belongs to this route.
   * @default - every request; nothing behind this route is then ever reached
   */
  readonly matches?: RouteMatch[];
  /**
   * Subset to percent; the figures add up to 100. Short for `backends` of the route's own service.
   * @default - as the service splits
   */
  readonly split?: { [subset: string]: number };
  /**
   * Who answers; the weights add up to 100.
   * @default - as the service splits
   */
  readonly backends?: RouteBackend[];
  /**
   * Sends the client elsewhere instead of answering.
   * @default - no redirect
   */
  readonly redirect?: RouteRedirect;
  /**
   * Lets the proxy answer by itself.
   * @default - the service answers
   */
  readonly directResponse?: DirectResponse;
  /**
   * Changes the request.
   * @default - nothing is changed
   */
  readonly rewrite?: RouteRewrite;
  /**
   * Copies the requests.
   * @default - no copies
   */
  readonly mirrors?: RouteMirror[];
  /**
   * Changes request headers.
   * @default - none
   */
  readonly requestHeaders?: HeaderOptions;
  /**
   * Changes answer headers.
   * @default - none
   */
  readonly responseHeaders?: HeaderOptions;
  /**
   * Answers browsers' preflights.
   * @default - the service answers them
   */
  readonly cors?: CorsPolicy;
  /**
   * Makes failures.
   * @default - none
   */
  readonly fault?: FaultInjection;
  /**
   * Retries of this route's requests; stronger than what the call and the service say.
   * @default - as the call says, then the service, then the mesh
   */
  readonly retry?: Retry;
  /**
   * Time for a request with all its retries; stronger than what the call and the service say.
   * @default - as the call says, then the service, then the mesh
   */
  readonly deadline?: Duration;
  /**
   * Requests of this route may last for ever: no deadline is written.
   * @default false
   */
  readonly streaming?: boolean;
}
