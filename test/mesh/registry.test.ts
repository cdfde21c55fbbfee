import { Registry } from '../../src/mesh/registry';
import { Finding, FindingCode, Severity } from '../../src/model/finding';
import { MeshModel } from '../../src/model/mesh-model';
import { refusal } from '../support/refusal';

function finding(construct: string, severity: Severity, code = FindingCode.UNKNOWN_SUBSET): Finding {
  return { code, check: 'some-check', severity, construct, message: `wrong at ${construct}`, evidence: 'seen', fix: 'Mend it', catalogue: ['IST0101'] };
}

/** A registry of the two constructs `a` and `b` in an app of so many charts, whose findings the test decides. */
class Program {
  public findings: Finding[] = [];
  public readonly warnings: string[] = [];
  public readonly registry: Registry;
  private readonly validations;
  private readonly objects = new Map<string, { round: number }>();

  public constructor(charts = 1) {
    this.registry = new Registry({
      build: (revision) => ({ revision }) as MeshModel,
      judge: () => this.findings,
      warn: (line) => this.warnings.push(line),
      charts: () => charts,
    });
    this.validations = ['a', 'b'].map((origin) => ({ origin, ...this.registry.validation(origin) }));
  }

  /** One pass of validation, as cdk8s makes it: everything is asked, then it throws if there was an error. */
  public pass(): string[] {
    return this.validations.flatMap(({ origin, validate }) => validate().map((line) => `[${origin}] ${line}`));
  }

  public render(object: string): MeshModel {
    const asker = this.objects.get(object) ?? { round: 0 };
    this.objects.set(object, asker);
    return this.registry.render(asker);
  }

  public testingSynth(...objects: string[]): string[] {
    const errors = this.pass();
    if (errors.length === 0) {
      objects.forEach((object) => this.render(object));
    }
    return errors;
  }

  public appSynth(...charts: string[][]): string[] {
    const errors = this.pass();
    return errors.length > 0 ? errors : charts.flatMap((objects) => this.testingSynth(...objects));
  }
}

const LINE = 'MESH401 wrong at a (seen). Mend it. [IST0101]';

test.each([1, 10, 50])('an App.synth of %d charts builds the model once', (count) => {
  const program = new Program(count);
  const charts = Array.from({ length: count }, (_, index) => [`a/${index}`, `b/${index}`]);
  program.appSynth(...charts);
  expect(program.registry.builds).toBe(1);
  program.appSynth(...charts);
  expect(program.registry.builds).toBe(2);
});

test('charts without objects of the mesh make no difference', () => {
  const program = new Program(4);
  program.appSynth([], [], ['a/X'], []);
  expect(program.registry.builds).toBe(1);
  program.appSynth([], [], ['a/X'], []);
  expect(program.registry.builds).toBe(2);
});

test('every Testing.synth of one chart looks anew', () => {
  const program = new Program(2);
  program.testingSynth('a/X');
  program.testingSynth('a/X');
  program.testingSynth('b/X');
  expect(program.registry.builds).toBe(3);
});

test('an App.synth after a Testing.synth, and the other way round, looks anew', () => {
  const program = new Program(2);
  program.testingSynth('a/X');
  program.appSynth(['a/X'], ['b/X']);
  expect(program.registry.builds).toBe(2);
  program.testingSynth('a/X');
  expect(program.registry.builds).toBe(3);
});

test('a change moves the revision, which the model carries', () => {
  const program = new Program();
  const { registry } = program;
  expect(program.render('a/X').revision).toBe(0);
  registry.bump();
  expect(program.render('b/X').revision).toBe(1);
  expect(registry.builds).toBe(2);
});

test('errors are told to the construct they are blamed on', () => {
  const program = new Program();
  program.findings = [finding('a', Severity.ERROR), finding('a', Severity.ERROR, FindingCode.NAME_CLASH), finding('b', Severity.WARNING)];
  expect(program.pass()).toEqual([`[a] ${LINE}`, '[a] MESH901 wrong at a (seen). Mend it. [IST0101]']);
});

test('errors of other constructs carry their path', () => {
  const program = new Program();
  program.findings = [finding('a', Severity.ERROR), finding('by/hand', Severity.ERROR)];
  expect(program.registry.errorsElsewhere((origin) => origin === 'a')).toEqual(['by/hand: MESH401 wrong at by/hand (seen). Mend it. [IST0101]']);
});

test('after a synth that failed everything is looked at again', () => {
  const program = new Program(3);
  program.findings = [finding('a', Severity.ERROR)];
  expect(program.appSynth(['a/X'])).toEqual([`[a] ${LINE}`]);
  program.findings = [];
  expect(program.appSynth(['a/X'])).toEqual([]);
  expect(program.registry.builds).toBe(2);
});

test('what the program asked before the synth does not count in it', () => {
  const program = new Program();
  expect(program.registry.findings).toEqual([]);
  program.findings = [finding('a', Severity.ERROR)];
  expect(program.pass()).toEqual([`[a] ${LINE}`]);
});

test('the program is told how it stands now, before, between and after synths', () => {
  const program = new Program(2);
  const asked = () => program.registry.findings.length;
  expect(asked()).toBe(0);
  program.findings = [finding('a', Severity.INFO)];
  expect(asked()).toBe(1);
  program.appSynth(['a/X'], ['b/X']);
  program.findings = [];
  expect(asked()).toBe(0);
  program.testingSynth('a/X');
  program.findings = [finding('a', Severity.ERROR)];
  expect(asked()).toBe(1);
  program.findings = [];
  expect(asked()).toBe(0);
});

test('asking within a synth costs nothing', () => {
  const program = new Program(2);
  program.pass();
  expect(program.registry.findings).toEqual([]);
  expect(program.registry.suppressed).toEqual([]);
  expect(program.registry.builds).toBe(1);
});

test('an object that is rendered twice was rendered outside of a synth, or a new one was not noticed', () => {
  const program = new Program();
  program.render('a/X');
  program.findings = [finding('a', Severity.ERROR), finding('by/hand', Severity.ERROR)];
  expect(refusal(() => program.render('a/X'))).toBe(
    `Validation failed with the following errors:\n  [a] ${LINE}\n  [by/hand] MESH401 wrong at by/hand (seen). Mend it. [IST0101]`,
  );
});

test('an object that the program renders by itself does not freeze what the synth sees', () => {
  const program = new Program();
  program.render('a/X');
  program.findings = [finding('a', Severity.ERROR)];
  expect(program.testingSynth('a/X')).toEqual([`[a] ${LINE}`]);
});

test('after a synth that somebody else stopped, rendering twice still tells', () => {
  const program = new Program(5);
  program.testingSynth('a/X');
  program.pass();
  program.pass();
  program.findings = [finding('a', Severity.ERROR)];
  expect(program.pass()).toEqual([]);
  program.render('a/X');
  expect(refusal(() => program.render('a/X'))).toContain(LINE);
});

test('warnings are told once, whatever the number of synths', () => {
  const program = new Program();
  program.findings = [finding('a', Severity.WARNING), finding('a', Severity.INFO)];
  program.registry.tellWarnings();
  program.registry.bump();
  program.registry.tellWarnings();
  expect(program.warnings).toEqual([`[a] warning ${LINE}`]);
  program.findings = [finding('b', Severity.WARNING)];
  program.registry.bump();
  program.registry.tellWarnings();
  expect(program.warnings).toHaveLength(2);
});

describe('suppressions', () => {
  const suppression = { origin: 'mesh', code: FindingCode.UNKNOWN_SUBSET, reason: 'known' };

  test('take a finding out, and keep it with its reason', () => {
    const program = new Program();
    program.findings = [finding('a', Severity.ERROR), finding('b', Severity.WARNING, FindingCode.NAME_CLASH)];
    program.registry.suppress(suppression);
    expect(program.pass()).toEqual([]);
    expect(program.registry.findings).toEqual([finding('b', Severity.WARNING, FindingCode.NAME_CLASH)]);
    expect(program.registry.suppressed).toEqual([{ finding: finding('a', Severity.ERROR), reason: 'known' }]);
  });

  test('of one construct leave the others', () => {
    const program = new Program();
    program.findings = [finding('a', Severity.ERROR), finding('b', Severity.ERROR)];
    program.registry.suppress({ ...suppression, on: 'b' });
    expect(program.pass()).toEqual([`[a] ${LINE}`]);
    expect(program.registry.suppressed.map((one) => one.finding.construct)).toEqual(['b']);
  });

  test('that match nothing are findings themselves', () => {
    const program = new Program();
    program.registry.suppress(suppression);
    program.registry.suppress({ ...suppression, on: 'b', reason: 'also known' });
    expect(program.registry.findings).toEqual([
      {
        code: 'MESH601', check: 'unused-suppression', severity: 'warning', construct: 'mesh', catalogue: [],
        message: 'the suppression of MESH401 matches no finding', evidence: 'its reason was: known', fix: 'Remove it, or correct its code or construct',
      },
      expect.objectContaining({ message: 'the suppression of MESH401 on b matches no finding', evidence: 'its reason was: also known' }),
    ]);
  });

  test('the first that matches takes a finding', () => {
    const program = new Program();
    program.findings = [finding('a', Severity.ERROR)];
    program.registry.suppress({ ...suppression, on: 'a', reason: 'first' });
    program.registry.suppress(suppression);
    expect(program.registry.suppressed).toEqual([{ finding: finding('a', Severity.ERROR), reason: 'first' }]);
    expect(program.registry.findings).toHaveLength(1);
  });
});
