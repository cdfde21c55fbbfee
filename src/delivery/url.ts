import { refuse } from '../mesh/invalid';

/** An address that an engine calls. */
export function url(where: string, property: string, value: string): string {
  if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(value)) {
    refuse(where, property, value, 'give a URL with http:// or https://');
  }
  return value;
}
