/** Random programs. */
import fc from 'fast-check';
import { KINDS, ProgramSpec } from './program';
import { routes } from './routes';
import { acceptable, tamed } from './tamed';
import { index, some, values } from './values';

/** `tidy`: nearly all end in manifests; `untidy`: every value is well-formed, but hardly ever all together; `wild`: some are malformed. */
export type Temper = 'tidy' | 'untidy' | 'wild';

export function programs(temper: Temper): fc.Arbitrary<ProgramSpec> {
  const known = values(temper === 'wild');
  const { odd, weights, policy, breaker, balancing, ports } = known;

  const version = fc.tuple(fc.record({ hasWorkload: fc.boolean() }), some({
    labels: fc.dictionary(fc.constantFrom('track', 'example.com/zone'), fc.constantFrom('a', 'b'), { maxKeys: 2 }), breaker, balancing,
  })).map(([required, optional]) => ({ ...required, ...optional }));

  const service = fc.tuple(
    fc.record({
      namespace: index, form: fc.constantFrom('workload', 'workload', 'workload', 'podLabels', 'existing'),
      kind: fc.constantFrom('Deployment', 'Deployment', ...KINDS), versions: fc.array(version, { maxLength: 2 }),
      routes: fc.array(routes(known), { maxLength: 3 }),
    }),
    some({
      ...policy, headless: fc.boolean(), breaker, balancing, egress: fc.constantFrom('declared', 'namespace', 'everything'),
      replicas: odd(fc.constantFrom([1, 1], [2, 2], [0, 3]), fc.constantFrom([3, 2], [-1, 1], [0, 0])),
      account: fc.constantFrom('service', 'workload'), subset: odd(fc.constantFrom('stable', 'main'), fc.constantFrom('v2', 'A', '')),
      carried: fc.constantFrom({ app: 'own' }, { version: 'blue' }, { 'app': 'own', 'example.com/team': 'a' }),
    }),
  ).chain(([required, optional]) => (
    fc.tuple(ports(required.form === 'existing' ? 1 : 0), fc.option(weights(required.versions.length + 1), { nil: undefined }))
      .map(([list, split]) => ({ ...required, ...optional, ports: list, split }))
  ));

  const external = fc.tuple(
    fc.record({
      namespace: index, ports: ports(1), hosts: fc.uniqueArray(odd(
        fc.constantFrom('api-#.example.com', 'db-#.example.org', '*.e#.example', 'api.example.com'), fc.constantFrom('localhost', '10.0.0.1', 'A.example.com', ''),
      ), { minLength: 1, maxLength: 2 }),
    }),
    some({
      ...policy, breaker, originateTls: fc.boolean(), addresses: fc.constantFrom(['10.1.2.3'], ['10.1.0.0/16'], ['2001:db8::1']),
      endpoints: odd(fc.constantFrom(['192.0.2.1'], ['db.example.org', 'db2.example.org']), fc.constant(['http://a'])),
    }),
  ).map(([required, optional]) => ({ ...required, ...optional }));

  const call = fc.tuple(fc.record({ from: index, to: index }), some({ ...policy, port: index, times: fc.nat(3), idempotent: fc.boolean() }))
    .map(([required, optional]) => ({ ...required, ...optional }));

  return fc.tuple(
    fc.record({
      release: fc.constantFrom('1.30', '1.31'), meshUnderApp: fc.boolean(), declaresNamespaces: fc.boolean(),
      namespaces: fc.integer({ min: 1, max: 3 }),
      services: fc.array(service, { minLength: 1, maxLength: 4 }), externals: fc.array(external, { maxLength: 2 }),
      calls: fc.array(call, { maxLength: 6 }),
      order: fc.array(fc.nat(9), { maxLength: 8 }),
    }),
    some({ ...policy, revision: odd(fc.constantFrom('canary', 'rev-2'), fc.constant('1.31')), breaker, balancing }),
  ).map(([required, optional]) => {
    const spec = { ...required, ...optional };
    return temper === 'tidy' ? tamed(spec) : acceptable(spec);
  });
}
