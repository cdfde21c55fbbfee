import { Duration, JsonPatch } from 'cdk8s';
import {
  AuthorizationMode, EgressScope, FindingCode, MeshPort, MigrationProof, MtlsMigration, Principal, Severity, ZeroTrustScope,
} from '../../src';
import { Shop } from './program';

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

const SECURITY = ['security.istio.io', 'networking.k8s.io', 'monitoring.coreos.com'];

function weighty(shop: Shop): FindingCode[] {
  return shop.mesh.findings.filter(({ severity }) => severity !== Severity.INFO).map(({ code }) => code);
}

function small(rest: Parameters<Shop['policy']>[0] = {}, first: 'policy' | 'services' = 'services'): Shop {
  const shop = new Shop();
  if (first === 'policy') {
    shop.policy(rest);
  }
  const [web, orders] = ['web', 'orders'].map((name) => shop.service(name));
  web.calls(orders);
  if (first === 'services') {
    shop.policy(rest);
  }
  web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
  return shop;
}

test('the whole of a small shop', () => {
  const shop = small();
  expect(shop.names(...SECURITY)).toEqual([
    'AuthorizationPolicy shop/default-deny', 'AuthorizationPolicy shop/orders', 'AuthorizationPolicy shop/web', 'NetworkPolicy shop/default-deny',
    'NetworkPolicy shop/orders', 'NetworkPolicy shop/web', 'PeerAuthentication shop/default',
  ]);
  expect(shop.find('AuthorizationPolicy', 'default-deny')!.spec).toEqual({});
  expect(shop.find('AuthorizationPolicy', 'orders')).toMatchObject({
    metadata: { name: 'orders', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'orders' } }, action: 'ALLOW',
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }], to: [{ operation: { ports: ['8080'] } }] }],
    },
  });
  expect(shop.find('PeerAuthentication', 'default')!.spec).toEqual({ mtls: { mode: 'STRICT' } });
  expect(shop.mesh.findings).toEqual([]);
});

test('constructs work in any order', () => {
  const sorted = (shop: Shop) => shop.written().map((one) => JSON.stringify(one)).sort();
  expect(sorted(small({}, 'policy'))).toEqual(sorted(small({}, 'services')));
});

test('calls leave only for what was declared', () => {
  const shop = small();
  shop.service('wide', { egress: EgressScope.everything(), ports: [] });
  expect(shop.find('Sidecar', 'web')!.spec).toEqual({
    workloadSelector: { labels: { app: 'web' } }, egress: [{ hosts: ['istio-system/*', 'shop/orders.shop.svc.cluster.local'] }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  });
  expect(shop.find('Sidecar', 'orders')!.spec.egress).toEqual([{ hosts: ['istio-system/*'] }]);
  expect(shop.find('Sidecar', 'wide')!.spec).toMatchObject({ egress: [{ hosts: ['*/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
});

test.each([['sealEgress', 'Sidecar', 1], ['networkPolicies', 'NetworkPolicy', 0]] as const)('%s may be turned off', (property, kind, count) => {
  const found = small({ [property]: false }).written().filter((one) => one.kind === kind);
  expect(found).toHaveLength(count);
  expect(JSON.stringify(found)).not.toContain('REGISTRY_ONLY');
});

describe('stages', () => {
  function staged(mtls: MtlsMigration): [mode: string, dryRun: string | undefined, names: string[]] {
    const shop = small({ mtls });
    return [
      shop.find('PeerAuthentication', 'default')!.spec.mtls.mode, shop.find('AuthorizationPolicy', 'orders')!.metadata.annotations?.['istio.io/dry-run'],
      shop.names('networking.k8s.io'),
    ];
  }
  const NETWORK = ['NetworkPolicy shop/default-deny', 'NetworkPolicy shop/orders', 'NetworkPolicy shop/web'];

  test.each<[string, MtlsMigration, string, string | undefined, string[]]>([
    ['permissive', MtlsMigration.permissive(), 'PERMISSIVE', 'true', []],
    ['permissive with proof', MtlsMigration.permissiveWithProof(), 'PERMISSIVE', 'true', []],
    ['strict elsewhere', MtlsMigration.strictFor('bank'), 'PERMISSIVE', 'true', []],
    ['strict here', MtlsMigration.strictFor('bank', 'shop'), 'STRICT', undefined, NETWORK],
    ['strict', MtlsMigration.strict(), 'STRICT', undefined, NETWORK],
    ['strict but here', MtlsMigration.strictExcept('shop', { reason: 'old', until: '2027-01-01' }), 'PERMISSIVE', 'true', []],
    ['strict but elsewhere', MtlsMigration.strictExcept('x', { reason: 'old' }).exceptFor('y', { reason: 'old' }), 'STRICT', undefined, NETWORK],
  ])('%s', (_, mtls, mode, dryRun, network) => {
    expect(staged(mtls)).toEqual([mode, dryRun, network]);
  });

  test('nothing is refused where connections may be plain: egress is not sealed, and every policy is a dry run', () => {
    const shop = small({ mtls: MtlsMigration.permissive() });
    const orders = shop.mesh.services.find(({ serviceName }) => serviceName === 'orders')!;
    orders.deny(Principal.serviceAccount('a', 'b'));
    const policies = shop.written().filter(({ kind }) => kind === 'AuthorizationPolicy');
    expect(policies.map(({ metadata }) => metadata.annotations['istio.io/dry-run'])).toEqual(['true', 'true', 'true', 'true']);
    expect(JSON.stringify(shop.written())).not.toContain('REGISTRY_ONLY');
  });

  test('going back is one edit: everything else stays', () => {
    const names = (mtls: MtlsMigration) => small({ mtls, networkPolicies: false, sealEgress: false }).names('');
    expect(names(MtlsMigration.permissive())).toEqual(names(MtlsMigration.strict()));
  });

  test('enforcing before everybody is strict, and auditing after', () => {
    const annotations = (shop: Shop) => shop.find('AuthorizationPolicy', 'orders')!.metadata.annotations;
    expect(annotations(small({ mtls: MtlsMigration.permissive(), authorization: AuthorizationMode.ENFORCE }))).toBeUndefined();
    expect(annotations(small({ authorization: AuthorizationMode.AUDIT }))).toEqual({ 'istio.io/dry-run': 'true' });
  });
});

describe('proof', () => {
  const proof = (mtls: MtlsMigration, rest = {}) => small({ mtls, ...rest }).find('PeerAuthentication', 'default')!.metadata.annotations['cdk8s-mesh/proof'];

  test('a query on the policy of each namespace', () => {
    expect(proof(MtlsMigration.permissive())).toMatch(/^\(absent\(istio_requests_total\{[^}]*destination_workload_namespace="shop"\}.*or vector\(0\)\)$/);
    const asked = proof(MtlsMigration.permissiveWithProof());
    expect(asked).toContain('increase(istio_requests_total{reporter="destination",connection_security_policy="none",destination_workload_namespace="shop"}[7d])');
    expect(asked).toContain('authz_dry_run_result="denied",namespace="shop"');
    expect(proof(MtlsMigration.strict())).toBe('(sum(increase(istio_requests_total{reporter="source",destination_service_namespace="shop",response_flags=~".*(UF|URX).*"}[10m])) or vector(0))');
  });

  test.each([[Duration.days(14), '14d'], [Duration.hours(36), '36h'], [Duration.minutes(90), '90m'], [Duration.seconds(90), '90s'], [Duration.millis(1500), '1500ms']])(
    'over %s', (window, text) => {
      expect(proof(MtlsMigration.permissiveWithProof(), { proof: MigrationProof.query({ window }) })).toContain(`[${text}]`);
    },
  );

  test('a PrometheusRule instead', () => {
    const shop = small({ mtls: MtlsMigration.permissiveWithProof(), proof: MigrationProof.prometheusRule({ labels: { release: 'prometheus' } }) });
    const rule = shop.find('PrometheusRule', 'mtls-migration')!;
    expect(rule.metadata.labels).toEqual({ release: 'prometheus' });
    expect(rule.spec.groups[0].rules.map(({ alert }: { alert: string }) => alert)).toEqual(['MeshReportsNothing', 'MeshPlaintext', 'MeshWouldRefuse']);
    expect(shop.find('PeerAuthentication', 'default')!.metadata.annotations).toBeUndefined();
    const alerts = (mtls: MtlsMigration) => small({ mtls, proof: MigrationProof.prometheusRule() }).find('PrometheusRule', 'mtls-migration')!.spec.groups[0].rules
      .map(({ alert }: { alert: string }) => alert);
    expect([alerts(MtlsMigration.permissive()), alerts(MtlsMigration.strict())]).toEqual([['MeshReportsNothing'], ['MeshCutOff']]);
  });
});

describe('scopes', () => {
  function two(scope?: ZeroTrustScope, mtls?: MtlsMigration): Shop {
    const shop = new Shop();
    const web = shop.service('web');
    const ledger = shop.service('ledger', { namespace: 'bank' });
    web.calls(ledger);
    web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
    shop.policy({ scope, mtls, networkPolicies: false });
    return shop;
  }

  test('every namespace of the program', () => {
    expect(two().names('security.istio.io')).toEqual([
      'AuthorizationPolicy bank/default-deny', 'AuthorizationPolicy bank/ledger', 'AuthorizationPolicy shop/default-deny', 'AuthorizationPolicy shop/web',
      'PeerAuthentication bank/default', 'PeerAuthentication shop/default',
    ]);
  });

  test('named namespaces, also those without services yet', () => {
    const shop = two(ZeroTrustScope.namespaces('shop', 'later'));
    expect(shop.names('security.istio.io')).toEqual([
      'AuthorizationPolicy later/default-deny', 'AuthorizationPolicy shop/default-deny', 'AuthorizationPolicy shop/web', 'PeerAuthentication later/default', 'PeerAuthentication shop/default',
    ]);
    expect(weighty(shop)).toEqual([FindingCode.UNCOVERED_SERVICE, FindingCode.POLICY_SELECTS_NOTHING]);
  });

  test('the whole mesh, with its gateways and exceptions', () => {
    const gateways = [{ namespace: 'istio-ingress', labels: { istio: 'ingressgateway' } }];
    const shop = two(ZeroTrustScope.wholeMesh({ gateways }), MtlsMigration.strictExcept('bank', { reason: 'old', until: '2027-01-01' }));
    expect(shop.names('security.istio.io')).toEqual([
      'AuthorizationPolicy bank/ledger', 'AuthorizationPolicy bank/open', 'AuthorizationPolicy istio-ingress/gateway-ingressgateway', 'AuthorizationPolicy istio-system/default-deny',
      'AuthorizationPolicy shop/web', 'PeerAuthentication bank/default', 'PeerAuthentication istio-system/default',
    ]);
    expect(shop.find('AuthorizationPolicy', 'open', 'bank')!.spec).toEqual({ rules: [{}] });
    expect(shop.find('AuthorizationPolicy', 'gateway-ingressgateway', 'istio-ingress')!.spec).toEqual({ selector: { matchLabels: { istio: 'ingressgateway' } }, rules: [{}] });
    expect(shop.find('PeerAuthentication', 'default', 'istio-system')!.spec).toEqual({ mtls: { mode: 'STRICT' } });
    expect(shop.find('PeerAuthentication', 'default', 'bank')!.spec).toEqual({ mtls: { mode: 'PERMISSIVE' } });
    expect(shop.find('AuthorizationPolicy', 'ledger', 'bank')!.metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  });

  test('the whole mesh, a namespace at a time', () => {
    const shop = two(ZeroTrustScope.wholeMesh({ gateways: [] }), MtlsMigration.strictFor('bank'));
    expect(shop.find('PeerAuthentication', 'default', 'istio-system')!.spec).toEqual({ mtls: { mode: 'PERMISSIVE' } });
    expect(shop.find('AuthorizationPolicy', 'default-deny', 'istio-system')!.metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
    expect(shop.find('PeerAuthentication', 'default', 'bank')!.spec).toEqual({ mtls: { mode: 'STRICT' } });
    expect(shop.find('AuthorizationPolicy', 'default-deny', 'bank')).toMatchObject({ metadata: { namespace: 'bank' }, spec: {} });
    expect(shop.find('AuthorizationPolicy', 'default-deny', 'bank')!.metadata.annotations).toBeUndefined();
  });

  test('services of the control plane\'s namespace are left out: what is written there holds everywhere', () => {
    const shop = new Shop();
    shop.service('gateway', { namespace: 'istio-system' });
    shop.policy();
    expect(shop.names('security.istio.io')).toEqual([]);
    expect(weighty(shop)).toEqual([FindingCode.UNCOVERED_SERVICE]);
  });
});

test('trust domains that the mesh had before stay valid', () => {
  const shop = new Shop({ trustDomain: 'shop.example', trustDomainAliases: ['old.example'] });
  const [web, orders] = ['web', 'orders'].map((name) => shop.service(name));
  web.calls(orders);
  orders.allow(Principal.serviceAccount('batch', 'nightly', { trustDomain: 'partner.example' }));
  shop.policy();
  expect(shop.find('AuthorizationPolicy', 'orders')!.spec.rules[0].from[0].source.principals).toEqual([
    'old.example/ns/shop/sa/web', 'partner.example/ns/batch/sa/nightly', 'shop.example/ns/shop/sa/web',
  ]);
});

test('pods outside the mesh get no proxy and no policy', () => {
  const shop = new Shop();
  const orders = shop.service('orders', { meshed: false });
  const web = shop.service('web');
  web.calls(orders);
  web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
  shop.policy();
  expect(shop.find('AuthorizationPolicy', 'orders')).toBeUndefined();
  expect(shop.find('Sidecar', 'orders')).toBeUndefined();
  expect(shop.written().find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'orders')!.spec.template.metadata.labels)
    .toMatchObject({ 'sidecar.istio.io/inject': 'false', 'app': 'orders' });
});

test('versions under accounts of their own are all callers', () => {
  const shop = new Shop();
  const web = shop.service('web', { version: 'v1' });
  const second = shop.pods('web-v2');
  second.addJsonPatch(JsonPatch.add('/spec/template/spec/serviceAccountName', 'web-next'));
  web.addVersion('v2', { workload: second });
  web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
  const orders = shop.service('orders');
  web.calls(orders);
  shop.policy();
  expect(shop.find('AuthorizationPolicy', 'orders')!.spec.rules[0].from[0].source.principals).toEqual(['cluster.local/ns/shop/sa/web', 'cluster.local/ns/shop/sa/web-next']);
});

describe('the network beside the mesh', () => {
  test('opens declared ports to the pods of declared callers, and the agent\'s to everybody', () => {
    const shop = new Shop();
    const dns = shop.service('dns', { ports: [MeshPort.udp(53), MeshPort.tcp(5300, { port: 53 })] });
    const web = shop.service('web');
    web.calls(dns);
    web.allow(Principal.anyone(), { reason: 'the shop window' });
    // Each peer is written once, however often it is named.
    dns.allow(Principal.addresses('10.0.0.0/8', '192.0.2.1', '192.0.2.1', '2001:db8::1'));
    dns.allow(Principal.addresses('10.0.0.0/8'));
    dns.allow(Principal.namespace('ops'), { reason: 'one team' });
    dns.allow(Principal.anyWorkload(), { reason: 'everybody asks' });
    shop.policy();
    expect(shop.find('NetworkPolicy', 'default-deny')!.spec).toEqual({
      podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [15020, 15021, 15090].map((port) => ({ protocol: 'TCP', port })) }],
    });
    const pods = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'web' } } };
    expect(shop.find('NetworkPolicy', 'dns')!.spec).toEqual({
      podSelector: { matchLabels: { app: 'dns' } }, policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            pods, { ipBlock: { cidr: '10.0.0.0/8' } }, { ipBlock: { cidr: '192.0.2.1/32' } }, { ipBlock: { cidr: '2001:db8::1/128' } },
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }, { namespaceSelector: {} },
          ],
          ports: [{ protocol: 'TCP', port: 5300 }],
        },
        { from: [pods], ports: [{ protocol: 'UDP', port: 53 }] },
      ],
    });
    expect(shop.find('NetworkPolicy', 'web')!.spec.ingress).toEqual([{ ports: [{ protocol: 'TCP', port: 8080 }] }]);
  });

  test('a service that nobody may call opens nothing', () => {
    const shop = new Shop();
    shop.service('web');
    shop.policy();
    expect(shop.find('NetworkPolicy', 'web')!.spec.ingress).toEqual([]);
  });
});
