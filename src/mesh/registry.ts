/**
 * What a mesh knows of its program. Every constructor and mutator bumps the revision; the model and the findings are computed when
 * they are asked for, and again only when the revision has moved or a synth may have seen a changed workload.
 *
 * cdk8s validates the whole app once for every chart, so a construct's validation must be a look-up. What no revision shows (a
 * workload that the user changed after handing it over) is read again when a new synth is noticed: at the second validation of a
 * construct after a failed one, and when an object that was rendered already is rendered once more.
 */
import { Judge } from '../model/contracts';
import { Finding, FindingCode, Severity, SuppressedFinding, findingLine } from '../model/finding';
import { MeshModel } from '../model/mesh-model';

export interface Suppression {
  readonly origin: string;
  readonly code: FindingCode;
  readonly on?: string;
  readonly reason: string;
}

interface Verdict {
  readonly revision: number;
  readonly model: MeshModel;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly errorsBy: ReadonlyMap<string, readonly string[]>;
}

export class Registry {
  /** How often the model was built, for tests that hold the library to its promise of linear work. */
  public builds = 0;
  private current = 0;
  private stale = false;
  /** The verdict was asked for by the program, before the synth: its workloads may have changed since. */
  private early = false;
  private verdict?: Verdict;
  private readonly suppressions: Suppression[] = [];
  private readonly validated = new Set<string>();
  private readonly rendered = new Set<string>();
  private readonly told = new Set<string>();

  public constructor(
    private readonly build: (revision: number) => MeshModel, private readonly judge: Judge,
    private readonly warn: (line: string) => void,
  ) {}

  public bump(): void {
    this.current++;
  }

  public suppress(suppression: Suppression): void {
    this.suppressions.push(suppression);
    this.bump();
  }

  public get findings(): readonly Finding[] {
    return this.asked().findings;
  }

  public get suppressed(): readonly SuppressedFinding[] {
    return this.asked().suppressed;
  }

  /** The errors blamed on one construct. */
  public validate(origin: string): readonly string[] {
    this.stale = this.stale || this.early;
    this.early = false;
    if (this.validated.has(origin)) {
      this.validated.clear();
      this.stale = this.stale || this.hasErrors();
    }
    this.validated.add(origin);
    return this.judged().errorsBy.get(origin) ?? [];
  }

  /** Errors blamed on paths that none of our constructs has: objects that the program wrote by itself. */
  public errorsElsewhere(ours: (origin: string) => boolean): readonly string[] {
    return [...this.judged().errorsBy].filter(([origin]) => !ours(origin))
      .flatMap(([origin, lines]) => lines.map((line) => `${origin}: ${line}`));
  }

  /** The model for the body of one object. Errors that only now came to light stop the synth before anything is written. */
  public render(object: string): MeshModel {
    if (this.rendered.has(object)) {
      this.rendered.clear();
      this.stale = true;
      const { model, errorsBy } = this.judged();
      if (errorsBy.size > 0) {
        throw new Error(`\n  ${this.errorsElsewhere(() => false).join('\n  ')}`);
      }
      this.rendered.add(object);
      return model;
    }
    this.rendered.add(object);
    return this.judged().model;
  }

  /** Warnings go to stderr once each, when the program is synthesized. */
  public tellWarnings(): void {
    for (const finding of this.judged().findings) {
      const line = `[${finding.construct}] warning ${findingLine(finding)}`;
      if (finding.severity === Severity.WARNING && !this.told.has(line)) {
        this.told.add(line);
        this.warn(line);
      }
    }
  }

  private hasErrors(): boolean {
    return this.verdict !== undefined && this.verdict.errorsBy.size > 0;
  }

  private asked(): Verdict {
    const before = this.builds;
    const verdict = this.judged();
    this.early = this.early || this.builds > before;
    return verdict;
  }

  private judged(): Verdict {
    if (this.verdict === undefined || this.stale || this.verdict.revision !== this.current) {
      this.builds++;
      const model = this.build(this.current);
      this.stale = false;
      this.verdict = this.weigh(model);
    }
    return this.verdict;
  }

  private weigh(model: MeshModel): Verdict {
    const findings: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    const used = new Set<Suppression>();
    const byCode = new Map<FindingCode, Suppression[]>();
    for (const suppression of this.suppressions) {
      byCode.set(suppression.code, [...(byCode.get(suppression.code) ?? []), suppression]);
    }
    for (const finding of this.judge(model)) {
      const match = byCode.get(finding.code)?.find(({ on }) => on === undefined || on === finding.construct);
      if (match === undefined) {
        findings.push(finding);
      } else {
        used.add(match);
        suppressed.push({ finding, reason: match.reason });
      }
    }
    for (const suppression of this.suppressions.filter((one) => !used.has(one))) {
      findings.push(unused(suppression));
    }
    const errorsBy = new Map<string, string[]>();
    for (const finding of findings.filter(({ severity }) => severity === Severity.ERROR)) {
      errorsBy.set(finding.construct, [...(errorsBy.get(finding.construct) ?? []), findingLine(finding)]);
    }
    return { revision: this.current, model, findings, suppressed, errorsBy };
  }
}

function unused(suppression: Suppression): Finding {
  return {
    code: FindingCode.UNUSED_SUPPRESSION,
    check: 'unused-suppression',
    severity: Severity.WARNING,
    construct: suppression.origin,
    message: `the suppression of ${suppression.code}${suppression.on === undefined ? '' : ` on ${suppression.on}`} matches no finding`,
    evidence: `its reason was: ${suppression.reason}`,
    fix: 'Remove it, or correct its code or construct',
    catalogue: [],
  };
}
