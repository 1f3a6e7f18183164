// The ports that are worth trying between two ends: those that some rule of theirs can tell from another. Pure.
import type { Pod } from '../model/cluster.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';

export type Ports = Readonly<Record<Protocol, readonly number[]>>;

/** Ports to try where no rule mentions any; a pod's own come first. */
const ANY_PORT: Readonly<Record<Protocol, number>> = { TCP: 80, UDP: 53, SCTP: 3868 };

/**
 * The ports that tell something about a pair: the first and last of every range that a rule of either side opens and the ports beside them,
 * the numbers behind names, and what the destination declares. At least one of each protocol.
 */
export function portsBetween(egress: readonly Policy[], ingress: readonly Policy[], destination: Pod | undefined): Ports {
  const rules = [...egress.flatMap((policy) => rulesOf(policy, 'egress')), ...ingress.flatMap((policy) => rulesOf(policy, 'ingress'))];
  return Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, portsOf(protocol, rules, destination)])) as Ports;
}

function portsOf(protocol: Protocol, rules: readonly Rule[], destination: Pod | undefined): readonly number[] {
  const declared = destination?.ports.filter((port) => port.protocol === protocol) ?? [];
  const ports = new Set(declared.map(({ port }) => port));
  const around = (from: number, to: number) =>
    [from - 1, from, from + 1, to - 1, to, to + 1].filter((port) => port >= from - 1 && port <= to + 1);
  for (const { ports: list } of rules) {
    if (list === 'every-port') continue;
    for (const port of list) {
      if (port.protocol !== protocol || port.kind === 'protocol') continue;
      const numbers =
        port.kind === 'range'
          ? around(port.from, port.to)
          : declared.filter(({ name }) => name === port.name).flatMap((meant) => around(meant.port, meant.port));
      for (const number of numbers) if (number >= 1 && number <= 65535) ports.add(number);
    }
  }
  if (ports.size === 0) ports.add(ANY_PORT[protocol]);
  return [...ports].sort((a, b) => a - b);
}

export function rulesOf(policy: Policy, direction: Direction): readonly Rule[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules;
}
