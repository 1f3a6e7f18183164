// Prefixes such as 10.0.0.0/8: parse, print, contain. Says what is odd about one instead of hiding it.
import { type Ip, type IpRange, MAX_V4, MAX_V6, parseIp, printIp } from './ip.ts';

/** `10.0.0.0/8`: the first address and the number of fixed bits. `first` is already masked. */
export interface Cidr {
  readonly first: Ip;
  readonly prefixBits: number;
}

/**
 * Reads `10.0.0.0/8` or `2001:db8::/64`; undefined when it is no CIDR. A bare address is none.
 * Host bits (`10.0.0.5/24`) are masked away, as API servers do that do not reject them; ask `hasHostBits` to tell.
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (ip === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return undefined;
  const prefixBits = Number(bits);
  if (prefixBits > (ip.family === 4 ? 32 : 128)) return undefined;
  return { first: mask(ip, prefixBits), prefixBits };
}

/** True when `10.0.0.5/24` names a host where a network was wanted. False for text that is no CIDR. */
export function hasHostBits(text: string): boolean {
  const cidr = parseCidr(text);
  const ip = parseIp(text.slice(0, Math.max(0, text.indexOf('/'))));
  return cidr !== undefined && ip !== undefined && ip.value !== cidr.first.value;
}

/** The address with everything after the prefix cleared: 10.0.0.5 and 24 → 10.0.0.0. */
export function mask(ip: Ip, prefixBits: number): Ip {
  if (ip.family === 4) {
    const size = 2 ** (32 - prefixBits);
    return { family: 4, value: Math.floor(ip.value / size) * size };
  }
  const shift = BigInt(128 - prefixBits);
  return { family: 6, value: (ip.value >> shift) << shift };
}

/** First and last address, both inside. */
export function cidrRange({ first, prefixBits }: Cidr): IpRange {
  if (first.family === 4) return { family: 4, from: first.value, to: Math.min(MAX_V4, first.value + 2 ** (32 - prefixBits) - 1) };
  const last = first.value + (1n << BigInt(128 - prefixBits)) - 1n;
  return { family: 6, from: first.value, to: last > MAX_V6 ? MAX_V6 : last };
}

/** True when every address of `inner` is in `outer` (equal counts as inside). */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.first.family === inner.first.family &&
    inner.prefixBits >= outer.prefixBits &&
    mask(inner.first, outer.prefixBits).value === outer.first.value
  );
}

export function cidrHas(cidr: Cidr, ip: Ip): boolean {
  return ip.family === cidr.first.family && mask(ip, cidr.prefixBits).value === cidr.first.value;
}

export function printCidr({ first, prefixBits }: Cidr): string {
  return `${printIp(first)}/${prefixBits}`;
}

/** One address as a CIDR: `10.0.0.7/32`. */
export function hostCidr(ip: Ip): Cidr {
  return { first: ip, prefixBits: ip.family === 4 ? 32 : 128 };
}
