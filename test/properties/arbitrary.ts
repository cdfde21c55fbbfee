/** Random programs. Most of what they say is right; about one value in `oddity` is wild. */
import fc from 'fast-check';
import {
  BalancingSpec, BreakerSpec, CallSpec, ExternalSpec, KINDS, MatchSpec, PROTOCOLS, PolicySpec, PortSpec, ProgramSpec, RETRY_ON, RouteSpec, ServiceSpec,
  TargetSpec, VersionSpec,
} from './program';

type Part<T> = { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> };

/** Fields that are there or not; a key that is not there differs from one that is undefined. */
const some = <T extends object>(parts: Part<T>): fc.Arbitrary<T> => fc.record(parts, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;

const index = fc.nat(11);
const text = fc.constantFrom('a', 'v1', 'x-y', 'größe', '1.0', 'a b', '%', '%%', '%START_TIME%', 'constructor', '{}', '0', 'true', ' ', '"');

/** @param oddity one value in so many is wild; 0: none */
export function programs(oddity: number): fc.Arbitrary<ProgramSpec> {
  const odd = <T>(usual: fc.Arbitrary<T>, wild: fc.Arbitrary<unknown>): fc.Arbitrary<T> => (
    oddity === 0 ? usual : fc.oneof({ weight: oddity - 1, arbitrary: usual }, { weight: 1, arbitrary: wild as fc.Arbitrary<T> })
  );
  const wildNumber = fc.constantFrom(-1, 0, 0.5, 1.5, 101, 65_536, 2 ** 31, 2 ** 53, NaN, Infinity);
  const millis = odd(fc.constantFrom(1, 250, 1000, 1500, 90_000, 86_400_000), wildNumber.filter((value) => value >= 0));
  const count = odd(fc.constantFrom(1, 2, 1024, 2_147_483_647), wildNumber);
  const percent = odd(fc.constantFrom(0, 1, 12.5, 50, 100), wildNumber);
  const whole = odd(fc.constantFrom(0, 1, 50, 100), wildNumber);
  const name = odd(fc.constantFrom('x-user', 'X-Request-Id', 'a', 'accept'), fc.constantFrom('', ':path', 'a b', '@request.auth.claims.sub', 'host'));
  const value = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c-1', '100%%', '%START_TIME%') }, { weight: oddity === 0 ? 0 : 1, arbitrary: text });
  const path = odd(fc.constantFrom('/', '/a', '/a/b', '/v1/', '/orders'), fc.constantFrom('', 'a', '/a?b', '/ä'));
  const regex = odd(fc.constantFrom('/v[12]/.*', '(?i)/a', '[0-9]+', 'a|b', '.*'), fc.constantFrom('(?=a)', '(', '\\1', 'a{1001}', '*', ''));
  const portNumber = odd(fc.constantFrom(80, 443, 3306, 5432, 8080, 9090, 65_535), wildNumber);

  /** Whole percentages that mostly add up to 100. */
  const weights = (length: number): fc.Arbitrary<number[]> => odd(
    fc.array(fc.nat(100), { minLength: length, maxLength: length }).map((list) => {
      const sum = list.reduce((a, b) => a + b, 0);
      const scaled = list.map((one) => sum === 0 ? 0 : Math.floor(one * 100 / sum));
      return [100 - scaled.slice(1).reduce((a, b) => a + b, 0), ...scaled.slice(1)];
    }),
    fc.array(wildNumber, { maxLength: length }),
  );

  const policy: Part<PolicySpec> = {
    retry: fc.oneof(
      fc.constant('never' as const),
      fc.tuple(odd(fc.integer({ min: 1, max: 10 }), wildNumber), some({
        perTry: millis, backOff: millis, on: fc.subarray([...RETRY_ON], { minLength: 1 }), status: odd(fc.constantFrom(409, 429, 503), fc.constantFrom(200, 499, 599)),
      })).map(([retries, rest]) => ({ retries, ...rest })),
    ),
    deadline: millis,
  };

  const ports = (minLength: number): fc.Arbitrary<PortSpec[]> => fc.uniqueArray(
    fc.tuple(fc.constantFrom(...PROTOCOLS), portNumber, some<Partial<PortSpec>>({
      port: portNumber, suffix: odd(fc.constantFrom('a', 'b', 'main'), fc.constantFrom('', 'A', 'much-too-long-for-it')), streaming: fc.boolean(),
    })).map(([protocol, containerPort, rest]): PortSpec => ({ protocol, containerPort, ...rest })),
    { minLength, maxLength: 3, ...(oddity === 0 && { selector: (one: PortSpec) => one.port ?? one.containerPort }) },
  ).map((list) => (
    // Without wild values, each port leads to a container port of its own.
    oddity === 0 ? list.map((one, n) => ({ ...one, port: one.port ?? one.containerPort, containerPort: 7000 + n, suffix: `p${n}` })) : list
  ));

  const breaker: fc.Arbitrary<BreakerSpec> = fc.tuple(fc.boolean(), some<Omit<BreakerSpec, 'ejects'>>({
    tcp: some({ maxConnections: count, keepaliveProbes: count }),
    tcpTimes: some({ connectTimeout: millis, maxConnectionDuration: millis, idleTimeout: millis, keepaliveAfter: millis, keepaliveEvery: millis }),
    http: some<Record<string, number | boolean>>({
      maxPendingRequests: count, maxRequests: count, maxRequestsPerConnection: count, maxRetries: count, maxConcurrentStreams: count, upgradeToHttp2: fc.boolean(),
    }),
    eject: some({ after: count, afterGatewayErrors: count, atMostPercent: whole, minHealthyPercent: whole }),
    ejectTimes: some({ checkEvery: millis, lasting: millis }),
    retryBudget: some({ percent, minConcurrency: count }),
  })).map(([ejects, rest]) => ({ ejects, ...rest }));

  const locality = fc.constantFrom<BalancingSpec['locality'] & object>(
    {}, { failover: [{ region: 'eu', failoverTo: 'us' }] }, { failoverPriority: ['example.com/rack'] },
    { failover: [{ region: 'eu', failoverTo: 'us' }], failoverPriority: ['example.com/rack'] },
    { distribute: [{ locality: 'eu/a/*', shares: { 'eu/a/*': 80, 'us': 20 } }] },
    ...(oddity === 0 ? [] : [{ distribute: [{ locality: 'eu', shares: { eu: 99 } }] }, { failover: [{ region: 'eu', failoverTo: 'eu' }] }]),
  );
  const balancing: fc.Arbitrary<BalancingSpec> = fc.tuple(
    fc.constantFrom('leastRequest', 'roundRobin', 'random', 'header', 'cookie', 'query', 'sourceIp'), some<Omit<BalancingSpec, 'algorithm'>>({
      warmUp: millis, locality, table: odd(fc.constantFrom({ maglevTableSize: 65_537 }, { minimumRingSize: 64 }), fc.constant({ maglevTableSize: 4 })),
    }),
  ).map(([algorithm, { warmUp, table, ...rest }]) => {
    const warms = algorithm === 'leastRequest' || algorithm === 'roundRobin';
    return { algorithm, table, ...rest, ...((warms || oddity > 0) && { warmUp }) } as BalancingSpec;
  });

  const pathMatch = fc.oneof(
    fc.tuple(fc.constantFrom('exact', 'prefix'), path).map(([kind, one]) => ({ kind, value: one })), regex.map((one) => ({ kind: 'regex', value: one })),
  );
  const match = some<MatchSpec>({
    path: fc.tuple(pathMatch, fc.boolean()).map(([one, ignoreCase]) => ({ ...one, ignoreCase })) as fc.Arbitrary<MatchSpec['path'] & object>,
    method: odd(fc.constantFrom('GET', 'POST', 'DELETE'), fc.constantFrom('', 'get')),
    header: fc.record({ name, kind: fc.constantFrom('exact', 'prefix', 'regex', 'present', 'absent'), value: fc.constantFrom('a', 'me', '[a-z]+') }),
    query: fc.record({ name: fc.constantFrom('q', 'page'), kind: fc.constantFrom('exact', 'regex'), value: fc.constantFrom('1', 'a.*') }),
    caller: index,
    port: portNumber,
  });

  const headers = some({ overwrite: fc.dictionary(name, value, { maxKeys: 2 }), append: fc.dictionary(name, value, { maxKeys: 2 }), remove: fc.array(name, { maxLength: 2 }) });
  const target = some<TargetSpec>({ service: index, subset: index, ...(oddity === 0 ? {} : { port: portNumber }) } as Part<TargetSpec>);
  const backends = fc.integer({ min: 1, max: 3 }).chain((length) => fc.tuple(fc.array(target, { minLength: length, maxLength: length }), weights(length)))
    .map(([targets, list]) => targets.map((one, n) => ({ ...one, weight: list[n] ?? 0 })));
  const acts = fc.oneof(
    { weight: 4, arbitrary: some<Partial<RouteSpec>>({ backends }) },
    { weight: 2, arbitrary: fc.record({ split: weights(2) }) },
    { weight: 1, arbitrary: fc.record({ plain: fc.record({ redirect: some({
      path, authority: fc.constant('shop.example.com'), scheme: odd(fc.constantFrom('http', 'https'), fc.constant('ftp')), port: portNumber,
      status: odd(fc.constantFrom(301, 302, 303, 307, 308), fc.constantFrom(200, 304)),
    }).map((one) => oddity === 0 && one.path === undefined ? { ...one, path: '/' } : one) }) }) },
    { weight: 1, arbitrary: fc.record({ plain: fc.record({ directResponse: fc.record({ status: odd(fc.constantFrom(200, 404, 503), wildNumber), body: text }) }) }) },
  );
  const forwards = some<Partial<RouteSpec> & { rewrite: object }>({
    ...policy,
    streaming: fc.boolean(),
    mirrors: fc.array(fc.tuple(target, fc.record({ percent })).map(([one, share]) => ({ ...one, ...share })), { maxLength: 2 })
      .map((list) => oddity === 0 ? list.map((one) => ({ ...one, service: one.service ?? 0 })) : list),
    fault: some({ delayMs: millis, abortStatus: odd(fc.constantFrom(500, 503), wildNumber), delayPercent: percent, abortPercent: percent }).map((one) => (
      oddity === 0 ? { delayMs: 5, abortStatus: 500, ...one } : one
    )),
    rewrite: fc.oneof(some({ path, authority: fc.constant('shop.example.com') }), fc.record({ pathPattern: regex, pathSubstitution: odd(value, fc.constant('')) }))
      .map((one) => oddity === 0 && Object.keys(one).length === 0 ? { path: '/' } : one),
  } as never);
  const route: fc.Arbitrary<RouteSpec> = fc.tuple(
    acts, forwards, some<Partial<RouteSpec>>({ matches: fc.array(match, { maxLength: 2 }), cors: some({
      methods: fc.subarray(['GET', 'POST', '*']), headers: fc.array(name, { maxLength: 2 }), maxAgeSeconds: fc.constantFrom(1, 60), credentials: fc.boolean(),
    }) } as never), some({ requestHeaders: headers, responseHeaders: headers }),
  ).map(([act, { rewrite, deadline, ...rest }, others, changes]) => {
    const answers = act.plain !== undefined;
    const plain = { ...act.plain, ...changes, ...((!answers || oddity > 0) && rewrite !== undefined && { rewrite }) };
    return {
      ...act, ...others, ...((!answers || oddity > 0) && { ...rest, ...(!(rest.streaming ?? false) && { deadline }) }), plain,
    } as RouteSpec;
  });

  const labels = fc.dictionary(fc.constantFrom('track', 'example.com/zone'), fc.constantFrom('a', 'b'), { maxKeys: 2 });
  const version = fc.tuple(fc.boolean(), some<Omit<VersionSpec, 'hasWorkload'>>({ labels, breaker, balancing })).map(([hasWorkload, rest]) => ({ hasWorkload, ...rest }));
  const service: fc.Arbitrary<ServiceSpec> = fc.tuple(
    fc.record({
      namespace: index, form: fc.constantFrom('workload', 'workload', 'workload', 'podLabels', 'existing'), kind: fc.constantFrom('Deployment', 'Deployment', ...KINDS),
      versions: fc.array(version, { maxLength: 2 }), routes: fc.array(route, { maxLength: 3 }),
    }),
    some<Partial<ServiceSpec>>({
      ...policy, headless: fc.boolean(), breaker, balancing, egress: fc.constantFrom('declared', 'namespace', 'everything'),
      replicas: odd(fc.constantFrom<[number, number]>([1, 1], [2, 2], [0, 3]), fc.constantFrom([3, 2], [-1, 1], [0, 0])) as fc.Arbitrary<[number, number]>,
      account: fc.constantFrom('service', 'workload'), subset: odd(fc.constantFrom('stable', 'main'), fc.constantFrom('v2', 'A', '')),
      carried: fc.constantFrom<Record<string, string>>({ app: 'own' }, { version: 'blue' }, { 'app': 'own', 'example.com/team': 'a' }),
    } as never),
  ).chain(([required, optional]) => (
    fc.tuple(ports(required.form === 'existing' ? 1 : 0), fc.option(weights(required.versions.length + 1), { nil: undefined }))
      .map(([list, split]) => ({ ...required, ...optional, ports: list, split }) as ServiceSpec)
  ));

  const host = odd(fc.constantFrom('api.example.com', 'db.example.org', '*.example.net', 'a.b.c.example'), fc.constantFrom('localhost', '10.0.0.1', 'A.example.com', ''));
  const external: fc.Arbitrary<ExternalSpec> = fc.tuple(
    fc.record({ namespace: index, hosts: fc.uniqueArray(host, { minLength: 1, maxLength: 2 }), ports: ports(1) }),
    some<Partial<ExternalSpec>>({
      ...policy, breaker, originateTls: fc.boolean(), addresses: fc.constantFrom(['10.1.2.3'], ['10.1.0.0/16'], ['2001:db8::1']),
      endpoints: odd(fc.constantFrom(['192.0.2.1'], ['db.example.org', 'db2.example.org']), fc.constant(['http://a'])),
    } as never),
  ).map(([required, optional]) => ({
    ...required, ...optional, ...(oddity === 0 && { ports: required.ports.map((one) => one.protocol === 'udp' ? { ...one, protocol: 'tcp' as const } : one) }),
  }));

  const call: fc.Arbitrary<CallSpec> = fc.tuple(index, index, some<Omit<CallSpec, 'from' | 'to'>>({ ...policy, port: index, times: fc.nat(3), idempotent: fc.boolean() }))
    .map(([from, to, rest]) => ({ from, to, ...rest }));

  return fc.tuple(
    fc.record({
      release: fc.constantFrom('1.30', '1.31'), meshUnderApp: fc.boolean(), declaresNamespaces: fc.boolean(), namespaces: fc.integer({ min: 1, max: 3 }),
      services: fc.array(service, { minLength: 1, maxLength: 4 }), externals: fc.array(external, { maxLength: 2 }), calls: fc.array(call, { maxLength: 6 }),
      order: fc.array(fc.nat(9), { maxLength: 8 }),
    }),
    some<Partial<ProgramSpec>>({ ...policy, revision: odd(fc.constantFrom('canary', 'rev-2'), fc.constant('1.31')), breaker, balancing } as never),
  ).map(([required, optional]) => ({ ...required, ...optional }));
}
