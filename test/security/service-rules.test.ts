/** What services say of their own protection, as it is written. */
import { Duration } from 'cdk8s';
import {
  ExternalAuthorizer, JwtIssuer, MeshPort, MtlsMode, Principal, RouteBackend, RouteMatch,
} from '../../src';
import { Shop, Written } from './program';

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

const BOTH = [MeshPort.http(8080, { port: 80 }), MeshPort.tcp(9000)];
const ALICE = Principal.serviceAccount('a', 'alice');
const ALICE_ID = 'cluster.local/ns/a/sa/alice';

/** Each rule as its sources and operations. */
function rules(policy: Written | undefined): unknown[] {
  return (policy?.spec.rules ?? []).map((rule: any) => ({
    ...rule.from && { from: rule.from.map(({ source }: any) => source) },
    ...rule.to && { to: rule.to.map(({ operation }: any) => operation) },
    ...rule.when && { when: rule.when },
  }));
}

function shop(declare: (it: Shop) => void): Shop {
  const it = new Shop();
  declare(it);
  it.policy({ networkPolicies: false });
  return it;
}

describe('allowing', () => {
  test('calls become rules: all ports, one port, methods and paths; callers of the same requests share one', () => {
    const it = shop((at) => {
      const orders = at.service('orders', { ports: BOTH });
      const [web, mail, batch] = ['web', 'mail', 'batch'].map((name) => at.service(name, { ports: [] }));
      web.calls(orders);
      mail.calls(orders);
      batch.calls(orders, { port: 80, methods: ['POST'], paths: ['/reconcile'] });
      batch.calls(orders, { port: 9000 });
    });
    const principal = (name: string) => `cluster.local/ns/shop/sa/${name}`;
    expect(rules(it.find('AuthorizationPolicy', 'orders'))).toEqual([
      { from: [{ principals: [principal('mail'), principal('web')] }], to: [{ ports: ['8080', '9000'] }] },
      { from: [{ principals: [principal('batch')] }], to: [{ ports: ['8080'], methods: ['POST'], paths: ['/reconcile'] }] },
      { from: [{ principals: [principal('batch')] }], to: [{ ports: ['9000'] }] },
    ]);
  });

  test('an operation stands for its methods and paths', () => {
    const it = shop((at) => {
      const orders = at.service('orders', { ports: BOTH });
      orders.addRoute('place', { matches: [RouteMatch.all(RouteMatch.prefix('/orders'), RouteMatch.method('POST')), RouteMatch.exact('/place')] });
      at.service('web', { ports: [] }).calls(orders, { operation: 'place' });
    });
    expect(rules(it.find('AuthorizationPolicy', 'orders')).map((rule: any) => rule.to[0])).toEqual([
      { ports: ['8080'], methods: ['POST'], paths: ['/orders*'] }, { ports: ['8080'], paths: ['/place'] },
    ]);
  });

  test('who is led on by a route may call where it leads, with the path that it makes', () => {
    const it = shop((at) => {
      const next = at.service('next', { ports: BOTH });
      const copy = at.service('copy');
      const orders = at.service('orders');
      orders.addRoute('new', {
        matches: [RouteMatch.prefix('/v2/')], backends: [RouteBackend.service(next)], rewrite: { path: '/' }, mirrors: [{ service: copy, percent: 10 }],
      });
      at.service('web', { ports: [] }).calls(orders);
    });
    const web = { from: [{ principals: ['cluster.local/ns/shop/sa/web'] }] };
    expect(rules(it.find('AuthorizationPolicy', 'orders'))).toEqual([{ ...web, to: [{ ports: ['8080'] }] }]);
    expect(rules(it.find('AuthorizationPolicy', 'next'))).toEqual([{ ...web, to: [{ ports: ['8080'], paths: ['/*'] }] }]);
    expect(rules(it.find('AuthorizationPolicy', 'copy'))).toEqual([{ ...web, to: [{ ports: ['8080'], paths: ['/*'] }] }]);
  });

  test('sources of every kind', () => {
    const it = shop((at) => {
      const orders = at.service('orders');
      orders.allow(ALICE);
      orders.allow(Principal.namespace('ops'), { reason: 'one team' });
      orders.allow(Principal.addresses('10.0.0.0/8'));
      orders.allow(Principal.clientAddresses('192.0.2.0/24'), { hosts: ['shop.example.com', '*.example.org'] });
      orders.allow(Principal.anyWorkload(), { methods: ['GET'], reason: 'reading is free' });
      orders.allow(Principal.anyone(), { paths: ['/public/*'], reason: 'the shop window' });
    });
    expect(rules(it.find('AuthorizationPolicy', 'orders'))).toEqual([
      { from: [{ principals: [ALICE_ID, 'cluster.local/ns/ops/sa/*'] }, { ipBlocks: ['10.0.0.0/8'] }], to: [{ ports: ['8080'] }] },
      { from: [{ remoteIpBlocks: ['192.0.2.0/24'] }], to: [{ ports: ['8080'], hosts: ['shop.example.com', 'shop.example.com:*', '*.example.org'] }] },
      { from: [{ principals: ['*'] }], to: [{ ports: ['8080'], methods: ['GET'] }] },
      { to: [{ ports: ['8080'], paths: ['/public/*'] }] },
    ]);
  });

  test('a headless service lets its own pods in, a portless one has no policy', () => {
    const it = shop((at) => {
      at.service('db', { headless: true, ports: [MeshPort.postgres()] });
      at.service('batch', { ports: [] });
    });
    expect(rules(it.find('AuthorizationPolicy', 'db'))).toEqual([{ from: [{ principals: ['cluster.local/ns/shop/sa/db'] }], to: [{ ports: ['5432'] }] }]);
    expect(it.find('AuthorizationPolicy', 'batch')).toBeUndefined();
  });
});

describe('denying', () => {
  test('callers on all ports, requests on those that speak HTTP', () => {
    const it = shop((at) => {
      const orders = at.service('orders', { ports: BOTH });
      orders.allow(ALICE);
      orders.deny(ALICE);
      orders.deny(Principal.anyone(), { methods: ['DELETE'] });
      orders.deny(Principal.addresses('192.0.2.1'), { ports: [9000] });
    });
    const denial = it.find('AuthorizationPolicy', 'orders-deny')!;
    expect(denial.spec.action).toBe('DENY');
    expect(denial.metadata.annotations).toEqual({ 'istio.io/dry-run': 'false' });
    expect(rules(denial)).toEqual([
      { from: [{ principals: [ALICE_ID] }] }, { to: [{ ports: ['8080'], methods: ['DELETE'] }] }, { from: [{ ipBlocks: ['192.0.2.1'] }], to: [{ ports: ['9000'] }] },
    ]);
  });
});

describe('paths that other spellings could slip under', () => {
  const filter = (declare: (orders: ReturnType<Shop['service']>, at: Shop) => void, refuseEncodedSlashes = true) => {
    const at = new Shop();
    declare(at.service('orders'), at);
    at.policy({ refuseEncodedSlashes });
    return at.find('EnvoyFilter', 'orders-paths');
  };

  test.each<[string, boolean, Parameters<typeof filter>[0]]>([
    ['a prefix', true, (orders) => orders.allow(ALICE, { paths: ['/api/*'] })],
    ['a template', true, (orders) => orders.allow(ALICE, { paths: ['/users/{*}'] })],
    ['a denied path', true, (orders) => orders.deny(ALICE, { paths: ['/admin'] })],
    ['a public prefix', true, (orders) => orders.requireJwt(JwtIssuer.of('https://id.example.com', { audiences: ['shop'] }), { publicPaths: ['/public/*'] })],
    ['the paths of a call', true, (orders, at) => at.service('web').calls(orders, { paths: ['/api/*'] })],
    ['an operation', true, (orders, at) => {
      orders.addRoute('api', { matches: [RouteMatch.prefix('/api')] });
      at.service('web').calls(orders, { operation: 'api' });
    }],
    ['an exact path', false, (orders) => orders.allow(ALICE, { paths: ['/api'] })],
    ['no path', false, (orders) => orders.allow(ALICE, { methods: ['GET'] })],
  ])('%s: %s', (_, written, declare) => {
    expect(filter(declare) !== undefined).toBe(written);
    expect(filter(declare, false)).toBeUndefined();
  });

  test('encoded slashes and steps up with parameters are refused, repeated slashes are one', () => {
    const { spec } = filter((orders) => orders.allow(ALICE, { paths: ['/api/*'] }))!;
    expect(spec.workloadSelector).toEqual({ labels: { app: 'orders' } });
    const [merged, inserted] = spec.configPatches.map(({ patch }: any) => patch);
    expect(merged).toMatchObject({ operation: 'MERGE', value: { typed_config: { merge_slashes: true, path_with_escaped_slashes_action: 'REJECT_REQUEST' } } });
    const regex = new RegExp(`^${inserted.value.typed_config.rules.policies['step-up'].permissions[0].url_path.path.safe_regex.regex}$`);
    expect(['/api/..;/admin', '/api/.;/x', '/..;x=y/'].every((path) => regex.test(path))).toBe(true);
    expect(['/api/a;b/..x;', '/api/v1..;', '/a/...;/b', '/a;b/c'].some((path) => regex.test(path))).toBe(false);
  });
});

describe('tokens', () => {
  const full = JwtIssuer.of('https://id.example.com', {
    audiences: ['shop', 'app'], jwksUri: 'https://id.example.com/keys', fromHeaders: [{ name: 'x-token', prefix: 'Token ' }, { name: 'x-jwt' }], fromParams: ['token'], fromCookies: ['session'],
    claimsToHeaders: { 'x-user': 'sub', 'x-mail': 'email' }, payloadToHeader: 'x-payload', forwardToken: true, spaceDelimitedClaims: ['roles'], timeout: Duration.millis(1500),
  });

  test('every field of an issuer', () => {
    const it = shop((at) => at.service('orders').requireJwt(full));
    expect(it.find('RequestAuthentication', 'orders')!.spec).toEqual({
      selector: { matchLabels: { app: 'orders' } },
      jwtRules: [{
        issuer: 'https://id.example.com', audiences: ['shop', 'app'], jwksUri: 'https://id.example.com/keys',
        fromHeaders: [{ name: 'x-token', prefix: 'Token ' }, { name: 'x-jwt' }], fromParams: ['token'], fromCookies: ['session'],
        outputClaimToHeaders: [{ header: 'x-user', claim: 'sub' }, { header: 'x-mail', claim: 'email' }], outputPayloadToHeader: 'x-payload', forwardOriginalToken: true,
        spaceDelimitedClaims: ['roles'], timeout: '1500ms',
      }],
    });
  });

  test('a request without a token of one of the issuers is denied, whatever else allows it', () => {
    const second = JwtIssuer.of('https://partner.example.com/', { audiences: ['shop'], jwks: '{"keys":[{"kty":"RSA","n":"a","e":"b"}]}' });
    const options = { publicPaths: ['/healthz', '/public/*'], exempt: [ALICE], corsPreflight: true };
    const it = shop((at) => {
      const orders = at.service('orders', { ports: BOTH });
      orders.requireJwt(full, { ...options, claims: { 'groups': ['buyers', 'sellers'], 'realm][roles': ['admin'] } });
      orders.requireJwt(second, options);
    });
    const to = [{ ports: ['8080'], notPaths: ['/healthz', '/public/*'], notMethods: ['OPTIONS'] }];
    const bearer = { requestPrincipals: ['https://id.example.com/*'], notPrincipals: [ALICE_ID] };
    expect(rules(it.find('AuthorizationPolicy', 'orders-deny'))).toEqual([
      { from: [{ notRequestPrincipals: ['https://id.example.com/*', 'https://partner.example.com//*'], notPrincipals: [ALICE_ID] }], to },
      { from: [bearer], to, when: [{ key: 'request.auth.claims[groups]', notValues: ['buyers', 'sellers'] }] },
      { from: [bearer], to, when: [{ key: 'request.auth.claims[realm][roles]', notValues: ['admin'] }] },
    ]);
    expect(it.find('RequestAuthentication', 'orders')!.spec.jwtRules).toHaveLength(2);
  });

  test('without a policy, too, and on some ports', () => {
    const at = new Shop();
    const ports = [MeshPort.http(8080, { port: 80 }), MeshPort.http(8081, { port: 81 })];
    at.service('orders', { ports }).requireJwt(full, { ports: [81] });
    expect(rules(at.find('AuthorizationPolicy', 'orders-deny'))).toEqual([{ from: [{ notRequestPrincipals: ['https://id.example.com/*'] }], to: [{ ports: ['8081'] }] }]);
    expect(at.find('AuthorizationPolicy', 'orders')).toBeUndefined();
  });
});

describe('external authorizers', () => {
  test('requests, or connections, too', () => {
    const it = shop((at) => {
      const orders = at.service('orders', { ports: BOTH });
      orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { paths: ['/admin/*'], publicPaths: ['/admin/healthz'] });
      orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { ports: [80], paths: ['/x'] });
      at.service('db', { ports: BOTH }).requireAuthorizer(ExternalAuthorizer.provider('opa', { connections: true }));
    });
    expect(it.find('AuthorizationPolicy', 'orders-external')!.spec).toEqual({
      selector: { matchLabels: { app: 'orders' } }, action: 'CUSTOM', provider: { name: 'opa' },
      rules: [
        { to: [{ operation: { ports: ['8080'], paths: ['/admin/*'], notPaths: ['/admin/healthz'] } }] }, { to: [{ operation: { ports: ['8080'], paths: ['/x'] } }] },
      ],
    });
    expect(it.find('AuthorizationPolicy', 'db-external')!.spec.rules).toEqual([{ to: [{ operation: { ports: ['8080', '9000'] } }] }]);
  });
});

describe('plain ports', () => {
  test('by the number of the container, for connections without identity alone', () => {
    const it = shop((at) => {
      const orders = at.service('orders');
      orders.allow(ALICE);
      orders.acceptPlaintext(80, { reason: 'an old caller', until: '2027-01-01', addresses: ['192.0.2.0/24'] });
      orders.acceptPlaintext(9090, { reason: 'a scraper', until: '2027-01-01' });
    });
    expect(it.find('PeerAuthentication', 'orders')!.spec).toEqual({
      selector: { matchLabels: { app: 'orders' } }, portLevelMtls: { 8080: { mode: 'PERMISSIVE' }, 9090: { mode: 'PERMISSIVE' } },
    });
    expect(rules(it.find('AuthorizationPolicy', 'orders'))).toEqual([
      { from: [{ principals: [ALICE_ID] }], to: [{ ports: ['8080'] }] },
      { from: [{ ipBlocks: ['192.0.2.0/24'], notPrincipals: ['*'] }], to: [{ ports: ['8080'] }] },
      { from: [{ notPrincipals: ['*'] }], to: [{ ports: ['9090'] }] },
    ]);
  });

  test('a server that speaks first is plain for everybody, unless said otherwise', () => {
    const modes = (mode?: MtlsMode) => shop((at) => (
      at.service('db', { ports: [MeshPort.mysql()] }).acceptPlaintext(3306, { reason: 'the old shop', until: '2027-01-01', mode })
    ));
    expect(modes().find('PeerAuthentication', 'db')!.spec.portLevelMtls).toEqual({ 3306: { mode: 'DISABLE' } });
    expect(rules(modes().find('AuthorizationPolicy', 'db'))).toEqual([{ to: [{ ports: ['3306'] }] }]);
    expect(modes(MtlsMode.PERMISSIVE).find('PeerAuthentication', 'db')!.spec.portLevelMtls).toEqual({ 3306: { mode: 'PERMISSIVE' } });
  });
});
