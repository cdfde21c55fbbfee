import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import { App } from 'cdk8s';
import { FindingCode, Severity } from '../../src/model/finding';
import { SECTIONS } from '../../src/report/sections';
import { fortyOne } from './forty-one';
import { rich } from './rich';
import { judgement, reportOf } from './support';

interface Schema { [key: string]: unknown; properties?: Record<string, Schema> }
const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/report.schema.json'), 'utf8')) as Schema;

/** The schema lets keys be added; here each of them must be described. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) {
    return part.map(closed);
  }
  if (typeof part !== 'object' || part === null) {
    return part;
  }
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && typeof inner.properties === 'object' && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner;
}

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
const open = ajv.compile(schema);
const exact = new Ajv({ allErrors: true, strict: false }).compile(closed({ ...schema, $id: undefined }) as object);

test.each([
  ['rich', rich()], ['forty-one', fortyOne(new App())._judgement()], ['empty', judgement({})],
])('the JSON document is as docs/report.schema.json says: %s', (_, judged) => {
  const document: unknown = JSON.parse(reportOf(judged).toJson());
  expect([open(document), open.errors]).toEqual([true, null]);
  expect([exact(document), exact.errors]).toEqual([true, null]);
});

test('every key of the schema has a description', () => {
  const bare: string[] = [];
  const walk = (part: Schema, path: string): void => {
    Object.entries(part.properties ?? {}).forEach(([key, property]) => {
      if (typeof property.description !== 'string' && typeof property.$ref !== 'string' && property.const === undefined) {
        bare.push(`${path}.${key}`);
      }
    });
    Object.entries(part).forEach(([key, value]) => {
      if (typeof value === 'object' && value !== null) {
        walk(value as Schema, `${path}.${key}`);
      }
    });
  };
  walk(schema, '');
  expect(bare).toEqual([]);
});

test('every section is required by the schema', () => {
  expect(schema.required).toEqual(['format', 'version', 'mesh', ...SECTIONS.map(({ key }) => key)]);
});

test('the document names its format, and ends with a new line', () => {
  const text = reportOf(judgement({})).toJson();
  expect(JSON.parse(text)).toMatchObject({ format: 'cdk8s-mesh/report', version: 1, mesh: 'shop/mesh' });
  expect(text.endsWith('}\n')).toBe(true);
});

test('findings and suppressions are there as they are', () => {
  const finding = {
    code: FindingCode.CALL_CYCLE, check: 'call-cycle', severity: Severity.ERROR, construct: 'shop/a', message: 'm', evidence: 'e', fix: 'f', catalogue: ['IST0101'],
  };
  const document = JSON.parse(reportOf(judgement({ findings: [finding], suppressed: [{ finding, reason: 'because' }] })).toJson()) as Record<string, unknown>;
  expect(document.findings).toEqual([finding]);
  expect(document.suppressions).toEqual([{ finding, reason: 'because' }]);
});

test('is the same bytes twice', () => {
  expect(reportOf(rich()).toJson()).toBe(reportOf(rich()).toJson());
});
