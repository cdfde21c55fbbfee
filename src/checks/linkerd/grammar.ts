/** The forms that Linkerd takes for times, networks, identities and conditions. */
import { isIP } from 'net';

/** Of annotations, and of time limits in Gateway API's routes: one whole number of one unit. */
export function isPlainDuration(text: string): boolean {
  return /^(0|\d+(ms|s|m|h|d))$/.test(text);
}

/** Go's: several units, fractions and a sign. */
export function goDurationMs(text: string): number | undefined {
  if (!/^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$|^[-+]?0$/.test(text)) {
    return undefined;
  }
  const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  return (text.startsWith('-') ? -1 : 1) * parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit], 0);
}

export interface Network {
  readonly bits: number;
  readonly length: number;
  readonly value: bigint;
}

/** An address stands for the network that holds it alone. */
export function networkOf(text: string): Network | undefined {
  const [address, length, ...more] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || more.length > 0 || (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits))) {
    return undefined;
  }
  return { bits, length: length === undefined ? bits : Number(length), value: version === 4 ? ipv4(address) : ipv6(address) };
}

export function contains(wide: Network, narrow: Network): boolean {
  const shift = BigInt(wide.bits - wide.length);
  return wide.bits === narrow.bits && wide.length <= narrow.length && wide.value >> shift === narrow.value >> shift;
}

function ipv4(address: string): bigint {
  return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function ipv6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const address = dotted === null ? text : `${dotted[1]}${(ipv4(dotted[2]) >> 16n).toString(16)}:${(ipv4(dotted[2]) & 0xffffn).toString(16)}`;
  const [head, tail] = address.split('::').map((part) => part === '' ? [] : part.split(':'));
  const groups = tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

const DNS = /^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SPIFFE = /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/;

/** A name in certificates: everybody's, all below a name, one name, or a SPIFFE identity. */
export function isIdentity(text: string): boolean {
  return text.startsWith('spiffe:') ? SPIFFE.test(text) && !/\/\.\.?(\/|$)/.test(text) : DNS.test(text);
}

/** Server errors, gateway errors, a status or a range of them. */
export function isHttpCondition(text: string): boolean {
  const range = /^(\d{3})(?:-(\d{3}))?$/.exec(text);
  const [low, high] = range === null ? [0, 0] : [Number(range[1]), Number(range[2] ?? range[1])];
  return text === '5xx' || text === 'gateway-error' || (low >= 100 && low <= high && high <= 599);
}

const GRPC_CONDITIONS = ['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'];

export function isGrpcCondition(text: string): boolean {
  return GRPC_CONDITIONS.includes(text.toLowerCase());
}

/** What is wrong with the value of an annotation about retries or time limits; undefined where nothing is. */
export function wrongLimit(key: string, value: string): string | undefined {
  switch (key) {
    case 'retry.linkerd.io/http':
      return value.split(',').every(isHttpCondition) ? undefined : 'conditions are 5xx, gateway-error, a status or a range such as 500-503, with commas and no blanks between';
    case 'retry.linkerd.io/grpc':
      return value.split(',').every(isGrpcCondition) ? undefined : `conditions are ${GRPC_CONDITIONS.join(', ')}, with commas and no blanks between`;
    case 'retry.linkerd.io/limit':
      return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : 'a whole number up to 65535';
    case 'retry.linkerd.io/timeout':
    case 'timeout.linkerd.io/request':
    case 'timeout.linkerd.io/response':
    case 'timeout.linkerd.io/idle':
      return isPlainDuration(value) ? undefined : 'one whole number of ms, s, m, h or d, such as 90s';
    default:
      return undefined;
  }
}
