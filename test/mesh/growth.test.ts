/**
 * A program of four times as many services takes four times as much work. What is counted is how often each function of the library, and each
 * block within it, was run, so that the machine's speed and load make no difference.
 */
import { Session } from 'inspector';
import { join, relative } from 'path';
import { setFlagsFromString } from 'v8';
import { CAPABILITY_TABLE } from '../../src/model/capability';
import { TARGETS, type Target } from '../../tools/providers/targets';
import type { Layout, Options, program as Program } from '../bench/program';

const SOURCES = join(__dirname, '../../src');

interface Ran {
  readonly functionName: string;
  readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
}

interface Coverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly Ran[] }[];
}

const session = new Session();
let program: typeof Program;
let targets: readonly Target[];
let stderr: jest.SpyInstance;

/** V8 counts in all functions that it compiles from here on, so the library is loaded anew behind it. */
beforeAll(() => {
  // Optimized code loses counts now and then.
  setFlagsFromString('--no-opt');
  // Some meshes warn of every prefix.
  stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  jest.resetModules();
  ({ program } = jest.requireActual<{ program: typeof Program }>('../bench/program'));
  ({ TARGETS: targets } = jest.requireActual<{ TARGETS: readonly Target[] }>('../../tools/providers/targets'));
});

afterAll(() => {
  session.disconnect();
  setFlagsFromString('--opt');
  stderr.mockRestore();
});

/** How often everything in src/ was run, by its place: `mesh/registry.ts validate @1234`. */
function counted(work: () => void): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // Taking them sets them to 0.
  session.post('Profiler.takePreciseCoverage');
  work();
  session.post('Profiler.takePreciseCoverage', (_error, coverage: Coverage) => {
    for (const { url, functions } of coverage.result.filter((script) => script.url.replace('file://', '').startsWith(SOURCES))) {
      for (const { functionName, ranges } of functions) {
        for (const { startOffset, count } of ranges) {
          const place = `${relative(SOURCES, url.replace('file://', ''))} ${functionName} @${startOffset}`;
          counts.set(place, (counts.get(place) ?? 0) + count);
        }
      }
    }
  });
  return counts;
}

function synthesized(services: number, layout: Layout, options: Options = {}): void {
  for (const chart of program(services, layout, options).app.charts) {
    chart.toJson();
  }
}

/** What was run more often than allowed, without a place's offset. */
function excess(counts: ReadonlyMap<string, number>, allowed: (place: string) => number): readonly string[] {
  expect(counts.size).toBeGreaterThan(500);
  return [...new Set([...counts].filter(([place, count]) => count > allowed(place)).map(([place]) => place.replace(/ @\d+$/, '')))].sort();
}

const PROGRAMS = TARGETS.filter(({ variant }) => variant !== 'experimental').flatMap(({ id, line }) => (
  [false, ...CAPABILITY_TABLE['default-deny'][id].support === 'unsupported' ? [] : [true]].map((secured) => ({ id, line, secured }))
));

test.each(PROGRAMS)('in one chart nothing takes more work for a service when there are more of them, on $id, with zero trust: $secured', ({ id, line, secured }) => {
  const { provider } = targets.find((target) => target.line === line)!;
  const options = () => ({ provider: provider(), common: id !== 'istio', secured });
  const few = counted(() => synthesized(200, 'one-chart', options()));
  const many = counted(() => synthesized(800, 'one-chart', options()));
  expect(excess(many, (place) => Math.max(10 * 800, 1.5 * 4 * (few.get(place) ?? 0)))).toEqual([]);
});

test('with a chart a service, where cdk8s validates everything once more for each of them, a validation is a look-up', () => {
  const one = counted(() => synthesized(60, 'one-chart'));
  const many = counted(() => synthesized(60, 'chart-a-service'));
  const oftener = excess(many, (place) => Math.max(1000, 1.5 * (one.get(place) ?? 0)));
  expect(oftener).toContain('mesh/registry.ts validate');
  // Which of the two V8 counts where one is inlined in the other depends on its version.
  expect(oftener.filter((place) => !['mesh/registry.ts judged', 'mesh/registry.ts validate'].includes(place))).toEqual([]);
});
