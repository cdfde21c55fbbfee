/**
 * What a check is: data that explains it, and one pure function over the model. One check is one file, named by the check.
 */
import type { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';

/** The words behind a finding, from which its page in the findings reference is made. */
export interface Explained {
  readonly code: FindingCode;
  /** Words joined by hyphens; the name of its file, too. */
  readonly name: string;
  /** How much it weighs where `run` does not say otherwise. */
  readonly severity: Severity;
  /** Every code under which other checkers know what this check finds. */
  readonly catalogue: readonly string[];
  /** What is wrong, in one line. */
  readonly title: string;
  /** What would happen in the cluster, and why. */
  readonly why: string;
  /**
   * Body of a program that ends in this finding and no other; `chart`, `mesh` and `deployment()` are given. Empty where none of the meshes
   * that are written for today can end in it.
   */
  readonly bad: string;
  /** The mended program. */
  readonly good: string;
}

export interface Accusation {
  /** One sentence without a full stop, with the property and its value. */
  readonly message: string;
  /** What it was concluded from, without a full stop. */
  readonly evidence?: string;
  /** What to write instead, without a full stop. */
  readonly fix: string;
  readonly severity?: Severity;
  /** Those of the check's catalogue codes that name this very case; all of them where nothing is said. */
  readonly catalogue?: readonly string[];
}

/** Blames a construct, by its path. */
export type Report = (construct: string, accusation: Accusation) => void;

export interface Check extends Explained {
  /** Linear in what the model holds: services, versions, routes, calls, objects. */
  readonly run: (model: MeshModel, report: Report) => void;
}
