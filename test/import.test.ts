/** What importing the package loads: the vocabulary and cdk8s, and nothing that only a synth or a report needs. */
import { execFileSync } from 'child_process';
import { join } from 'path';

const ROOT = join(__dirname, '..');

/** Folders of src/ and packages, with the number of files that were loaded of each, after some code of a program. */
function loaded(code: string): Readonly<Record<string, number>> {
  const script = `const mesh = require('./src/index.ts');${code}
    const places = Object.keys(require.cache).map((file) => file.replaceAll('\\\\', '/'))
      .map((file) => /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1] ?? /\\/(src\\/[^/]+|imports)\\/.*/.exec(file)?.[1]);
    console.log(JSON.stringify(places.filter((place) => place !== undefined)));`;
  const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: ROOT, encoding: 'utf8' });
  const counts: Record<string, number> = {};
  (JSON.parse(output) as string[]).forEach((place) => { counts[place] = (counts[place] ?? 0) + 1; });
  return counts;
}

const VOCABULARY = ['adoption', 'delivery', 'mesh', 'model', 'operations', 'report', 'security', 'synth', 'traffic'].map((folder) => `src/${folder}`);

test('the import loads cdk8s and the vocabulary', () => {
  const counts = loaded('');
  const others = Object.keys(counts).filter((place) => !VOCABULARY.includes(place) && !['tsx', 'esbuild', 'get-tsconfig', 'resolve-pkg-maps'].includes(place));
  expect(others.sort()).toEqual(['cdk8s', 'constructs']);
  // MeshReport itself, without what writes it.
  expect(counts['src/report']).toBe(1);
});

test('a mesh loads the emitters of its provider', () => {
  const counts = loaded('new mesh.Mesh(new (require("cdk8s").Chart)(new (require("cdk8s").App)(), "a"), "mesh", { provider: mesh.MeshProvider.istio() });');
  expect(counts['src/emit']).toBeGreaterThan(10);
  expect(Object.keys(counts)).not.toContain('src/checks');
  expect(Object.keys(counts)).not.toContain('imports');
});
