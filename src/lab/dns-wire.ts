// DNS messages (RFC 1035, SRV: RFC 2782, AAAA: RFC 3596): reads a question, writes the answer that a zone has for it. Pure.
// Just enough for resolvers: no recursion, no EDNS options, and what is outside of the zone does not exist.
import { parseIp } from '../net/ip.ts';
import type { Zone } from './dns-zone.ts';

const TYPE = { A: 1, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, OPT: 41, ANY: 255 } as const;
const CODE = { ok: 0, formatError: 1, noSuchName: 3, notImplemented: 4 } as const;
const TTL = 5;
const MOST_OVER_UDP = 512;

interface Answer {
  readonly name: string;
  readonly type: number;
  readonly data: Buffer;
}

/**
 * `respond(query, zone, 'udp')` → the message to send back; undefined for what is no query at all. An answer that does not fit in a
 * datagram is left out and marked truncated, so that the resolver asks again over TCP.
 */
export function respond(query: Buffer, zone: Zone, over: 'udp' | 'tcp'): Buffer | undefined {
  if (query.length < 12 || (query.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  const question = readQuestion(query);
  if (question === undefined) return message(query, Buffer.alloc(0), CODE.formatError, [], false);
  const opcode = (query.readUInt16BE(2) >> 11) & 15;
  if (opcode !== 0) return message(query, question.bytes, CODE.notImplemented, [], false);
  const { code, answers } = lookUp(zone, question.name, question.type);
  const whole = message(query, question.bytes, code, answers, false);
  const most = over === 'tcp' ? 65_535 : Math.max(MOST_OVER_UDP, largestDatagram(query, question.end));
  return whole.length <= most ? whole : message(query, question.bytes, code, [], true);
}

function lookUp(zone: Zone, name: string, type: number): { readonly code: number; readonly answers: readonly Answer[] } {
  const records = Object.hasOwn(zone, name) ? zone[name] : undefined;
  if (records === undefined) {
    // Between existing names lie names that exist and are empty (RFC 8020).
    const isBetween = Object.keys(zone).some((other) => other.endsWith(`.${name}`));
    return { code: isBetween ? CODE.ok : CODE.noSuchName, answers: [] };
  }
  if (records.alias !== undefined) {
    const beyond = type === TYPE.CNAME ? [] : lookUp(zone, records.alias, type).answers;
    return { code: CODE.ok, answers: [{ name, type: TYPE.CNAME, data: encodeName(records.alias) }, ...beyond] };
  }
  const addresses = (records.addresses ?? []).flatMap((text): Answer[] => {
    const isV6 = text.includes(':');
    const own = isV6 ? TYPE.AAAA : TYPE.A;
    return type === own || type === TYPE.ANY ? [{ name, type: own, data: addressBytes(text) }] : [];
  });
  const services = (records.services ?? []).flatMap(({ port, target }): Answer[] => {
    if (type !== TYPE.SRV && type !== TYPE.ANY) return [];
    const head = Buffer.alloc(6);
    head.writeUInt16BE(0, 0);
    head.writeUInt16BE(100, 2);
    head.writeUInt16BE(port, 4);
    return [{ name, type: TYPE.SRV, data: Buffer.concat([head, encodeName(target)]) }];
  });
  return { code: CODE.ok, answers: [...addresses, ...services] };
}

function message(query: Buffer, question: Buffer, code: number, answers: readonly Answer[], truncated: boolean): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  const recursionDesired = query.readUInt16BE(2) & 0x0100;
  // QR and AA and RA are ours; a resolver that asked for recursion wants to hear that it got it.
  head.writeUInt16BE(0x8480 | recursionDesired | (truncated ? 0x0200 : 0) | code, 2);
  head.writeUInt16BE(question.length > 0 ? 1 : 0, 4);
  head.writeUInt16BE(answers.length, 6);
  const bodies = answers.map(({ name, type, data }) => {
    const fixed = Buffer.alloc(10);
    fixed.writeUInt16BE(type, 0);
    fixed.writeUInt16BE(1, 2);
    fixed.writeUInt32BE(TTL, 4);
    fixed.writeUInt16BE(data.length, 8);
    return Buffer.concat([encodeName(name), fixed, data]);
  });
  return Buffer.concat([head, question, ...bodies]);
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** As it was asked, with its capitals: some resolvers check them. */
  readonly bytes: Buffer;
  readonly end: number;
}

function readQuestion(query: Buffer): Question | undefined {
  if (query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63 || at + 1 + length > query.length) return undefined;
    if (length === 0) break;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > query.length) return undefined;
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1),
    bytes: query.subarray(12, at + 5),
    end: at + 5,
  };
}

/** What the OPT record behind the question says the asker can take (RFC 6891); 0 without one. */
function largestDatagram(query: Buffer, at: number): number {
  const hasOne = query.readUInt16BE(10) > 0 && query[at] === 0 && at + 5 <= query.length;
  return hasOne && query.readUInt16BE(at + 1) === TYPE.OPT ? query.readUInt16BE(at + 3) : 0;
}

function encodeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([Math.min(label.length, 63)]), Buffer.from(label.slice(0, 63), 'latin1')])),
    Buffer.from([0]),
  ]);
}

function addressBytes(text: string): Buffer {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(`${text} is no address`);
  const bytes = Buffer.alloc(ip.family === 4 ? 4 : 16);
  if (ip.family === 4) bytes.writeUInt32BE(ip.value);
  else for (let i = 0; i < 16; i++) bytes[i] = Number((ip.value >> BigInt(8 * (15 - i))) & 0xffn);
  return bytes;
}
