// Sets of addresses as sorted, disjoint, inclusive ranges, the two families apart. Immutable.
import { type Cidr, cidrRange, parseCidr, printCidr } from './cidr.ts';
import { type Family, type Ip, type IpRange, MAX_V4, MAX_V6, printIp } from './ip.ts';

export type { IpRange } from './ip.ts';

interface Span<T> {
  readonly from: T;
  readonly to: T;
}

/** INVARIANT: spans of a family are sorted, do not overlap and do not touch. */
export interface IpSet {
  readonly v4: readonly Span<number>[];
  readonly v6: readonly Span<bigint>[];
}

export const EMPTY_IPS: IpSet = { v4: [], v6: [] };
export const ALL_V4: IpSet = { v4: [{ from: 0, to: MAX_V4 }], v6: [] };
export const ALL_V6: IpSet = { v4: [], v6: [{ from: 0n, to: MAX_V6 }] };
export const ALL_IPS: IpSet = { v4: ALL_V4.v4, v6: ALL_V6.v6 };

const next4 = (n: number) => n + 1;
const next6 = (n: bigint) => n + 1n;
const before4 = (n: number) => n - 1;
const before6 = (n: bigint) => n - 1n;

export function ipSetOfRanges(ranges: readonly IpRange[]): IpSet {
  return {
    v4: normalise(
      ranges.filter((r) => r.family === 4),
      next4,
    ),
    v6: normalise(
      ranges.filter((r) => r.family === 6),
      next6,
    ),
  };
}

export function ipSetOfCidrs(cidrs: readonly Cidr[]): IpSet {
  return ipSetOfRanges(cidrs.map(cidrRange));
}

export function ipSetOfIps(ips: readonly Ip[]): IpSet {
  return ipSetOfRanges(
    ips.map((ip) => (ip.family === 4 ? { family: 4, from: ip.value, to: ip.value } : { family: 6, from: ip.value, to: ip.value })),
  );
}

function normalise<T extends number | bigint>(spans: readonly Span<T>[], next: (n: T) => T): Span<T>[] {
  const sorted = [...spans].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const out: { from: T; to: T }[] = [];
  for (const { from, to } of sorted) {
    const last = out.at(-1);
    if (last !== undefined && from <= next(last.to)) {
      if (to > last.to) last.to = to;
    } else out.push({ from, to });
  }
  return out;
}

export function unionIps(a: IpSet, b: IpSet): IpSet {
  return { v4: normalise([...a.v4, ...b.v4], next4), v6: normalise([...a.v6, ...b.v6], next6) };
}

export function intersectIps(a: IpSet, b: IpSet): IpSet {
  return { v4: meet(a.v4, b.v4), v6: meet(a.v6, b.v6) };
}

function meet<T extends number | bigint>(a: readonly Span<T>[], b: readonly Span<T>[]): Span<T>[] {
  const out: Span<T>[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as Span<T>;
    const y = b[j] as Span<T>;
    const from = x.from > y.from ? x.from : y.from;
    const to = x.to < y.to ? x.to : y.to;
    if (from <= to) out.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return out;
}

export function subtractIps(a: IpSet, b: IpSet): IpSet {
  return { v4: minus(a.v4, b.v4, next4, before4), v6: minus(a.v6, b.v6, next6, before6) };
}

function minus<T extends number | bigint>(a: readonly Span<T>[], b: readonly Span<T>[], next: (n: T) => T, before: (n: T) => T): Span<T>[] {
  const out: Span<T>[] = [];
  for (const whole of a) {
    let from = whole.from;
    let open = true;
    for (const hole of b) {
      if (hole.to < from) continue;
      if (hole.from > whole.to) break;
      if (hole.from > from) out.push({ from, to: before(hole.from) });
      if (hole.to >= whole.to) {
        open = false;
        break;
      }
      from = next(hole.to);
    }
    if (open) out.push({ from, to: whole.to });
  }
  return out;
}

export function ipSetHas(set: IpSet, ip: Ip): boolean {
  return ip.family === 4 ? within(set.v4, ip.value) : within(set.v6, ip.value);
}

function within<T extends number | bigint>(spans: readonly Span<T>[], value: T): boolean {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle] as Span<T>;
    if (value < span.from) high = middle - 1;
    else if (value > span.to) low = middle + 1;
    else return true;
  }
  return false;
}

export function isEmptyIps(set: IpSet): boolean {
  return set.v4.length === 0 && set.v6.length === 0;
}

export function rangesOf(set: IpSet): IpRange[] {
  return [
    ...set.v4.map(({ from, to }): IpRange => ({ family: 4, from, to })),
    ...set.v6.map(({ from, to }): IpRange => ({ family: 6, from, to })),
  ];
}

/** `10.0.0.0-10.0.0.255`; a lone address is printed as `10.0.0.7-10.0.0.7`, so that every range has one shape. */
export function printRange(range: IpRange): string {
  return `${printIp(firstOf(range))}-${printIp(lastOf(range))}`;
}

export function firstOf(range: IpRange): Ip {
  return range.family === 4 ? { family: 4, value: range.from } : { family: 6, value: range.from };
}

export function lastOf(range: IpRange): Ip {
  return range.family === 4 ? { family: 4, value: range.to } : { family: 6, value: range.to };
}

/** The fewest CIDRs that make up the range: `10.0.0.0-10.0.0.2` → 10.0.0.0/31, 10.0.0.2/32. */
export function cidrsOfRange(range: IpRange): Cidr[] {
  const bits = range.family === 4 ? 32 : 128;
  const out: Cidr[] = [];
  let from = BigInt(range.from);
  const to = BigInt(range.to);
  while (from <= to) {
    let size = 0;
    while (size < bits && (from & ((1n << BigInt(size + 1)) - 1n)) === 0n && from + (1n << BigInt(size + 1)) - 1n <= to) size++;
    out.push({ first: range.family === 4 ? { family: 4, value: Number(from) } : { family: 6, value: from }, prefixBits: bits - size });
    from += 1n << BigInt(size);
  }
  return out;
}

export function printIpSet(set: IpSet): string {
  return rangesOf(set).flatMap(cidrsOfRange).map(printCidr).join(', ');
}

/**
 * Cuts the whole address space at every border of the given sets: inside one atom no set can tell two addresses apart.
 * `[10.0.0.0/8]` → 0.0.0.0-9.255.255.255, 10.0.0.0-10.255.255.255, 11.0.0.0-255.255.255.255 and one IPv6 atom.
 */
export function atomsOf(sets: readonly IpSet[]): IpRange[] {
  const cuts4 = new Set<number>([0]);
  const cuts6 = new Set<bigint>([0n]);
  for (const set of sets) {
    for (const { from, to } of set.v4) cuts4.add(from).add(to + 1);
    for (const { from, to } of set.v6) cuts6.add(from).add(to + 1n);
  }
  const starts4 = [...cuts4].filter((n) => n <= MAX_V4).sort((a, b) => a - b);
  const starts6 = [...cuts6].filter((n) => n <= MAX_V6).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [
    ...starts4.map((from, i): IpRange => ({ family: 4, from, to: (starts4[i + 1] ?? MAX_V4 + 1) - 1 })),
    ...starts6.map((from, i): IpRange => ({ family: 6, from, to: (starts6[i + 1] ?? MAX_V6 + 1n) - 1n })),
  ];
}

/** Link-local, loopback, multicast and reserved addresses, which no pod and no node is reached by (IANA special-purpose registries). */
const NEVER_AN_END: IpSet = ipSetOfCidrs(
  ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'].flatMap((text) => parseCidr(text) ?? []),
);

/**
 * Does the set hold whatever address of this family a pod or node may have? `0.0.0.0/0` does, also without the metadata service
 * (`except: [169.254.169.254/32]`); `10.0.0.0/8` does not.
 */
export function holdsEveryEnd(set: IpSet, family: Family): boolean {
  const spans: readonly unknown[] = family === 4 ? set.v4 : set.v6;
  if (spans.length === 0) return false;
  return isEmptyIps(subtractIps(subtractIps(family === 4 ? ALL_V4 : ALL_V6, set), NEVER_AN_END));
}

/** Can no pod and no node have an address of the set? True of `169.254.169.254/32`, the metadata service; false of `10.0.0.0/8`. */
export function holdsNoEnd(set: IpSet): boolean {
  return isEmptyIps(subtractIps(set, NEVER_AN_END));
}
