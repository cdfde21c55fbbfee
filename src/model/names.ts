/**
 * The forms Kubernetes gives to names. RFC 1123 labels name namespaces, services' pods and subsets; RFC 1035 labels name Services.
 */
const RFC1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const RFC1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Why Kubernetes refuses `name` as a namespace or container; undefined where it accepts it. */
export function refusedLabel(name: string): string | undefined {
  return refused(name, RFC1123, 'lower-case letters, digits and hyphens, and starts and ends with a letter or digit');
}

/** Why Kubernetes refuses `name` as the name of a Service. */
export function refusedServiceName(name: string): string | undefined {
  return refused(name, RFC1035, 'lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit');
}

/** Why Kubernetes refuses `value` as the value of a label. */
export function refusedLabelValue(value: string): string | undefined {
  return refused(value, LABEL_VALUE, 'letters, digits, hyphens, dots and underscores, and starts and ends with a letter or digit');
}

/** Why Kubernetes refuses `key` as the key of a label: a name, with or without a DNS name and a slash before it. */
export function refusedLabelKey(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : refusedSubdomain(key.slice(0, slash));
  if (prefix !== undefined) {
    return `${prefix} before its slash`;
  }
  const name = key.slice(slash + 1);
  return name === '' ? 'has no name' : refusedLabelValue(name);
}

/** Why Kubernetes refuses `name` as the name of a ServiceAccount. */
export function refusedSubdomain(name: string): string | undefined {
  if (name.length > 253) {
    return `has ${name.length} characters, and at most 253 are allowed`;
  }
  const words = 'lower-case letters, digits, hyphens and dots, and each part between dots starts and ends with a letter or digit';
  return name.split('.').every((part) => RFC1123.test(part)) ? undefined : `must hold only ${words}`;
}

/** Why Kubernetes refuses `name` as the name of a port. */
export function refusedPortName(name: string): string | undefined {
  if (name.length > 15) {
    return `has ${name.length} characters, and a port name has at most 15`;
  }
  return refusedLabel(name) ?? (/[a-z]/.test(name) ? undefined : 'has no letter, and a port name has at least one')
    ?? (name.includes('--') ? 'has two hyphens in a row' : undefined);
}

function refused(name: string, form: RegExp, words: string): string | undefined {
  if (name.length > 63) {
    return `has ${name.length} characters, and at most 63 are allowed`;
  }
  return form.test(name) ? undefined : `must hold only ${words}`;
}

export function fullyQualified(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}
