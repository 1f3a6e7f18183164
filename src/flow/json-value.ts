// Reading values of logs that may hold anything.
import type { FlowRecord, FormatName, Json, LineRead } from './record.ts';

const EMPTY: Json = {};

/** The object, or {} for everything else. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : EMPTY;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** undefined also for '' and for `-`, which Calico writes where there is nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}

/** A number, also as text: protobuf writes 64 bits so. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** 1-65535; undefined for 0 too, which stands for none. */
export function portOf(value: unknown): number | undefined {
  const port = numberOf(value);
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65535 ? port : undefined;
}

/** Connections that a record stands for: at least 1. */
export function countOf(value: unknown): number {
  const count = numberOf(value);
  return count !== undefined && count >= 1 ? Math.floor(count) : 1;
}

/** `tcp` → `TCP`; ICMPv4, ICMPv6, icmp6 → `ICMP`; a number → its name. */
export function protocolOf(value: unknown): string {
  const known = PROTOCOLS.get(value as string);
  if (known !== undefined) return known;
  const text = String(value ?? '').toUpperCase();
  if (text.startsWith('ICMP') || text === 'IPV6-ICMP') return 'ICMP';
  return NUMBERS.get(text) ?? text.replace(/6$/, '').slice(0, 40);
}

const PROTOCOLS = new Map([
  ['tcp', 'TCP'],
  ['TCP', 'TCP'],
  ['udp', 'UDP'],
  ['UDP', 'UDP'],
]);
const NUMBERS = new Map([
  ['1', 'ICMP'],
  ['6', 'TCP'],
  ['17', 'UDP'],
  ['58', 'ICMP'],
  ['132', 'SCTP'],
]);

/** One record, as what a line gives. */
export function oneRecord(record: FlowRecord): LineRead {
  return { kind: 'records', records: [record] };
}

export function skipped(format: FormatName, because: Extract<LineRead, { kind: 'skip' }>['because'], lost?: number): LineRead {
  return { kind: 'skip', because, format, ...(lost !== undefined && { lost }) };
}

export const MISSING_FIELD: LineRead = { kind: 'broken', because: 'missing-field' };
export const BAD_ADDRESS: LineRead = { kind: 'broken', because: 'bad-address' };
