import { Replicas } from '../../src';
import { refusal } from '../support/refusal';

test('a range is kept', () => {
  expect(Replicas.exactly(3)._range()).toEqual({ min: 3, max: 3 });
  expect(Replicas.between(0, 1)._range()).toEqual({ min: 0, max: 1 });
});

test('limits are refused by name', () => {
  expect(refusal(() => Replicas.between(-1, 2))).toBe('Replicas.between: least is -1; give a whole number of 0 or more');
  expect(refusal(() => Replicas.between(1, 2.5))).toBe('Replicas.between: most is 2.5; give a whole number of 1 or more');
  expect(refusal(() => Replicas.between(0, 0))).toBe('Replicas.between: most is 0; give a whole number of 1 or more');
  expect(refusal(() => Replicas.between(3, 2))).toBe('Replicas.between: most is 2; give 3 or more, the least there are');
});
