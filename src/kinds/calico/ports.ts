// The protocol, ports and ICMP messages of a Calico rule. Its `source` ports are the client's, which lets its system choose one.
import { at, type Origin } from '../../model/origin.ts';
import type { IcmpMatch, PortRule, Rule } from '../../model/policy.ts';
import { type PortRange, PROTOCOLS, type Protocol } from '../../net/port-set.ts';
import { dig, get, integerOf, isObject, listOf } from '../../objects/read.ts';

/** What net.ipv4.ip_local_port_range has unless somebody changed it: where the system takes the port of a client from. */
const CLIENT_PORTS: PortRange = { from: 32768, to: 60999 };
const EVERY_PORT: PortRange = { from: 1, to: 65535 };
const BYTE: PortRange = { from: 0, to: 255 };

const NUMBERS: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [58, 'ICMPv6'],
  [132, 'SCTP'],
  [136, 'UDPLite'],
]);

/** `TCP`, `ICMPv6`, `47`; undefined where none is written. Calico takes names in any case. */
export function protocolOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'number' ? value : /^\d+$/.test(String(value)) ? Number(value) : undefined;
  if (number !== undefined) return NUMBERS.get(number) ?? String(number);
  return KNOWN.find((name) => name.toLowerCase() === String(value).toLowerCase()) ?? String(value);
}

const KNOWN: readonly string[] = [...PROTOCOLS, 'ICMP', 'ICMPv6', 'UDPLite'];

/** `8080` → 8080-8080, `'8000:8010'` → that range, `'http'` → the name. undefined for what is neither. */
export function portOf(value: unknown): PortRange | string | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : integerOf(value);
  if (number !== undefined) return number >= 0 && number <= 65535 ? { from: number, to: number } : undefined;
  if (typeof value !== 'string') return undefined;
  const [, from, to] = /^(\d+):(\d+)$/.exec(value) ?? [];
  if (from !== undefined && to !== undefined)
    return Number(from) <= Number(to) && Number(to) <= 65535 ? { from: Number(from), to: Number(to) } : undefined;
  // Kubernetes: IsValidPortName. `8000-8010` is a name to Calico, too.
  return /^[a-z0-9-]{1,15}$/.test(value) && /[a-z]/.test(value) && !/^-|-$|--/.test(value) ? value : undefined;
}

/** Of the destination, in the rule's own terms. */
export function portsOfRule(rule: unknown, origin: Origin): Pick<Rule, 'ports' | 'icmp'> {
  const written = protocolOf(get(rule, 'protocol'));
  const excluded = protocolOf(get(rule, 'notProtocol'));
  const destination = get(rule, 'destination');
  const ports = listOf(get(destination, 'ports'));
  const notPorts = listOf(get(destination, 'notPorts'));
  const place = at(origin, 'destination', 'ports');
  const protocols = PROTOCOLS.filter((each) => (written === undefined || each === written) && each !== excluded);
  const icmp = icmpOf(rule, written, excluded);
  if (ports.length === 0 && notPorts.length === 0) {
    if (written === undefined && excluded === undefined) return { ports: 'every-port' };
    const whole = protocols.map((protocol): PortRule => ({ kind: 'protocol', protocol, origin: at(origin, 'protocol') }));
    return icmp.length === 0 ? { ports: whole } : { ports: whole, icmp };
  }
  return { ports: protocols.flatMap((protocol) => inProtocol(protocol, ports, notPorts, place)) };
}

function inProtocol(protocol: Protocol, ports: readonly unknown[], notPorts: readonly unknown[], place: Origin): readonly PortRule[] {
  const named = ports.flatMap((port, i) => {
    const found = portOf(port);
    return typeof found === 'string' ? [{ kind: 'named', protocol, name: found, origin: at(place, i) } as const] : [];
  });
  const ranges = ports.length === 0 ? [EVERY_PORT] : ports.flatMap((port) => rangeOf(port));
  const cuts = notPorts.flatMap((port) => rangeOf(port));
  const exceptNames = notPorts.flatMap((port) => {
    const found = portOf(port);
    return typeof found === 'string' ? [found] : [];
  });
  return [
    ...ranges
      .flatMap((range) => withoutRanges(range, cuts))
      .map(
        ({ from, to }): PortRule => ({
          kind: 'range',
          protocol,
          from,
          to,
          ...(exceptNames.length > 0 && { exceptNames }),
          origin: place,
        }),
      ),
    ...named,
  ];
}

function rangeOf(port: unknown): readonly PortRange[] {
  const found = portOf(port);
  return found === undefined || typeof found === 'string' ? [] : [found];
}

function withoutRanges(whole: PortRange, cuts: readonly PortRange[]): readonly PortRange[] {
  return cuts.reduce<readonly PortRange[]>(
    (left, cut) =>
      left.flatMap(({ from, to }) =>
        cut.to < from || cut.from > to
          ? [{ from, to }]
          : [...(from < cut.from ? [{ from, to: cut.from - 1 }] : []), ...(cut.to < to ? [{ from: cut.to + 1, to }] : [])],
      ),
    [whole],
  );
}

function icmpOf(rule: unknown, written: string | undefined, excluded: string | undefined): readonly IcmpMatch[] {
  const family = written === 'ICMP' ? 4 : written === 'ICMPv6' ? 6 : undefined;
  if (written !== undefined && family === undefined) return [];
  const families = ([4, 6] as const).filter(
    (each) => (family === undefined || each === family) && excluded !== (each === 4 ? 'ICMP' : 'ICMPv6'),
  );
  const wanted = dig(rule, 'icmp');
  const refused = dig(rule, 'notICMP');
  return families.flatMap((each): IcmpMatch[] => {
    const matching = isObject(wanted)
      ? [{ types: one(get(wanted, 'type')), codes: one(get(wanted, 'code')) }]
      : [{ types: BYTE, codes: BYTE }];
    if (!isObject(refused)) return matching.map((match) => ({ family: each, ...match }));
    const type = integerOf(get(refused, 'type'));
    const code = integerOf(get(refused, 'code'));
    if (type === undefined) return matching.map((match) => ({ family: each, ...match }));
    const here = { from: type, to: type };
    return matching.flatMap(({ types, codes }) => [
      ...withoutRanges(types, [here]).map((left) => ({ family: each, types: left, codes })),
      // Only one code of the type is refused: the others stay.
      ...(code === undefined || types.from > type || types.to < type
        ? []
        : withoutRanges(codes, [{ from: code, to: code }]).map((left) => ({ family: each, types: here, codes: left }))),
    ]);
  });
}

function one(value: unknown): PortRange {
  const number = integerOf(value);
  return number === undefined ? BYTE : { from: number, to: number };
}

/** Names as ports beside ports that are left out: which number a name has decides whether it is one of those. */
export function mixesNames(rule: unknown): boolean {
  const ports = listOf(dig(rule, 'destination', 'ports'));
  return listOf(dig(rule, 'destination', 'notPorts')).length > 0 && ports.some((port) => typeof portOf(port) === 'string');
}

/** Ports of the client; undefined where the rule says nothing of them. `names`: some are names, which only the pods' own list explains. */
export function sourcePorts(rule: unknown): { readonly ranges: readonly PortRange[]; readonly names: boolean } | undefined {
  const source = get(rule, 'source');
  const ports = listOf(get(source, 'ports'));
  const notPorts = listOf(get(source, 'notPorts'));
  if (ports.length === 0 && notPorts.length === 0) return undefined;
  const cuts = notPorts.flatMap(rangeOf);
  const whole = ports.length === 0 ? [{ from: 0, to: 65535 }] : ports.flatMap(rangeOf);
  return {
    ranges: whole.flatMap((range) => withoutRanges(range, cuts)),
    names: [...ports, ...notPorts].some((port) => typeof portOf(port) === 'string'),
  };
}

/** Does a client whose system chose its port have one of these? `some`: it may. */
export function clientHas(ranges: readonly PortRange[]): 'every' | 'some' | 'none' {
  const left = withoutRanges(CLIENT_PORTS, ranges);
  if (left.length === 0) return 'every';
  const [first] = left;
  return left.length === 1 && first?.from === CLIENT_PORTS.from && first.to === CLIENT_PORTS.to ? 'none' : 'some';
}
