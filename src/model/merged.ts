/** One map with the entries of all, of which the last one counts. With `{ ...one, ...other }` V8 makes a hidden class for every single result. */
export function merged(...parts: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  return Object.assign({}, ...parts) as Record<string, string>;
}
