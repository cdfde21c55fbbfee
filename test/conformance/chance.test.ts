/** The bounds of all claims that rest on chance. */
import { acceptance, cdf, claim, claimBetween } from './stack';

describe('bounds of the tests that rest on chance', () => {
  test('the distribution is the binomial one', () => {
    // 10 throws of a coin: 1, 10, 45, 120 of 1024.
    expect([0, 1, 2, 3].map(k => cdf(10, 0.5, k) * 1024)).toEqual([1, 11, 56, 176].map(value => expect.closeTo(value, 6)));
    expect(cdf(20_000, 0.9, 18_000)).toBeCloseTo(0.5, 1);
  });

  test('a right split of 20,000 requests fails once in a million runs, one that is off by two points is found', () => {
    const { from, to, power } = acceptance(20_000, 0.9);
    const falseAlarm = cdf(20_000, 0.9, from - 1) + 1 - cdf(20_000, 0.9, to);
    claim('20,000 requests at 90 %: chance of a false alarm', 'at most 1e-6', falseAlarm.toExponential(1), falseAlarm > 0 && falseAlarm <= 1e-6);
    claimBetween('20,000 requests at 90 %: chance of finding a share that is off by two points', 0.999, 1, power);
    expect(from).toBeGreaterThan(17_600);
    expect(to).toBeLessThan(18_400);
  });

  test('too few requests are refused', () => {
    expect(() => acceptance(1_000, 0.9)).toThrow(/send more/);
  });

  test('certain shares leave nothing to chance', () => {
    expect(acceptance(20_000, 1)).toMatchObject({ from: 20_000, to: 20_000 });
    expect(acceptance(20_000, 0)).toMatchObject({ from: 0, to: 0 });
  });
});
