import { App, Chart, Duration, Testing } from 'cdk8s';
import { CircuitBreaker, ExternalService, ExternalServiceProps, Mesh, MeshPort, MeshProvider, Retry } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, service, shop } from '../support/shop';

const ports = [MeshPort.https(443)];
const hosts = ['api.stripe.com'];

const external = (props: Partial<ExternalServiceProps>, program = shop()) => (
  new ExternalService(program.chart, 'stripe', { mesh: program.mesh, hosts, ports, ...props })
);
const refused = (props: Partial<ExternalServiceProps>) => refusal(() => external(props)).replace(/^shop\/stripe: /, '');

test('what is left out has its default', () => {
  const { calleeId, mesh, _declaration: declaration } = external({});
  expect(calleeId).toBe('shop/stripe');
  expect(mesh.node.path).toBe('shop/mesh');
  expect(declaration).toEqual({
    id: 'shop/stripe', origin: 'shop/stripe', name: 'stripe', namespace: 'shop', hosts, addresses: [], endpoints: [], originateTls: false,
    ports: [{ name: 'https', number: 443, containerPort: 443, protocol: 'https', streaming: false }],
    retry: undefined, deadline: undefined, circuitBreaker: undefined,
  });
});

test('everything is kept', () => {
  const circuitBreaker = CircuitBreaker.withoutEjection();
  expect(external({
    name: 'payments', namespace: 'egress', hosts: ['*.stripe.com', 'stripe.com'], ports: [MeshPort.http(80)], addresses: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
    originateTls: true, retry: Retry.upTo(1), deadline: Duration.seconds(2), circuitBreaker,
  })._declaration).toMatchObject({
    id: 'egress/payments', name: 'payments', namespace: 'egress', hosts: ['*.stripe.com', 'stripe.com'], addresses: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
    originateTls: true, retry: { retries: 1 }, deadline: 2000, circuitBreaker: { ejection: 'off' },
  });
  expect(external({ endpoints: ['192.0.2.7', 'db.example.com', '::1'] })._declaration.endpoints).toEqual(['192.0.2.7', 'db.example.com', '::1']);
});

test('its lists are copies', () => {
  const names = ['a.example.com'];
  const made = external({ hosts: names });
  names.push('b.example.com');
  expect(made._declaration.hosts).toEqual(['a.example.com']);
});

test('a ServiceEntry stands under it', () => {
  const program = shop();
  service(program, 'web').calls(external({}, program));
  const [entry] = Testing.synth(program.chart).filter(({ kind }) => kind === 'ServiceEntry');
  expect(entry).toMatchObject({ metadata: { name: 'stripe', namespace: 'shop' }, spec: { hosts: ['api.stripe.com'] } });
});

test('without a namespace the synth fails, and it is never called default', () => {
  const app = new App();
  const mesh = new Mesh(app, 'mesh', { provider: MeshProvider.istio(), adoption: FULL_MESH });
  const chart = new Chart(app, 'shop');
  new ExternalService(chart, 'stripe', { mesh, hosts, ports });
  expect(refusal(() => app.synthYaml())).toMatch(/\[shop\/stripe\] MESH906 /);
});

const DNS = 'give a DNS name such as api.example.com, in lower case and without scheme or port';

test.each(['localhost', 'API.example.com', 'https://a.example.com', 'a.example.com:443', '*', '*.', 'a.*.com', '*a.example.com', '10.0.0.1', 'a..com', '-a.com',
  `${'a'.repeat(64)}.com`, `${'a.'.repeat(127)}com`])('refuses the host %s', (host) => {
  expect(refused({ hosts: ['ok.example.com', host] })).toBe(`hosts is "${host}"; ${DNS}`);
});

test('refuses no host, and one twice', () => {
  expect(refused({ hosts: [] })).toBe('hosts is []; name at least one host');
  expect(refused({ hosts: ['a.example.com', 'b.example.com', 'a.example.com'] })).toBe('hosts is "a.example.com"; it is there already; name every host once');
});

test.each(['10.0.0', 'a.example.com', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/', '2001:db8::/129', '10.0.0.0/08'])('refuses the address %s', (address) => {
  expect(refused({ addresses: [address] })).toBe(`addresses is "${address}"; give an IP address or a CIDR block, for instance 10.1.2.3 or 10.1.0.0/16`);
});

test.each(['', 'localhost', '10.0.0.1:80', '*.example.com', 'http://a.example.com', '10.0.0.0/8'])('refuses the endpoint %j', (endpoint) => {
  expect(refused({ endpoints: [endpoint] }))
    .toBe(`endpoints is "${endpoint}"; give an IP address or a DNS name such as db.example.com, without scheme or port`);
});

test('a wildcard has no endpoints', () => {
  expect(refused({ hosts: ['*.example.com'], endpoints: ['192.0.2.1'] }))
    .toBe('endpoints is ["192.0.2.1"]; leave them out, or name the hosts without a wildcard');
});

test('refuses no port, one twice, and UDP', () => {
  expect(refused({ ports: [] })).toBe('ports is []; give at least one port');
  expect(refused({ ports: [MeshPort.http(80), MeshPort.tcp(80)] })).toBe('ports[1].port is 80; it is there already; give every port once');
  expect(refused({ ports: [MeshPort.udp(53)] })).toBe('ports is "udp 53"; leave it out: meshes leave UDP alone, so it goes out by itself');
});

test.each([[MeshPort.http(80)], [MeshPort.http2(80)], [MeshPort.grpc(80)]])('%# TLS is originated for HTTP', (port) => {
  expect(external({ ports: [port], originateTls: true })._declaration.originateTls).toBe(true);
});

test('refuses to originate TLS for what is no HTTP', () => {
  expect(refused({ originateTls: true })).toBe('originateTls is true; give a port that speaks HTTP, which the proxy can turn into TLS');
});

test('refuses names that Kubernetes refuses', () => {
  const fix = 'give a name that Kubernetes accepts';
  expect(refused({ name: 'Stripe' }))
    .toBe(`name is "Stripe"; it must hold only lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit; ${fix}`);
  expect(refused({ namespace: 'a.b' }))
    .toBe(`namespace is "a.b"; it must hold only lower-case letters, digits and hyphens, and starts and ends with a letter or digit; ${fix}`);
});

test('refuses a deadline of 0', () => {
  expect(refused({ deadline: Duration.seconds(0) })).toBe('deadline is 0 seconds; give a duration longer than 0');
});
