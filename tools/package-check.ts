/**
 * What a user gets: the tarball of `npm pack`, installed in an empty project outside the repository with nothing but the
 * peers, once at the lowest version that every peer range admits and once at the newest. A program is compiled there
 * with `strict`, run, and its manifests are looked at. Compile the package first.
 */
import { execFileSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { parseAllDocuments } from 'yaml';

const ROOT = process.cwd();

interface Manifest {
  readonly peerDependencies: Record<string, string>;
  readonly bundledDependencies?: readonly string[];
  readonly dependencies?: Record<string, string>;
}

const OWN = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const PEERS = OWN.peerDependencies;
const BUNDLED = bundled(OWN.bundledDependencies ?? []);

/** What comes inside the package, with all that it needs itself. */
function bundled(names: readonly string[]): readonly string[] {
  const needs = (name: string) => Object.keys((JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')) as Manifest).dependencies ?? {});
  return [...new Set(names.flatMap(name => [name, ...bundled(needs(name))]))].sort();
}

function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function check(condition: boolean, message: string): void {
  if (!condition) {
    throw new Error(message);
  }
}

function pack(into: string): string {
  const [{ filename, files, size }] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', into], ROOT)) as
    Array<{ filename: string; size: number; files: Array<{ path: string }> }>;
  const paths = files.map(file => file.path);
  for (const needed of ['.jsii', 'LICENSE', 'README.md', 'lib/src/index.js', 'lib/src/index.d.ts']) {
    check(paths.includes(needed), `the tarball lacks ${needed}`);
  }
  const inside = (path: string) => BUNDLED.some(name => path.startsWith(`node_modules/${name}/`));
  const missing = BUNDLED.filter(name => !paths.includes(`node_modules/${name}/package.json`));
  check(missing.length === 0, `the tarball lacks the bundled ${missing.join(', ')}`);
  const strange = paths.filter(path => !inside(path) && !/^lib\/(src|imports)\/.*(\.js|\.d\.ts)$/.test(path)
    && !['.jsii', '.warnings.jsii.js', 'LICENSE', 'README.md', 'package.json'].includes(path));
  check(strange.length === 0, `the tarball holds what no user needs: ${strange.join(', ')}`);
  console.log(`tarball: ${paths.length} files, ${Math.round(size / 1024)} KiB packed, with ${BUNDLED.join(', ') || 'nothing bundled'}`);
  return join(into, filename);
}

/** Lowest version of a caret range; peers have no other form. */
function lowest(range: string): string {
  const version = /^\^(\d+\.\d+\.\d+)$/.exec(range)?.[1];
  if (!version) {
    throw new Error(`peer range '${range}' is no caret range`);
  }
  return version;
}

/** Bundled files that the bare import reads. */
const LOADED = "require('cdk8s-mesh'); process.stdout.write(Object.keys(require.cache).filter(file => /cdk8s-mesh.node_modules/.test(file)).join())";

/** Names of the packages in a node_modules, scoped ones too. */
function packagesIn(dir: string): readonly string[] {
  const names = existsSync(dir) ? readdirSync(dir).filter(name => !name.startsWith('.')) : [];
  return names.flatMap(name => name.startsWith('@') ? readdirSync(join(dir, name)).map(inner => `${name}/${inner}`) : [name]).sort();
}

function installed(dir: string): Record<string, string> {
  const tree = JSON.parse(npm(['ls', '--json', '--depth=0'], dir)) as { dependencies: Record<string, { version: string }> };
  return Object.fromEntries(Object.entries(tree.dependencies).map(([name, { version }]) => [name, version]));
}

function tryPeers(label: string, tarball: string, specs: string[]): void {
  const dir = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-package-'));
  try {
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0', private: true }));
    npm(['install', '--no-audit', '--no-fund', '--save-exact', tarball, ...specs], dir);
    const versions = installed(dir);
    check(Object.keys(versions).sort().join() === ['cdk8s-mesh', ...Object.keys(PEERS)].sort().join(), `installed besides the peers: ${Object.keys(versions).join()}`);
    const own = packagesIn(join(dir, 'node_modules/cdk8s-mesh/node_modules'));
    check(own.join() === BUNDLED.join(), `cdk8s-mesh brought '${own.join()}', not '${BUNDLED.join()}'`);
    const loaded = execFileSync(process.execPath, ['-e', LOADED], { cwd: dir, encoding: 'utf8' });
    check(loaded === '', `importing cdk8s-mesh loads what only a report needs: ${loaded}`);

    cpSync(join(ROOT, 'tools/package-check/program.ts'), join(dir, 'program.ts'));
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, target: 'ES2022', module: 'node16', types: ['node'], outDir: 'out' }, files: ['program.ts'],
    }));
    // Node's types come from the repository: the peers' own declarations need them.
    mkdirSync(join(dir, 'node_modules/@types'), { recursive: true });
    cpSync(resolve('node_modules/@types/node'), join(dir, 'node_modules/@types/node'), { recursive: true });
    cpSync(resolve('node_modules/undici-types'), join(dir, 'node_modules/undici-types'), { recursive: true });
    execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', dir], { stdio: 'inherit' });
    execFileSync(process.execPath, ['out/program.js'], { cwd: dir, stdio: 'inherit' });

    const report = readFileSync(join(dir, 'report.html'), 'utf8');
    check(/<svg id=.*<title[^>]*>Who calls whom: 2 services<\/title>/s.test(report), 'the report draws no calls');

    const objects = readdirSync(join(dir, 'dist')).flatMap(file => parseAllDocuments(readFileSync(join(dir, 'dist', file), 'utf8')))
      .map(document => document.toJS() as { kind: string; metadata: { name: string; namespace?: string }; spec?: any });
    const virtualService = objects.find(o => o.kind === 'VirtualService' && o.metadata.name === 'orders');
    const weights = (virtualService?.spec.http ?? []).flatMap((route: any) => route.route ?? []).map((route: any) => `${route.destination.subset} ${route.weight}`);
    check(weights.join() === 'stable 90,canary 10', `the VirtualService orders splits '${weights.join()}', not 'stable 90,canary 10'`);
    const kinds = [...new Set(objects.map(o => o.kind))].sort();
    for (const kind of ['DestinationRule', 'Deployment', 'Service', 'ServiceAccount', 'Sidecar']) {
      check(kinds.includes(kind), `no ${kind} among ${kinds.join()}`);
    }
    console.log(`${label} peers: ${Object.keys(PEERS).map(peer => `${peer} ${versions[peer]}`).join(', ')}: ${objects.length} objects of ${kinds.length} kinds`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-pack-'));
try {
  const tarball = pack(scratch);
  tryPeers('lowest', tarball, Object.entries(PEERS).map(([name, range]) => `${name}@${lowest(range)}`));
  tryPeers('newest', tarball, Object.entries(PEERS).map(([name, range]) => `${name}@${range}`));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
