/** How values are shown to a person: in findings and in reports alike. */

/** `a, b and c`; at most `most` of them, then how many more. */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.slice(0, most);
  const more = items.length - shown.length;
  if (more > 0) {
    return `${shown.join(', ')} and ${more} more`;
  }
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Milliseconds in a larger unit, and never rounded: a limit that is missed by one millisecond must show. */
export function time(ms: number): string {
  if (ms < 1000) {
    return `${ms} ms`;
  }
  return ms >= 120_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}

/** `app=orders, version=v1`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');
}

/** Bytes in the largest unit that leaves a number of 1 or more, to a tenth. */
export function memory(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round(bytes / 1024 ** unit * 10) / 10} ${units[unit]}`;
}
