// Which ports the pods of a class set declare, by number and by name. Worked out once per set, because many policies mean the same pods.
import type { ContainerPort, Pod } from '../model/cluster.ts';
import type { Rule } from '../model/policy.ts';
import type { Protocol } from '../net/port-set.ts';
import { type ClassSet, classSet, NO_CLASSES } from '../reach/class-set.ts';
import { type LintContext, perRun } from './context.ts';
import { peerClasses, podsOf, reachIn, subjectClasses } from './reached.ts';
import type { RuleSpot } from './walk.ts';

export interface DeclaredPorts {
  /** `TCP 8080`; ports of init containers are not counted, they are gone when the pod runs. */
  readonly numbers: ReadonlySet<string>;
  /** `http` → its declarations. */
  readonly byName: ReadonlyMap<string, readonly ContainerPort[]>;
  /** Pods that declare nothing may listen anywhere. */
  readonly silent: boolean;
}

const known = perRun((_context) => new Map<ClassSet, DeclaredPorts>());

export function declaredPorts(context: LintContext, set: ClassSet): DeclaredPorts {
  const kept = known(context);
  let found = kept.get(set);
  if (found === undefined) {
    found = collect(podsOf(context, set));
    kept.set(set, found);
  }
  return found;
}

function collect(pods: readonly Pod[]): DeclaredPorts {
  const numbers = new Set<string>();
  const byName = new Map<string, ContainerPort[]>();
  const lists = new Set<readonly ContainerPort[]>();
  let silent = false;
  for (const { ports } of pods) {
    if (ports.length === 0) silent = true;
    if (lists.has(ports)) continue;
    lists.add(ports);
    for (const port of ports) {
      if (port.role !== 'init') numbers.add(`${port.protocol} ${port.port}`);
      if (port.name === undefined) continue;
      const named = byName.get(port.name);
      if (named === undefined) byName.set(port.name, [port]);
      else if (!named.some((other) => other.port === port.port && other.protocol === port.protocol && other.role === port.role))
        named.push(port);
    }
  }
  return { numbers, byName, silent };
}

export function declares({ numbers }: DeclaredPorts, protocol: Protocol, port: number): boolean {
  return numbers.has(`${protocol} ${port}`);
}

const joined = perRun((_context) => new Map<Rule, ClassSet>());

/**
 * The pods whose ports a rule speaks about: those that the policy selects for ingress, those that its peers mean for egress.
 * Empty where they are not in the input, and for an egress rule to everybody.
 */
export function destinationsOf(context: LintContext, { policy, direction, rule }: RuleSpot): ClassSet {
  if (direction === 'ingress') return subjectClasses(context, policy);
  if (rule.peers === 'anyone') return NO_CLASSES;
  const sets = rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [peerClasses(context, peer)] : []));
  const [only, ...others] = sets.filter(({ members }) => members.length > 0);
  if (only === undefined) return NO_CLASSES;
  if (others.length === 0) return only;
  const kept = joined(context);
  let set = kept.get(rule);
  if (set === undefined) {
    set = classSet(
      sets.flatMap(({ members }) => [...members]),
      reachIn(context).classes.count,
    );
    kept.set(rule, set);
  }
  return set;
}
