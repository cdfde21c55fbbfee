import { Duration } from 'cdk8s';
import { millis, optionalMillis, percent, refuse, wholeNumber } from '../mesh/invalid';
import { HashKey as HashKeyNode, LoadBalancingAlgorithm, LoadBalancingPolicy, LocalityPolicy } from '../model/policy';

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
    return new HashKey({ kind: 'header', name: named('HashKey.header', name) });
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
 * Regions to fail over between.
 */
export interface RegionFailover {
  /** Region whose endpoints have failed. */
  readonly region: string;
  /** Region that takes over. */
  readonly failoverTo: string;
}

/**
 * Fixed shares between localities.
 */
export interface LocalityShare {
  /** Locality of the caller: `region`, `region/zone` or `region/zone/*`. */
  readonly locality: string;
  /** Locality to percent; the shares add up to 100. */
  readonly shares: { [locality: string]: number };
}

/**
 * Where requests go by place. At most one of the three may be given; none of them means nearest first.
 */
export interface LocalityOptions {
  /**
   * Which region takes over for which.
   * @default - the nearest by zone and region
   */
  readonly failover?: RegionFailover[];
  /**
   * Labels of pods that rank endpoints, the most important first.
   * @default - region, zone, sub-zone
   */
  readonly failoverPriority?: string[];
  /**
   * Fixed shares.
   * @default - none: all to the nearest
   */
  readonly distribute?: LocalityShare[];
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
    if (table === 'maglev' && !isPrime(size!)) {
      refuse(where, 'maglevTableSize', size, 'give a prime number, for instance 65537');
    }
    if (table === 'maglev') {
      wholeNumber(where, 'maglevTableSize', size!, 2, 5_000_011);
    } else if (size !== undefined) {
      wholeNumber(where, 'minimumRingSize', size, 1, 8_388_608);
    }
    return new LoadBalancing({ kind: 'hash', key: key._key(), table, tableSize: size }, options);
  }

  private readonly policy: LoadBalancingPolicy;

  private constructor(algorithm: LoadBalancingAlgorithm, options: LoadBalancingOptions) {
    this.policy = {
      algorithm,
      locality: options.locality && locality(options.locality),
      warmUp: options.warmUp && { durationMs: millis('LoadBalancing', 'warmUp', options.warmUp) },
    };
  }

  /** @internal */
  public _policy(): LoadBalancingPolicy {
    return this.policy;
  }
}

function locality(options: LocalityOptions): LocalityPolicy {
  const where = 'LoadBalancing';
  const given = [options.failover, options.failoverPriority, options.distribute].filter((part) => part !== undefined && part.length > 0);
  // Istio refuses distribute together with failover or a failover priority, and combines the latter two.
  if (options.distribute !== undefined && given.length > 1) {
    refuse(where, 'locality.distribute', options.distribute, 'give fixed shares or a failover, not both');
  }
  for (const share of options.distribute ?? []) {
    const shares = Object.entries(share.shares);
    shares.forEach(([to, value]) => percent(where, `locality.distribute[${share.locality}].shares[${to}]`, value));
    const sum = shares.reduce((total, [, value]) => total + value, 0);
    if (sum !== 100) {
      refuse(where, `locality.distribute[${share.locality}].shares`, share.shares, `let the shares add up to 100; they add up to ${sum}`);
    }
  }
  for (const pair of options.failover ?? []) {
    if (pair.region === pair.failoverTo) {
      refuse(where, 'locality.failover', pair, 'name two different regions');
    }
  }
  return {
    failover: (options.failover ?? []).map((pair) => ({ from: pair.region, to: pair.failoverTo })),
    failoverPriority: options.failoverPriority ?? [],
    distribute: (options.distribute ?? []).map((share) => ({ from: share.locality, to: share.shares })),
  };
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
  return value > 1;
}
