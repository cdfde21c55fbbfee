import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';

/** Throws what every wrong argument throws: where, which property, its value, and what to write instead. */
export function refuse(where: IConstruct | string, property: string, value: unknown, fix: string): never {
  const place = typeof where === 'string' ? where : where.node.path;
  throw new Error(`${place}: ${property} is ${shown(value)}; ${fix}`);
}

function shown(value: unknown): string {
  return value instanceof Duration ? value.toHumanString() || '0' : JSON.stringify(value) ?? String(value);
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

/** A positive duration in milliseconds. */
export function millis(where: IConstruct | string, property: string, value: Duration): number {
  const ms = value.toMilliseconds();
  if (!(ms > 0)) {
    refuse(where, property, value, 'give a duration longer than 0');
  }
  return ms;
}

export function optionalMillis(where: IConstruct | string, property: string, value?: Duration): number | undefined {
  return value === undefined ? undefined : millis(where, property, value);
}
