/**
 * Bodies as they stand in a manifest, typed by the interfaces that are generated from the CRDs.
 *
 * Only the types are imported. The generated conversion functions would do nothing but rename the few properties below and drop
 * undefined, at the price of loading 0.9 MB (10 ms with Node 20) in every program; and they keep the same shape apart by an enum for
 * each place that it stands in, so that one function could not write a policy for a service, a port and a subset.
 */

/** Properties that the generated interfaces call differently from the schema. test/emit compares this list with the schemas. */
interface Renamed {
  readonly consecutive5XxErrors: 'consecutive5xxErrors';
}

/** The JSON that a generated interface stands for. */
export type Json<T> = T extends string ? `${T}`
  : T extends undefined | null | number | boolean ? T
    : T extends readonly (infer Element)[] ? readonly Json<Element>[]
      : { readonly [Key in keyof T as Key extends keyof Renamed ? Renamed[Key] : Key]: Json<T[Key]> };

/** The same object without the properties that are undefined. */
export function defined<T extends object>(object: T): T {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[key];
    if (value !== undefined) {
      result[key] = value;
    }
  }
  return result as T;
}

/** The list, or undefined where there is nothing to write. */
export function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The object without undefined properties, or undefined where nothing else is left. */
export function nonEmptyObject<T extends object>(object: T): T | undefined {
  const rest = defined(object);
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** `2s` or `1500ms`, the forms that protocol buffers and Go both read. */
export function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
