/** Other ways to the same output, and what judges it elsewhere. */
import { execFileSync } from 'child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'fs';
import { homedir } from 'os';
import { join, resolve } from 'path';
import type { Run } from './bench';

export interface Peer {
  readonly name: string;
  /** Undefined: it is not there. */
  readonly cpuMs?: number;
}

const REPETITIONS = 3;

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** CPU time of a command and its children, in ms; the median of some runs. */
function cpuOf(command: readonly string[], repetitions = REPETITIONS): number {
  const once = (): number => {
    // Findings are no failure here, so its status says nothing.
    const text = execFileSync('bash', ['-c', 'TIMEFORMAT="%U %S"; { time "$@" >/dev/null 2>/dev/null || true; } 2>&1', 'bash', ...command], { encoding: 'utf8' });
    const [user, system] = text.trim().split(' ').map(Number);
    return Math.round((user + system) * 1000);
  };
  return middle(Array.from({ length: repetitions }, once));
}

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-mesh');

/** What the conformance tests built. */
function istioctl(): string | undefined {
  const folders = existsSync(CACHE) ? readdirSync(CACHE).filter((name) => /^istio-[0-9a-f]+$/.test(name)) : [];
  return folders.map((name) => join(CACHE, name, 'istioctl')).find((file) => existsSync(file));
}

/** Helm and kustomize, from modules/render. */
function renderers(): string {
  const out = join(CACHE, 'bench-render');
  execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', `${out}/`, 'tool'], {
    cwd: resolve('test/bench/modules/render'), stdio: 'inherit', env: { ...process.env, GOTOOLCHAIN: 'local' },
  });
  return out;
}

export function peers(size: number, measure: (mode: string) => Run, folder: string): readonly Peer[] {
  measure('write');
  const modes = ['ours', 'floor', 'l1', 'limit'] as const;
  const runs = Object.fromEntries(modes.map((mode) => [mode, Array.from({ length: REPETITIONS }, () => measure(mode))]));
  const cpu = (mode: typeof modes[number], of = (run: Run): number => run.cpuMs): number => middle(runs[mode].map(of));
  const manifest = join(folder, 'ours', 'mesh.k8s.yaml');
  for (const place of ['chart/templates', 'kustomize']) {
    mkdirSync(join(folder, place), { recursive: true });
    copyFileSync(manifest, join(folder, place, 'all.yaml'));
  }
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: mesh\nversion: 1.0.0\n');
  writeFileSync(join(folder, 'kustomize/kustomization.yaml'), 'resources: [all.yaml]\n');
  const bin = renderers();
  const analyzer = istioctl();
  return [
    { name: 'this library: the whole synth', cpuMs: cpu('ours') },
    { name: 'this library: model, pods and all checks', cpuMs: cpu('ours', ({ phases }) => phases.model + phases.pods + phases.checks) },
    { name: '`istioctl analyze --use-kube=false -A` on the output', cpuMs: analyzer === undefined ? undefined : cpuOf([analyzer, 'analyze', '--use-kube=false', '-A', manifest]) },
    { name: 'literal `ApiObject`s (the floor)', cpuMs: cpu('floor') },
    { name: 'classes of `cdk8s import`', cpuMs: cpu('l1') },
    { name: 'the YAML writer alone (the limit)', cpuMs: cpu('limit') },
    { name: '`helm template` of the finished text, nothing templated', cpuMs: cpuOf([join(bin, 'helm'), 'template', join(folder, 'chart')]) },
    { name: '`kustomize build` of the finished text, nothing patched', cpuMs: cpuOf([join(bin, 'kustomize'), 'build', join(folder, 'kustomize')], 1) },
  ].map((peer) => ({ ...peer, size }));
}

export interface Import {
  readonly name: string;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly modules: number;
}

/** What it costs to import a package, without the start of Node. */
export function imports(): readonly Import[] {
  const code = (name: string): string => `const a = process.cpuUsage(); require(${JSON.stringify(name)}); const { user, system } = process.cpuUsage(a);`
    + 'console.log(JSON.stringify({ cpuMs: Math.round((user + system) / 1000), peakMiB: Math.round(Number(/VmHWM:\\s+(\\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1]) / 1024), modules: Object.keys(require.cache).length }))';
  return ['cdk8s', 'cdk8s-plus-28', 'cdk8s-mesh'].map((name) => {
    const runs = Array.from({ length: 9 }, () => JSON.parse(execFileSync(process.execPath, ['--eval', code(name)], { encoding: 'utf8' })) as Import);
    return { name, cpuMs: middle(runs.map((run) => run.cpuMs)), peakMiB: middle(runs.map((run) => run.peakMiB)), modules: runs[0].modules };
  });
}
