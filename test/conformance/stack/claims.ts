import { appendFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { isDeepStrictEqual } from 'util';
import { acceptance } from './chance';
import { STATE_VARIABLE } from './state';

/** One row of the table that a run ends with. */
export interface Claim {
  readonly suite: string;
  readonly claim: string;
  readonly expected: string;
  readonly measured: string;
  readonly holds: boolean;
}

/** File of a run's claims, one JSON object a line. */
export function claimsFile(): string | undefined {
  const state = process.env[STATE_VARIABLE];
  return state && join(dirname(state), 'claims.jsonl');
}

/**
 * States what is claimed, what was expected and what was measured, for the table.
 * @throws when the claim does not hold, so that the test fails
 */
export function claim(title: string, expected: unknown, measured: unknown, holds: boolean): void {
  const suite = basename(expect.getState().testPath ?? '', '.test.ts');
  const row: Claim = { suite, claim: title, expected: text(expected), measured: text(measured), holds };
  appendFileSync(claimsFile()!, `${JSON.stringify(row)}\n`);
  if (!holds) {
    throw new Error(`${title}\n  expected: ${row.expected}\n  measured: ${row.measured}`);
  }
}

/** Claims an exact value. */
export function claimEqual(title: string, expected: unknown, measured: unknown): void {
  claim(title, expected, measured, isDeepStrictEqual(expected, measured));
}

/** Claims a value between two bounds, both included. */
export function claimBetween(title: string, from: number, to: number, measured: number, unit = ''): void {
  claim(title, `${round(from)} to ${round(to)}${unit && ` ${unit}`}`, `${round(measured)}${unit && ` ${unit}`}`, measured >= from && measured <= to);
}

/**
 * Claims that a share of `n` requests decided by chance is `share`. A right system fails less than once in a million runs; a
 * share that is off by two points is found with a chance of at least 99.9 %.
 * @throws when `n` is too small for that
 */
export function claimShare(title: string, share: number, measured: number, n: number): void {
  const { from, to } = acceptance(n, share);
  claim(title, `${round(share * 100)} % of ${n}: ${from} to ${to}`, `${measured} (${round(measured / n * 100)} %)`, measured >= from && measured <= to);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing';
}
