import { readFileSync, writeFileSync } from 'fs';

/** A request that a client, or an application on behalf of a request, sends. */
export interface RequestSpec {
  /** Such as http://orders.shop/path; for gRPC the path is /package.Service/Method, for TCP there is none. */
  readonly url: string;
  /** @default 'http1' */
  readonly protocol?: 'http1' | 'http2' | 'grpc' | 'tcp';
  /** @default 'GET' */
  readonly method?: string;
  /** A header `host` replaces the URL's. @default - only those of the client */
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** When the client itself gives up. @default 30000 */
  readonly timeoutMs?: number;
}

/** A dependency that an application calls for every request. */
export interface CallSpec extends RequestSpec {
  /** How often for one request. @default 1 */
  readonly times?: number;
  /** Whether the call may fail without failing the request. @default false */
  readonly optional?: boolean;
}

/**
 * A fault or a fixed answer. A rule counts the requests that it matches, from 1 and in each pod on its own, and applies
 * to the n-th when n is a multiple of `every` and not above `first`.
 */
export interface RuleSpec {
  /** Prefix of the path. @default - every path */
  readonly path?: string;
  /** @default - every method */
  readonly method?: string;
  /** @default 1 */
  readonly every?: number;
  /** @default - no limit */
  readonly first?: number;
  /** Waited before anything else. */
  readonly delayMs?: number;
  /** Close the connection (HTTP/2: the stream) with a reset instead of an answer. */
  readonly reset?: boolean;
  /** HTTP status, or for gRPC the status code, answered without making the calls. @default - the request goes on */
  readonly status?: number;
  /** Added to the answer. */
  readonly headers?: Record<string, string>;
  /** Answered with `status` in place of the description of the request. */
  readonly body?: string;
}

/** What the generic application does with a request, beside answering it. */
export interface Behavior {
  readonly calls?: CallSpec[];
  /** Make all calls at once. @default false - one after the other, until one fails */
  readonly parallel?: boolean;
  /** All that match apply, in order; the first that answers ends the request. */
  readonly rules?: RuleSpec[];
  /** Headers copied to the calls, beside those of tracing. */
  readonly propagate?: string[];
}

/** Behaviors that new pods start with, by image: how a version that a delivery engine starts later is made a bad one. */
export type ImageBehaviors = Record<string, Behavior>;

export function writeImageBehaviors(file: string, add: ImageBehaviors): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...add }));
}

/** The behavior of the first image that has one. */
export function behaviorOf(fileText: string, images: string[]): Behavior {
  const behaviors: ImageBehaviors = JSON.parse(fileText);
  return behaviors[images.find(image => behaviors[image]) ?? ''] ?? {};
}
