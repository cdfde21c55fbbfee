/** Random values and policies. */
import fc from 'fast-check';
import { BalancingSpec, BreakerSpec, PortSpec, PROTOCOLS, RETRY_ON } from './program';

/** Fields that are there or not: one that is not there differs from one that is undefined. */
export const some = (parts: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<any> => fc.record(parts, { requiredKeys: [] });

export const index = fc.nat(11);
/** Of wild programs one value in so many is wild. */
const ODDITY = 150;
const wildNumber = fc.constantFrom(-1, 0, 0.5, 1.5, 101, 65_536, 2 ** 31, 2 ** 53, NaN, Infinity);

const LOCALITIES: BalancingSpec['locality'][] = [
  {}, { failover: [{ region: 'eu', failoverTo: 'us' }] }, { failoverPriority: ['example.com/rack'] },
  { failover: [{ region: 'eu', failoverTo: 'us' }], failoverPriority: ['example.com/rack'] },
  { distribute: [{ locality: 'eu/a/*', shares: { 'eu/a/*': 80, 'us': 20 } }] },
];
const WRONG_LOCALITIES: BalancingSpec['locality'][] = [
  { distribute: [{ locality: 'eu', shares: { eu: 99 } }] }, { failover: [{ region: 'eu', failoverTo: 'eu' }] },
];

export type Values = ReturnType<typeof values>;

/** @param wild whether some values are */
export function values(wild: boolean) {
  const odd = <T>(usual: fc.Arbitrary<T>, strange: fc.Arbitrary<unknown>): fc.Arbitrary<T> => (
    wild ? fc.oneof({ weight: ODDITY - 1, arbitrary: usual }, { weight: 1, arbitrary: strange as fc.Arbitrary<T> }) : usual
  );
  const millis = odd(fc.constantFrom(1, 250, 1000, 1500, 90_000, 86_400_000), wildNumber.filter((value) => !(value < 0)));
  const count = odd(fc.constantFrom(1, 2, 1024, 2_147_483_647), wildNumber);
  const percent = odd(fc.constantFrom(0, 1, 12.5, 50, 100), wildNumber);
  const whole = odd(fc.constantFrom(0, 1, 50, 100), wildNumber);
  const port = odd(fc.constantFrom(80, 443, 3306, 5432, 8080, 9090, 65_535), wildNumber);
  const name = odd(fc.constantFrom('x-user', 'X-Request-Id', 'a', 'accept'), fc.constantFrom('', ':path', 'a b', '@request.auth.claims.sub', 'host'));
  const text = odd(fc.constantFrom('a', 'b', 'c-1', '100%%', '%START_TIME%', 'größe'), fc.constantFrom('', 'a b', '%', 'constructor', '{}', '\n', '"'));
  const path = odd(fc.constantFrom('/', '/a', '/a/b', '/v1/', '/orders'), fc.constantFrom('', 'a', '/a?b', '/ä'));
  const regex = odd(fc.constantFrom('/v[12]/.*', '(?i)/a', '[0-9]+', 'a|b', '.*'), fc.constantFrom('(?=a)', '(', '\\1', 'a{1001}', '*', ''));

  /** Whole percentages that mostly add up to 100. */
  const weights = (length: number): fc.Arbitrary<number[]> => odd(
    fc.array(fc.nat(100), { minLength: length, maxLength: length }).map((list) => {
      const sum = list.reduce((a, b) => a + b, 0);
      const rest = list.slice(1).map((one) => sum === 0 ? 0 : Math.floor(one * 100 / sum));
      return [100 - rest.reduce((a, b) => a + b, 0), ...rest];
    }),
    fc.array(wildNumber, { maxLength: length }),
  );

  const policy = {
    retry: fc.oneof(fc.constant('never'), fc.tuple(odd(fc.integer({ min: 1, max: 10 }), wildNumber), some({
      perTry: millis, backOff: millis, on: fc.subarray([...RETRY_ON], { minLength: 1 }),
      status: odd(fc.constantFrom(409, 429, 503), fc.constantFrom(200, 499)),
    })).map(([retries, rest]) => ({ retries, ...rest }))),
    deadline: millis,
  };

  const breaker: fc.Arbitrary<BreakerSpec> = fc.tuple(fc.boolean(), some({
    tcp: some({ maxConnections: count, keepaliveProbes: count }),
    tcpTimes: some({ connectTimeout: millis, maxConnectionDuration: millis, idleTimeout: millis, keepaliveAfter: millis, keepaliveEvery: millis }),
    http: some({
      maxPendingRequests: count, maxRequests: count, maxRequestsPerConnection: count, maxRetries: count, maxConcurrentStreams: count,
      upgradeToHttp2: fc.boolean(),
    }),
    eject: some({ after: count, afterGatewayErrors: count, atMostPercent: whole, minHealthyPercent: whole }),
    ejectTimes: some({ checkEvery: millis, lasting: millis }),
    retryBudget: some({ percent, minConcurrency: count }),
  })).map(([ejects, rest]) => ({ ejects, ...rest }));

  const balancing: fc.Arbitrary<BalancingSpec> = fc.tuple(
    fc.constantFrom<BalancingSpec['algorithm']>('leastRequest', 'roundRobin', 'random', 'header', 'cookie', 'query', 'sourceIp'),
    some({
      warmUp: millis, locality: odd(fc.constantFrom(...LOCALITIES), fc.constantFrom(...WRONG_LOCALITIES)),
      table: odd(fc.constantFrom({ maglevTableSize: 65_537 }, { minimumRingSize: 64 }), fc.constant({ maglevTableSize: 4 })),
    }),
  ).map(([algorithm, { warmUp, ...rest }]) => {
    const warms = algorithm === 'leastRequest' || algorithm === 'roundRobin';
    return { algorithm, ...rest, ...(warms && { warmUp }) };
  });

  const ports = (minLength: number): fc.Arbitrary<PortSpec[]> => fc.uniqueArray(
    fc.tuple(fc.constantFrom(...PROTOCOLS), port, some({
      port, suffix: odd(fc.constantFrom('a', 'b', 'main'), fc.constantFrom('', 'A', 'much-too-long-for-it')), streaming: fc.boolean(),
    })).map(([protocol, containerPort, rest]): PortSpec => ({ protocol, containerPort, ...rest })),
    { minLength, maxLength: 3, ...(!wild && { selector: (one: PortSpec) => one.port ?? one.containerPort }) },
  ).map((list) => (
    // Without wild values every port leads to a container port of its own.
    !wild ? list.map((one, n) => ({ ...one, port: one.port ?? one.containerPort, containerPort: 7000 + n, suffix: `p${n}` })) : list
  ));

  return { wild, odd, millis, percent, port, name, text, path, regex, wildNumber, weights, policy, breaker, balancing, ports };
}
