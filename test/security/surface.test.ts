/** docs/SECURITY-SURFACE.md: every field of the CRDs is in it, and says rightly whether a program can write it without the escape hatch. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { AuthorizationMode, ExternalAuthorizer, JwtIssuer, MtlsMode, Principal, ZeroTrustScope } from '../../src';
import { SCHEMAS } from '../support/schemas';
import { Shop } from './program';

const DOCUMENT = readFileSync(join(__dirname, '../../docs/SECURITY-SURFACE.md'), 'utf8');
const KINDS = ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'] as const;

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Paths of the leaves below `spec`. */
function leaves(schema: Schema, path: readonly string[] = []): string[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, child]) => leaves(child, [...path, name]));
  }
  if (schema.items !== undefined) {
    return leaves(schema.items, [...path, '[]']);
  }
  return typeof schema.additionalProperties === 'object' ? leaves(schema.additionalProperties, [...path, '{}']) : [path.join('.')];
}

function documented(kind: string): Map<string, string> {
  const [, section] = new RegExp(`^## ${kind}\\n([^]*?)(?=^## )`, 'm').exec(DOCUMENT)!;
  return new Map([...section.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, field, by]) => [field, by]));
}

/** Paths of what a body holds. */
function paths(value: unknown, open: ReadonlySet<string>, path: string[] = []): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => paths(item, open, [...path, '[]']));
  }
  if (typeof value === 'object' && value !== null) {
    const free = open.has(path.join('.'));
    return Object.entries(value).flatMap(([key, item]) => paths(item, open, [...path, free ? '{}' : key]));
  }
  return [path.join('.')];
}

/** Objects with keys of the program's own. */
const OPEN = new Set(['selector.matchLabels', 'portLevelMtls']);

/** A program that says everything that can be said. */
function everything(): Shop {
  const shop = new Shop();
  const [orders, other] = [shop.service('orders'), shop.service('other')];
  shop.service('web', { ports: [] }).calls(orders);
  orders.allow(Principal.addresses('10.0.0.0/8'), { methods: ['GET'], paths: ['/a'], hosts: ['a.example.com'] });
  orders.allow(Principal.clientAddresses('10.0.0.0/8'));
  const options = { audiences: ['a'], fromHeaders: [{ name: 'a', prefix: 'b' }], fromParams: ['a'], fromCookies: ['a'], claimsToHeaders: { a: 'b' } };
  const rest = { payloadToHeader: 'a', forwardToken: true, spaceDelimitedClaims: ['a'], timeout: Duration.seconds(1) };
  const scope = { publicPaths: ['/a'], exempt: [Principal.service(other)], corsPreflight: true };
  orders.requireJwt(JwtIssuer.of('https://a.example.com', { ...options, ...rest, jwksUri: 'https://a.example.com' }), { ...scope, claims: { a: ['b'] } });
  orders.requireJwt(JwtIssuer.of('https://b.example.com', { ...options, jwks: '{"keys":[{"kty":"RSA"}]}' }), scope);
  orders.requireAuthorizer(ExternalAuthorizer.provider('opa'), { paths: ['/a'], publicPaths: ['/b'] });
  orders.acceptPlaintext(80, { reason: 'a', until: '2027-01-01' });
  other.acceptPlaintext(80, { reason: 'a', until: '2027-01-01', mode: MtlsMode.DISABLED });
  other.allow(Principal.anyone(), { reason: 'a' });
  const gateways = [{ namespace: 'istio-ingress', labels: { istio: 'gateway' } }];
  shop.policy({ scope: ZeroTrustScope.wholeMesh({ gateways }), authorization: AuthorizationMode.AUDIT });
  return shop;
}

describe.each(KINDS)('%s', (kind) => {
  const schema = JSON.parse(readFileSync(join(SCHEMAS, 'security.istio.io', `${kind}.json`), 'utf8')) as Schema;
  const fields = leaves(schema.properties!.spec);

  test('every field of the CRD has its row, and no row is about anything else', () => {
    expect([...documented(kind).keys()]).toEqual(fields);
  });

  test('a row says escape hatch alone exactly where no program writes the field', () => {
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const written = new Set(everything().written().filter((one) => one.kind === kind).flatMap(({ spec }) => paths(spec, OPEN)));
    jest.restoreAllMocks();
    const hatch = [...documented(kind)].filter(([, by]) => by.startsWith('escape hatch')).map(([field]) => field);
    expect(fields.filter((field) => !written.has(field))).toEqual(hatch);
  });
});

test('the escape hatch works as shown', () => {
  const shop = new Shop();
  const orders = shop.service('orders');
  orders.allow(Principal.serviceAccount('a', 'b'));
  shop.policy();
  const [, snippet] = /```ts\n([^]*?)```/.exec(DOCUMENT)!;
  new Function('ApiObject', 'JsonPatch', 'orders', snippet)(ApiObject, JsonPatch, orders);
  expect(shop.find('AuthorizationPolicy', 'orders')!.spec.rules[0]).toMatchObject({ when: [{ key: 'request.headers[x-tenant]', values: ['blue'] }], to: expect.anything() });
});
