/**
 * What a mesh knows of its program. Every constructor and mutator bumps the revision; the model and the findings are computed when
 * they are asked for, and again only when the revision has moved or a new synth begins, since no revision shows that the user changed a
 * workload after handing it over.
 *
 * cdk8s validates the whole app once for every chart, so a construct's validation must be a look-up, and nothing says where one synth
 * ends and the next one begins. It is read off the order of calls: `Testing.synth` is one pass of validation and the rendering of one
 * chart; `App.synth` is a pass, then for every chart another pass and its rendering; a pass that found errors ends its synth. What this
 * misses (a synth that failed by a validation of somebody else) shows when an object is rendered for the second time.
 */
import { Judge } from '../model/contracts';
import { Finding, FindingCode, Severity, SuppressedFinding, findingLine } from '../model/finding';
import { Judgement } from '../model/judged-mesh';
import { MeshModel } from '../model/mesh-model';
import { ApplyOrder } from './apply-order';

export interface Suppression {
  readonly origin: string;
  readonly code: FindingCode;
  readonly on?: string;
  readonly reason: string;
}

interface Verdict extends Judgement {
  readonly revision: number;
  readonly errorsBy: ReadonlyMap<string, string[]>;
}

const NONE: string[] = [];

/** What the registry needs of the mesh it serves. */
export interface Surroundings {
  readonly build: (revision: number) => MeshModel;
  readonly judge: Judge;
  readonly warn: (line: string) => void;
  /** How many charts the app has, so how many passes its synth makes beside the first. */
  readonly charts: () => number;
}

export class Registry {
  /** How often the model was built, for tests that hold the library to its promise of linear work. */
  public builds = 0;
  /** Of the objects of this mesh. */
  public readonly order = new ApplyOrder();
  private current = 0;
  private stale = false;
  private verdict?: Verdict;
  /** Passes of validation that were ever made; in the synth that is under way, and how many it makes at most. */
  private pass = 0;
  private passes = 0;
  private mostPasses = 1;
  private readonly suppressions: Suppression[] = [];
  /** A number for each time that every object may be rendered once, and whether one was. */
  private round = 1;
  private rendered = false;
  private readonly told = new Set<string>();
  private toldOf?: Verdict;

  public constructor(private readonly around: Surroundings) {}

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

  /** Model, findings and suppressed findings of one moment. */
  public judgement(): Judgement {
    return this.asked();
  }

  /** What a construct is validated by: the errors blamed on it. Whoever is asked for the second time is the first of a new pass. */
  public validation(origin: string): { validate(): string[] } {
    let asked = 0;
    return {
      validate: () => {
        if (this.pass === asked) {
          this.beginPass();
        }
        asked = this.pass;
        return this.judged().errorsBy.get(origin) ?? NONE;
      },
    };
  }

  /** Errors blamed on paths that none of our constructs has: objects that the program wrote by itself. */
  public errorsElsewhere(ours: (origin: string) => boolean): readonly string[] {
    return [...this.judged().errorsBy].filter(([origin]) => !ours(origin))
      .flatMap(([origin, lines]) => lines.map((line) => `${origin}: ${line}`));
  }

  /**
   * The model for the body of one object. Errors that only now came to light stop the synth before anything is written.
   * @param asker keeps the round in which it was rendered last; 0 before the first
   */
  public render(asker: { round: number }): MeshModel {
    const again = this.round === asker.round;
    this.round += again ? 1 : 0;
    asker.round = this.round;
    this.rendered = true;
    this.stale = this.stale || again;
    const { model, errorsBy } = this.judged();
    if (again && errorsBy.size > 0) {
      const lines = [...errorsBy].flatMap(([origin, errors]) => errors.map((line) => `[${origin}] ${line}`));
      throw new Error(`Validation failed with the following errors:\n  ${lines.join('\n  ')}`);
    }
    return model;
  }

  /** Warnings go to stderr once each, when the program is synthesized. */
  public tellWarnings(): void {
    const verdict = this.judged();
    if (verdict === this.toldOf) {
      return;
    }
    this.toldOf = verdict;
    for (const finding of verdict.findings.filter(({ severity }) => severity === Severity.WARNING)) {
      const line = `[${finding.construct}] warning ${findingLine(finding)}`;
      if (!this.told.has(line)) {
        this.told.add(line);
        this.around.warn(line);
      }
    }
  }

  private beginPass(): void {
    this.pass++;
    if (this.betweenSynths()) {
      this.passes = 0;
      this.round++;
      this.rendered = false;
      this.stale = true;
    }
    this.passes++;
    if (this.passes === 2) {
      this.mostPasses = this.around.charts() + 1;
    }
  }

  /** Whether what comes next belongs to a new synth, or to the program itself. */
  private betweenSynths(): boolean {
    return this.passes === 0
      || (this.passes === 1 && this.rendered)
      || (this.passes > 1 && this.passes >= this.mostPasses)
      || (this.verdict !== undefined && this.verdict.errorsBy.size > 0);
  }

  /** The program asks how it stands now. Only inside a synth has nothing changed since the last look. */
  private asked(): Verdict {
    this.stale = this.stale || this.betweenSynths();
    return this.judged();
  }

  private judged(): Verdict {
    if (this.verdict === undefined || this.stale || this.verdict.revision !== this.current) {
      this.builds++;
      const model = this.around.build(this.current);
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
    for (const finding of this.around.judge(model)) {
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
      const lines = errorsBy.get(finding.construct) ?? [];
      lines.push(findingLine(finding));
      errorsBy.set(finding.construct, lines);
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
