/** A rule by which Linkerd takes or leaves an object that the program wrote by hand. */
import type { ObjectNode } from '../../model/mesh-model';

export type Json = Readonly<Record<string, unknown>>;

export interface Broken {
  /** What is wrong, with the property and its value, as the end of `the Server orders …`. */
  readonly what: string;
  /** What to write instead, without a full stop. */
  readonly fix: string;
}

export interface LinkerdRule {
  /** Words joined by hyphens. */
  readonly name: string;
  readonly group: string;
  readonly kinds: readonly string[];
  readonly broken: (spec: Json, object: ObjectNode) => readonly Broken[];
}

export const POLICY_GROUP = 'policy.linkerd.io';
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** Groups are compared without regard to letter case, and the core group has two names. */
export function isGroup(value: unknown, group: string): boolean {
  const said = typeof value === 'string' ? value.toLowerCase() : '';
  return group === '' ? said === '' || said === 'core' : said === group;
}

export function isKind(value: unknown, kind: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === kind.toLowerCase();
}

/** A value as a person reads it in a message. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : typeof value === 'string' ? value === '' ? 'empty' : value : JSON.stringify(value);
}
