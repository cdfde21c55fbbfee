/** What a report is written of. The vocabulary fulfils it, so that a report needs to know the model alone. */
import type { Finding, SuppressedFinding } from './finding';
import type { MeshModel } from './mesh-model';

/** A model and what the checks say of it, of one moment. */
export interface Judgement {
  readonly model: MeshModel;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/**
 * A mesh whose program is judged, so that a report can be written of it. `Mesh` is one.
 */
export interface IJudgedMesh {
  /** Every finding about the program as it stands now, suppressed ones aside. */
  readonly findings: Finding[];
  /** Findings that were accepted on purpose, with their reasons. */
  readonly suppressedFindings: SuppressedFinding[];
  /** @internal */
  _judgement(): Judgement;
}
