/** The objects of one construct, which come as its declaration grows. */
import { ApiObject } from 'cdk8s';
import { Resource } from '../model/contracts';
import { MeshModel } from '../model/mesh-model';
import { materialize, Owner, release, settle } from './objects';

export class OwnObjects<Declaration extends { readonly name: string }, Node> {
  /** Those of which a call could bring one, or one more. */
  private open: readonly Resource<Declaration, Node>[] = [];

  public constructor(private readonly resources: readonly Resource<Declaration, Node>[], private readonly owner: Owner<Declaration, Node>) {}

  /** Creates what a changed declaration asks for. */
  public declared(): void {
    this.open = materialize(this.resources, this.owner).filter(({ growsBy }) => growsBy !== undefined);
  }

  /** Creates what a call brings. */
  public grown(by: Resource<Declaration, Node>['growsBy']): void {
    const growing = this.open.filter(({ growsBy }) => growsBy === by);
    if (growing.length > 0) {
      const left = materialize(growing, this.owner);
      this.open = this.open.filter((resource) => !growing.includes(resource) || left.includes(resource));
    }
  }

  /** Takes away what something else writes from now on. */
  public release(): readonly ApiObject[] {
    return release(this.resources, this.owner);
  }

  /** Makes what only the finished model tells; true where anything changed. */
  public settle(model: MeshModel): boolean {
    return settle(this.resources, this.owner, model);
  }
}
