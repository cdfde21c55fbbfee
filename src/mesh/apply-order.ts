/**
 * Which objects are applied before which others. cdk8s writes a chart in the order in which its objects were created, unless a dependency says
 * otherwise, and looks at every dependency anew for every chart. So an object that was created after what it needs has a dependency only in
 * a program that has dependencies of its own: those may pull an object forward.
 */
import { ApiObject } from 'cdk8s';

export class ApplyOrder {
  private pairs: (readonly [ApiObject, ApiObject])[] = [];

  /** `object` was created after `earlier`. */
  public note(object: ApiObject, earlier: ApiObject): void {
    this.pairs.push([object, earlier]);
  }

  /**
   * Comes before cdk8s sorts the objects of a chart.
   * @param dependent whether the app has any dependency
   */
  public settle(dependent: boolean): void {
    if (dependent) {
      this.pairs.forEach(([object, earlier]) => object.addDependency(earlier));
      this.pairs = [];
    }
  }
}
