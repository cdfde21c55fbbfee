import { readFileSync } from 'fs';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { FastYaml } from 'cdk8s-mesh';
import { YamlText } from '../../src/synth/yaml-text';
import fc from '../support/fc';

const cdk8s = Yaml.stringify.bind(Yaml);

function fast(...documents: unknown[]): string {
  const text = new YamlText(cdk8s);
  return documents.map((document) => text.of(document)).join('---\n');
}

/** Texts that YAML could take for something else, and any others. */
const TEXTS = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9/._-]{0,12}$/) },
  fc.stringMatching(/^[-.0-9:_eExXoO+~TZ]{0,8}$/),
  fc.stringMatching(/^[ \t:#?*&!|>'"%@`{}[\],a\n\r-]{0,6}$/),
  fc.constantFrom('yes', 'No', 'ON', 'off', 'y', 'N', 'true', 'False', 'null', 'Null', '~', '', '<<', '---', '...', '--- a', '=', '2026-11-26', '1:30:00', '.inf',
    '0o7', '1_000', '1e3', 'a: b', 'a #b', 'a:', '- a', '-', 'a-', '*', '\'', '"', '\\', ' a', 'a ', 'a\tb', 'one\ntwo', 'one\ntwo\n',
    '\n', '\u2028', 'é', '😀', '\ud800',
    '\u0007', '\u0085', '\ufeff', 'x'.repeat(2000), '__proto__', 'constructor'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const SCALARS = fc.oneof({ weight: 30, arbitrary: TEXTS }, { weight: 5, arbitrary: fc.integer() }, { weight: 5, arbitrary: fc.boolean() },
  fc.double(), fc.constantFrom(null, undefined, -0, 2 ** 53, NaN, Infinity));

const { document: DOCUMENTS } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, SCALARS, tie('list'), tie('document')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  document: fc.dictionary(TEXTS, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

describe('the writer', () => {
  it('writes what cdk8s writes, whatever it is given', () => {
    fc.assert(fc.property(fc.array(fc.oneof(DOCUMENTS, SCALARS), { maxLength: 3 }), (documents) => {
      expect(fast(...documents)).toBe(cdk8s(...documents));
    }), { numRuns: 3000 });
  });

  it.each([
    ['an object that is there twice', ((one) => ({ a: one, b: [one] }))({ c: 1 })],
    ['an empty list that is there twice', ((one) => ({ a: one, b: one }))([])],
    ['a map without a prototype', { a: Object.assign(Object.create(null) as object, { b: 1 }) }],
    ['a date', { a: new Date(0) }],
    ['a big integer', { a: 10n }],
    ['a map of nothing but null', { a: { b: null } }],
  ])('leaves %s to cdk8s', (_, document) => {
    expect(fast(document)).toBe(cdk8s(document));
  });

  it('asks cdk8s about a text that may need quotes, once', () => {
    const asked: unknown[] = [];
    const text = new YamlText((document) => {
      asked.push(document);
      return cdk8s(document);
    });
    expect(text.of({ kind: 'A', list: ['*', 'b-c', '*'] })).toBe('kind: A\nlist:\n  - "*"\n  - b-c\n  - "*"\n');
    text.of({ other: '*' });
    expect(asked).toEqual([{ a: '*' }]);
  });

  it('hands over a document that holds what it does not write', () => {
    const asked: unknown[] = [];
    const document = { data: { text: 'one\ntwo\n' } };
    new YamlText((one) => {
      asked.push(one);
      return cdk8s(one);
    }).of(document);
    expect(asked).toEqual([document]);
  });
});

describe('FastYaml', () => {
  const before = Yaml.stringify;

  afterEach(() => FastYaml._leave());

  function written(): string {
    const app = new App({ outdir: `${process.env.TMPDIR ?? '/tmp'}/fast-yaml-${process.pid}` });
    new ApiObject(new Chart(app, 'chart'), 'map', { apiVersion: 'v1', kind: 'ConfigMap', data: { on: 'yes', port: '80' } });
    app.synth();
    return readFileSync(`${app.outdir}/chart.k8s.yaml`, 'utf8');
  }

  it('takes the place of the writer of cdk8s, once', () => {
    const expected = written();
    expect([FastYaml.use(), FastYaml.use()]).toEqual([true, true]);
    expect(Yaml.stringify).not.toBe(before);
    expect(written()).toBe(expected);
    FastYaml._leave();
    expect(Yaml.stringify).toBe(before);
  });

  it('stands back where this version of cdk8s writes in another way', () => {
    const other = (...documents: unknown[]): string => before.call(Yaml, ...documents).replace('"yes"', '\'yes\'');
    Yaml.stringify = other;
    try {
      expect(FastYaml.use()).toBe(false);
      expect(Yaml.stringify).toBe(other);
    } finally {
      Yaml.stringify = before;
    }
  });
});
