import { refuse, wholeNumber } from '../mesh/invalid';
import { AdoptionLevel as LevelName, AssessmentNode } from '../model/adoption';

/**
 * How well an organisation knows Kubernetes.
 */
export enum KubernetesExperience {
  /** It has run on Kubernetes for long: +1. */
  ESTABLISHED = 'established',
  /** In between: 0. */
  SOME = 'some',
  /** It is still learning: −2. A mesh on top would be the second new thing at once. */
  NEW = 'new',
}

/**
 * How much of a mesh pays.
 */
export enum AdoptionLevel {
  /** Everything: score 5 and more. */
  FULL_MESH = 'full-mesh',
  /** Encryption and identity, without reading requests (Linkerd, or ambient without waypoints): score 2 to 4. */
  MTLS_ONLY = 'mtls-only',
  /** No mesh yet: score below 2. */
  TOO_EARLY = 'too-early',
}

/**
 * What is known of the organisation. The program may hold a few of its services only, so the counts can be stated; they are never below
 * what the program itself holds.
 */
export interface AssessmentOptions {
  /**
   * Services of the organisation: more than 10 give +2, fewer than 5 give −3.
   * @default - those of the program
   */
  readonly services?: number;
  /**
   * Programming languages of these services: several give +2, since libraries in each of them would be the other way.
   * @default - those that the program's services name
   */
  readonly languages?: number;
  /**
   * Whether a regulation asks for encryption in transit: +3.
   * @default false
   */
  readonly regulatedEncryption?: boolean;
  /**
   * Whether latency across services is hard to debug today: +2.
   * @default false
   */
  readonly hardToDebugLatency?: boolean;
  /**
   * Whether releases shift traffic between versions: +1.
   * @default - whether the program does
   */
  readonly trafficCanaries?: boolean;
  /**
   * Experience with Kubernetes: +1 where it is established, −2 where it is new.
   * @default KubernetesExperience.SOME
   */
  readonly kubernetes?: KubernetesExperience;
}

/**
 * Whether this organisation should have a mesh, and how much of one. The score and the reason of every point stand in the report.
 */
export class Adoption {
  /**
   * An assessment, whose level is enforced: a program that uses more than it allows does not synthesize.
   */
  public static assess(options: AssessmentOptions): Adoption {
    for (const property of ['services', 'languages'] as const) {
      const value = options[property];
      if (value !== undefined) {
        wholeNumber('Adoption.assess', property, value, 0);
      }
    }
    return new Adoption({
      services: options.services,
      languages: options.languages,
      regulatedEncryption: options.regulatedEncryption ?? false,
      hardToDebugLatency: options.hardToDebugLatency ?? false,
      trafficCanaries: options.trafficCanaries,
      kubernetes: (options.kubernetes ?? KubernetesExperience.SOME),
    });
  }

  private constructor(private readonly node: AssessmentNode) {}

  /**
   * The same assessment with another level than its score gives, on purpose. The reason stays in the report.
   * Throws on an empty reason.
   */
  public overriddenTo(level: AdoptionLevel, reason: string): Adoption {
    if (reason.trim() === '') {
      refuse('Adoption.overriddenTo', 'reason', reason, 'say why the score does not decide here');
    }
    return new Adoption({ ...this.node, override: { level: level as LevelName, reason } });
  }

  /** @internal */
  public _assessment(): AssessmentNode {
    return this.node;
  }
}
