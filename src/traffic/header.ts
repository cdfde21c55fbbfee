import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';

/** Refuses what is no header's name; `:path` and `@request.auth.claims`, which proxies read as something else, are none. */
export function headerName(where: IConstruct | string, property: string, name: string): string {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    refuse(where, property, name, 'give the name of an HTTP header: letters, digits and hyphens');
  }
  return name;
}

/**
 * A value that a proxy writes. Envoy reads `%NAME%` and `%NAME(argument)%` in it as facts about the request, and refuses the whole
 * configuration where a percent sign stands alone.
 */
export function headerValue(where: IConstruct | string, property: string, value: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
    refuse(where, property, value, 'leave out control characters');
  }
  if (value.replace(/%%/g, '').replace(/%[A-Za-z0-9_]+(\([^()%]*\))?(:\d+)?%/g, '').includes('%')) {
    refuse(where, property, value, 'write a percent sign as %%');
  }
  return value;
}
