import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';
import { ExceptionNode } from '../model/security';

/**
 * Why something stays open, and how long.
 */
export interface ExceptionOptions {
  /** Why it is right. It stands in the report. */
  readonly reason: string;
  /**
   * Last day on which it is right, as `YYYY-MM-DD`. Afterwards it is a finding; what is written never changes by itself.
   * @default - no end, which is a finding, too
   */
  readonly until?: string;
}

export function exceptionNode(where: IConstruct | string, property: string, { reason, until }: ExceptionOptions): ExceptionNode {
  return Object.freeze({ reason: reasonOf(where, `${property}.reason`, reason), until: until === undefined ? undefined : day(where, `${property}.until`, until) });
}

export function reasonOf(where: IConstruct | string, property: string, reason: string | undefined): string {
  if (reason === undefined || reason.trim() === '') {
    refuse(where, property, reason, 'say why it is right');
  }
  return reason;
}

/** A day that there is. */
export function day(where: IConstruct | string, property: string, value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value) {
    refuse(where, property, value, 'give a day as YYYY-MM-DD, for instance 2027-03-31');
  }
  return value;
}
