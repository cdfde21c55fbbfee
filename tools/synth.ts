/**
 * Runs every example through the real `cdk8s synth` into dist/<example>/, writes its report beside the manifests, and prints its services,
 * resources and findings. An example is a folder of examples/ with a cdk8s.yaml, whose main.ts synthesizes what its app.ts builds:
 * `export function build(app: App): Mesh`.
 */
import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { App } from 'cdk8s';
import { Mesh, MeshReport } from 'cdk8s-mesh';
import { parseAllDocuments } from 'yaml';

const EXAMPLES = 'examples';
const OUTPUT = 'dist';

interface Counts {
  readonly services: number;
  readonly resources: number;
  readonly findings: Readonly<Record<string, number>>;
}

function synthesize(example: string): Counts {
  const dir = join(EXAMPLES, example);
  const output = resolve(OUTPUT, example);
  rmSync(output, { recursive: true, force: true });
  execFileSync(resolve('node_modules/.bin/cdk8s'), ['synth', '--output', output], {
    cwd: dir,
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { resources: countResources(output), ...report(dir, output) };
}

function countResources(output: string): number {
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml'));
  const documents = files.flatMap(file => parseAllDocuments(readFileSync(join(output, file), 'utf8')));
  return documents.filter(document => document.toJS() !== null).length;
}

/** What stands in no manifest: the same app is built once more, and asked. */
function report(dir: string, output: string): Pick<Counts, 'services' | 'findings'> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { build } = require(resolve(dir, 'app.ts')) as { build?: (app: App) => Mesh };
  if (!build) {
    throw new Error(`${dir}/app.ts exports no function build(app)`);
  }
  const mesh = build(new App());
  writeFileSync(join(output, 'report.html'), new MeshReport(mesh).toHtml());
  const findings: Record<string, number> = {};
  for (const { severity } of mesh.findings) {
    findings[severity] = (findings[severity] ?? 0) + 1;
  }
  return { services: mesh.services.length, findings };
}

function describe(findings: Counts['findings']): string {
  const total = Object.values(findings).reduce((a, b) => a + b, 0);
  const parts = Object.entries(findings).sort(([a], [b]) => a < b ? -1 : 1).map(([severity, n]) => `${n} ${severity}`);
  return total === 0 ? '0 findings' : `${total} finding${total === 1 ? '' : 's'} (${parts.join(', ')})`;
}

const all = existsSync(EXAMPLES) ? readdirSync(EXAMPLES).filter(name => existsSync(join(EXAMPLES, name, 'cdk8s.yaml'))).sort() : [];
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !all.includes(name));
if (unknown.length > 0 || all.length === 0) {
  console.error(`no such example: ${unknown.join(', ') || '(none at all)'}; there are: ${all.join(', ')}`);
  process.exit(1);
}

const failed: string[] = [];
for (const example of wanted.length > 0 ? wanted : all) {
  try {
    const { services, resources, findings } = synthesize(example);
    console.log(`${example}: ${services} services, ${resources} resources, ${describe(findings)} → ${OUTPUT}/${example}/`);
    if (findings.error) {
      failed.push(example);
    }
  } catch (e) {
    failed.push(example);
    console.error(`${example}: ${(e as Error).message}`);
  }
}
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
