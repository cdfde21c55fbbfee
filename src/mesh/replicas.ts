import { refuse, wholeNumber } from './invalid';

/**
 * How many pods of a service run.
 */
export class Replicas {
  /** Always this many. */
  public static exactly(count: number): Replicas {
    return Replicas.between(count, count);
  }

  /** As many as an autoscaler decides, within these limits. */
  public static between(least: number, most: number): Replicas {
    wholeNumber('Replicas.between', 'least', least, 0);
    wholeNumber('Replicas.between', 'most', most, 1);
    if (most < least) {
      refuse('Replicas.between', 'most', most, `give ${least} or more, the least there are`);
    }
    return new Replicas(least, most);
  }

  private constructor(private readonly min: number, private readonly max: number) {}

  /** @internal */
  public _range() {
    return { min: this.min, max: this.max };
  }
}
