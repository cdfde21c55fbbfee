/** What the matrix says is what the written policies do: both are asked about every pair and port of random programs. */
import { MeshPort, MeshService, Principal, RouteBackend, RouteMatch } from '../../src';
import { accessMatrix } from '../../src/model/access-matrix';
import fc from '../support/fc';
import { Shop, Written } from './program';

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

const NAMES = ['web', 'orders', 'ledger', 'batch'] as const;
const NAMESPACES: Readonly<Record<string, string>> = { web: 'shop', orders: 'shop', ledger: 'bank', batch: 'jobs' };
const PORTS = [80, 81, 9000];

interface Spec {
  readonly headless: readonly string[];
  readonly shared: boolean;
  readonly calls: readonly { readonly from: number; readonly to: number; readonly port?: number; readonly paths?: readonly string[] }[];
  readonly routes: readonly { readonly at: number; readonly to: number }[];
  readonly rules: readonly {
    readonly at: number; readonly deny: boolean; readonly principal: string; readonly ports: readonly number[]; readonly paths: readonly string[];
  }[];
  readonly plain: readonly number[];
}

const index = fc.nat(NAMES.length - 1);
const paths = fc.constantFrom(['/a'], ['/a/*', '/b']);
const spec: fc.Arbitrary<Spec> = fc.record({
  headless: fc.subarray([...NAMES]),
  shared: fc.boolean(),
  calls: fc.array(fc.record({
    from: index, to: index, port: fc.option(fc.constantFrom(...PORTS), { nil: undefined }), paths: fc.option(paths, { nil: undefined }),
  }), { maxLength: 6 }).map((list) => list.filter(({ from, to }) => from !== to)),
  routes: fc.array(fc.record({ at: index, to: index }), { maxLength: 2 }).map((list) => list.filter(({ at, to }) => at !== to)),
  rules: fc.array(fc.record({
    at: index, deny: fc.boolean(), principal: fc.constantFrom('web', 'orders', 'ledger', 'batch', 'namespace', 'workload', 'anyone', 'account'),
    ports: fc.subarray(PORTS, { maxLength: 2 }), paths: fc.oneof(fc.constant([]), paths),
  }), { maxLength: 4 }),
  plain: fc.subarray([0, 1, 2, 3], { maxLength: 2 }),
});

function build({ headless, shared, calls, routes, rules, plain }: Spec): Shop {
  const shop = new Shop();
  const services = NAMES.map((name) => shop.service(name, {
    namespace: NAMESPACES[name], headless: headless.includes(name), serviceAccountName: shared && NAMESPACES[name] === 'shop' ? 'all' : undefined,
    ports: [MeshPort.http(8080, { port: 80 }), MeshPort.http(8081, { port: 81 }), MeshPort.tcp(9000)],
  }));
  calls.forEach(({ from, to, port, paths: only }) => services[from].calls(services[to], { port, paths: only && [...only] }));
  routes.forEach(({ at, to }, number) => services[at].addRoute(`r${number}`, { matches: [RouteMatch.prefix(`/r${number}`)], backends: [RouteBackend.service(services[to], { port: 80 })] }));
  rules.forEach(({ at, deny, principal, ports, paths: only }) => {
    const options = { ...ports.length > 0 && { ports: [...ports] }, ...only.length > 0 && { paths: [...only] }, reason: 'random' };
    const who = principalOf(services, principal);
    return deny ? services[at].deny(who, options) : services[at].allow(who, options);
  });
  plain.forEach((at) => services[at].acceptPlaintext(81, { reason: 'random', until: '2027-01-01' }));
  shop.policy();
  return shop;
}

function principalOf(services: readonly MeshService[], name: string): Principal {
  switch (name) {
    case 'namespace': return Principal.namespace('shop');
    case 'workload': return Principal.anyWorkload();
    case 'anyone': return Principal.anyone();
    case 'account': return Principal.serviceAccount('jobs', 'batch');
    default: return Principal.service(services[NAMES.indexOf(name as (typeof NAMES)[number])]);
  }
}

/** Whether some request of the caller to the port passes, as Istio judges: denials first, then any rule that allows. A plain one has no identity. */
function passes(policies: readonly Written[], caller: string, callee: string, port: number, identity: boolean): boolean {
  const own = policies.filter(({ metadata, spec: { selector } }) => metadata.namespace === NAMESPACES[callee]
    && (selector === undefined || selector.matchLabels.app === callee));
  const whole = (rule: any) => (rule.to ?? []).every(({ operation }: any) => operation.paths === undefined);
  const hit = (action: string, filter: (rule: any) => boolean) => own.filter(({ spec: { action: is = 'ALLOW' } }) => is === action)
    .some((policy) => (policy.spec.rules ?? []).some((rule: any) => filter(rule) && matches(rule, caller, port, identity)));
  return !hit('DENY', whole) && hit('ALLOW', () => true);
}

function matches(rule: any, caller: string, port: number, identity: boolean): boolean {
  const name = `cluster.local/ns/${NAMESPACES[caller.split(' ')[0]]}/sa/${caller.split(' ')[1] ?? caller}`;
  const like = (pattern: string) => identity && (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name);
  const from = rule.from === undefined || rule.from.some(({ source }: any) => (
    (source.principals ?? ['']).some((one: string) => one === '' || like(one)) && !(source.notPrincipals ?? []).some(like)
  ));
  const container = { 80: '8080', 81: '8081', 9000: '9000' }[port]!;
  const to = rule.to === undefined || rule.to.some(({ operation: { ports } }: any) => ports === undefined || ports.includes(container));
  return from && to;
}

test('for 150 random programs', () => {
  const verdicts: Record<string, number> = {};
  let unnamed = 0;
  fc.assert(fc.property(spec, (random) => {
    const shop = build(random);
    const model = shop.mesh._judgement().model;
    const matrix = accessMatrix(model);
    const policies = policiesOf(shop);
    for (const caller of NAMES) {
      for (const callee of NAMES) {
        for (const { port, verdict } of matrix.cells(`${NAMESPACES[caller]}/${caller}`, `${NAMESPACES[callee]}/${callee}`)) {
          verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
          const account = random.shared && NAMESPACES[caller] === 'shop' ? `${caller} all` : caller;
          if (!matrix.named(`${NAMESPACES[callee]}/${callee}`).includes(`${NAMESPACES[caller]}/${caller}`)) {
            unnamed++;
            expect(verdict).toBe('refused');
          }
          const open = random.plain.includes(NAMES.indexOf(callee)) && port === 81;
          const expected = passes(policies, account, callee, port, true)
            || (open && passes(policies, account, callee, port, false));
          expect([caller, callee, port, verdict]).toEqual([caller, callee, port, expected ? 'allowed' : 'refused']);
        }
      }
    }
  }), { numRuns: 150 });
  expect(verdicts.allowed).toBeGreaterThan(250);
  expect(verdicts.refused).toBeGreaterThan(250);
  expect(unnamed).toBeGreaterThan(250);
});

/** Bodies as they would be written, also where a finding would stop the synth. */
function policiesOf(shop: Shop): Written[] {
  return shop.app.node.findAll().filter((construct: any) => construct.kind === 'AuthorizationPolicy').map((object: any) => object.toJson());
}
