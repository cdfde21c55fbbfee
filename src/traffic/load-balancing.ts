import { Duration } from 'cdk8s';
import { millis, optionalMillis, refuse, wholeNumber } from '../mesh/invalid';
import { HashKey as HashKeyNode, LoadBalancingAlgorithm, LoadBalancingPolicy } from '../model/policy';
import { headerName } from './header';
import { LocalityOptions, localityPolicy } from './locality';

/**
 * How a cookie is used for hashing.
 */
export interface CookieHashOptions {
  /**
   * Life of the cookie that the proxy sets where the client sent none.
   * @default - a session cookie
   */
  readonly ttl?: Duration;
  /**
   * Path of that cookie.
   * @default - none is written
   */
  readonly path?: string;
}

/**
 * What of a request decides its endpoint.
 */
export class HashKey {
  /** A request header. */
  public static header(name: string): HashKey {
    return new HashKey({ kind: 'header', name: headerName('HashKey.header', 'name', name) });
  }

  /** A cookie, set by the proxy where the client has none. */
  public static cookie(name: string, options: CookieHashOptions = {}): HashKey {
    return new HashKey({
      kind: 'cookie', name: named('HashKey.cookie', name), path: options.path, ttlMs: optionalMillis('HashKey.cookie', 'ttl', options.ttl),
    });
  }

  /** A query parameter. */
  public static query(name: string): HashKey {
    return new HashKey({ kind: 'query', name: named('HashKey.query', name) });
  }

  /** The client's address. */
  public static sourceIp(): HashKey {
    return new HashKey({ kind: 'source-ip' });
  }

  private constructor(private readonly key: HashKeyNode) {}

  /** @internal */
  public _key(): HashKeyNode {
    return this.key;
  }
}

/**
 * Parts that every load balancing may have.
 */
export interface LoadBalancingOptions {
  /**
   * Time over which a new endpoint gets its full share.
   * @default - its full share at once
   */
  readonly warmUp?: Duration;
  /**
   * Preference by place. It needs ejection of failing endpoints to ever move any traffic.
   * @default - as the mesh does by itself, nearest first in Istio
   */
  readonly locality?: LocalityOptions;
}

/**
 * Options of consistent hashing.
 */
export interface ConsistentHashOptions extends LoadBalancingOptions {
  /**
   * Use a Maglev table of this many entries, a prime number, instead of a ring.
   * @default - a ring
   */
  readonly maglevTableSize?: number;
  /**
   * Least number of entries on the ring.
   * @default - 1024, Istio's own
   */
  readonly minimumRingSize?: number;
}

/**
 * Which endpoint gets the next request.
 */
export class LoadBalancing {
  /** The less busy one of two drawn at random: the default, as in Istio and Linkerd. */
  public static leastRequest(options: LoadBalancingOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'least-request' }, options);
  }

  /** Each in turn. */
  public static roundRobin(options: LoadBalancingOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'round-robin' }, options);
  }

  /** Any. */
  public static random(options: LoadBalancingOptions = {}): LoadBalancing {
    if (options.warmUp !== undefined) {
      refuse('LoadBalancing.random', 'warmUp', options.warmUp, 'leave it out, or use leastRequest or roundRobin, which can warm up');
    }
    return new LoadBalancing({ kind: 'random' }, options);
  }

  /** The same one for the same key, as long as the endpoints stay. */
  public static consistentHash(key: HashKey, options: ConsistentHashOptions = {}): LoadBalancing {
    const where = 'LoadBalancing.consistentHash';
    if (options.warmUp !== undefined) {
      refuse(where, 'warmUp', options.warmUp, 'leave it out, or use leastRequest or roundRobin, which can warm up');
    }
    if (options.maglevTableSize !== undefined && options.minimumRingSize !== undefined) {
      refuse(where, 'minimumRingSize', options.minimumRingSize, 'give a ring size or a Maglev table size, not both');
    }
    const table = options.maglevTableSize === undefined ? 'ring' : 'maglev';
    const size = options.maglevTableSize ?? options.minimumRingSize;
    if (table === 'maglev') {
      wholeNumber(where, 'maglevTableSize', size!, 2, 5_000_010);
      if (!isPrime(size!)) {
        refuse(where, 'maglevTableSize', size, 'give a prime number, for instance 65537');
      }
    } else if (size !== undefined) {
      wholeNumber(where, 'minimumRingSize', size, 1, 8_388_608);
    }
    return new LoadBalancing({ kind: 'hash', key: key._key(), table, tableSize: size }, options);
  }

  private readonly policy: LoadBalancingPolicy;

  private constructor(algorithm: LoadBalancingAlgorithm, options: LoadBalancingOptions) {
    this.policy = {
      algorithm,
      locality: options.locality && localityPolicy(options.locality),
      warmUp: options.warmUp && { durationMs: millis('LoadBalancing', 'warmUp', options.warmUp) },
    };
  }

  /** @internal */
  public _policy(): LoadBalancingPolicy {
    return this.policy;
  }
}

function named(where: string, name: string): string {
  return name === '' ? refuse(where, 'name', name, 'give a name') : name;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) {
      return false;
    }
  }
  return true;
}
