import { IConstruct } from 'constructs';
import { refuse } from './invalid';
import type { Mesh } from './mesh';

/**
 * Something that a service can call: a `MeshService` or an `ExternalService` of the same mesh.
 */
export interface ICallee extends IConstruct {
  /** `namespace/name`, unique in its mesh. */
  readonly calleeId: string;
}

/** The mesh that a callee belongs to; constructs of other makes have none. */
interface Member {
  readonly mesh?: Mesh;
}

/** Ids are unique in one mesh only, so a callee of another one would be taken for a stranger, or for a namesake. */
export function refuseStranger(where: IConstruct, mesh: Mesh, property: string, callee: ICallee): void {
  if ((callee as Member).mesh !== mesh) {
    refuse(where, property, callee.node.path, `it belongs to another mesh than ${mesh.node.path}; declare it as an ExternalService of this mesh`);
  }
}
