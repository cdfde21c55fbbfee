/** What must hold of every program. Each function throws where it does not, or tells what became of the program. */
import { Finding, FindingCode, Severity } from '../../src';
import { Manifest, schemaErrors } from '../support/schemas';
import { Program, ProgramSpec, build, manifestsOf } from './program';

export type Outcome = 'refused' | 'findings' | 'manifests';

/** `where: property is value; fix`, and for splits and ports with the figures that were seen. */
const REFUSAL = /^[\w./()[\] -]+: .+ is [^]*; .+$/;

function built(spec: ProgramSpec, order?: readonly number[]): Program | undefined {
  try {
    return build(spec, order);
  } catch (error) {
    if (!(error instanceof Error) || !REFUSAL.test(error.message)) {
      throw error;
    }
    return undefined;
  }
}

const errorsOf = ({ mesh }: Program) => mesh.findings.filter(({ severity }) => severity === Severity.ERROR);

function schemasAccept(manifests: readonly object[]): void {
  const wrong = manifests.flatMap((manifest) => schemaErrors(manifest as Manifest).map((line) => `${JSON.stringify(manifest)}\n  ${line}`));
  if (wrong.length > 0) {
    throw new Error(`the schema refuses\n${wrong.join('\n')}`);
  }
}

const text = (program: Program): string => manifestsOf(program).map((manifest) => JSON.stringify(manifest)).join('\n');

function same(what: string, left: string, right: string): void {
  if (left !== right) {
    const [a, b] = [left.split('\n'), right.split('\n')];
    const at = a.findIndex((line, index) => line !== b[index]);
    throw new Error(`${what} differ:\n${a[at]}\n${b[at]}`);
  }
}

/** A program is refused by name, or ends in findings, or in manifests that are valid and the same every time. */
export function judged(spec: ProgramSpec): Outcome {
  const program = built(spec);
  if (program === undefined) {
    return 'refused';
  }
  const errors = errorsOf(program);
  if (errors.length > 0) {
    const message = thrownBy(() => manifestsOf(program));
    for (const { code, construct } of errors) {
      if (!message.includes(`${construct}] ${code}`) && !message.includes(`${construct}: ${code}`)) {
        throw new Error(`${code} on ${construct} is missing in:\n${message}`);
      }
    }
    return 'findings';
  }
  schemasAccept(manifestsOf(program));
  same('two synths of one app', text(program), text(program));
  same('two builds of one program', text(program), text(build(spec)));
  return 'manifests';
}

/** With every error suppressed the emitters still do not throw, and every error is in the record with its reason. */
export function suppressed(spec: ProgramSpec): Outcome {
  const program = built(spec);
  if (program === undefined) {
    return 'refused';
  }
  const errors = errorsOf(program);
  for (const code of new Set<FindingCode>(errors.map((error) => error.code))) {
    program.mesh.suppress(code, { reason: `accepted ${code}` });
  }
  const unreadable = errors.some(({ code }) => code === FindingCode.WORKLOAD_UNREADABLE);
  if (!unreadable) {
    manifestsOf(program);
  }
  const kept = program.mesh.suppressedFindings.filter(({ finding }) => finding.severity === Severity.ERROR);
  if (kept.length !== errors.length || kept.some(({ finding, reason }) => reason !== `accepted ${finding.code}`)) {
    throw new Error(`${errors.length} errors were suppressed, and ${kept.length} are in the record`);
  }
  return errors.length > 0 ? 'findings' : 'manifests';
}

const sorted = (program: Program) => manifestsOf(program).map((manifest) => JSON.stringify(manifest)).sort().join('\n');

/** The order in which services are told of calls, versions and routes makes no difference. */
export function orderless(spec: ProgramSpec): Outcome {
  const [program, other] = [built(spec), built(spec, [...spec.order].reverse().map((rank) => 9 - rank))];
  if (program === undefined || other === undefined) {
    if (program !== other) {
      throw new Error('one order is refused, and another is not');
    }
    return 'refused';
  }
  // A ring of calls has no beginning: it may be blamed on any service in it.
  const blamed = ({ code, construct }: Finding) => code === FindingCode.CALL_CYCLE ? code : `${code} ${construct}`;
  const codes = (one: Program) => errorsOf(one).map(blamed).sort().join('\n');
  same('the errors of two orders', codes(program), codes(other));
  if (errorsOf(program).length > 0) {
    return 'findings';
  }
  same('the manifests of two orders', sorted(program), sorted(other));
  return 'manifests';
}

function thrownBy(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('there are errors, and the synth went on');
}
