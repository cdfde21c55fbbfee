/**
 * `npm run bench [-- SIZE…]`: what the library costs over cdk8s itself, in CPU time and memory, and how it grows. Every measurement runs in a
 * process of its own; ratios compare runs of one bench. Writes docs/PERFORMANCE.md when all sizes were run.
 */
import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { cpus, tmpdir, totalmem } from 'os';
import { join } from 'path';
import type { Layout } from './program';

const SIZES = [10, 100, 1000, 10_000];

interface Run {
  readonly objects: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly phases: Readonly<Record<string, number>>;
}

function measure(mode: string, size: number, layout: Layout, folder: string): Run {
  const output = execFileSync('npx', ['tsx', 'test/bench/run.ts', mode, String(size), layout, folder], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=8192' }, maxBuffer: 1 << 30,
  });
  return JSON.parse(output.trim().split('\n').pop()!) as Run;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function spread(values: readonly number[]): string {
  return values.length === 1 ? '' : ` (${Math.min(...values)} to ${Math.max(...values)})`;
}

interface Row {
  readonly size: number;
  readonly layout: Layout;
  readonly modes: Readonly<Record<'ours' | 'floor' | 'limit', readonly Run[]>>;
  readonly phases: Run;
}

function row(size: number, layout: Layout): Row {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    measure('write', size, layout, folder);
    const repetitions = size >= 10_000 ? 1 : 3;
    const times = (mode: string): Run[] => Array.from({ length: repetitions }, () => measure(mode, size, layout, folder));
    const result = { size, layout, modes: { ours: times('ours'), floor: times('floor'), limit: times('limit') }, phases: measure('phases', size, layout, folder) };
    const cpu = Object.entries(result.modes).map(([mode, runs]) => `${mode} ${median(runs.map((run) => run.cpuMs))} ms`);
    console.log(`${size} services, ${layout}: ${cpu.join(', ')}; ${JSON.stringify(result.phases.phases)}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ size, layout, modes }) => {
    const cpu = (mode: 'ours' | 'floor' | 'limit'): number[] => modes[mode].map((run) => run.cpuMs);
    const peak = (mode: 'ours' | 'floor'): number => median(modes[mode].map((run) => run.peakMiB));
    const ratio = (median(cpu('ours')) / median(cpu('floor'))).toFixed(2);
    return `| ${size} | ${layout} | ${modes.floor[0].objects} | ${median(cpu('ours'))}${spread(cpu('ours'))} | ${median(cpu('floor'))}${spread(cpu('floor'))} `
      + `| ${median(cpu('limit'))} | ${ratio} | ${peak('ours')} / ${peak('floor')} |`;
  });
  return ['| services | charts | objects | ours, ms | floor, ms | limit, ms | ours / floor | peak MiB, ours / floor |', '|---|---|---|---|---|---|---|---|', ...lines].join('\n');
}

function phaseTable(rows: readonly Row[]): string {
  const names = Object.keys(rows[0].phases.phases);
  const lines = rows.map(({ size, layout, phases }) => `| ${size} | ${layout} | ${names.map((name) => phases.phases[name]).join(' | ')} |`);
  return [`| services | charts | ${names.join(' | ')} |`, `|---|---|${names.map(() => '---|').join('')}`, ...lines].join('\n');
}

const wanted = process.argv.slice(2).map(Number);
const sizes = wanted.length > 0 ? wanted : SIZES;
const rows = sizes.flatMap((size) => [
  // With many charts cdk8s itself validates the whole app once for each of them.
  row(size, 'one-chart'), ...size > 10 && size <= 1000 ? [row(size, 'chart-a-namespace'), row(size, 'chart-a-service')] : [],
]);
if (wanted.length === 0) {
  const pinned = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version: string }> };
  const version = (name: string): string => pinned.packages[`node_modules/${name}`].version;
  writeFileSync('docs/PERFORMANCE.md', `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version},
cdk8s ${version('cdk8s')}, constructs ${version('constructs')}. CPU time of a process of its own, without the start of Node; median of three runs with the
least and the most in brackets, one run at 10,000 services.

The program (\`test/bench/program.ts\`) has ten calls a service, in the shape of published microservice traces: a few hubs, a long tail, depth up to
ten. Of its services one in ten each is TCP, has two versions with a split, has routes; one in five has connection limits; one call in ten has a deadline
of its own.

- **ours**: the program with this library, from construction to the files.
- **floor**: the same objects, byte for byte, as literal \`ApiObject\`s of cdk8s.
- **limit**: the same objects through cdk8s's YAML writer alone.

## Against cdk8s itself

${table(rows)}

## Where the time goes

CPU time in ms of one run. "Checks" are all checks on the whole model; "validate, resolve and emit" is cdk8s's walk over the tree with our bodies rendered in it.

${phaseTable(rows)}
`);
}
