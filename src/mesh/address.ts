/** Forms of IP addresses and networks. */
import { isIP } from 'net';

/** Whether a text is an IP address, or a network in CIDR notation. */
export function isAddress(text: string): boolean {
  const [address, bits, ...more] = text.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  return version !== 0 && more.length === 0 && (bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= longest));
}
