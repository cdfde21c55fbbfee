import { readFileSync } from 'fs';
import { join } from 'path';
import { defined, duration, nonEmpty, nonEmptyObject } from '../../src/emit/json';

test.each([[2000, '2s'], [1500, '1500ms'], [1, '1ms'], [0, '0s'], [90_000, '90s']])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('undefined properties, empty lists and empty objects are not written', () => {
  expect(Object.keys(defined({ a: 1, b: undefined, c: {} }))).toEqual(['a', 'c']);
  expect([nonEmpty([]), nonEmpty([1])]).toEqual([undefined, [1]]);
  expect([nonEmptyObject({ a: undefined }), nonEmptyObject({ a: 0 })]).toEqual([undefined, { a: 0 }]);
});

test('the generated interfaces call nothing else differently from the schema than what json.ts renames', () => {
  const source = readFileSync(join(__dirname, '../../imports/networking.istio.io.ts'), 'utf8');
  const pairs = [...source.matchAll(/^ {4}'([^']+)': .*obj\.([A-Za-z0-9_$]+).*,$/gm)];
  expect(pairs.length).toBeGreaterThan(300);
  const renamed = new Set(pairs.filter(([, schema, property]) => schema !== property).map(([, schema, property]) => `${property} → ${schema}`));
  expect([...renamed]).toEqual(['consecutive5XxErrors → consecutive5xxErrors']);
});
