/** docs/PERFORMANCE.md, from what the bench measured. */
import type { Mode, Row, Run } from './bench';
import type { Import, Peer } from './peers';
import { type Measured, proxiesSection } from './proxies';
import type { Share } from './share';
import { table } from './table';

export interface Results {
  readonly machine: string;
  readonly day: string;
  /** Load of the machine before and after. */
  readonly load: readonly [number, number];
  readonly rows: readonly Row[];
  readonly others: readonly Row[];
  readonly shares: readonly ({ readonly charts: number } & Share)[];
  readonly imports: readonly Import[];
  readonly peers: readonly Peer[];
  readonly proxies: Measured;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function spread(values: readonly number[]): string {
  return values.length === 1 ? '' : ` (${Math.min(...values)} to ${Math.max(...values)})`;
}

function cpu({ modes }: Row, mode: Mode): readonly number[] {
  return modes[mode].map(({ cpuMs }) => cpuMs);
}

function ratio(row: Row, of: (run: Run) => number, mode: Mode = 'ours'): string {
  return (median(row.modes[mode].map(of)) / median(row.modes.floor.map(of))).toFixed(2);
}

const OURS = ['ours', 'fast'] as const;

function ratios(row: Row, of: (run: Run) => number): string {
  return OURS.map((mode) => ratio(row, of, mode)).join(' / ');
}

function meshOf({ provider, secured = false }: Row): string {
  return secured ? `${provider}, zero trust` : provider;
}

function againstFloor(rows: readonly Row[]): string {
  return table(['mesh', 'services', 'charts', 'objects', 'ours, ms', 'fast, ms', 'floor, ms', 'limit, ms', 'CPU, ours and fast / floor', 'peak MiB, ours, fast, floor',
    'memory, ours and fast / floor'],
  rows.map((row) => [
    meshOf(row), row.size, row.layout, row.modes.floor[0].objects,
    ...(['ours', 'fast', 'floor'] as const).map((mode) => `${median(cpu(row, mode))}${spread(cpu(row, mode))}`), median(cpu(row, 'limit')),
    ratios(row, ({ cpuMs }) => cpuMs),
    (['ours', 'fast', 'floor'] as const).map((mode) => median(row.modes[mode].map(({ peakMiB }) => peakMiB))).join(', '), ratios(row, ({ peakMiB }) => peakMiB),
  ]));
}

const PHASES = ['construct', 'model', 'checks', 'pods', 'cdk8s', 'YAML'] as const;

function phases(rows: readonly Row[]): string {
  return table(['mesh', 'services', 'charts', ...PHASES, 'model and checks, % of the floor'], rows.map((row) => {
    const of = (mode: Mode, phase: string): number => median(row.modes[mode].map((run) => run.phases[phase] ?? 0));
    return [meshOf(row), row.size, row.layout, ...PHASES.map((phase) => `${of('ours', phase)} / ${of('floor', phase)}`),
      Math.round(100 * (of('ours', 'model') + of('ours', 'checks')) / median(cpu(row, 'floor')))];
  }));
}

export function documentOf({ machine, day, load, rows, others, shares, imports, peers, proxies }: Results): string {
  return `# Performance

Written by \`npm run bench\` on ${day}: ${machine}.

CPU time, user and system, all threads, in ms, of a process of its own on the compiled
package, without the start of Node and the imports; the median of several runs taken in turns, with the least and the most in brackets, and one run where
there are no brackets. The load of the machine was ${load.map((one) => one.toFixed(1)).join(' before and ')} after.

The program (\`test/bench/program.ts\`) has ten calls a service, in the shape of published microservice traces: a few hubs, a long tail, depth up to
ten. Of its services one in ten each is TCP, has two versions with a split, has routes; one in five has connection limits; one call in ten has a deadline
of its own. With zero trust all of it is under one \`ZeroTrustPolicy\`: strict mTLS, rules for every caller, NetworkPolicies, no undeclared calls. Meshes other than
Istio are measured without what not all of them can do: connection limits, deadlines of single callers, retries on
some failures, an algorithm of balancing.

- **ours**: the program with this library, from construction to the files.
- **fast**: the same after \`FastYaml.use()\`, which writes the same bytes.
- **floor**: the same objects as literal \`ApiObject\`s of cdk8s. The bench fails unless all three write the same bytes.
- **limit**: the same objects through cdk8s's YAML writer alone.

## Against cdk8s itself

${againstFloor([...rows, ...others])}

## Where the time goes

Ours / floor, in the same synths. "model" is the snapshot of the whole program, "checks" all checks with the call graph and the times that they work out, "pods"
what is added to pod templates: labels, accounts, and requests and limits from the predicted size of every proxy. "cdk8s" is its walk over the tree, validation,
dependencies and the rendering of every object, our bodies included. Who calls whom is drawn before the clock starts, as the program's own knowledge.

${phases([...rows, ...others])}

## Many charts

cdk8s's \`Chart.toJson\` validates the whole app, and looks at the dependencies of all its constructs twice, once for every chart
(\`App._synthChart\`, \`validate\`, \`resolveDependencies\` and \`buildDependencies\` in its \`lib/app.js\`). That is quadratic for everybody. How much of a synth of a chart a
service is spent in functions of this library and in what they call, in percent of a profile (\`test/bench/share.ts\`):

${table(['charts', 'ours', 'of which look-ups, once a chart', 'garbage collection, whoever made it'], shares.map(({ charts, ours, lookups, garbage }) => [charts, ours, lookups, garbage]))}

The rest is that walk of cdk8s, which takes longer than the floor's over as many objects: V8 looks properties up more slowly where constructs are of more than four
classes, and a service is a construct of its own. One chart, or a chart for every team, avoids it.

## Against others, 1,000 services

The same ${rows.find(({ size }) => size === 1000)?.modes.floor[0].objects ?? ''} objects; CPU time in ms, the median of three runs, of kustomize one run, the start of the binaries included.

${table(['', 'ms'], peers.map(({ name, cpuMs }) => [name, cpuMs ?? 'not there: run `npm run conformance` once']))}

## Import

The median of nine processes. Emitters, checks, reports and the parser of PromQL are loaded when they are needed; \`test/import.test.ts\` holds that.

${table(['package', 'CPU, ms', 'peak MiB of the process', 'modules'], imports.map((one) => [one.name, one.cpuMs, one.peakMiB, one.modules]))}

${proxiesSection(proxies)}

${verdict(rows, shares, peers, imports)}`;
}

/** What was aimed at, beside what was measured. */
function verdict(rows: readonly Row[], shares: Results['shares'], peers: readonly Peer[], imports: readonly Import[]): string {
  const at = (size: number, layout = 'one-chart'): Row => rows.find((row) => row.size === size && row.layout === layout)!;
  const share = (row: Row, ...of: readonly string[]): string => {
    const own = median(row.modes.ours.map((run) => of.reduce((sum, phase) => sum + run.phases[phase], 0)));
    return `${Math.round(100 * own / median(cpu(row, 'floor')))} %`;
  };
  const peer = (name: string): number | undefined => peers.find((one) => one.name.includes(name))?.cpuMs;
  const imported = (name: string): Import => imports.find((one) => one.name === name)!;
  const [own, plus] = [imported('cdk8s-mesh'), imported('cdk8s-plus-28')];
  return `## Aims, and what stands

${table(['', 'aim', 'measured'], [
    ...[1000, 10_000].flatMap((size) => [
      [`CPU against the floor, ${size} services, by itself / with FastYaml`, '1.15', ratios(at(size), ({ cpuMs }) => cpuMs)],
      [`peak memory against the floor, ${size} services, by itself / with FastYaml`, '1.3', ratios(at(size), ({ peakMiB }) => peakMiB)],
    ]),
    ['our share of 1,000 charts of a service each', '15 %', `${shares.find(({ charts }) => charts === 1000)!.ours} %`],
    ['model and all checks, 10,000 services and 100,000 calls, of the floor / with what is added to pods', '15 %',
      `${share(at(10_000), 'model', 'checks')} / ${share(at(10_000), 'model', 'checks', 'pods')}`],
    ['model, pods and all checks, 1,000 services', 'less than `istioctl analyze`', `${peer('all checks')} to ${peer('istioctl') ?? '?'} ms`],
    ['import', '150 ms, 1.5 × the memory of cdk8s-plus-28', `${own.cpuMs} ms, ${(own.peakMiB / plus.peakMiB).toFixed(2)} ×`],
  ])}

${NOTES}`;
}

const NOTES = `Growth is linear in one chart, on every mesh, with zero trust and without: \`test/mesh/growth.test.ts\` counts it. Where an aim is missed, it is for these reasons:

- The YAML writer is two thirds of the floor, and cdk8s's resolving of literal data most of the rest. Both are bought by ours as by the floor, so 1.15 leaves
  about 150 ms for 1,000 services: 15 µs for each of 10,000 calls, in which it is declared, judged by all checks and written. \`FastYaml\` saves nine tenths of the writer.
- At 1,000 services much of ours is V8 compiling: without its optimizing compiler (\`node --no-opt\`) construction, model, pods and checks took 350 ms of CPU in place
  of 600 (2026-11-26). At 10,000 services it has paid off. Small programs of meshes with few objects a service feel it most, since their floor is lowest.
- At 10,000 services a fifth of construction and of the model is the collection of garbage, since constructs and the model of 100,000 calls survive. The floor has
  its literals before the clock starts.
- The peak of memory hangs on when V8 collects, which it puts off until the heap is about four times what survived the last time. What is alive once all documents of
  10,000 services are rendered, before they become text, was 213 MiB with ours and 141 with the floor (2026-11-26, by \`--expose-gc\`).
`;
