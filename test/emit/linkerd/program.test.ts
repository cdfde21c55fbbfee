/** What programs become for Linkerd. */
import { mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Duration, JsonPatch, Yaml } from 'cdk8s';
import {
  AuthorizationMode, CircuitBreaker, ExternalService, FindingCode, GatewayChannel, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService,
  MigrationProof, MtlsMigration, Principal, Retry, RetryOn, RouteBackend, RouteMatch, Severity, ZeroTrustPolicy, ZeroTrustScope,
} from 'cdk8s-mesh';
import type { LinkerdOptions, ZeroTrustPolicyProps } from 'cdk8s-mesh';
import { Deployment, Job, Probe } from 'cdk8s-plus-28';
import { type Manifest, schemaErrors } from '../../support/schemas';

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

type Resource = Manifest & { readonly metadata: any; readonly spec: any };

interface Parts {
  readonly ports?: MeshPort[];
  readonly containerPort?: number;
  readonly probe?: Probe;
  readonly retry?: Retry;
  readonly circuitBreaker?: CircuitBreaker;
}

class Program {
  public readonly app = new App({ outdir: mkdtempSync(join(tmpdir(), 'linkerd-')) });
  public readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  public readonly mesh: Mesh;

  public constructor(options: LinkerdOptions = {}) {
    this.mesh = new Mesh(this.chart, 'mesh', { provider: MeshProvider.linkerd(options) });
  }

  public pods(name: string, port = 8080, probe?: Probe): Deployment {
    const container = { image: 'shop/image:1.0', portNumber: port, ...probe && { liveness: probe } };
    return new Deployment(this.chart, `${name}-pods`, { metadata: { name }, containers: [container] });
  }

  public service(name: string, rest: Parts = {}): MeshService {
    const { probe, containerPort, ports = [MeshPort.http(8080, { port: 80 })], ...props } = rest;
    return new MeshService(this.chart, name, { mesh: this.mesh, workload: this.pods(name, containerPort, probe), ports, ...props });
  }

  public zeroTrust(rest: Partial<ZeroTrustPolicyProps> = {}): void {
    new ZeroTrustPolicy(this.chart, 'zero-trust', { mesh: this.mesh, ...rest });
  }

  public manifests(): readonly Resource[] {
    const all = this.chart.toJson() as Resource[];
    expect(all.flatMap((one) => schemaErrors(one).map((error) => `${one.kind}/${one.metadata.name} ${error}`))).toEqual([]);
    return all;
  }

  public of(kind: string): Record<string, Resource> {
    return Object.fromEntries(this.manifests().filter((one) => one.kind === kind).map((one) => [one.metadata.name, one]));
  }
}

function errors({ mesh }: Program) {
  return mesh.findings.filter(({ severity }) => severity === Severity.ERROR).map(({ code, message }) => `${code} ${message}`);
}

describe('membership', () => {
  test('namespaces and pods carry the annotation, pods the resources of their proxy', () => {
    const program = new Program();
    new MeshNamespace(program.chart, 'namespace', { mesh: program.mesh, name: 'shop' });
    program.service('web');
    expect(program.of('Namespace').shop.metadata).toEqual({ name: 'shop', annotations: { 'linkerd.io/inject': 'enabled' } });
    expect(program.of('Deployment').web.spec.template.metadata.annotations).toEqual({
      'linkerd.io/inject': 'enabled', 'config.linkerd.io/proxy-cpu-request': '100m', 'config.linkerd.io/proxy-cpu-limit': '2000m',
      'config.linkerd.io/proxy-memory-request': '32Mi', 'config.linkerd.io/proxy-memory-limit': '256Mi',
    });
  });

  test.each([
    ['2.18', 'config.alpha.linkerd.io/proxy-enable-native-sidecar'], ['2.19', 'config.beta.linkerd.io/proxy-enable-native-sidecar'],
    ['2.20', 'config.linkerd.io/proxy-enable-native-sidecar'],
  ])('in %s a job gets a native sidecar by %s', (release, key) => {
    const program = new Program({ release });
    const workload = new Job(program.chart, 'job', { metadata: { name: 'nightly' }, containers: [{ image: 'shop/nightly:1.0' }] });
    new MeshService(program.chart, 'nightly', { mesh: program.mesh, workload });
    const { annotations } = program.of('Job').nightly.spec.template.metadata;
    expect(Object.keys(annotations).filter((name) => name.includes('native'))).toEqual([key]);
    expect(annotations[key]).toBe('true');
  });

  test('what the pods say themselves stays, and pods outside the mesh get no proxy', () => {
    const program = new Program();
    const pods = program.pods('web');
    ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { 'config.linkerd.io/proxy-cpu-limit': '1' }));
    new MeshService(program.chart, 'web', { mesh: program.mesh, workload: pods });
    new MeshService(program.chart, 'old', { mesh: program.mesh, workload: program.pods('old'), meshed: false });
    const { web, old } = program.of('Deployment');
    expect(web.spec.template.metadata.annotations).toEqual({ 'config.linkerd.io/proxy-cpu-limit': '1', 'linkerd.io/inject': 'enabled' });
    expect(old.spec.template.metadata.annotations).toEqual({ 'linkerd.io/inject': 'disabled' });
  });
});

describe('traffic', () => {
  test('each route says all of its limits, and rules of other limits stand in a route of their own', () => {
    const program = new Program();
    const orders = program.service('orders', { retry: Retry.upTo(2, { on: [RetryOn.SERVER_ERROR] }) });
    orders.addRoute('slow', { matches: [RouteMatch.prefix('/report')], deadline: Duration.seconds(90), retry: Retry.never() });
    const { 'orders': first, 'orders-02': second } = program.of('HTTPRoute');
    expect(first.metadata.annotations).toEqual({ 'timeout.linkerd.io/request': '90s' });
    expect(first.spec.rules.map(({ name }: { name: string }) => name)).toEqual(['slow']);
    expect(second.metadata.annotations).toEqual({ 'retry.linkerd.io/http': '5xx', 'retry.linkerd.io/limit': '2', 'timeout.linkerd.io/request': '15s' });
    expect(second.spec.rules.map(({ name, timeouts, retry }: any) => [name, timeouts, retry])).toEqual([['default', undefined, undefined]]);
  });

  test('a split is between Services of the versions', () => {
    const program = new Program();
    const orders = program.service('orders');
    orders.addVersion('v2', { workload: program.pods('orders-v2') });
    orders.split({ v1: 90, v2: 10 });
    expect(program.of('HTTPRoute').orders.spec.rules[0].backendRefs.map(({ name, weight }: any) => [name, weight])).toEqual([['orders-v1', 90], ['orders-v2', 10]]);
    expect(Object.keys(program.of('Service'))).toEqual(['orders', 'orders-v1', 'orders-v2']);
  });

  test('ejection that is asked for is on the Service, and opaque ports are', () => {
    const program = new Program();
    program.service('orders', { circuitBreaker: CircuitBreaker.of({ eject: { after: 7, lasting: Duration.seconds(5) } }) });
    program.service('db', { ports: [MeshPort.mysql()], containerPort: 3306 });
    program.service('web');
    const { orders, db, web } = program.of('Service');
    expect(orders.metadata.annotations).toMatchObject({ 'balancer.linkerd.io/failure-accrual': 'consecutive', 'balancer.linkerd.io/failure-accrual-consecutive-max-failures': '7' });
    expect(db.metadata.annotations).toEqual({ 'config.linkerd.io/opaque-ports': '3306' });
    expect(db.spec.ports[0].appProtocol).toBe('linkerd.io/opaque');
    expect(web.metadata.annotations).toBeUndefined();
  });

  test('connections are split by TCPRoutes of the version that Linkerd reads, TLS too; the standard channel has none', () => {
    const build = (channel: GatewayChannel) => {
      const program = new Program({ channel });
      const db = program.service('db', { ports: [MeshPort.tls(8443)], containerPort: 8443 });
      db.addVersion('v2', { workload: program.pods('db-v2', 8443) });
      db.split({ v1: 50, v2: 50 });
      return program;
    };
    const { db } = build(GatewayChannel.EXPERIMENTAL).of('TCPRoute');
    expect([db.apiVersion, db.spec.rules[0].backendRefs.length]).toEqual(['gateway.networking.k8s.io/v1alpha2', 2]);
    expect(errors(build(GatewayChannel.STANDARD))).toEqual([expect.stringMatching(/^MESH801 Linkerd can do tcp-split only with the experimental channel/)]);
  });

  test('what all callers ask for alike is the callee\'s own, and a route\'s own word stays stronger', () => {
    const program = new Program();
    const [web, batch, orders] = ['web', 'batch', 'orders'].map((name) => program.service(name));
    orders.addRoute('search', { matches: [RouteMatch.prefix('/search')], deadline: Duration.seconds(30) });
    const policy = { deadline: Duration.seconds(3), retry: Retry.upTo(1, { on: [RetryOn.GATEWAY_ERROR] }) };
    web.calls(orders, policy);
    batch.calls(orders, policy);
    expect(errors(program)).toEqual([]);
    const routes = program.of('HTTPRoute');
    const limits = (name: string) => ['timeout.linkerd.io/request', 'retry.linkerd.io/limit'].map((key) => routes[name].metadata.annotations[key]);
    expect([limits('orders'), limits('orders-02'), limits('web')]).toEqual([['30s', '1'], ['3s', '1'], ['15s', undefined]]);
  });

  test('callers that ask for different limits are told from whom they differ, whoever comes later', () => {
    const program = new Program();
    const [web, batch, orders] = ['web', 'batch', 'orders'].map((name) => program.service(name));
    web.calls(orders, { deadline: Duration.seconds(3) });
    expect(program.of('HTTPRoute').orders.metadata.annotations['timeout.linkerd.io/request']).toBe('3s');
    batch.calls(orders);
    expect(errors(program)).toEqual([expect.stringMatching(/^MESH814 the deadline of the call to shop\/orders cannot be said for shop\/web alone/)]);
  });

  test('the same of what lies outside', () => {
    const program = new Program();
    const pay = new ExternalService(program.chart, 'pay', { mesh: program.mesh, hosts: ['pay.example.com'], ports: [MeshPort.http(80)] });
    program.service('web').calls(pay, { deadline: Duration.seconds(3) });
    expect(errors(program)).toEqual([]);
    const [route] = Object.values(program.of('HTTPRoute')).filter(({ metadata }) => metadata.name.startsWith('egress'));
    expect(route.metadata.annotations['timeout.linkerd.io/request']).toBe('3s');
  });

  test('a route leads to another service', () => {
    const program = new Program();
    const [web, orders] = [program.service('web'), program.service('orders')];
    web.addRoute('orders', { matches: [RouteMatch.prefix('/orders')], backends: [RouteBackend.service(orders)] });
    expect(program.of('HTTPRoute').web.spec.rules[0]).toMatchObject({ matches: [{ path: { type: 'PathPrefix', value: '/orders' } }], backendRefs: [{ name: 'orders', port: 80 }] });
  });
});

describe('zero trust', () => {
  test('a port is closed, and opened to the accounts of its callers', () => {
    const program = new Program();
    const [web, orders] = [program.service('web'), program.service('orders')];
    web.calls(orders);
    program.zeroTrust({ networkPolicies: false });
    expect(program.of('Server')['orders-http'].spec).toEqual({ podSelector: { matchLabels: { app: 'orders' } }, port: 8080, proxyProtocol: 'HTTP/1', accessPolicy: 'deny' });
    expect(program.of('MeshTLSAuthentication')).toMatchObject({ 'orders-http': { spec: { identityRefs: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }] } } });
    expect(program.of('AuthorizationPolicy')['orders-http'].spec).toEqual({
      targetRef: { group: 'policy.linkerd.io', kind: 'Server', name: 'orders-http' },
      requiredAuthenticationRefs: [{ group: 'policy.linkerd.io', kind: 'MeshTLSAuthentication', name: 'orders-http' }],
    });
    expect(Object.keys(program.of('AuthorizationPolicy'))).toEqual(['orders-http']);
    expect(program.of('HTTPRoute')).not.toHaveProperty('orders-http-rest');
    expect(program.of('Deployment').orders.spec.template.metadata.annotations['config.linkerd.io/default-inbound-policy']).toBe('deny');
  });

  test('callers that are limited to requests have routes, and the kubelet\'s probe has one then', () => {
    const program = new Program();
    const [web, orders] = [program.service('web'), program.service('orders', { probe: Probe.fromHttpGet('/healthz?full=1') })];
    web.calls(orders, { methods: ['GET'], paths: ['/orders/*'] });
    orders.allow(Principal.serviceAccount('batch', 'nightly'), { paths: ['/orders/{*}/close'] });
    program.zeroTrust({ networkPolicies: false });
    const routes = program.manifests().filter(({ apiVersion, kind }) => apiVersion === 'policy.linkerd.io/v1beta3' && kind === 'HTTPRoute');
    const policies = program.of('AuthorizationPolicy');
    const paths = routes.map(({ metadata, spec }) => [
      metadata.name, spec.rules.flatMap((rule: any) => rule.matches.map(({ method, path }: any) => [method ?? '*', path.type])), Object.keys(policies).filter((name) => name.startsWith(metadata.name)),
    ]);
    expect(paths).toEqual([
      ['orders-http-route-1', [['GET', 'PathPrefix']], ['orders-http-route-1']],
      ['orders-http-route-2', [['GET', 'RegularExpression']], ['orders-http-route-2']],
      ['orders-http-route-3', [['*', 'RegularExpression']], ['orders-http-route-3']],
      ['orders-http-route-4', [['GET', 'Exact']], ['orders-http-route-4-networks']],
      ['orders-http-misleading', [['*', 'RegularExpression']], []],
      ['orders-http-rest', [['*', 'PathPrefix']], []],
    ]);
    expect(routes.every(({ spec }) => JSON.stringify(spec.parentRefs) === '[{"group":"policy.linkerd.io","kind":"Server","name":"orders-http"}]')).toBe(true);
    expect(routes[3].spec.rules[0].matches[0].path.value).toBe('/healthz');
    expect(program.of('MeshTLSAuthentication')['orders-http-route-2'].spec.identityRefs.map(({ name }: any) => name)).toEqual(['nightly', 'web']);
    expect(program.of('NetworkAuthentication')['orders-http-route-4-networks'].spec.networks).toEqual([{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }]);
  });

  test('a gRPC probe has a route of its own, and the port is then read as HTTP/2', () => {
    const program = new Program();
    const pods = program.pods('orders', 9000);
    ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/livenessProbe', { grpc: { port: 9000 } }));
    new MeshService(program.chart, 'orders', { mesh: program.mesh, workload: pods, ports: [MeshPort.grpc(9000)] });
    program.zeroTrust();
    expect(program.of('Server')['orders-grpc'].spec.proxyProtocol).toBe('HTTP/2');
    expect(program.of('HTTPRoute')['orders-grpc-route-1'].spec.rules[0].matches).toEqual([{ method: 'POST', path: { type: 'Exact', value: '/grpc.health.v1.Health/Check' } }]);
  });

  test.each([
    ['audit where connections may be plain', { mtls: MtlsMigration.permissive() }, 'audit', 'audit'],
    ['every identity where they may not', { authorization: AuthorizationMode.AUDIT }, 'all-authenticated', 'audit'],
    ['nobody else where refusals are enforced', { mtls: MtlsMigration.permissive(), authorization: AuthorizationMode.ENFORCE }, 'deny', 'deny'],
  ])('%s', (_, policy, accessPolicy, rest) => {
    const program = new Program();
    program.service('orders').allow(Principal.serviceAccount('batch', 'nightly'));
    program.zeroTrust(policy);
    expect(program.of('Server')['orders-http'].spec.accessPolicy).toBe(accessPolicy);
    expect(program.of('Deployment').orders.spec.template.metadata.annotations['config.linkerd.io/default-inbound-policy']).toBe(rest);
  });

  test('two ports that lead to one port of the pods have one Server, and a plain port has one', () => {
    const program = new Program();
    const orders = program.service('orders', { ports: [MeshPort.http(8080, { port: 80 }), MeshPort.http(8080)] });
    orders.acceptPlaintext(9090, { reason: 'the scraper', until: '2999-12-31', addresses: ['10.1.0.0/16'] });
    program.zeroTrust();
    expect(Object.fromEntries(Object.entries(program.of('Server')).map(([name, { spec }]) => [name, [spec.port, spec.proxyProtocol]]))).toEqual({
      'orders-http-80': [8080, 'HTTP/1'], 'orders-port-9090': [9090, 'unknown'],
    });
    expect(program.of('NetworkAuthentication')['orders-port-9090-networks'].spec).toEqual({ networks: [{ cidr: '10.1.0.0/16' }] });
  });

  test('the network lets callers\' proxies to the proxy\'s own port for connections that are no HTTP', () => {
    const program = new Program();
    const [orders, db] = [program.service('orders'), program.service('db', { ports: [MeshPort.postgres()], containerPort: 5432 })];
    orders.calls(db);
    program.zeroTrust();
    const ports = (name: string) => program.of('NetworkPolicy')[name].spec.ingress.flatMap((rule: any) => rule.ports.map(({ port }: any) => port));
    expect([ports('db'), ports('default-deny')]).toEqual([[5432, 4143], [4190, 4191]]);
  });

  test('the proof stands on each Server, or in a rule', () => {
    const build = (proof: MigrationProof) => {
      const program = new Program();
      program.service('orders');
      program.zeroTrust({ mtls: MtlsMigration.permissiveWithProof(), proof });
      return program;
    };
    const query = build(MigrationProof.query()).of('Server')['orders-http'].metadata.annotations['cdk8s-mesh/proof'];
    expect(query).toContain('increase(inbound_http_authz_allow_total{authz_name="audit",namespace="shop",srv_name="orders-http"}[7d])');
    expect(query).toContain('request_total{direction="inbound",tls!~"true|loopback",route_name!="probe",namespace="shop",srv_name="orders-http"}');
    const ruled = build(MigrationProof.prometheusRule());
    expect(ruled.of('Server')['orders-http'].metadata.annotations).toBeUndefined();
    expect(ruled.of('PrometheusRule')['mtls-migration'].spec.groups[0].rules.map(({ alert }: any) => alert)).toEqual(['MeshReportsNothing', 'MeshPlaintext', 'MeshWouldRefuse']);
  });

  test.each([
    ['denial', (service: MeshService) => service.deny(Principal.namespace('guests'))],
    ['client-address-rule', (service: MeshService) => service.allow(Principal.clientAddresses('10.0.0.0/8'))],
  ])('%s is refused with what to use instead', (capability, say) => {
    const program = new Program();
    say(program.service('orders'));
    program.zeroTrust();
    expect(errors(program)).toContainEqual(expect.stringMatching(new RegExp(`^MESH801 Linkerd cannot do ${capability}`)));
  });

  test('so is a policy for the whole mesh', () => {
    const program = new Program();
    program.zeroTrust({ scope: ZeroTrustScope.wholeMesh({ gateways: [] }) });
    expect(errors(program)).toContainEqual(expect.stringMatching(/^MESH801 Linkerd cannot do whole-mesh-policy/));
  });
});

describe('objects of which the call graph tells how many there are', () => {
  function growing() {
    const program = new Program();
    const [web, orders] = [program.service('web'), program.service('orders')];
    program.zeroTrust({ networkPolicies: false });
    return { program, web, orders };
  }

  test('are in the first synth of a chart, in one of the app, and once only', () => {
    const { program, web, orders } = growing();
    web.calls(orders);
    const first = Yaml.stringify(...program.manifests());
    expect(first).toContain('kind: MeshTLSAuthentication');
    expect(Yaml.stringify(...program.manifests())).toBe(first);
    program.app.synth();
    expect(readFileSync(join(program.app.outdir, readdirSync(program.app.outdir)[0]), 'utf8')).toBe(first);
  });

  test('come with a call that is declared later, and their names are judged like all others', () => {
    const { program, web, orders } = growing();
    expect(program.mesh.findings.map(({ code }) => code)).toContain(FindingCode.NOBODY_MAY_CALL);
    expect(program.of('MeshTLSAuthentication')).toEqual({});
    web.calls(orders);
    expect(Object.keys(program.of('MeshTLSAuthentication'))).toEqual(['orders-http']);
    new ApiObject(program.chart, 'by-hand', { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'MeshTLSAuthentication', metadata: { name: 'orders-http' }, spec: { identities: ['*'] } });
    program.mesh.suppress(FindingCode.ADOPTION_UNASSESSED, { reason: 'a test' });
    expect(errors(program)).toContainEqual(expect.stringMatching(/^MESH901 the MeshTLSAuthentication orders-http/));
  });

  test('go when the calls become others', () => {
    const { program, web, orders } = growing();
    web.calls(orders, { paths: ['/a'] });
    expect(Object.keys(program.of('MeshTLSAuthentication'))).toEqual(['orders-http-route-1']);
    web.calls(orders);
    expect(Object.keys(program.of('MeshTLSAuthentication'))).toEqual(['orders-http', 'orders-http-route-1']);
  });
});

describe('what lies outside', () => {
  function calling(options: LinkerdOptions = {}, sealed = true) {
    const program = new Program(options);
    const [web, orders] = [program.service('web'), program.service('orders')];
    const external = (name: string, ports: MeshPort[], addresses?: string[]) => new ExternalService(program.chart, name, { mesh: program.mesh, hosts: [`${name}.example.com`], ports, addresses });
    if (sealed) {
      program.zeroTrust({ networkPolicies: false });
    }
    return { program, web, orders, external };
  }

  test('has one network for a sealed namespace, routes for hosts, and networks for addresses', () => {
    const { program, web, orders, external } = calling();
    const api = external('api', [MeshPort.http(80), MeshPort.grpc(9000)]);
    web.calls(api);
    orders.calls(api);
    orders.calls(external('bank', [MeshPort.tcp(9000)], ['192.0.2.0/24', '192.0.2.77']));
    expect(Object.entries(program.of('EgressNetwork')).map(([name, { spec }]) => [name, spec])).toEqual([
      ['egress-rest', { trafficPolicy: 'Deny' }],
      ['egress-bank', { trafficPolicy: 'Allow', networks: [{ cidr: '192.0.2.0/24' }, { cidr: '192.0.2.77' }] }],
    ]);
    const target = (port: number) => ({ group: 'policy.linkerd.io', kind: 'EgressNetwork', name: 'egress-rest', port });
    expect(program.of('HTTPRoute')['egress-api-http']).toMatchObject({
      metadata: { annotations: { 'timeout.linkerd.io/request': '15s' } },
      spec: { parentRefs: [target(80)], hostnames: ['api.example.com'], rules: [{ backendRefs: [target(80)] }] },
    });
    expect(program.of('GRPCRoute')['egress-api-grpc'].spec.parentRefs).toEqual([target(9000)]);
  });

  test('is open where nothing seals it, with a network only for requests that have limits', () => {
    const { program, web, external } = calling({}, false);
    web.calls(external('bank', [MeshPort.https(443)]));
    expect(program.of('EgressNetwork')).toEqual({});
    web.calls(external('api', [MeshPort.http(80)]));
    expect(program.of('EgressNetwork')).toMatchObject({ 'egress-rest': { spec: { trafficPolicy: 'Allow' } } });
  });

  test('is told by the name in TLS with the experimental channel', () => {
    const { program, web, external } = calling({ channel: GatewayChannel.EXPERIMENTAL });
    web.calls(external('stripe', [MeshPort.https(443)]));
    expect(program.chart.toJson().filter(({ kind }) => kind === 'TLSRoute')).toEqual([expect.objectContaining({
      apiVersion: 'gateway.networking.k8s.io/v1alpha2', metadata: { name: 'egress-stripe', namespace: 'shop' },
      spec: expect.objectContaining({ hostnames: ['stripe.example.com'] }),
    })]);
  });

  test('of another namespace carries that in its name', () => {
    const { program, external } = calling({}, false);
    const jobs = new Chart(program.app, 'jobs', { namespace: 'jobs' });
    const nightly = new MeshService(jobs, 'nightly', { mesh: program.mesh, podLabels: { app: 'nightly' } });
    nightly.calls(external('api', [MeshPort.http(80)]));
    expect(jobs.toJson().filter(({ kind }) => kind === 'HTTPRoute').map(({ metadata }) => [metadata.name, metadata.namespace])).toEqual([['egress-shop-api', 'jobs']]);
  });
});

test('a route that gRPC cannot be matched by makes an HTTPRoute of the one that was there', () => {
  const kinds = (path: string) => {
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.linkerd() });
    const orders = new MeshService(chart, 'orders', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.grpc(9000)] });
    orders.addRoute('own', { matches: [RouteMatch.exact(path)] });
    return (chart.toJson() as Resource[]).map(({ kind }) => kind).filter((kind) => kind.endsWith('Route'));
  };
  expect(kinds('/shop.Orders/Get')).toEqual(['GRPCRoute']);
  expect(kinds('/status')).toEqual(['HTTPRoute']);
});
