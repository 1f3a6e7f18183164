// Which ports of which protocols: sorted disjoint inclusive ranges per protocol. Immutable.
// Ports are 1-65535; all three protocols that NetworkPolicy knows. ICMP is not a matter of ports (semantics A.7).

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface PortRange {
  readonly from: number;
  readonly to: number;
}
export interface PortSet {
  readonly TCP: readonly PortRange[];
  readonly UDP: readonly PortRange[];
  readonly SCTP: readonly PortRange[];
}

const WHOLE: readonly PortRange[] = [{ from: 1, to: 65535 }];
export const NO_PORTS: PortSet = { TCP: [], UDP: [], SCTP: [] };
export const ALL_PORTS: PortSet = { TCP: WHOLE, UDP: WHOLE, SCTP: WHOLE };

/** All ports of one protocol, or one range of it. */
export function portSet(protocol: Protocol, from = 1, to = 65535): PortSet {
  return { ...NO_PORTS, [protocol]: [{ from, to }] };
}

export function unionPorts(a: PortSet, b: PortSet): PortSet {
  if (a === NO_PORTS || b === ALL_PORTS) return b;
  if (b === NO_PORTS || a === ALL_PORTS) return a;
  return { TCP: join(a.TCP, b.TCP), UDP: join(a.UDP, b.UDP), SCTP: join(a.SCTP, b.SCTP) };
}

/** The union of many sets: one sort instead of many joins. `NO_PORTS` of none. */
export function unionOfPorts(sets: readonly PortSet[]): PortSet {
  if (sets.length < 2) return sets[0] ?? NO_PORTS;
  const of = (protocol: Protocol) => joined(sets.flatMap((set) => set[protocol]));
  return { TCP: of('TCP'), UDP: of('UDP'), SCTP: of('SCTP') };
}

function join(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : joined([...a, ...b]);
}

function joined(ranges: readonly PortRange[]): readonly PortRange[] {
  const out: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].sort((x, y) => x.from - y.from)) {
    const last = out.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  if (a === ALL_PORTS || b === NO_PORTS) return b;
  if (b === ALL_PORTS || a === NO_PORTS) return a;
  return { TCP: meet(a.TCP, b.TCP), UDP: meet(a.UDP, b.UDP), SCTP: meet(a.SCTP, b.SCTP) };
}

function meet(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  const out: PortRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as PortRange;
    const y = b[j] as PortRange;
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (from <= to) out.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return out;
}

export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  return { TCP: minus(a.TCP, b.TCP), UDP: minus(a.UDP, b.UDP), SCTP: minus(a.SCTP, b.SCTP) };
}

function minus(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  const out: PortRange[] = [];
  for (const whole of a) {
    let from = whole.from;
    for (const hole of b) {
      if (hole.to < from || hole.from > whole.to) continue;
      if (hole.from > from) out.push({ from, to: hole.from - 1 });
      from = hole.to + 1;
    }
    if (from <= whole.to) out.push({ from, to: whole.to });
  }
  return out;
}

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  return set[protocol].some(({ from, to }) => from <= port && port <= to);
}

export function isNoPorts(set: PortSet): boolean {
  return set.TCP.length === 0 && set.UDP.length === 0 && set.SCTP.length === 0;
}

export function isAllPorts(set: PortSet): boolean {
  return set === ALL_PORTS || PROTOCOLS.every((protocol) => set[protocol].length === 1 && isWhole(set[protocol]));
}

function isWhole(ranges: readonly PortRange[]): boolean {
  return ranges[0]?.from === 1 && ranges[0].to === 65535;
}

export function samePorts(a: PortSet, b: PortSet): boolean {
  return a === b || PROTOCOLS.every((protocol) => printPorts(a[protocol]) === printPorts(b[protocol]));
}

/** `80,443,8000-8010`; '' for none, `1-65535` for all of them. */
export function printPorts(ranges: readonly PortRange[]): string {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** `all`, `none`, or `TCP 80,443 UDP 53`: for keys, tests and one-line reports. */
export function printPortSet(set: PortSet): string {
  if (isAllPorts(set)) return 'all';
  if (isNoPorts(set)) return 'none';
  return PROTOCOLS.filter((protocol) => set[protocol].length > 0)
    .map((protocol) => `${protocol} ${printPorts(set[protocol])}`)
    .join(' ');
}
