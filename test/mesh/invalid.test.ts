import { App, Chart, Duration } from 'cdk8s';
import { Retry } from '../../src';
import { millis, optionalMillis, percent, refuse, wholeNumber, wholePercent } from '../../src/mesh/invalid';
import { refusal } from '../support/refusal';

const chart = new Chart(new App(), 'shop');

describe('a refusal', () => {
  test('names the construct, the property, the value and the fix', () => {
    expect(refusal(() => refuse(chart, 'size', 3, 'give 4'))).toBe('shop: size is 3; give 4');
    expect(refusal(() => refuse('Size.of', 'size', 3, 'give 4'))).toBe('Size.of: size is 3; give 4');
  });

  test.each<[string, unknown, string]>([
    ['text', 'a "b"', '"a \\"b\\""'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['not a number', NaN, 'NaN'],
    ['infinity', [-Infinity], '["-Infinity"]'],
    ['duration', Duration.minutes(90), '1 hour 30 minutes'],
    ['no duration', Duration.seconds(0), '0 seconds'],
    ['duration of no number', Duration.seconds(NaN), 'NaN'],
    ['duration inside', { a: [Duration.seconds(2)] }, '{"a":["2 seconds"]}'],
    ['construct', chart, '"shop"'],
    ['construct inside', { service: chart }, '{"service":"shop"}'],
    ['value class', { retry: Retry.never() }, '{"retry":"Retry"}'],
    ['object without prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])('shows %s', (_, value, shown) => {
    expect(refusal(() => refuse('here', 'it', value, 'mend it'))).toBe(`here: it is ${shown}; mend it`);
  });
});

test('a whole number has limits', () => {
  expect([1, 5].map((value) => wholeNumber('here', 'it', value, 1, 5))).toEqual([1, 5]);
  for (const wrong of [0, 6, 1.5, NaN]) {
    expect(refusal(() => wholeNumber('here', 'it', wrong, 1, 5))).toBe(`here: it is ${wrong}; give a whole number from 1 to 5`);
  }
  expect(refusal(() => wholeNumber('here', 'it', -1, 0))).toBe('here: it is -1; give a whole number of 0 or more');
});

test('a percentage lies between 0 and 100', () => {
  expect([0, 0.1, 100].map((value) => percent('here', 'it', value))).toEqual([0, 0.1, 100]);
  for (const wrong of [-0.1, 100.1, NaN]) {
    expect(refusal(() => percent('here', 'it', wrong))).toBe(`here: it is ${wrong}; give a percentage from 0 to 100`);
  }
});

test('a whole percentage has no fraction', () => {
  expect([0, 100].map((value) => wholePercent('here', 'it', value))).toEqual([0, 100]);
  expect(refusal(() => wholePercent('here', 'it', 0.5))).toBe('here: it is 0.5; give a whole percentage from 0 to 100');
  expect(refusal(() => wholePercent('here', 'it', 101))).toBe('here: it is 101; give a percentage from 0 to 100');
});

test('a duration has whole milliseconds, one at least', () => {
  expect([Duration.millis(1), Duration.seconds(0.5), Duration.seconds(1.001), Duration.days(1)].map((value) => millis('here', 'it', value)))
    .toEqual([1, 500, 1001, 86_400_000]);
  expect(refusal(() => millis('here', 'it', Duration.millis(0)))).toBe('here: it is 0 millis; give a duration longer than 0');
  expect(refusal(() => millis('here', 'it', Duration.seconds(NaN)))).toBe('here: it is NaN; give a duration longer than 0');
  expect(refusal(() => millis('here', 'it', Duration.millis(0.5)))).toBe('here: it is 0.5 millis; give a duration in whole milliseconds');
  expect(refusal(() => millis('here', 'it', Duration.days(1e12)))).toContain('; give a duration in whole milliseconds');
  expect(optionalMillis('here', 'it')).toBeUndefined();
  expect(optionalMillis('here', 'it', Duration.seconds(1))).toBe(1000);
});
