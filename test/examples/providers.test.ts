/** Every example on every mesh: what was written is valid and stays as it is; what could not be written says why. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import { Severity } from 'cdk8s-mesh';
import { PROVIDER_FACTS, PROVIDERS } from '../../src/model/provider';
import { buildOf, EXAMPLE_NAMES, matrix, said } from '../../tools/providers/matrix';
import { PAGE, providersPage } from '../../tools/providers/page';
import { TARGETS } from '../../tools/providers/targets';
import { refusal } from '../support/refusal';
import { schemaErrors } from '../support/schemas';
import { synthesized } from './synthesized';

const CELLS = matrix();
const name = ({ example, target: { id, variant } }: (typeof CELLS)[number]) => [example, 'on', id, variant].filter(Boolean).join(' ');
const refused = CELLS.filter(({ findings }) => findings.some(({ severity }) => severity === Severity.ERROR));
const written = CELLS.filter((cell) => !refused.includes(cell));

test('every provider stands in the matrix, by the line that asks for it', () => {
  expect(new Set(TARGETS.map(({ id }) => id))).toEqual(new Set(PROVIDERS));
  for (const { id, line, provider } of TARGETS) {
    expect(line).toContain(`MeshProvider.${PROVIDER_FACTS[id].factory}(`);
    expect(provider()._node().provider).toBe(id);
  }
});

test('one example at least can move to every mesh', () => {
  const movable = EXAMPLE_NAMES.filter((example) => written.filter((cell) => cell.example === example).length === TARGETS.length);
  expect(movable).toEqual(expect.arrayContaining(['portable', 'release']));
});

test('what stands in the matrix', () => {
  expect(Object.fromEntries(CELLS.map((cell) => [name(cell), said(cell.findings).join(', ')]))).toMatchSnapshot();
});

describe.each(written.map((cell) => [name(cell), cell] as const))('%s', (_, { example, target }) => {
  const { manifests } = synthesized((app) => buildOf(example)(app, target.provider()));

  test('writes only what its schema accepts', () => {
    expect(manifests.flatMap((manifest) => schemaErrors(manifest).map((error) => `${manifest.kind}/${manifest.metadata.name} ${error}`))).toEqual([]);
  });

  // Istio's own API stands in the examples' own snapshots.
  if (target.id !== 'istio') {
    test('writes this', () => {
      expect(Yaml.stringify(...manifests)).toMatchSnapshot();
    });
  }
});

test.each(refused.map((cell) => [name(cell), cell] as const))('%s writes nothing, and says what to do instead', (_, { example, target, findings }) => {
  const message = refusal(() => synthesized((app) => buildOf(example)(app, target.provider())));
  for (const { severity, code, fix } of findings.filter((finding) => finding.severity === Severity.ERROR)) {
    expect([severity, message.includes(code), fix.length > 0]).toEqual([Severity.ERROR, true, true]);
  }
});

test('docs/PROVIDERS.md is what `npm run docs` writes', () => {
  expect(readFileSync(join(__dirname, '..', '..', PAGE), 'utf8')).toBe(providersPage());
});
