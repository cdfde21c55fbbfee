/**
 * `npm run bench [-- SIZE…]`: what the library costs over cdk8s itself, in CPU time and memory, and how it grows. Every measurement runs in a
 * process of its own, on the compiled package; ratios compare runs of one bench. Writes docs/PERFORMANCE.md when all sizes were run.
 */
import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { cpus, loadavg, tmpdir, totalmem } from 'os';
import { join } from 'path';
import { transformFileSync } from '@swc/core';
import { documentOf } from './document';
import { imports, peers } from './peers';
import type { Layout } from './program';
import type { Measured } from './proxies';
import { shareOf } from './share';

const SIZES = [10, 100, 1000, 10_000];
/** Cdk8s itself is quadratic in charts. */
const MOST_CHARTS = 1000;

export interface Run {
  readonly objects: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly phases: Readonly<Record<string, number>>;
}

export type Mode = 'ours' | 'fast' | 'floor' | 'limit';

/** What is measured. */
interface Place {
  readonly size: number;
  readonly layout: Layout;
  readonly provider: string;
  /** Under a zero-trust policy. */
  readonly secured?: boolean;
}

export interface Row extends Place {
  readonly modes: Readonly<Record<Mode, readonly Run[]>>;
}

/** The measured programs as JavaScript, beside which nothing else has to be loaded. */
function build(): void {
  execFileSync('npx', ['projen', 'compile'], { stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync('.cache/bench', { recursive: true });
  for (const file of ['run', 'program', 'trace-graph', 'l1']) {
    const { code } = transformFileSync(`test/bench/${file}.ts`, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } });
    writeFileSync(`.cache/bench/${file}.js`, code);
  }
}

function measure(mode: string, { size, layout, provider, secured = false }: Place, folder: string, flags: readonly string[] = []): Run {
  const output = execFileSync(process.execPath, ['--max-old-space-size=8192', ...flags, '.cache/bench/run.js', mode, String(size), layout, provider, folder, ...secured ? ['secured'] : []], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 30,
  });
  return JSON.parse(output.trim().split('\n').pop()!) as Run;
}

function repetitions(size: number, layout: Layout): number {
  return size > 1000 ? (layout === 'one-chart' ? 3 : 1) : size === 1000 ? 3 : 5;
}

function row(place: Place, folder: string): Row {
  const { size, layout, provider, secured = false } = place;
  const name = `${provider}${secured ? ' with zero trust' : ''}, ${size} services, ${layout}`;
  measure('write', place, folder);
  const runs: Record<Mode, Run[]> = { ours: [], fast: [], floor: [], limit: [] };
  for (let turn = 0; turn < repetitions(size, layout); turn++) {
    // In turns, so that what else the machine does falls on all alike.
    (Object.keys(runs) as Mode[]).forEach((mode) => runs[mode].push(measure(mode, place, folder)));
  }
  for (const file of readdirSync(join(folder, 'floor'))) {
    for (const mode of ['ours', 'fast']) {
      if (!readFileSync(join(folder, 'floor', file)).equals(readFileSync(join(folder, mode, file)))) {
        throw new Error(`${file} of ${name}, ${mode}, is not what the floor writes`);
      }
    }
  }
  console.error(`${name}: ${Object.entries(runs).map(([mode, all]) => `${mode} ${all.map(({ cpuMs }) => cpuMs).join(' ')}`).join('; ')}`);
  return { ...place, modes: runs };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Factories of `MeshProvider` that need no options. Only the first one is measured at every size. */
function providers(): readonly string[] {
  const script = 'console.log(JSON.stringify(Object.getOwnPropertyNames(require("./lib/src").MeshProvider).filter((name) => !["length", "name", "prototype"].includes(name))))';
  const names = JSON.parse(execFileSync(process.execPath, ['--eval', script], { encoding: 'utf8' })) as string[];
  return ['istio', ...names.filter((name) => name !== 'istio')];
}

const wanted = process.argv.slice(2).map(Number);
const sizes = wanted.length > 0 ? wanted : SIZES;
build();
const started = loadavg()[0];
const rows = sizes.flatMap((size) => {
  const layouts: Layout[] = ['one-chart', ...(size > 10 ? ['chart-a-namespace'] as const : []), ...(size > 10 && size <= MOST_CHARTS ? ['chart-a-service'] as const : [])];
  return layouts.map((layout) => inFolder((folder) => row({ size, layout, provider: 'istio' }, folder)));
});
const others = [
  ...sizes.map((size) => ({ size, provider: 'istio', secured: true })),
  ...providers().slice(1).flatMap((provider, index) => sizes.filter((size) => size <= 1000 || index === 0).map((size) => ({ size, provider }))),
].map((place) => inFolder((folder) => row({ ...place, layout: 'one-chart' }, folder)));
if (wanted.length === 0) {
  const pinned = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version: string }> };
  const version = (name: string): string => `${name} ${pinned.packages[`node_modules/${name}`].version}`;
  writeFileSync('docs/PERFORMANCE.md', documentOf({
    machine: `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, `
      + `${version('cdk8s')}, ${version('constructs')}, ${version('yaml')}`,
    day: new Date().toISOString().slice(0, 10),
    load: [started, loadavg()[0]],
    rows, others,
    shares: [400, MOST_CHARTS].map((charts) => ({ charts, ...inFolder((folder) => shareOf(folder, (flags) => measure('ours', { size: charts, layout: 'chart-a-service', provider: 'istio' }, folder, flags))) })),
    imports: imports(),
    peers: inFolder((folder) => peers(1000, (mode) => measure(mode, { size: 1000, layout: 'one-chart', provider: 'istio' }, folder), folder)),
    proxies: JSON.parse(readFileSync('test/conformance/measure/mesh-cost.json', 'utf8')) as Measured,
  }));
}
