// toPorts and icmps → the ports of a rule. Cilium: pkg/policy/api/l4.go, pkg/policy/l4.go.
import { at, type Origin } from '../../model/origin.ts';
import type { Direction, IcmpMatch, PortRule, Rule } from '../../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../../net/port-set.ts';
import { get, integerOf, listOf, textOf } from '../../objects/read.ts';

/** `every-port` where the entry has no list of ports; [] where it has lists that mean none, and where it means ICMP alone. */
export function portsOfEntry(entry: unknown, direction: Direction, origin: Origin): Rule['ports'] {
  const toPorts = listOf(get(entry, 'toPorts'));
  if (toPorts.length > 0) {
    return toPorts.flatMap((one, i) =>
      listOf(get(one, 'ports')).flatMap((port, j) => portOf(port, direction, at(origin, 'toPorts', i, 'ports', j))),
    );
  }
  return listOf(get(entry, 'icmps')).length > 0 ? [] : 'every-port';
}

function portOf(value: unknown, direction: Direction, origin: Origin): readonly PortRule[] {
  const text = textOf(get(value, 'port')) ?? '';
  const endPort = integerOf(get(value, 'endPort')) ?? 0;
  const number = portNumber(text);
  return protocolsOf(get(value, 'protocol')).map((protocol): PortRule => {
    if (number === undefined) {
      // The agent takes an end behind a name on ingress, though its documentation says otherwise.
      const to = direction === 'ingress' && endPort > 0 ? { to: endPort } : {};
      return { kind: 'named', protocol, name: text.toLowerCase(), ...to, origin };
    }
    if (number === 0) return { kind: 'protocol', protocol, origin };
    return { kind: 'range', protocol, from: number, to: Math.max(endPort, number), origin };
  });
}

/** As Go reads it with base 0: `"80"` → 80, `"010"` → 8. undefined: a name. */
export function portNumber(text: string): number | undefined {
  if (isName(text)) return undefined;
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

/** An IANA service name: a letter somewhere. `0x50` is one. */
function isName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(text) && /[a-z]/i.test(text);
}

/** Absent and ANY: the three that have ports. Others are no protocol that a connection here has. */
function protocolsOf(value: unknown): readonly Protocol[] {
  const text = (textOf(value) ?? 'ANY').toUpperCase();
  if (text === 'ANY' || text === '') return PROTOCOLS;
  return PROTOCOLS.filter((protocol) => protocol === text);
}

/** The messages of `icmps`; undefined where the entry has none, so that its ports say what of ICMP it means. */
export function icmpOfEntry(entry: unknown): readonly IcmpMatch[] | undefined {
  const icmps = listOf(get(entry, 'icmps'));
  if (icmps.length === 0) return undefined;
  return icmps.flatMap((one) =>
    listOf(get(one, 'fields')).flatMap((field): readonly IcmpMatch[] => {
      const family = get(field, 'family') === 'IPv6' ? 6 : 4;
      const type = icmpType(get(field, 'type'), family);
      return type === undefined ? [] : [{ family, types: { from: type, to: type }, codes: { from: 0, to: 255 } }];
    }),
  );
}

/** `8`, `"8"`, `EchoRequest`. undefined: neither a number of a type nor a name of one. */
export function icmpType(written: unknown, family: 4 | 6): number | undefined {
  const text = String(written);
  if (/^[0-9]{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined;
  return (family === 4 ? V4_TYPES : V6_TYPES).get(text);
}

const V4_TYPES: ReadonlyMap<string, number> = new Map([
  ['EchoReply', 0],
  ['DestinationUnreachable', 3],
  ['Redirect', 5],
  ['Echo', 8],
  ['EchoRequest', 8],
  ['RouterAdvertisement', 9],
  ['RouterSelection', 10],
  ['TimeExceeded', 11],
  ['ParameterProblem', 12],
  ['Timestamp', 13],
  ['TimestampReply', 14],
  ['Photuris', 40],
  ['ExtendedEchoRequest', 42],
  ['ExtendedEchoReply', 43],
]);

const V6_TYPES: ReadonlyMap<string, number> = new Map([
  ['DestinationUnreachable', 1],
  ['PacketTooBig', 2],
  ['TimeExceeded', 3],
  ['ParameterProblem', 4],
  ['EchoRequest', 128],
  ['EchoReply', 129],
  ['MulticastListenerQuery', 130],
  ['MulticastListenerReport', 131],
  ['MulticastListenerDone', 132],
  ['RouterSolicitation', 133],
  ['RouterAdvertisement', 134],
  ['NeighborSolicitation', 135],
  ['NeighborAdvertisement', 136],
  ['RedirectMessage', 137],
]);
