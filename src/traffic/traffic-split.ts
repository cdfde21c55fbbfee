import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';

/** Whole percentages of subsets that add up to 100. Whether the subsets exist is known only when the program is complete. */
export function checkSplit(where: IConstruct, property: string, split: { [subset: string]: number }): Readonly<Record<string, number>> {
  const shares = Object.entries(split);
  if (shares.length === 0) {
    refuse(where, property, split, 'name at least one subset');
  }
  for (const [subset, weight] of shares) {
    if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
      refuse(where, `${property}.${subset}`, weight, 'give a whole percentage from 0 to 100');
    }
  }
  const sum = shares.reduce((total, [, weight]) => total + weight, 0);
  if (sum !== 100) {
    refuse(where, property, split, `let the shares add up to 100; they add up to ${sum}`);
  }
  return { ...split };
}
