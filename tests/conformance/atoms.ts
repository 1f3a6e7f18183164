// Which ports and addresses are worth asking about: inside one atom no policy and no expectation can tell two of them apart.
import type { Cluster } from '../../src/model/cluster.ts';
import { DIRECTIONS, type Policy, type Rule } from '../../src/model/policy.ts';
import { atomsOf, type IpRange, ipSetOfRanges } from '../../src/net/ip-set.ts';
import { hasPort, NO_PORTS, type PortSet, PROTOCOLS, type Protocol } from '../../src/net/port-set.ts';

export interface PortAtom {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
}

/** All ports of all protocols, cut where a rule, a declared port or one of `expected` begins or ends. */
export function portAtoms(cluster: Cluster, expected: readonly PortSet[]): PortAtom[] {
  return PROTOCOLS.flatMap((protocol) => {
    const cuts = new Set([1]);
    const cut = (from: number, to: number) => cuts.add(from).add(to + 1);
    for (const set of expected) for (const { from, to } of set[protocol]) cut(from, to);
    for (const rule of cluster.policies.flatMap(rulesOf)) {
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) if (port.kind === 'range' && port.protocol === protocol) cut(port.from, port.to).add(port.from + 1);
    }
    for (const { ports } of cluster.pods) for (const port of ports) if (port.protocol === protocol) cut(port.port, port.port);
    const starts = [...cuts].filter((port) => port >= 1 && port <= 65535).sort((a, b) => a - b);
    return starts.map((from, i) => ({ protocol, from, to: (starts[i + 1] ?? 65536) - 1 }));
  });
}

/** The first and the last port of an atom. */
export function portsOfAtom({ from, to }: PortAtom): number[] {
  return from === to ? [from] : [from, to];
}

export function atomIn(set: PortSet, { protocol, from }: PortAtom): boolean {
  return hasPort(set, protocol, from);
}

/** The set that some of the atoms make up. */
export function setOfAtoms(atoms: readonly PortAtom[]): PortSet {
  const set = { ...NO_PORTS };
  for (const { protocol, from, to } of atoms) {
    const last = set[protocol].at(-1);
    set[protocol] =
      last !== undefined && last.to + 1 === from
        ? [...set[protocol].slice(0, -1), { from: last.from, to }]
        : [...set[protocol], { from, to }];
  }
  return set;
}

/** All IPv4 addresses, cut at the borders of every ipBlock and of `expected`. The corpus' maps leave IPv6 out. */
export function addressAtoms(cluster: Cluster, expected: readonly IpRange[]): IpRange[] {
  const blocks = cluster.policies.flatMap(rulesOf).flatMap(({ peers }) => (peers === 'anyone' ? [] : peers));
  const sets = blocks.flatMap((peer) => (peer.kind === 'block' ? [peer.addresses] : []));
  return atomsOf([...sets, ...expected.map((range) => ipSetOfRanges([range]))]).filter(({ family }) => family === 4);
}

/** The rules that are in force, of both directions. */
export function rulesOf(policy: Policy): readonly Rule[] {
  return DIRECTIONS.flatMap((direction) => {
    const rules = policy[direction];
    return rules === 'not-governed' ? [] : rules;
  });
}
