/** A duration as Gateway API's schema takes it: at most five digits of each unit. */
export function gatewayDuration(ms: number): string {
  if (ms % 1000 === 0 && ms <= 99_999_000) {
    return `${ms / 1000}s`;
  }
  if (ms <= 99_999) {
    return `${ms}ms`;
  }
  const parts = [[3_600_000, 'h'], [60_000, 'm'], [1000, 's'], [1, 'ms']] as const;
  let rest = ms;
  return parts.flatMap(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  }).join('');
}
