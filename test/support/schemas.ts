import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import Ajv, { type ValidateFunction } from 'ajv';

/** A Kubernetes object as it stands in a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [key: string]: unknown;
}

export const SCHEMAS = join(__dirname, '../schemas');

// `required` without `properties` beside it is how CRDs say "one of these fields".
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/** Every schema file as `group/Kind`. */
export function schemaNames(): string[] {
  return readdirSync(SCHEMAS).flatMap(group => readdirSync(join(SCHEMAS, group)).map(file => `${group}/${file.replace(/\.json$/, '')}`)).sort();
}

/** @throws when test/schemas holds no schema of that name */
export function validator(name: string): ValidateFunction {
  const known = validators.get(name) ?? ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')));
  validators.set(name, known);
  return known;
}

/**
 * What the object's CRD (or Kubernetes' own schema) refuses, one line an error; empty when it is valid.
 * @throws when test/schemas holds no schema of its group and kind
 */
export function schemaErrors(manifest: Manifest): string[] {
  const group = manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/')[0] : 'core';
  const validate = validator(`${group}/${manifest.kind}`);
  if (validate(manifest)) {
    return [];
  }
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
}
