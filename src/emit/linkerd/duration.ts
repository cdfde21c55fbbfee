/** Times as Linkerd's annotations are read: one whole number of one unit. `1m30s` and `1.5s` are no times there. */

const UNITS = [['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1]] as const;

export function linkerdDuration(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms % length === 0)!;
  return `${ms / size}${unit}`;
}
