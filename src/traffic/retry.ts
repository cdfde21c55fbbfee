import { Duration } from 'cdk8s';
import { millis, optionalMillis, refuse, wholeNumber } from '../mesh/invalid';
import { NEVER_RETRY, RetryCondition, RetryPolicy } from '../model/policy';

/** Ranges of the client and server errors in IANA's registry of HTTP status codes. */
const REGISTERED: readonly (readonly [number, number])[] = [
  [400, 418], [421, 426], [428, 429], [431, 431], [451, 451], [500, 508], [510, 511],
];

/**
 * A condition under which an attempt is repeated.
 */
export class RetryOn {
  /** Any 5xx answer, and everything that is no answer at all: reset, connection failure, refused stream. */
  public static readonly SERVER_ERROR = new RetryOn('server-error');
  /** 502, 503 and 504, and everything that is no answer at all: reset, connection failure, refused stream. */
  public static readonly GATEWAY_ERROR = new RetryOn('gateway-error');
  /** The connection to the pod broke before an answer began. Where only its application broke it, the pod's proxy answers 503. */
  public static readonly RESET = new RetryOn('reset');
  /** The connection broke before the request was sent: the application has not seen it. */
  public static readonly RESET_BEFORE_REQUEST = new RetryOn('reset-before-request');
  /**
   * No connection to the pod could be opened: the application has not seen the request. Where only its application is gone, the pod's
   * proxy answers 503.
   */
  public static readonly CONNECT_FAILURE = new RetryOn('connect-failure');
  /** The server refused the HTTP/2 stream: the application has not seen the request. */
  public static readonly REFUSED_STREAM = new RetryOn('refused-stream');
  /** 409, the one 4xx that proxies take for temporary. */
  public static readonly RETRIABLE_4XX = new RetryOn('retriable-4xx');
  /** gRPC status CANCELLED. */
  public static readonly GRPC_CANCELLED = new RetryOn('grpc-cancelled');
  /** gRPC status DEADLINE_EXCEEDED. */
  public static readonly GRPC_DEADLINE_EXCEEDED = new RetryOn('grpc-deadline-exceeded');
  /** gRPC status INTERNAL. */
  public static readonly GRPC_INTERNAL = new RetryOn('grpc-internal');
  /** gRPC status RESOURCE_EXHAUSTED. */
  public static readonly GRPC_RESOURCE_EXHAUSTED = new RetryOn('grpc-resource-exhausted');
  /** gRPC status UNAVAILABLE. */
  public static readonly GRPC_UNAVAILABLE = new RetryOn('grpc-unavailable');

  /**
   * One HTTP status.
   * @param code 400 to 599, of those that have a registered name: Istio refuses any other
   */
  public static status(code: number): RetryOn {
    wholeNumber('RetryOn.status', 'code', code, 400, 599);
    if (!REGISTERED.some(([first, last]) => code >= first && code <= last)) {
      refuse('RetryOn.status', 'code', code, 'give a registered HTTP status, for instance 503 or 429');
    }
    return new RetryOn(`status:${code}`);
  }

  private constructor(private readonly condition: RetryCondition) {}

  /** @internal */
  public _condition(): RetryCondition {
    return this.condition;
  }
}

/**
 * How an attempt is repeated.
 */
export interface RetryOptions {
  /**
   * The longest that one attempt may take.
   * @default - the whole deadline: a first attempt that hangs leaves no time for another
   */
  readonly perTry?: Duration;
  /**
   * What is repeated.
   * @default - connection failures, refused streams, resets before the request, 502, 503, 504 and gRPC UNAVAILABLE: what a moment's
   * wait usually cures
   */
  readonly on?: RetryOn[];
  /**
   * The base of the pause before each retry; the proxy draws a random share of it and doubles it every time.
   * @default - the proxy's own, 25 ms in Envoy
   */
  readonly backOff?: Duration;
}

/**
 * How often a failed request is repeated. Nothing is ever repeated unless it is said here: without it the library writes an
 * explicit "never", since Istio would otherwise retry twice in silence.
 */
export class Retry {
  /**
   * No retries.
   */
  public static never(): Retry {
    return new Retry(NEVER_RETRY);
  }

  /**
   * At most this many retries, so `retries + 1` attempts in all.
   * @param retries 1 or more; 10 at the most
   */
  public static upTo(retries: number, options: RetryOptions = {}): Retry {
    wholeNumber('Retry.upTo', 'retries', retries, 1, 10);
    if (options.on !== undefined && options.on.length === 0) {
      refuse('Retry.upTo', 'on', options.on, 'name at least one condition, or use Retry.never()');
    }
    const backOff = optionalMillis('Retry.upTo', 'backOff', options.backOff);
    return new Retry({
      retries,
      perTryMs: options.perTry && millis('Retry.upTo', 'perTry', options.perTry),
      backoffMs: backOff,
      on: (options.on ?? DEFAULT_CONDITIONS).map((condition) => condition._condition()),
    });
  }

  private constructor(private readonly policy: RetryPolicy) {}

  /** @internal */
  public _policy(): RetryPolicy {
    return this.policy;
  }
}

const DEFAULT_CONDITIONS = [
  RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.RESET_BEFORE_REQUEST, RetryOn.GATEWAY_ERROR, RetryOn.GRPC_UNAVAILABLE,
];
