/** What holds for every check, whoever writes it. */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { judge, CHECKS } from '../../src/checks';
import type { Explained } from '../../src/checks/check';
import { CAPABILITIES, CAPABILITY_TABLE } from '../../src/model/capability';
import { findingLine, FindingCode, Severity } from '../../src/model/finding';
import { PROVIDERS } from '../../src/model/provider';
import { CATALOGUE } from '../../tools/findings/catalogue';
import { EXPLAINED } from '../../tools/findings/explained';
import { pages } from '../../tools/findings/pages';
import { run } from '../../tools/findings/run';
import { model, service } from './model-builder';

const ROOT = join(__dirname, '..', '..');
const DOCS = join(ROOT, 'docs', 'findings');
const names = CHECKS.map((check) => check.name);

beforeAll(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterAll(() => {
  jest.restoreAllMocks();
});

describe('the list', () => {
  test('is in alphabetical order and holds every check of src/checks', () => {
    const files = readdirSync(join(ROOT, 'src', 'checks')).filter((file) => file.endsWith('.ts')).filter((file) => /: Check = \{$/m.test(readFileSync(join(ROOT, 'src', 'checks', file), 'utf8')));
    expect(names).toEqual([...names].sort());
    expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(names);
  });

  test('uses every code once; one code is known only after the checks', () => {
    const codes = EXPLAINED.map(({ code }) => code);
    expect([...codes].sort()).toEqual(Object.values(FindingCode).sort());
    expect(Object.values(FindingCode).filter((code) => !CHECKS.some((check) => check.code === code))).toEqual([FindingCode.UNUSED_SUPPRESSION]);
  });

  const tests = readdirSync(join(__dirname, '..'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts')).map((file) => readFileSync(join(__dirname, '..', file), 'utf8')).join('\n');

  test.each(CHECKS.map((check) => [check.name, check.code]))('%s has tests', (name, code) => {
    const constant = Object.entries(FindingCode).find(([, value]) => value === code)![0];
    expect(tests.includes(`/src/checks/${name}'`) || tests.includes(`FindingCode.${constant}`)).toBe(true);
  });
});

describe.each(EXPLAINED.map((explained) => [explained.name, explained] as const))('%s', (_, explained) => {
  test('is explained', () => {
    expect(explained.title).toMatch(/^\S.{15,120}[^.]$/);
    expect(explained.why).toMatch(/^[A-Z`].{80,600}\.$/s);
    expect(explained.code).toMatch(/^MESH[1-9]\d\d$/);
  });

  if (explained.bad === '') {
    test('it has no bad program only while no mesh lacks anything', () => {
      const answers = CAPABILITIES.flatMap((capability) => PROVIDERS.map((provider) => CAPABILITY_TABLE[capability][provider].support));
      expect([explained.code, answers]).toEqual([FindingCode.UNSUPPORTED_CAPABILITY, expect.not.arrayContaining(['unsupported'])]);
    });
    return goodProgram(explained);
  }

  test('its bad program ends in this finding and no other', () => {
    const { app, findings } = run(explained.bad);
    const heavy = weighty(explained, findings);
    expect(heavy).toEqual([expect.objectContaining({ check: explained.name, code: explained.code })]);
    const [{ severity, message, evidence, fix, catalogue }] = heavy;
    expect(severity).toBe(explained.severity);
    expect(message).toMatch(/^[^.\n].*[^.\s]$/);
    expect(evidence).toMatch(/^(|[^\n]*[^.\s])$/);
    expect(fix).toMatch(/^[A-Z][^\n]*[^.\s]$/);
    expect(explained.catalogue).toEqual(expect.arrayContaining(catalogue));
    if (severity === Severity.ERROR) {
      expect(() => app.synthYaml()).toThrow(findingLine(heavy[0]));
    } else {
      expect(app.synthYaml()).toContain('kind: ');
    }
  });

  goodProgram(explained);
});

function goodProgram(explained: Explained): void {
  test('its good program ends in none, and is synthesized', () => {
    const { app, findings } = run(explained.good);
    expect(weighty(explained, findings)).toEqual([]);
    expect(app.synthYaml()).toContain('kind: ');
  });
}

/** Information is for the report; programs that show something else need not be free of it. */
function weighty(explained: Explained, findings: ReturnType<typeof run>['findings']) {
  return findings.filter(({ severity }) => severity !== Severity.INFO || explained.severity === Severity.INFO);
}

describe('the catalogue of other checkers', () => {
  const rows = Object.values(CATALOGUE).flat();

  test('has every code once, with an answer', () => {
    const codes = rows.flatMap(({ code }) => code ?? []);
    expect(new Set(codes).size).toBe(codes.length);
    const answers = rows.map(({ impossible, accepted, checks, later }) => [impossible, accepted, checks, later].filter((part) => part !== undefined));
    expect(answers.filter((answer) => answer.length === 0)).toEqual([]);
    expect(rows.flatMap(({ checks }) => checks ?? []).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('says of every code the same as the checks', () => {
    const claimed = CHECKS.flatMap((check) => check.catalogue.map((code) => `${code} ${check.name}`));
    const answered = rows.flatMap(({ code, checks }) => code === undefined ? [] : (checks ?? []).map((name) => `${code} ${name}`));
    expect(claimed.sort()).toEqual(answered.sort());
  });
});

test('the judge puts the heaviest findings first, and then goes by code', () => {
  const findings = judge(model({
    services: [service('b', { namespace: undefined }), service('a', { namespace: undefined, split: { none: 100 } })],
  }));
  const weight = [Severity.ERROR, Severity.WARNING, Severity.INFO];
  const keys = findings.map(({ severity, code }) => `${weight.indexOf(severity)} ${code}`);
  expect(keys).toEqual([...keys].sort());
  expect(new Set(findings.map(({ severity }) => severity)).size).toBe(3);
  expect(findings.filter(({ code }) => code === FindingCode.NAMESPACE_MISSING).map(({ construct }) => construct)).toEqual(['shop/b', 'shop/a']);
});

test('docs/findings is what `npm run docs` writes', () => {
  const written = pages();
  expect(readdirSync(DOCS).sort()).toEqual([...written.keys()].sort());
  for (const [name, text] of written) {
    expect(readFileSync(join(DOCS, name), 'utf8')).toBe(text);
  }
});
