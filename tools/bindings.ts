/**
 * The package in the other languages that jsii publishes it in. Compile it first.
 *
 * Python: the wheel is built and installed in a virtual environment, and a Python program writes byte for byte what the same TypeScript
 * program writes. Java and Go: the code is generated, has every public type, and Go's is parsed by gofmt; it cannot be compiled here,
 * since the public registries lack cdk8s-plus-28 for Java and cdk8s for Go.
 */
import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join, resolve } from 'path';
import { App } from 'cdk8s';
import { build as quickstart } from '../examples/quickstart/app';

interface Assembly {
  readonly types: Readonly<Record<string, { readonly name: string }>>;
}

const TYPES = Object.values((JSON.parse(readFileSync('.jsii', 'utf8')) as Assembly).types);

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function generate(target: string, out: string, codeOnly: boolean): string {
  run(resolve('node_modules/.bin/jsii-pacmak'), ['--target', target, '--outdir', out, ...codeOnly ? ['--code-only'] : []]);
  return join(out, target);
}

function filesIn(dir: string, ending: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending)).map((file) => join(dir, file));
}

function check(condition: boolean, message: string): void {
  if (!condition) {
    throw new Error(message);
  }
}

function python(scratch: string): void {
  const [wheel] = filesIn(generate('python', scratch, false), '.whl');
  const venv = join(scratch, 'venv');
  run('python3', ['-m', 'venv', venv]);
  run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', wheel]);
  const [theirs, ours] = ['python-output', 'typescript-output'].map((name) => join(scratch, name));
  run(join(venv, 'bin/python'), ['test/bindings/python/quickstart.py', theirs]);
  mkdirSync(ours);
  const app = new App({ outdir: ours });
  quickstart(app);
  app.synth();
  const files = filesIn(ours, '.yaml');
  check(files.length > 0 && filesIn(theirs, '.yaml').length === files.length, 'the Python program writes other files');
  for (const file of files) {
    check(readFileSync(file, 'utf8') === readFileSync(join(theirs, basename(file)), 'utf8'), `the Python program writes another ${basename(file)}`);
  }
  console.log(`python: ${basename(wheel)} is installed, and writes the quickstart as TypeScript does`);
}

function java(scratch: string): void {
  const names = new Set(filesIn(generate('java', scratch, true), '.java').map((file) => basename(file, '.java')));
  const missing = TYPES.filter(({ name }) => !names.has(name));
  check(missing.length === 0, `the Java code lacks ${missing.map(({ name }) => name).join(', ')}`);
  console.log(`java: code for ${TYPES.length} types`);
}

function go(scratch: string): void {
  const dir = generate('go', scratch, true);
  const files = filesIn(dir, '.go');
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const missing = TYPES.filter(({ name }) => !new RegExp(`^type ${name} (interface|struct|string)\\b`, 'm').test(text));
  check(missing.length === 0, `the Go code lacks ${missing.map(({ name }) => name).join(', ')}`);
  run('gofmt', ['-e', '-l', dir]);
  console.log(`go: code for ${TYPES.length} types in ${files.length} files, parsed by gofmt`);
}

const scratch = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-bindings-'));
try {
  for (const target of [python, java, go]) {
    target(scratch);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
