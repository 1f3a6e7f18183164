// The names that pods to come may give to a port, as far as rules by port name can tell.
import type { ContainerPort } from '../model/cluster.ts';
import { allRules, type Policy, type Rule } from '../model/policy.ts';
import type { Protocol } from '../net/port-set.ts';

/** All combinations of more names than these are too many. */
const MOST_NAMES = 6;

/**
 * `[[], ['http'], ['grpc'], ['http', 'grpc']]`: what a pod may call one port of this protocol, one of every kind that rules can tell apart. `[[]]`
 * where no rule names a port. undefined: too many names that hang together.
 */
export function portNameSets(policies: readonly Policy[], protocol: Protocol): readonly (readonly string[])[] | undefined {
  const rules = policies.flatMap(allRules);
  const names = [...new Set(rules.flatMap((rule) => namesIn(rule, protocol)))].sort();
  if (names.length <= MOST_NAMES)
    return Array.from({ length: 2 ** names.length }, (_, chosen) => names.filter((_name, i) => ((chosen >> i) & 1) === 1));
  // One rule lets a connection in or denies it, in each direction, so two names show whatever any do; unless one only takes part in it.
  const hangTogether = rules.some(
    (rule) =>
      namesIn(rule, protocol).length > 0 && (rule.action !== 'allow' || (rule.ports !== 'every-port' && rule.ports.some(hasExceptions))),
  );
  if (hangTogether) return undefined;
  return [[], ...names.flatMap((one, i) => names.slice(i).map((other) => (one === other ? [one] : [one, other])))];
}

/** One container that declares a port under these names. */
export function portsNamed(names: readonly string[], protocol: Protocol, port: number): readonly ContainerPort[] {
  return names.map((name) => ({ name, port, protocol, container: 'app', role: 'main', path: [] }));
}

/** Ports at which the answer of some rule may change, the first of each piece: `[1, 80, 81]`. */
export function portBorders(policies: readonly Policy[], protocol: Protocol): readonly number[] {
  const borders = new Set([1]);
  for (const rule of policies.flatMap(allRules)) {
    if (rule.ports === 'every-port') continue;
    for (const port of rule.ports) {
      if (port.protocol !== protocol) continue;
      if (port.kind === 'range')
        borders
          .add(port.from)
          .add(port.from + 1)
          .add(port.to + 1);
      if (port.kind === 'named' && port.to !== undefined) borders.add(port.to + 1);
    }
  }
  return [...borders].filter((port) => port <= 65535).sort((a, b) => a - b);
}

function namesIn({ ports }: Rule, protocol: Protocol): readonly string[] {
  if (ports === 'every-port') return [];
  return ports.flatMap((port) => {
    if (port.protocol !== protocol) return [];
    return port.kind === 'named' ? [port.name] : port.kind === 'range' ? (port.exceptNames ?? []) : [];
  });
}

function hasExceptions(port: Exclude<Rule['ports'], 'every-port'>[number]): boolean {
  return port.kind === 'range' && port.exceptNames !== undefined;
}
