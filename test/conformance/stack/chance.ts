/** A test that rests on chance fails a right system less than once in a million runs. */
const FALSE_ALARM = 1e-6;
/** A weight that is off by this share must be found. */
const DETECTABLE = 0.02;
/** Chance of finding it. */
const POWER = 0.999;

/** Counts that a test accepts, both ends included. */
export interface Acceptance {
  readonly from: number;
  readonly to: number;
  /** Chance of finding a share that is off by two points, in its worse direction. */
  readonly power: number;
}

/**
 * Counts of `n` independent requests that a share `p` is accepted for: those outside come up less than once in a million
 * runs, by the exact binomial distribution.
 * @throws when `n` is too small to find a share that is off by two points with a chance of 99.9 %
 */
export function acceptance(n: number, p: number): Acceptance {
  const from = quantile(n, p, FALSE_ALARM / 2);
  const to = n - quantile(n, 1 - p, FALSE_ALARM / 2);
  const found = (share: number) => share < 0 || share > 1 ? 1 : cdf(n, share, from - 1) + 1 - cdf(n, share, to);
  const power = Math.min(found(p - DETECTABLE), found(p + DETECTABLE));
  if (power < POWER) {
    throw new Error(`${n} requests find a share of ${p} that is off by two points with a chance of ${power.toFixed(4)} only; send more`);
  }
  return { from, to, power };
}

/** Smallest count whose cumulative chance exceeds `tail`. */
function quantile(n: number, p: number, tail: number): number {
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += Math.exp(logChance(n, p, k));
    if (sum > tail) {
      return k;
    }
  }
  return n;
}

/** Chance of at most `k` of `n`. */
export function cdf(n: number, p: number, k: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(logChance(n, p, i));
  }
  return Math.min(sum, 1);
}

function logChance(n: number, p: number, k: number): number {
  if (p === 0 || p === 1) {
    return k === n * p ? 0 : -Infinity;
  }
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

const logs: number[] = [0];

function logFactorial(n: number): number {
  for (let i = logs.length; i <= n; i++) {
    logs.push(logs[i - 1] + Math.log(i));
  }
  return logs[n];
}
