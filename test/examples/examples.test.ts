/** Every example, whichever there are: it has what a user copies, it is free of findings that matter, and what it writes is valid. */
import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App, Yaml } from 'cdk8s';
import { FindingCode, Severity } from 'cdk8s-mesh';
import type { Mesh } from 'cdk8s-mesh';
import { schemaErrors } from '../support/schemas';
import { synthesized } from './synthesized';

const EXAMPLES = join(__dirname, '../../examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'cdk8s.yaml'))).sort();

function build(name: string): (app: App) => Mesh {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(join(EXAMPLES, name, 'app')) as { build: (app: App) => Mesh }).build;
}

/** What an example says wrongly on purpose, as its README explains. */
const INTENDED: Readonly<Record<string, readonly FindingCode[]>> = {
  bookinfo: [FindingCode.CALLER_GIVES_UP_FIRST],
};

test('there are examples', () => {
  expect(names).toEqual(expect.arrayContaining(['bookinfo', 'online-boutique', 'quickstart']));
});

describe.each(names)('%s', (name) => {
  test.each(['README.md', 'app.ts', 'main.ts', 'tsconfig.json'])('has a %s', (file) => {
    expect(existsSync(join(EXAMPLES, name, file))).toBe(true);
  });

  test('has no errors, and no warnings but those intended', () => {
    const { mesh, warnings } = synthesized(build(name));
    const said = mesh.findings.filter(({ severity }) => severity !== Severity.INFO);
    expect(said.map(({ code }) => code)).toEqual(INTENDED[name] ?? []);
    expect(said.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
    expect(warnings).toHaveLength(said.length);
  });

  test('writes only what its schema accepts', () => {
    const { manifests } = synthesized(build(name));
    const errors = manifests.flatMap((manifest) => schemaErrors(manifest).map((error) => `${manifest.kind}/${manifest.metadata.name} ${error}`));
    expect(manifests.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test('writes the same bytes twice', () => {
    expect(Yaml.stringify(...synthesized(build(name)).manifests)).toBe(Yaml.stringify(...synthesized(build(name)).manifests));
  });

  test('writes this', () => {
    expect(Yaml.stringify(...synthesized(build(name)).manifests)).toMatchSnapshot();
  });
});
