/** What is refused where it is said: the construct or factory, the property and the value are in the message. */
import { App, Chart, Duration } from 'cdk8s';
import {
  ExternalAuthorizer, ExternalService, JwtIssuer, Mesh, MeshPort, MeshProvider, MeshService, MigrationProof, MtlsMigration, MtlsMode, Principal,
  ZeroTrustPolicy, ZeroTrustScope,
} from '../../src';
import { refusal } from '../support/refusal';

function program() {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.istio() });
  const orders = new MeshService(chart, 'orders', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.http(8080)] });
  return { app, chart, mesh, orders };
}

const KEYS = JSON.stringify({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] });
const SECRET_KEYS = JSON.stringify({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' }] });
const HTTPS = 'https://id.example.com';

describe('issuers', () => {
  const of = (issuer: string, rest = {}) => refusal(() => JwtIssuer.of(issuer, { audiences: ['shop'], ...rest }));

  test.each<[string, () => string, string]>([
    ['no URL', () => of('id.example.com'), 'JwtIssuer.of: issuer is "id.example.com"; give a URL, for instance https://id.example.com'],
    ['plain HTTP', () => of('http://id.example.com'), 'JwtIssuer.of: issuer is "http://id.example.com"; give a URL that begins with https'],
    ['a star', () => of('https://id.example.com/*'), 'JwtIssuer.of: issuer is "https://id.example.com/*"; write the very issuer'],
    ['a password, which is not shown', () => of('https://me:secret@id.example.com'), 'JwtIssuer.of: issuer is "https://…@id.example.com"; leave out user and password'],
    ['keys over plain HTTP', () => of(HTTPS, { jwksUri: 'http://id.example.com/keys' }), 'JwtIssuer.of: jwksUri is "http://id.example.com/keys"; give a URL that begins with https'],
    ['no audience', () => of(HTTPS, { audiences: [] }), 'JwtIssuer.of: audiences is []; name at least one audience'],
    ['an empty audience', () => of(HTTPS, { audiences: ['shop', ''] }), 'JwtIssuer.of: audiences is ["shop",""]; name at least one audience'],
    ['keys twice', () => of(HTTPS, { jwks: KEYS, jwksUri: `${HTTPS}/keys` }), 'JwtIssuer.of: jwks is'],
    ['keys that are no JSON', () => of(HTTPS, { jwks: 'x' }), 'JwtIssuer.of: jwks is "x"; give a JSON web key set'],
    ['no key', () => of(HTTPS, { jwks: '{"keys":[]}' }), 'JwtIssuer.of: jwks is "{\\"keys\\":[]}"; give a JSON web key set with at least one key'],
    ['a private key, which is not shown', () => of(HTTPS, { jwks: SECRET_KEYS }), 'JwtIssuer.of: jwks is "keys[0] (hidden)"; leave out the private parts'],
    ['a header that is none', () => of(HTTPS, { claimsToHeaders: { 'x user': 'sub' } }), 'JwtIssuer.of: claimsToHeaders is "x user"; give the name of a header'],
    ['an empty claim', () => of(HTTPS, { claimsToHeaders: { 'x-user': '' } }), 'JwtIssuer.of: claimsToHeaders.x-user is ""; give the name of a claim'],
    ['an empty parameter', () => of(HTTPS, { fromParams: [''] }), 'JwtIssuer.of: fromParams is [""]; leave out the empty name'],
    ['no time', () => of(HTTPS, { timeout: Duration.seconds(0) }), 'JwtIssuer.of: timeout is 0'],
  ])('%s', (_, said, expected) => {
    expect(said()).toContain(expected);
  });

  test('what is right', () => {
    expect(JwtIssuer.of(HTTPS, { audiences: ['shop'], jwks: KEYS })._node()).toMatchObject({ issuer: HTTPS, audiences: ['shop'], jwks: KEYS });
    expect(JwtIssuer.of(`${HTTPS}/realms/shop`, { audiences: ['shop'], jwksUri: `${HTTPS}/keys` })._node().jwksUri).toBe(`${HTTPS}/keys`);
  });
});

describe('principals', () => {
  test.each<[string, () => unknown, string]>([
    ['no network', () => Principal.addresses('10.0.0'), 'Principal.addresses: blocks is "10.0.0"; give an IP address or a CIDR block'],
    ['too many bits', () => Principal.addresses('10.0.0.0/33'), 'Principal.addresses: blocks is "10.0.0.0/33"'],
    ['bits of a host', () => Principal.clientAddresses('10.1.2.3/16'), 'Principal.clientAddresses: blocks is "10.1.2.3/16"; the network of that size is 10.1.0.0/16'],
    ['nobody', () => Principal.addresses(), 'Principal.addresses: blocks is []; give at least one; none would mean everybody'],
    ['a namespace that is none', () => Principal.namespace('*'), 'Principal.namespace: name is "*"'],
    ['an account that is none', () => Principal.serviceAccount('batch', 'a/b'), 'Principal.serviceAccount: name is "a/b"'],
    ['a trust domain that is none', () => Principal.serviceAccount('batch', 'a', { trustDomain: 'a/b' }), 'Principal.serviceAccount: trustDomain is "a/b"'],
  ])('%s', (_, said, expected) => {
    expect(refusal(said)).toContain(expected);
  });

  test('networks of all sizes', () => {
    expect(Principal.addresses('10.1.0.0/16', '0.0.0.0/0', '192.0.2.7', '2001:db8::/32', '255.255.255.255/32')._node()).toMatchObject({
      blocks: ['10.1.0.0/16', '0.0.0.0/0', '192.0.2.7', '2001:db8::/32', '255.255.255.255/32'], forwarded: false,
    });
  });

  test('of services outside the mesh', () => {
    const { chart, mesh, orders } = program();
    const other = new Mesh(chart, 'other', { provider: MeshProvider.istio() });
    const stranger = new MeshService(chart, 'stranger', { mesh: other, podLabels: { app: 'stranger' } });
    const stripe = new ExternalService(chart, 'stripe', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });
    const legacy = new MeshService(chart, 'legacy', { mesh, podLabels: { app: 'legacy' }, meshed: false });
    expect(refusal(() => orders.allow(Principal.service(stranger)))).toContain('shop/orders: allow.principal is "shop/stranger"; it belongs to another mesh');
    expect(refusal(() => orders.allow(Principal.service(stripe)))).toContain('shop/orders: allow.principal is "shop/stripe"; it is outside the mesh');
    expect(refusal(() => orders.deny(Principal.service(legacy)))).toContain('shop/orders: deny.principal is "shop/legacy"; its pods have no proxy');
  });
});

describe('rules', () => {
  const allow = (options: object) => refusal(() => program().orders.allow(Principal.serviceAccount('a', 'b'), options));

  test.each<[string, object, string]>([
    ['a port that is none', { ports: [0] }, 'shop/orders: allow.ports is 0'],
    ['a method in small letters', { methods: ['get'] }, 'shop/orders: allow.methods is "get"; give an HTTP method in capitals'],
    ['a host with its port', { hosts: ['shop:80'] }, 'shop/orders: allow.hosts is "shop:80"; give a host name'],
    ['a path without slash', { paths: ['api'] }, 'shop/orders: allow.paths is "api"; begin it with a slash'],
    ['every path', { paths: ['*'] }, 'shop/orders: allow.paths is "*"; leave paths out'],
    ['a query', { paths: ['/a?b'] }, 'shop/orders: allow.paths is "/a?b"; leave out the query'],
    ['a step up', { paths: ['/a/../b'] }, 'shop/orders: allow.paths is "/a/../b"; write it without //, . and ..'],
    ['two slashes', { paths: ['//a'] }, 'shop/orders: allow.paths is "//a"; write it without //'],
    ['an encoded slash', { paths: ['/a%2Fb'] }, 'shop/orders: allow.paths is "/a%2Fb"; write it without encoded characters'],
    ['a star in the middle', { paths: ['/a*/b'] }, 'shop/orders: allow.paths is "/a*/b"; put a star at the end only'],
    ['braces', { paths: ['/a/{id}'] }, 'shop/orders: allow.paths is "/a/{id}"; use {*} for one whole segment'],
    ['half a segment', { paths: ['/a/x{*}'] }, 'shop/orders: allow.paths is "/a/x{*}"; let a template be a whole segment'],
    ['no port', { ports: [] }, 'shop/orders: allow.ports is []; name at least one, or leave it out to take all'],
    ['no method', { methods: [] }, 'shop/orders: allow.methods is []; name at least one'],
    ['no path', { paths: [] }, 'shop/orders: allow.paths is []; name at least one'],
    ['no host', { hosts: [] }, 'shop/orders: allow.hosts is []; name at least one'],
    ['more after the rest', { paths: ['/{**}/{*}'] }, 'shop/orders: allow.paths is "/{**}/{*}"; let no template follow {**}'],
  ])('%s', (_, options, expected) => {
    expect(allow(options)).toContain(expected);
  });

  test('paths in all their forms', () => {
    const { orders } = program();
    const paths = ['/', '/api/*', '/api*', '/users/{*}/orders', '/files/{**}', '/a/{**}/z', '/pkg.Service/Method', '/~me/@x'];
    orders.allow(Principal.serviceAccount('a', 'b'), { paths });
    expect(orders._declaration.security!.allow[0].paths).toEqual(paths);
  });

  test('everyone needs a reason', () => {
    const { orders } = program();
    expect(refusal(() => orders.allow(Principal.anyone()))).toBe('shop/orders: allow.reason is undefined; say why it is right');
    expect(refusal(() => orders.allow(Principal.anyone(), { reason: ' ' }))).toContain('allow.reason is " "');
    orders.allow(Principal.anyone(), { reason: 'the shop window' });
    orders.deny(Principal.anyone(), { methods: ['DELETE'] });
  });

  test('paths and methods of a call', () => {
    const { chart, mesh, orders } = program();
    const web = new MeshService(chart, 'web', { mesh, podLabels: { app: 'web' } });
    expect(refusal(() => web.calls(orders, { paths: ['a'] }))).toContain('shop/web: calls(shop/orders).paths is "a"');
    expect(refusal(() => web.calls(orders, { methods: ['get'] }))).toContain('shop/web: calls(shop/orders).methods is "get"');
    expect(refusal(() => web.calls(orders, { paths: [] }))).toContain('shop/web: calls(shop/orders).paths is []; name at least one');
    expect(refusal(() => web.calls(orders, { methods: [] }))).toContain('shop/web: calls(shop/orders).methods is []; name at least one');
  });
});

describe('tokens and authorizers', () => {
  const issuer = JwtIssuer.of(HTTPS, { audiences: ['shop'] });
  const second = JwtIssuer.of('https://other.example.com', { audiences: ['shop'] });

  test('an issuer twice, and issuers for different requests', () => {
    const { orders } = program();
    orders.requireJwt(issuer, { publicPaths: ['/healthz'] });
    expect(refusal(() => orders.requireJwt(issuer))).toContain(`shop/orders: requireJwt.issuer is "${HTTPS}"; it is there already`);
    expect(refusal(() => orders.requireJwt(second))).toContain('shop/orders: requireJwt.options is {}; several issuers are alternatives');
    orders.requireJwt(second, { publicPaths: ['/healthz'] });
  });

  test('claims without values, callers without identity, paths that are none', () => {
    const { orders } = program();
    expect(refusal(() => orders.requireJwt(issuer, { claims: { groups: [] } }))).toContain('requireJwt.claims.groups is []');
    expect(refusal(() => orders.requireJwt(issuer, { exempt: [Principal.addresses('10.0.0.1')] }))).toContain('requireJwt.exempt is "addresses"; name callers by their identity');
    expect(refusal(() => orders.requireJwt(issuer, { ports: [] }))).toContain('shop/orders: requireJwt.ports is []; name at least one');
    expect(refusal(() => orders.requireJwt(issuer, { publicPaths: ['x'] }))).toContain('requireJwt.publicPaths is "x"');
  });

  test('two authorizers, and names that are none', () => {
    const { orders } = program();
    orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { paths: ['/a'] });
    orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { paths: ['/b'] });
    expect(refusal(() => orders.requireAuthorizer(ExternalAuthorizer.provider('other')))).toContain('shop/orders: requireAuthorizer is "other"; a service has one authorizer');
    for (const property of ['ports', 'paths']) {
      expect(refusal(() => orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { [property]: [] }))).toContain(`requireAuthorizer.${property} is []`);
    }
    expect(refusal(() => ExternalAuthorizer.provider('a b'))).toContain('ExternalAuthorizer.provider: name is "a b"');
  });
});

describe('exceptions', () => {
  const accept = (options: object, port = 8080) => refusal(() => program().orders.acceptPlaintext(port, options as never));

  test.each<[string, object, string]>([
    ['no reason', {}, 'shop/orders: acceptPlaintext(8080).reason is undefined; say why it is right'],
    ['an empty reason', { reason: '  ' }, 'acceptPlaintext(8080).reason is "  "'],
    ['no day', { reason: 'old', until: 'soon' }, 'shop/orders: acceptPlaintext(8080).until is "soon"; give a day as YYYY-MM-DD'],
    ['a day that there is not', { reason: 'old', until: '2027-02-30' }, 'acceptPlaintext(8080).until is "2027-02-30"'],
    ['no network', { reason: 'old', addresses: ['x'] }, 'acceptPlaintext.addresses is "x"'],
    ['nobody', { reason: 'old', addresses: [] }, 'acceptPlaintext.addresses is []; give at least one; none would mean everybody'],
    ['a strict one', { reason: 'old', mode: MtlsMode.STRICT }, 'shop/orders: acceptPlaintext.mode is "strict"; a strict port takes no plain connections'],
  ])('%s', (_, options, expected) => {
    expect(accept(options)).toContain(expected);
  });

  test('a port that is none, and one twice', () => {
    expect(accept({ reason: 'old' }, 0)).toContain('acceptPlaintext.port is 0');
    const { orders } = program();
    orders.acceptPlaintext(9090, { reason: 'a scraper' });
    expect(refusal(() => orders.acceptPlaintext(9090, { reason: 'another' }))).toContain('acceptPlaintext.port is 9090; it is there already');
  });

  test('of namespaces', () => {
    expect(refusal(() => MtlsMigration.strictExcept('legacy', { reason: '' }))).toContain('MtlsMigration.exceptFor: legacy.reason is ""');
    expect(refusal(() => MtlsMigration.strictExcept('Legacy', { reason: 'old' }))).toContain('MtlsMigration.exceptFor: namespace is "Legacy"');
    expect(refusal(() => MtlsMigration.strictExcept('a', { reason: 'old' }).exceptFor('a', { reason: 'old' }))).toContain('namespace is "a"; it is there already');
    expect(refusal(() => MtlsMigration.permissive().exceptFor('a', { reason: 'old' }))).toContain('exceptions are for MtlsMigration.strict()');
    expect(refusal(() => MtlsMigration.strictFor())).toContain('MtlsMigration.strictFor: namespaces is []');
    expect(refusal(() => MigrationProof.query({ window: Duration.seconds(0) }))).toContain('MigrationProof.query: window is 0');
  });

  test('the mesh\'s own day', () => {
    const { chart } = program();
    expect(refusal(() => new Mesh(chart, 'm', { provider: MeshProvider.istio(), asOf: '1.1.2027' }))).toContain('shop/m: asOf is "1.1.2027"; give a day as YYYY-MM-DD');
    expect(refusal(() => new Mesh(chart, 'n', { provider: MeshProvider.istio(), trustDomainAliases: ['A'] }))).toContain('shop/n: trustDomainAliases is "A"');
  });
});

describe('two policies that claim one namespace', () => {
  const [shop, bank] = ['shop', 'bank'].map((name) => ZeroTrustScope.namespaces(name));

  test.each([
    ['the same namespace', shop, ZeroTrustScope.namespaces('bank', 'shop'), 'shop/b: scope is "shop"; shop/a is about that namespace already'],
    ['one for all', shop, undefined, 'shop/b: scope is "program"; shop/a is a policy of the same mesh'],
    ['one after that for all', undefined, bank, 'shop/b: scope is "program"; shop/a is a policy of the same mesh'],
    ['the whole mesh', ZeroTrustScope.wholeMesh({ gateways: [] }), bank, 'shop/b: scope is "mesh"'],
  ])('%s', (_, first, second, expected) => {
    const { chart, mesh } = program();
    new ZeroTrustPolicy(chart, 'a', { mesh, scope: first });
    expect(refusal(() => new ZeroTrustPolicy(chart, 'b', { mesh, scope: second }))).toContain(expected);
  });

  test('policies of different namespaces, and of different meshes', () => {
    const { chart, mesh } = program();
    new ZeroTrustPolicy(chart, 'a', { mesh, scope: shop });
    new ZeroTrustPolicy(chart, 'b', { mesh, scope: bank });
    new ZeroTrustPolicy(chart, 'c', { mesh: new Mesh(chart, 'other', { provider: MeshProvider.istio() }) });
  });

  test('namespaces that are none, the control plane\'s, and gateways without labels', () => {
    const { chart, mesh } = program();
    expect(refusal(() => ZeroTrustScope.namespaces('Shop'))).toContain('ZeroTrustScope.namespaces: names is "Shop"');
    expect(refusal(() => ZeroTrustScope.namespaces())).toContain('ZeroTrustScope.namespaces: names is []');
    expect(refusal(() => new ZeroTrustPolicy(chart, 'a', { mesh, scope: ZeroTrustScope.namespaces('istio-system') }))).toContain('shop/a: scope is "istio-system"');
    expect(refusal(() => ZeroTrustScope.wholeMesh({ gateways: [{ namespace: 'istio-ingress', labels: {} }] })))
      .toContain('ZeroTrustScope.wholeMesh: gateways[0].labels is {}; name at least one');
  });
});
