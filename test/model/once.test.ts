import { forgetJudged, oncePerModel, onceWhileJudged } from '../../src/model/once';
import { aModel } from '../emit/model';

test.each([['a model', oncePerModel], ['a judgement', onceWhileJudged]])('what is worked out once for %s is not worked out again', (_, once) => {
  const work = jest.fn(({ revision }) => revision as number);
  const of = once(work);
  const [one, two] = [aModel({}), aModel({})];
  expect([of(one), of(one), of(two), of(one)]).toEqual([one.revision, one.revision, two.revision, one.revision]);
  expect(work).toHaveBeenCalledTimes(2);
});

test('what checks alone need goes with them, and comes again where it is asked for', () => {
  const [kept, dropped] = [jest.fn(() => ({})), jest.fn(() => ({}))];
  const [ofModel, ofJudgement] = [oncePerModel(kept), onceWhileJudged(dropped)];
  const [judged, other] = [aModel({}), aModel({})];
  [judged, other].forEach((model) => [ofModel(model), ofJudgement(model)]);
  forgetJudged(judged);
  [judged, other].forEach((model) => [ofModel(model), ofJudgement(model)]);
  expect(kept).toHaveBeenCalledTimes(2);
  expect(dropped).toHaveBeenCalledTimes(3);
});
