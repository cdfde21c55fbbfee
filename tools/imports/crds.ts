import { parseAllDocuments } from 'yaml';
import type { CrdSource, Trim } from './sources';

/** A JSON schema node, as Kubernetes writes them. */
export type Schema = Record<string, any>;

/** One kind at one version, with the schema of what a user may write (no status). */
export interface Crd {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: string;
  readonly version: string;
  readonly schema: Schema;
}

/**
 * The kinds that `source` lists, sorted.
 * @throws when a listed kind is missing or serves no usable version
 */
export function crdsOf(source: CrdSource): Crd[] {
  const documents = source.read().flatMap(parse);
  const definitions = documents.filter(doc => doc?.kind === 'CustomResourceDefinition').map(doc => doc.spec);

  return Object.entries(source.kinds).flatMap(([group, kinds]) => kinds.map(kind => {
    const spec = definitions.find(d => d.group === group && d.names.kind === kind);
    if (!spec) {
      throw new Error(`${source.provenance} holds no CRD for ${kind}.${group}`);
    }
    const version = bestVersion(spec.versions);
    if (!version) {
      throw new Error(`${kind}.${group} serves neither v1 nor its storage version`);
    }
    const schema = withoutDescriptions(version.schema.openAPIV3Schema);
    delete schema.properties.status;
    for (const path of source.trim?.[kind] ?? []) {
      trim(schema, path, `${kind}.${group}`);
    }
    return { group, kind, plural: spec.names.plural, scope: spec.scope, version: version.name, schema };
  })).sort((a, b) => `${a.group}/${a.kind}` < `${b.group}/${b.kind}` ? -1 : 1);
}

function parse(text: string): any[] {
  return parseAllDocuments(text).map(doc => {
    if (doc.errors.length > 0) {
      throw doc.errors[0];
    }
    return doc.toJS();
  });
}

/** v1 where it is served, else what the API server stores. */
function bestVersion(versions: any[]): any {
  const served = versions.filter(v => v.served);
  return served.find(v => v.name === 'v1') ?? served.find(v => v.storage);
}

/** Keywords of a CRD's schema that are facts. Prose is none of them, nor is what the API server would ignore. */
const KEYWORDS = new Set([
  '$ref', 'additionalProperties', 'allOf', 'anyOf', 'default', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'format', 'items', 'maxItems',
  'maxLength', 'maxProperties', 'maximum', 'minItems', 'minLength', 'minProperties', 'minimum', 'multipleOf', 'not', 'nullable', 'oneOf',
  'pattern', 'properties', 'required', 'type', 'uniqueItems', 'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields',
]);

/** Copy of a schema without its prose. A *property* named `description` stays. */
export function withoutDescriptions(schema: Schema): Schema {
  const copy: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!KEYWORDS.has(key)) {
      continue;
    } else if (key === 'properties') {
      copy[key] = Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, withoutDescriptions(sub as Schema)]));
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key)) {
      copy[key] = value.map(withoutDescriptions);
    } else if (['items', 'not', 'additionalProperties'].includes(key) && typeof value === 'object') {
      copy[key] = withoutDescriptions(value);
    } else {
      copy[key] = value;
    }
  }
  return copy;
}

function trim(schema: Schema, path: Trim, where: string): void {
  let parent = schema;
  for (const step of path.slice(0, -1)) {
    parent = step === '*' ? parent.items : parent.properties?.[step];
    if (!parent) {
      throw new Error(`${where} has no ${path.join('.')} to trim`);
    }
  }
  const last = path[path.length - 1];
  if (!parent.properties?.[last]) {
    throw new Error(`${where} has no ${path.join('.')} to trim`);
  }
  parent.properties[last] = { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true };
}
