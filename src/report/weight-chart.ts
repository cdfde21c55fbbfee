/** The share of the requests that meets a new version over time: what a chart of it shows, before it has a form. */

export interface WeightChart {
  readonly title: string;
  readonly description: string;
  /** Anchor of the table that says the same in words. */
  readonly alternative: string;
  /** From a moment on, in percent. The last one holds to the end. */
  readonly weights: readonly { readonly at: number; readonly percent: number }[];
  /** On the axis of time. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly end: number;
  /** Moments at which the gates are asked. */
  readonly checks: readonly number[];
  /** From the moment on at which a version that turns bad does the most harm, until it is gone. */
  readonly worst?: { readonly from: number; readonly to: number; readonly percent: number };
  /** Where the canary stands. */
  readonly now?: number;
}

const SECOND = 1000;
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * SECOND);
const MOST_TICKS = 8;

/** Moments of the axis: whole units, eight at most. */
export function ticksUntil(end: number, label: (ms: number) => string): WeightChart['ticks'] {
  const largest = STEPS[STEPS.length - 1];
  const step = STEPS.find((one) => end / one <= MOST_TICKS) ?? Math.ceil(end / MOST_TICKS / largest) * largest;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => ({ at: index * step, label: index === 0 ? '0' : label(index * step) }));
}
