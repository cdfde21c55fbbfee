import { Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';

/** Throws what every wrong argument throws: where, which property, its value, and what to write instead. */
export function refuse(where: IConstruct | string, property: string, value: unknown, fix: string): never {
  const place = typeof where === 'string' ? where : where.node.path;
  throw new Error(`${place}: ${property} is ${shown(value)}; ${fix}`);
}

function shown(value: unknown): string {
  if (value instanceof Duration) {
    return human(value);
  }
  // JSON has no word for NaN and Infinity, and constructs refer to each other in circles.
  return typeof value === 'number' ? String(value) : JSON.stringify(value, (_key, part: unknown) => readable(part)) ?? String(value);
}

function readable(part: unknown): unknown {
  if (typeof part === 'number' && !Number.isFinite(part)) {
    return String(part);
  }
  if (typeof part !== 'object' || part === null || Array.isArray(part)) {
    return part;
  }
  if (part instanceof Duration) {
    return human(part);
  }
  if (Construct.isConstruct(part)) {
    return part.node.path;
  }
  const plain = Object.getPrototypeOf(part) === Object.prototype || Object.getPrototypeOf(part) === null;
  return plain ? part : part.constructor.name;
}

function human(duration: Duration): string {
  return duration.toHumanString() || String(duration.toMilliseconds({ integral: false }));
}

export function wholeNumber(where: IConstruct | string, property: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
    refuse(where, property, value, `give a whole number ${range}`);
  }
  return value;
}

/** A share in percent. */
export function percent(where: IConstruct | string, property: string, value: number): number {
  if (!(value >= 0 && value <= 100)) {
    refuse(where, property, value, 'give a percentage from 0 to 100');
  }
  return value;
}

/** A share in percent where meshes count in whole ones. */
export function wholePercent(where: IConstruct | string, property: string, value: number): number {
  if (!Number.isInteger(percent(where, property, value))) {
    refuse(where, property, value, 'give a whole percentage from 0 to 100');
  }
  return value;
}

/** A positive duration in milliseconds, the finest that meshes take. */
export function millis(where: IConstruct | string, property: string, value: Duration): number {
  const ms = value.toMilliseconds({ integral: false });
  if (!(ms > 0)) {
    refuse(where, property, value, 'give a duration longer than 0');
  }
  // 1.001 s is 1000.9999999999999 ms in binary floating point.
  const whole = Math.round(ms);
  if (!Number.isSafeInteger(whole) || Math.abs(ms - whole) > 1e-6) {
    refuse(where, property, value, 'give a duration in whole milliseconds');
  }
  return whole;
}

export function optionalMillis(where: IConstruct | string, property: string, value?: Duration): number | undefined {
  return value === undefined ? undefined : millis(where, property, value);
}

/** A list that narrows something. One that is given and empty would narrow nothing, though its author let nothing in. */
export function narrowing<T>(where: IConstruct | string, property: string, items: readonly T[] | undefined): readonly T[] | undefined {
  return items?.length === 0 ? refuse(where, property, items, 'name at least one, or leave it out to take all') : items;
}
