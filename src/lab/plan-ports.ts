// The ports that are worth trying between two ends: those that some rule of theirs can tell from another. Pure.
import type { Pod } from '../model/cluster.ts';
import { type Direction, ownRules, type Policy, type PortRule } from '../model/policy.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { numberPairs } from '../reach/numbering.ts';

export type Ports = Readonly<Record<Protocol, readonly number[]>>;

/** Ports to try where no rule mentions any; a pod's own come first. */
const ANY_PORT: Readonly<Record<Protocol, number>> = { TCP: 80, UDP: 53, SCTP: 3868 };

/** `between` is asked for every pair of classes, which mostly have one of a few answers: those are remembered, by what they depend on. */
export interface PortPlan {
  /**
   * The ports that tell something about a pair: the first and last of every range that a rule of either side opens and the ports beside
   * them, the numbers behind names, and what the destination declares. At least one of each protocol. `egress` and `ingress` are
   * recognised by their identity.
   */
  readonly between: (egress: readonly Policy[], ingress: readonly Policy[], destination: Pod | undefined) => Ports;
}

export function portPlan(): PortPlan {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const known = { ingress: new Map<readonly Policy[], Side>(), egress: new Map<readonly Policy[], Side>() };
  const sideOf = (policies: readonly Policy[], direction: Direction): Side => {
    let side = known[direction].get(policies);
    if (side === undefined) {
      const rules = policies.flatMap((policy) => ownRules(policy, direction)).flatMap(({ ports }) => (ports === 'every-port' ? [] : ports));
      const distinct = new Map(rules.map((rule) => [textOf(rule), rule]));
      side = { rules: [...distinct.values()], number: numberOf([...distinct.keys()].sort().join()) };
      known[direction].set(policies, side);
    }
    return side;
  };
  const declared = new Map<Pod['ports'], number>();
  const declaredBy = (pod: Pod | undefined): number => {
    const ports = pod?.ports ?? [];
    let number = declared.get(ports);
    if (number === undefined) {
      number = numberOf(`declared ${JSON.stringify(ports.map(({ name, protocol, port }) => [name, protocol, port]))}`);
      if (pod !== undefined) declared.set(ports, number);
    }
    return number;
  };
  const [sides, questions] = [numberPairs(), numberPairs()];
  const answers: Ports[] = [];
  return {
    between(egress, ingress, destination) {
      const [out, into] = [sideOf(egress, 'egress'), sideOf(ingress, 'ingress')];
      const question = questions.of(sides.of(out.number, into.number), declaredBy(destination));
      answers[question] ??= Object.fromEntries(
        PROTOCOLS.map((protocol) => [protocol, portsOf(protocol, [...out.rules, ...into.rules], destination)]),
      ) as Ports;
      return answers[question];
    },
  };
}

/** The ports that one end's rules speak of. Equal ones have one number. */
interface Side {
  readonly rules: readonly PortRule[];
  readonly number: number;
}

function textOf(rule: PortRule): string {
  return `${rule.protocol} ${rule.kind === 'protocol' ? '' : rule.kind === 'range' ? `${rule.from}-${rule.to}` : `named ${rule.name}`}`;
}

function portsOf(protocol: Protocol, rules: readonly PortRule[], destination: Pod | undefined): readonly number[] {
  const declared = destination?.ports.filter((port) => port.protocol === protocol) ?? [];
  const ports = new Set(declared.map(({ port }) => port));
  const around = (from: number, to: number) =>
    [from - 1, from, from + 1, to - 1, to, to + 1].filter((port) => port >= from - 1 && port <= to + 1);
  for (const port of rules) {
    if (port.protocol !== protocol || port.kind === 'protocol') continue;
    const numbers =
      port.kind === 'range'
        ? around(port.from, port.to)
        : declared.filter(({ name }) => name === port.name).flatMap((meant) => around(meant.port, meant.port));
    for (const number of numbers) if (number >= 1 && number <= 65535) ports.add(number);
  }
  if (ports.size === 0) ports.add(ANY_PORT[protocol]);
  return [...ports].sort((a, b) => a - b);
}
