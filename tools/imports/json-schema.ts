import type { Schema } from './crds';

/** Bounds of the numeric formats that the API server checks. */
const RANGES: Record<string, { minimum: number; maximum: number } | undefined> = {
  int32: { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
};

/**
 * A plain JSON schema (draft 7) that says what the API server says with strict field validation, as far as JSON schema
 * can: unknown fields are refused, int-or-string and nullable are types. CEL rules and list semantics are left to the
 * real API server.
 */
export function toJsonSchema(schema: Schema): Schema {
  return structural(schema);
}

function structural(node: Schema): Schema {
  const out = shared(node, structural);
  if (node['x-kubernetes-int-or-string'] || node.format === 'int-or-string') {
    out.type = ['integer', 'string'];
    // The alternative is already said by `type`; a pattern beside it concerns strings only, as in Kubernetes.
    delete out.anyOf;
    delete out.oneOf;
  }
  if (node.nullable && out.type !== undefined) {
    out.type = [...(Array.isArray(out.type) ? out.type : [out.type]), 'null'];
    if (out.enum) {
      out.enum = [...out.enum, null];
    }
  }
  const closed = node.properties && node.additionalProperties === undefined && !node['x-kubernetes-preserve-unknown-fields'];
  if (closed) {
    out.additionalProperties = false;
  }
  return out;
}

/** Inside allOf, anyOf, oneOf and not, properties only constrain; they do not list what may stand there. */
function valueValidation(node: Schema): Schema {
  return shared(node, valueValidation);
}

function shared(node: Schema, child: (node: Schema) => Schema): Schema {
  const out: Schema = {};
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('x-kubernetes-') || key === 'nullable' || key === 'default') {
      continue;
    } else if (key === 'format') {
      Object.assign(out, RANGES[value]);
    } else if (key === 'pattern') {
      out.pattern = jsPattern(value);
    } else if (key === 'properties') {
      out.properties = Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, child(sub as Schema)]));
    } else if (key === 'items' || key === 'additionalProperties') {
      out[key] = typeof value === 'object' ? child(value) : value;
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key)) {
      out[key] = value.map(valueValidation);
    } else if (key === 'not') {
      out.not = valueValidation(value);
    } else {
      out[key] = value;
    }
  }
  // A format's bounds never loosen bounds that the schema states itself.
  for (const bound of ['minimum', 'maximum']) {
    if (node[bound] !== undefined) {
      out[bound] = node[bound];
    }
  }
  return out;
}

/**
 * Kubernetes' patterns are Go's; JavaScript lacks the inline flag `(?i)`, so its letters become classes.
 * @throws when a pattern with the flag is more than letters and groups
 */
function jsPattern(pattern: string): string {
  const flag = '(?i)';
  if (!pattern.includes(flag)) {
    new RegExp(pattern, 'u');
    return pattern;
  }
  const rest = pattern.replace(flag, '');
  if (/[\\[\]?](?=[a-zA-Z:])/.test(rest)) {
    throw new Error(`pattern ${pattern} is too rich to be rewritten without its inline flag`);
  }
  return rest.replace(/[a-zA-Z]/g, letter => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}
