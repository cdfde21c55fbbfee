/**
 * What cdk8s would make of a value that holds nothing to resolve, at a fraction of the price: cdk8s asks three resolvers about every single
 * value and copies it twice. Whoever finds something else here leaves it to cdk8s.
 */
import { ApiObject, App, ImplicitTokenResolver, JsonPatch, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import { Json } from './json';

const USUAL_RESOLVERS = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Whether data of this object is written as it stands: the app has no resolvers of its own, and nobody asked for another order of keys. */
export function isUsual(object: ApiObject): boolean {
  const { resolvers } = App.of(object) as unknown as { resolvers?: unknown[] };
  return resolvers?.length === USUAL_RESOLVERS.length && USUAL_RESOLVERS.every((usual, index) => resolvers[index] instanceof usual)
    && !process.env.CDK8S_DISABLE_SORT;
}

/** The patches of an object; undefined where this cdk8s keeps them elsewhere. */
export function patchesOf(object: ApiObject): JsonPatch[] | undefined {
  const { patches } = object as unknown as { patches?: unknown };
  return Array.isArray(patches) ? patches as JsonPatch[] : undefined;
}

/** The `spec` that an ApiObject was created with, where it is written as it stands; undefined where only cdk8s can tell. */
export function literalSpec(object: ApiObject): Json | undefined {
  const { props } = object as unknown as { props?: Json };
  const own = object.toJson !== ApiObject.prototype.toJson;
  return own || patchesOf(object)?.length !== 0 || !isUsual(object) || !isPlain(props?.spec) ? undefined : props?.spec as Json | undefined;
}

/** Whether a value is made of nothing but plain objects, lists and primitives. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.every(isPlain);
  }
  const { constructor, resolve } = value as Json;
  if (constructor !== Object || typeof resolve === 'function') {
    return false;
  }
  for (const key in value) {
    if (!isPlain((value as Json)[key])) {
      return false;
    }
  }
  return true;
}

/** A copy with sorted keys and without what is null or undefined. The value must be plain. */
export function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value ?? undefined;
  }
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  const copy: Json = {};
  for (const key of Object.keys(value).sort()) {
    const part = sorted((value as Json)[key]);
    if (part !== undefined) {
      copy[key] = part;
    }
  }
  return copy;
}
