import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, relative, resolve } from 'path';
import { COMPOSITION_ROOT, PROVIDERS, SHARED, VOCABULARY } from '../projenrc/layout';

const ROOT = resolve(__dirname, '..');
const OTHER_FOLDERS = ['model', 'checks', 'emit', 'report'];

/** One file `from` that imports one file `to`; both exist in a copy of the layout that ESLint judges. */
interface Edge {
  readonly from: string;
  readonly to: string;
}

interface LintResult {
  readonly filePath: string;
  readonly messages: ReadonlyArray<{ readonly ruleId: string | null; readonly message: string; readonly line: number }>;
}

const ALLOWED: Edge[] = [
  { from: 'src/mesh/a.ts', to: 'src/model/b.ts' },
  { from: 'src/mesh/a.ts', to: 'src/traffic/b.ts' },
  { from: 'src/security/a.ts', to: 'src/mesh/b.ts' },
  { from: COMPOSITION_ROOT, to: 'src/checks/b.ts' },
  { from: COMPOSITION_ROOT, to: 'src/emit/istio/b.ts' },
  { from: COMPOSITION_ROOT, to: 'src/model/b.ts' },
  { from: 'src/checks/a.ts', to: 'src/model/b.ts' },
  { from: 'src/checks/a.ts', to: 'src/checks/b.ts' },
  { from: 'src/emit/istio/a.ts', to: 'src/model/b.ts' },
  { from: 'src/emit/istio/a.ts', to: 'src/emit/istio/b.ts' },
  { from: 'src/emit/istio/a.ts', to: 'src/emit/b.ts' },
  ...SHARED.map(folder => ({ from: 'src/emit/istio/a.ts', to: `src/emit/${folder}/b.ts` })),
  ...Object.entries(PROVIDERS).flatMap(([provider, base]) => base.map(other => ({ from: `src/emit/${provider}/a.ts`, to: `src/emit/${other}/b.ts` }))),
  { from: 'src/emit/istio/a.ts', to: 'imports/b.ts' },
  { from: 'src/report/a.ts', to: 'src/model/b.ts' },
  { from: 'src/model/a.ts', to: 'src/model/b.ts' },
  { from: 'src/index.ts', to: 'src/mesh/b.ts' },
  { from: 'src/index.ts', to: 'src/report/b.ts' },
  { from: 'src/index.ts', to: 'src/model/finding.ts' },
  { from: 'test/a.ts', to: 'src/emit/istio/b.ts' },
];

const FORBIDDEN: Edge[] = [
  ...[...VOCABULARY, 'checks', 'emit', 'report'].map(folder => ({ from: 'src/model/a.ts', to: `src/${folder}/b.ts` })),
  ...['checks', 'emit', 'report'].flatMap(folder => [...VOCABULARY, 'checks', 'emit', 'report']
    .filter(other => other !== folder)
    .map(other => ({ from: `src/${folder}/a.ts`, to: `src/${other}/b.ts` }))),
  ...VOCABULARY.flatMap(folder => ['checks', 'emit', 'report'].map(other => ({ from: `src/${folder}/a.ts`, to: `src/${other}/b.ts` }))),
  ...Object.entries(PROVIDERS).flatMap(([provider, base]) => Object.keys(PROVIDERS).filter(other => other !== provider && !base.includes(other))
    .map(other => ({ from: `src/emit/${provider}/a.ts`, to: `src/emit/${other}/b.ts` }))),
  ...SHARED.map(folder => ({ from: `src/emit/${folder}/a.ts`, to: 'src/emit/istio/b.ts' })),
  { from: COMPOSITION_ROOT, to: 'src/report/b.ts' },
  ...['model', 'checks', 'emit'].map(folder => ({ from: 'src/index.ts', to: `src/${folder}/b.ts` })),
  ...['mesh', 'model', 'checks', 'report'].map(folder => ({ from: `src/${folder}/a.ts`, to: 'imports/b.ts' })),
  ...['test', 'tools', 'examples', 'projenrc'].map(folder => ({ from: 'src/mesh/a.ts', to: `${folder}/b.ts` })),
  ...['src', 'test', 'imports'].map(folder => ({ from: 'examples/quickstart/a.ts', to: `${folder}/b.ts` })),
];

const RUN_ESLINT = `
const { ESLint } = require('eslint');
const tseslint = require('typescript-eslint');
// The copy is in no TypeScript project, so rules that need types are off; the import rules need none.
new ESLint({ cwd: process.cwd(), overrideConfig: [tseslint.configs.disableTypeChecked, {
  files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } },
  rules: { '@typescript-eslint/switch-exhaustiveness-check': 'off' },
}] }).lintFiles(['**/*.ts'])
  .then(results => process.stdout.write(JSON.stringify(results.map(({ filePath, messages }) => ({ filePath, messages })))));
`;

/** Rules that fire, by file and line, when the real eslint.config.mjs judges a copy of the layout with the given files. */
function lint(files: Record<string, string[]>): Record<string, Record<number, string[]>> {
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'architecture-'));
  try {
    for (const file of ['eslint.config.mjs', 'package.json']) {
      cpSync(join(ROOT, file), join(dir, file));
    }
    for (const [path, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), lines.map(line => `${line}\n`).join(''));
    }
    const stdout = execFileSync(process.execPath, ['-e', RUN_ESLINT], { cwd: dir, encoding: 'utf8' });
    return Object.fromEntries((JSON.parse(stdout) as LintResult[]).map(({ filePath, messages }) => {
      const byLine: Record<number, string[]> = {};
      for (const { ruleId, message, line } of messages) {
        (byLine[line] ??= []).push(ruleId ?? message);
      }
      return [relative(dir, filePath), byLine];
    }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function importOf({ from, to }: Edge): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '');
  return `export * from '${path.startsWith('.') ? path : `./${path}`}';`;
}

const name = ({ from, to }: Edge) => `${from} → ${to}`;

/** Rules that fire on each edge: an importer holds one line for each of its edges. */
function lintEdges(edges: readonly Edge[]): Map<string, string[]> {
  const files: Record<string, string[]> = {};
  for (const { to } of edges) {
    files[to] = ['export const value = 1;'];
  }
  const lines = edges.map(edge => (files[edge.from] ??= []).push(importOf(edge)));
  const results = lint(files);
  return new Map(edges.map((edge, i) => [name(edge), results[edge.from][lines[i]] ?? []]));
}

describe('ESLint', () => {
  const verdicts = lintEdges([...FORBIDDEN, ...ALLOWED]);

  test('refuses every import against the arrows', () => {
    expect(FORBIDDEN.filter(edge => !verdicts.get(name(edge))!.includes('import/no-restricted-paths')).map(name)).toEqual([]);
  });

  test('lets every import along the arrows pass', () => {
    expect(ALLOWED.filter(edge => verdicts.get(name(edge))!.length > 0).map(name)).toEqual([]);
  });

  test.each([true, false])("lets an example import 'cdk8s-mesh' by its name, compiled: %s", compiled => {
    const results = lint({
      ...compiled ? { 'lib/src/index.js': ['exports.Mesh = 1;'], 'lib/src/index.d.ts': ['export const Mesh = 1;'] } : {},
      'examples/quickstart/app.ts': ["export { App } from 'cdk8s';", "import { Mesh } from 'cdk8s-mesh';", "import { Ingress } from 'cdk8s-plus-28';", 'export const used = [Mesh, Ingress];'],
    });
    expect(results['examples/quickstart/app.ts']).toEqual({});
  });

  test('refuses cycles, a model that knows constructs, and files of more than 300 lines', () => {
    const list = (entries: number) => ['// Comments do not count.', 'export const lines = [', ...Array<string>(entries).fill('  1,'), '];'];
    const results = lint({
      'src/traffic/a.ts': ["import { b } from './b';", 'export const a = () => b;'],
      'src/traffic/b.ts': ["import { a } from './a';", 'export const b = () => a;'],
      'src/model/constructs.ts': ["export { Construct } from 'constructs';"],
      'src/checks/long.ts': list(299),
      'src/checks/full.ts': list(298),
    });
    const rules = Object.fromEntries(Object.entries(results).map(([file, byLine]) => [file, Object.values(byLine).flat()]));
    expect(rules).toEqual({
      'src/traffic/a.ts': ['import/no-cycle'],
      'src/traffic/b.ts': ['import/no-cycle'],
      'src/model/constructs.ts': ['no-restricted-imports'],
      'src/checks/long.ts': ['max-lines'],
      'src/checks/full.ts': [],
    });
  });
});

test('every folder of src/ and src/emit/ has its place in the drawing', () => {
  const folders = (dir: string) => readdirSync(join(ROOT, dir), { withFileTypes: true }).filter(e => e.isDirectory()).map(e => e.name);
  expect(folders('src').filter(folder => ![...VOCABULARY, ...OTHER_FOLDERS].includes(folder))).toEqual([]);
  expect(folders('src/emit').filter(folder => ![...Object.keys(PROVIDERS), ...SHARED].includes(folder))).toEqual([]);
});
