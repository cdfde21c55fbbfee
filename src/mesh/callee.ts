import { IConstruct } from 'constructs';

/**
 * Something that a service can call: a `MeshService` or an `ExternalService` of the same mesh.
 */
export interface ICallee extends IConstruct {
  /** `namespace/name`, unique in its mesh. */
  readonly calleeId: string;
}
