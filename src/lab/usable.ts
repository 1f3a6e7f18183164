// Addresses that a Linux host can have and be reached at: what a lab can stand in for. Pure.
import { parseCidr } from '../net/cidr.ts';
import { type Family, type Ip, ipKey } from '../net/ip.ts';
import {
  ALL_IPS,
  firstOf,
  type IpRange,
  type IpSet,
  intersectIps,
  ipSetHas,
  ipSetOfCidrs,
  ipSetOfRanges,
  lastOf,
  rangesOf,
  subtractIps,
} from '../net/ip-set.ts';

/**
 * Special addresses (RFC 6890) that do not route to a host of their own: this host, loopback, multicast, broadcast; for IPv6 also link-local,
 * which needs an interface, and IPv4-mapped ones, which sockets take for IPv4.
 */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '::/96', '::ffff:0:0/96', 'fe80::/10', 'ff00::/8'];

const USABLE: IpSet = subtractIps(ALL_IPS, ipSetOfCidrs(SPECIAL.flatMap((text) => parseCidr(text) ?? [])));

export function isUsable(ip: Ip): boolean {
  return ipSetHas(USABLE, ip);
}

/** The usable parts of a range, in order. */
function usableParts(range: IpRange): IpRange[] {
  return rangesOf(intersectIps(ipSetOfRanges([range]), USABLE));
}

/** The lowest usable address of a range that is not taken, and the highest; one when they are the same; none when all are taken. */
export function edgesOf(range: IpRange, isTaken: (ip: Ip) => boolean): Ip[] {
  const parts = usableParts(range);
  const low = firstFree(parts, isTaken);
  const high = lastFree([...parts].reverse(), isTaken);
  if (low === undefined || high === undefined) return [];
  return low.value === high.value ? [low] : [low, high];
}

function firstFree(parts: readonly IpRange[], isTaken: (ip: Ip) => boolean): Ip | undefined {
  for (const part of parts) {
    for (let ip = firstOf(part); ip.value <= part.to; ip = step(ip, 1)) if (!isTaken(ip)) return ip;
  }
  return undefined;
}

function lastFree(parts: readonly IpRange[], isTaken: (ip: Ip) => boolean): Ip | undefined {
  for (const part of parts) {
    for (let ip = lastOf(part); ip.value >= part.from; ip = step(ip, -1)) if (!isTaken(ip)) return ip;
  }
  return undefined;
}

function step(ip: Ip, by: 1 | -1): Ip {
  return ip.family === 4 ? { family: 4, value: ip.value + by } : { family: 6, value: ip.value + BigInt(by) };
}

/** Hands out addresses one after the other, past those that are taken: 10.244.0.1, 10.244.0.2, … */
export function addressGiver(taken: Set<string>, starts: { readonly 4: string; readonly 6: string }): (family: Family) => Ip {
  const next = new Map<Family, Ip>();
  return (family) => {
    const start = parseCidr(`${starts[family]}/${family === 4 ? 32 : 128}`);
    if (start === undefined) throw new Error(`${starts[family]} is no address`);
    let ip = next.get(family) ?? start.first;
    while (taken.has(ipKey(ip)) || !isUsable(ip)) ip = step(ip, 1);
    taken.add(ipKey(ip));
    next.set(family, step(ip, 1));
    return ip;
  };
}
