// Which ports the pods of a class set declare, by number and by name. Worked out once per set, because many policies mean the same pods.
import type { ContainerPort, Pod } from '../model/cluster.ts';
import type { Rule } from '../model/policy.ts';
import type { Protocol } from '../net/port-set.ts';
import { type ClassSet, classSet, NO_CLASSES } from '../reach/class-set.ts';
import { type LintContext, perRun } from './context.ts';
import { peerClasses, podsByClass, reachIn, subjectClasses } from './reached.ts';
import type { RuleSpot } from './walk.ts';

/** A port, and the first pod that declares it. */
export interface DeclaredPort extends ContainerPort {
  readonly pod: Pod;
}

export interface DeclaredPorts {
  /** `TCP 8080`; ports of init containers are not counted, they are gone when the pod runs. */
  readonly numbers: ReadonlySet<string>;
  /** `http` → its declarations. */
  readonly byName: ReadonlyMap<string, readonly DeclaredPort[]>;
  /** Pods that declare nothing may listen anywhere. */
  readonly silent: boolean;
  /** How many of the pods have a port of this name and protocol: `TCP http` → 3. */
  readonly having: ReadonlyMap<string, number>;
}

const known = perRun((_context) => new Map<ClassSet, DeclaredPorts>());

export function declaredPorts(context: LintContext, set: ClassSet): DeclaredPorts {
  const kept = known(context);
  let found = kept.get(set);
  if (found === undefined) {
    found = joinedDeclarations([...set.members].map((number) => ofClass(context, number)));
    kept.set(set, found);
  }
  return found;
}

const knownOfClass = perRun((_context) => new Map<number, DeclaredPorts>());

/** A class is in many sets, and is looked through once. */
function ofClass(context: LintContext, number: number): DeclaredPorts {
  const kept = knownOfClass(context);
  let found = kept.get(number);
  if (found === undefined) {
    found = collect(podsByClass(context)[number] ?? []);
    kept.set(number, found);
  }
  return found;
}

function joinedDeclarations(parts: readonly DeclaredPorts[]): DeclaredPorts {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const numbers = new Set<string>();
  const byName = new Map<string, DeclaredPort[]>();
  const having = new Map<string, number>();
  for (const part of parts) {
    for (const number of part.numbers) numbers.add(number);
    for (const ports of part.byName.values()) for (const port of ports) addNamed(byName, port, port.pod);
    for (const [key, count] of part.having) having.set(key, (having.get(key) ?? 0) + count);
  }
  return { numbers, byName, silent: parts.some(({ silent }) => silent), having };
}

function collect(pods: readonly Pod[]): DeclaredPorts {
  const numbers = new Set<string>();
  const byName = new Map<string, DeclaredPort[]>();
  const lists = new Set<readonly ContainerPort[]>();
  let silent = false;
  const having = new Map<string, number>();
  for (const pod of pods) {
    const { ports } = pod;
    if (ports.length === 0) silent = true;
    for (const [i, { name, protocol }] of ports.entries()) {
      if (name === undefined || isAmong(ports, i, name, protocol)) continue;
      const key = `${protocol} ${name}`;
      having.set(key, (having.get(key) ?? 0) + 1);
    }
    if (lists.has(ports)) continue;
    lists.add(ports);
    for (const port of ports) {
      if (port.role !== 'init') numbers.add(`${port.protocol} ${port.port}`);
      addNamed(byName, port, pod);
    }
  }
  return { numbers, byName, silent, having };
}

/** One declaration of each number, protocol and role. */
function addNamed(byName: Map<string, DeclaredPort[]>, port: ContainerPort, pod: Pod): void {
  if (port.name === undefined) return;
  const named = byName.get(port.name);
  if (named === undefined) byName.set(port.name, [{ ...port, pod }]);
  else if (!named.some((other) => other.port === port.port && other.protocol === port.protocol && other.role === port.role))
    named.push({ ...port, pod });
}

/** Do two containers of a pod give the same name? It counts once. */
function isAmong(ports: readonly ContainerPort[], before: number, name: string, protocol: Protocol): boolean {
  for (let i = 0; i < before; i++) if (ports[i]?.name === name && ports[i]?.protocol === protocol) return true;
  return false;
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
