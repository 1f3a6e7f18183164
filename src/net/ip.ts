// Addresses: parse them strictly, compare them, print them. Knows nothing of prefixes or of Kubernetes.
// An IPv4 value is a plain number (fast), an IPv6 value a bigint; the family says which.

/** One address: `{ family: 4, value: 0x0a000007 }` is 10.0.0.7. */
export type Ip = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint };
export type Family = Ip['family'];

/** First and last address, both inside; of one family. */
export type IpRange =
  | { readonly family: 4; readonly from: number; readonly to: number }
  | { readonly family: 6; readonly from: bigint; readonly to: bigint };

export const MAX_V4 = 0xffffffff;
export const MAX_V6 = (1n << 128n) - 1n;

/**
 * Reads `10.0.0.7` or `2001:db8::1`; undefined when it is neither.
 * As strict as Go's netip.ParseAddr, which the API server uses: no leading zeros, no blanks, four parts. No zones either.
 */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): Ip | undefined {
  const value = v4Value(text);
  return value === undefined ? undefined : { family: 4, value };
}

function v4Value(text: string): number | undefined {
  if (text.length > 15) return undefined;
  let value = 0;
  let parts = 0;
  let part = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 46;
    if (code === 46) {
      if (part < 0 || parts === 4) return undefined;
      value = value * 256 + part;
      parts++;
      part = -1;
    } else if (code >= 48 && code <= 57) {
      if (part === 0) return undefined; // a leading zero: octal to some readers, decimal to others
      part = part < 0 ? code - 48 : part * 10 + (code - 48);
      if (part > 255) return undefined;
    } else return undefined;
  }
  return parts === 4 ? value : undefined;
}

function parseV6(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<number>(missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group);
  return { family: 6, value };
}

/** `2001:db8` → [0x2001, 0xdb8]; a dotted IPv4 tail counts as two groups where the address ends. */
function groups(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === '') return [];
  const found: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (mayEndInV4 && i === parts.length - 1 && part.includes('.')) {
      const v4 = v4Value(part);
      if (v4 === undefined) return undefined;
      found.push(Math.floor(v4 / 65536), v4 % 65536);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) found.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return found;
}

/** `10.0.0.7`, `2001:db8::1` (RFC 5952: lower case, the longest run of zero groups shortened). */
export function printIp(ip: Ip): string {
  return ip.family === 4 ? printV4(ip.value) : printV6(ip.value);
}

function printV4(value: number): string {
  return `${Math.floor(value / 16777216)}.${Math.floor(value / 65536) % 256}.${Math.floor(value / 256) % 256}.${value % 256}`;
}

function printV6(value: bigint): string {
  const parts: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(Number((value >> shift) & 0xffffn));
  let start = -1;
  let length = 1; // RFC 5952 4.2.2: one lone zero group is not shortened
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && parts[i + run] === 0) run++;
    if (run > length) [start, length] = [i, run];
    i += run;
  }
  const hex = (list: number[]) => list.map((n) => n.toString(16)).join(':');
  return start < 0 ? hex(parts) : `${hex(parts.slice(0, start))}::${hex(parts.slice(start + length))}`;
}

export function sameIp(a: Ip, b: Ip): boolean {
  return a.value === b.value && a.family === b.family;
}

/** A key for maps: `4:167772167`, `6:42540766411282592856903984951653826561`. */
export function ipKey(ip: Ip): string {
  return `${ip.family}:${ip.value}`;
}
