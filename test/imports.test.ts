import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { type Manifest, schemaErrors, schemaNames, SCHEMAS, validator } from './support/schemas';

const IMPORTS = join(__dirname, '../imports');
const VERSIONS = JSON.parse(readFileSync(join(__dirname, '../versions.json'), 'utf8')) as Record<string, { module?: string; version: string }>;
const groups = readdirSync(IMPORTS).map(file => file.replace(/\.ts$/, ''));
const kindsOf = (group: string) => schemaNames().filter(name => name.startsWith(`${group}/`)).map(name => name.split('/')[1]);

test.each(schemaNames())('the schema %s compiles', name => {
  expect(validator(name)).toBeInstanceOf(Function);
});

test.each(groups)('imports/%s.ts holds the kinds that test/schemas holds', group => {
  const text = readFileSync(join(IMPORTS, `${group}.ts`), 'utf8');
  const classes = [...text.matchAll(/^export class (\w+) extends ApiObject /gm)].map(match => match[1]);
  const kinds = [...text.matchAll(/^ {4}kind: '(\w+)',$/gm)].map(match => match[1]);
  expect(classes).toHaveLength(kinds.length);
  expect(kinds.sort()).toEqual(kindsOf(group).sort());
});

test('generated files say the versions that are pinned', () => {
  const pinned = Object.values(VERSIONS).filter(({ module }) => module).map(({ module, version }) => `${module} ${version}`);
  const headers = [
    ...groups.map(group => readFileSync(join(IMPORTS, `${group}.ts`), 'utf8').split('\n')[0]),
    ...schemaNames().map(name => (JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')) as { $comment: string }).$comment),
  ];
  const outdated = headers.filter(header => !header.includes('Linkerd CRDs') && !pinned.some(pin => header.includes(pin)));
  expect(outdated).toEqual([]);
});

describe('schemas judge as the API server does with strict field validation', () => {
  const destinationRule = (spec: object): Manifest => ({
    apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'orders' }, spec: { host: 'orders', ...spec },
  });
  const service = (port: object): Manifest => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' }, spec: { ports: [port] } });

  test('a valid object passes', () => {
    expect(schemaErrors(destinationRule({ trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 100 } } } }))).toEqual([]);
  });

  test('an unknown field is refused', () => {
    expect(schemaErrors(destinationRule({ trafficpolicy: {} }))).toEqual([expect.stringContaining('"trafficpolicy"')]);
  });

  test('a missing required field is refused', () => {
    const { spec: _, ...rest } = destinationRule({});
    expect(schemaErrors({ ...rest, spec: {} })).toContainEqual(expect.stringContaining('"host"'));
  });

  test('an enumeration refuses other values', () => {
    expect(schemaErrors(destinationRule({ trafficPolicy: { tls: { mode: 'MUTUALLY' } } }))).toContainEqual(expect.stringContaining('/spec/trafficPolicy/tls/mode'));
  });

  test('int-or-string takes both and nothing else', () => {
    expect(schemaErrors(service({ port: 80, targetPort: 8080 }))).toEqual([]);
    expect(schemaErrors(service({ port: 80, targetPort: 'http' }))).toEqual([]);
    expect(schemaErrors(service({ port: 80, targetPort: true }))).not.toEqual([]);
  });

  test('int32 ends where the API server ends it', () => {
    expect(schemaErrors(service({ port: 2 ** 31 - 1 }))).toEqual([]);
    expect(schemaErrors(service({ port: 2 ** 31 }))).not.toEqual([]);
  });

  test('another version of the same kind is refused', () => {
    expect(schemaErrors({ ...destinationRule({}), apiVersion: 'networking.istio.io/v1alpha3' })).not.toEqual([]);
  });

  test('a kind without a schema is an error, not a pass', () => {
    expect(() => schemaErrors({ apiVersion: 'networking.istio.io/v1', kind: 'Nothing' })).toThrow('Nothing.json');
  });
});
