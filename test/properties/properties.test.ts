import fc from '../support/fc';
import { Temper, programs } from './arbitrary';
import { ProgramSpec } from './program';
import { Outcome, judged, orderless, suppressed } from './properties';

let stderr: jest.SpyInstance;
beforeAll(() => { stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true); });
afterAll(() => stderr.mockRestore());

/** Runs a property over so many programs, and counts what became of them. A failure prints its seed and the smallest program. */
function outcomes(property: (spec: ProgramSpec) => Outcome, temper: Temper, numRuns: number): Record<Outcome, number> {
  const count = { refused: 0, findings: 0, manifests: 0 };
  fc.assert(fc.property(programs(temper), (spec) => { count[property(spec)]++; }), { numRuns });
  return count;
}

describe('a random program', () => {
  test('that is tidy ends in valid manifests, the same at every synth and at every build', () => {
    expect(outcomes(judged, 'tidy', 60).manifests).toBeGreaterThan(50);
  });

  test('that is untidy ends in findings, every one of them in the error', () => {
    expect(outcomes(judged, 'untidy', 80).findings).toBeGreaterThan(60);
  });

  test('that is wild is mostly refused by name', () => {
    expect(outcomes(judged, 'wild', 300).refused).toBeGreaterThan(150);
  });

  test('whose errors are all suppressed is written, and keeps the record', () => {
    expect(outcomes(suppressed, 'untidy', 60).findings).toBeGreaterThan(45);
  });

  test.each<Temper>(['tidy', 'untidy'])('that is %s is the same in whatever order it is written down', (temper) => {
    expect(outcomes(orderless, temper, 50).refused).toBeLessThan(10);
  });
});
