// A CIDR as the API server reads it: leniently, as it always has, with a list of what is odd about it. Newer servers refuse two
// thirds of the oddities (StrictIPCIDRValidation) and warn of the rest; older ones take them all. Knows no field.
// QUOTED THROUGHOUT: kube-apiserver
import { type Cidr, cidrHas, mask, printCidr } from '../net/cidr.ts';
import { type Ip, parseIp, printIp } from '../net/ip.ts';
import { goQuote } from './validate-go-text.ts';

export const NOT_A_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

const NONE: readonly CidrOddity[] = [];

export interface WrittenCidr {
  /** What servers that take it mean by it: host bits masked, leading zeros decimal, an IPv4-mapped IPv6 network as IPv4. */
  readonly network: Cidr;
  /** The prefix length as written: 104 for `::ffff:10.0.0.0/104`, where `network` has 8. */
  readonly writtenBits: number;
  readonly oddities: readonly CidrOddity[];
}

/** `warning` is what the server says beside its answer; `strict` the error instead, where strict servers make it one. */
export interface CidrOddity {
  readonly warning: string;
  readonly strict?: string;
}

/**
 * `10.0.0.5/24` → `{ network: 10.0.0.0/24, writtenBits: 24, oddities: [{ warning: 'CIDR value … is ambiguous …' }] }`; undefined
 * for what no server takes, a bare address included.
 * Kubernetes: ParseCIDRSloppy (k8s.io/utils net), IsValidCIDRForLegacyField and GetWarningsForCIDR (apimachinery util/validation/ip.go).
 */
export function readCidr(text: string): WrittenCidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  const strictly = parseIp(address);
  const ip = strictly ?? parseIp(address.replace(/(^|[.:])0+(?=[0-9a-fA-F])/g, '$1'));
  if (ip === undefined || !/^[0-9]+$/.test(length)) return undefined;
  const bits = Number(length);
  if (bits > (ip.family === 4 ? 32 : 128)) return undefined;
  const masked = mask(ip, bits);
  const network: Cidr = { first: asV4(masked), prefixBits: isMapped(masked) ? bits - 96 : bits };
  const zeros = strictly === undefined || String(bits) !== length;
  return { network, writtenBits: bits, oddities: odditiesOf(text, { ip, masked, bits, network, zeros }) };
}

interface Parsed {
  readonly ip: Ip;
  readonly masked: Ip;
  readonly bits: number;
  readonly network: Cidr;
  /** Leading zeros, in the address or the prefix length. */
  readonly zeros: boolean;
}

function odditiesOf(text: string, { ip, masked, bits, network, zeros }: Parsed): readonly CidrOddity[] {
  const mapped = isMapped(ip);
  if (ip.family === 4 && ip.value === masked.value && !zeros) return NONE;
  const found: CidrOddity[] = [];
  if (ip.value !== masked.value) {
    const alone = `${printIp(asV4(ip))}/${ip.family === 4 ? 32 : 128}`;
    const warning = `CIDR value ${goQuote(text)} is ambiguous in this context (should be ${goQuote(printCidr(network))} or ${goQuote(alone)}?)`;
    // The strict check stops at the first of zeros, mapped, host bits.
    found.push(zeros || mapped ? { warning } : { warning, strict: 'must not have bits set beyond the prefix length' });
  }
  if (zeros || mapped) {
    const warning = `non-standard CIDR value ${goQuote(text)} is invalid: use ${goQuote(printCidr(network))}`;
    const strict = zeros ? 'must not have leading 0s in IP or prefix length' : 'must not have an IPv4-mapped IPv6 address';
    found.push({ warning, strict });
  }
  const canonical = printCidr({ first: masked, prefixBits: bits });
  if (found.length === 0 && canonical !== text) {
    found.push({ warning: `IPv6 CIDR value ${goQuote(text)} should be in RFC 5952 canonical format (${goQuote(canonical)})` });
  }
  return found;
}

/** `::ffff:10.0.0.7`, which Go treats as 10.0.0.7. */
function isMapped(ip: Ip): boolean {
  return ip.family === 6 && ip.value >> 32n === 0xffffn;
}

function asV4(ip: Ip): Ip {
  return ip.family === 6 && isMapped(ip) ? { family: 4, value: Number(ip.value & 0xffffffffn) } : ip;
}

/** Inside, and smaller. Kubernetes: ValidateIPBlock, which compares the prefix lengths as they are written. */
export function isStrictSubset(inner: WrittenCidr, outer: WrittenCidr): boolean {
  return cidrHas(outer.network, inner.network.first) && inner.writtenBits > outer.writtenBits;
}
