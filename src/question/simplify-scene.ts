// Where policies are weighed: the pods there are and one pod for every kind to come that the policies of a namespace can tell apart.
import { podsToCome, withPods } from '../classes/pods-to-come.ts';
import type { Cluster, ContainerPort } from '../model/cluster.ts';
import { allRules, type Policy } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { type Weighing, weighing } from '../reach/weighing.ts';

/** Kinds of pods to come that are looked at beside the pods of one namespace. More: its policies are left alone. */
const MOST_KINDS = 4000;
export interface Scene {
  readonly weighing: Weighing;
  readonly podsToCome: number;
}

/** Why pods to come cannot stand for all that there can be. */
export interface NoScene {
  readonly because: 'port-names' | 'too-many-kinds';
  /** Of `too-many-kinds`: the label keys that multiply. */
  readonly keys: readonly string[];
}

/**
 * The pods there are and the kinds to come, as the policies that can stand on a pod of this namespace tell them apart. undefined: those of
 * every namespace. Policies of another namespace select nobody here, and so do not multiply the kinds.
 */
export function sceneOf(cluster: Cluster, home: string | undefined, policies: readonly Policy[], semantics: Semantics): Scene | NoScene {
  const here = policies.filter(({ namespace }) => home === undefined || namespace === undefined || namespace === home);
  const ports = freshPorts(here);
  if (ports === undefined) return { because: 'port-names', keys: [] };
  const concerned = { ...cluster, policies: here };
  const found = podsToCome(concerned, { ports, most: MOST_KINDS });
  if (found.kind === 'too-many') return { because: 'too-many-kinds', keys: found.keys };
  const whole = withPods(concerned, found.pods, found.namespaces);
  return { weighing: weighing(whole, policies, semantics), podsToCome: found.pods.length };
}

/**
 * A port for every port name, on a number that no rule names: what a rule by name adds shows there and nowhere else, whatever number a pod
 * gives to the name. undefined: rules by number leave no number free.
 */
function freshPorts(policies: readonly Policy[]): readonly ContainerPort[] | undefined {
  const ports = policies.flatMap(allRules).flatMap((rule) => (rule.ports === 'every-port' ? [] : rule.ports));
  const named = new Map(ports.flatMap((port) => (port.kind === 'named' ? [[`${port.protocol} ${port.name}`, port] as const] : [])));
  const ranges = ports.flatMap((port) => (port.kind === 'range' ? [port] : [])).sort((a, b) => a.from - b.from);
  const free: number[] = [];
  let next = 1;
  for (const { from, to } of [...ranges, { from: 65536, to: 65536 }]) {
    for (; next < from && free.length < named.size; next++) free.push(next);
    next = Math.max(next, to + 1);
  }
  if (free.length < named.size) return undefined;
  return [...named.values()].map(({ name, protocol, origin }, i) => ({
    name,
    protocol,
    port: free[i] as number,
    container: 'main',
    role: 'main',
    path: origin.path,
  }));
}
