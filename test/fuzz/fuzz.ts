/**
 * The properties of test/properties, over as many random programs as fit into the time.
 * Arguments: seconds a property (default 60), seed (default: a new one, which is printed and repeats the run).
 */
import fc from 'fast-check';
import { Temper, programs } from '../properties/arbitrary';
import { ProgramSpec } from '../properties/program';
import { Outcome, judged, orderless, suppressed } from '../properties/properties';

const PROPERTIES: readonly (readonly [string, (spec: ProgramSpec) => Outcome, readonly Temper[]])[] = [
  ['judged', judged, ['tidy', 'untidy', 'wild']],
  ['suppressed', suppressed, ['untidy', 'wild']],
  ['orderless', orderless, ['tidy', 'untidy']],
];

function main(args: readonly string[]): number {
  const seconds = Number(args[0] ?? 60);
  const seed = Number(args[1] ?? Date.now() % 2 ** 31);
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
    console.error('usage: fuzz [seconds a property] [seed]');
    return 2;
  }
  console.log(`seed ${seed}`);
  // Warnings of thousands of programs say nothing here.
  process.stderr.write = () => true;
  let failures = 0;
  for (const [name, property, tempers] of PROPERTIES) {
    for (const temper of tempers) {
      const count = { refused: 0, findings: 0, manifests: 0 };
      const run = fc.check(fc.property(programs(temper), (spec) => { count[property(spec)]++; }), {
        seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false,
      });
      console.log(`${run.failed ? 'FAILED' : 'ok'} ${name} ${temper}: ${count.manifests} manifests, ${count.findings} with findings, ${count.refused} refused`);
      if (run.failed) {
        failures++;
        console.log(`${JSON.stringify(run.counterexample, undefined, 1)}\n${String(run.errorInstance)}`);
      }
    }
  }
  return failures === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
