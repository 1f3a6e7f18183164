// The posture of a cluster in numbers: how many policies, whom they isolate, what a new pod would be under, who can reach what was marked.
// Counted by class, so that its cost follows the classes and not the pairs of pods.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { connectionsBySource } from '../reach/connections.ts';
import { INGRESS_CONTROLLER } from '../reach/ingress-controller.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
import type { Stack } from '../reach/stacks.ts';
import { assumedPod } from '../route/assumed.ts';
import { endsNamed } from './map.ts';

/** Pods by what policies do to them in one direction. `exempt`: in the network of their node, where no policy for pods applies. */
export interface IsolationCounts {
  readonly isolated: number;
  readonly open: number;
  /** Only a policy that cannot be read may isolate them. */
  readonly undecided: number;
  readonly exempt: number;
}

export interface NamespaceDirection extends IsolationCounts {
  /** What a pod without labels would be, were it created now: `isolated` is what people call default-deny. */
  readonly newPod: 'isolated' | 'open' | 'undecided';
  /** The policies that such a pod would be under. */
  readonly newPodPolicies: readonly string[];
}

export interface NamespacePosture {
  readonly namespace: string;
  readonly pods: number;
  /** Namespaced policies that live in it. */
  readonly policies: number;
  readonly ingress: NamespaceDirection;
  readonly egress: NamespaceDirection;
}

export interface PolicyCount {
  /** `NetworkPolicy`. */
  readonly kind: string;
  readonly policies: number;
  readonly rules: number;
}

/** Who can reach what was marked. */
export interface MarkedPosture {
  /** As it was marked: `payments/db`. */
  readonly mark: string;
  /** `payments/db[StatefulSet]`; empty for a mark that means nothing in this input. */
  readonly ends: readonly string[];
  /** Workloads that reach it on some port, in how many namespaces; whether anything outside the cluster does. */
  readonly workloads: number;
  readonly namespaces: readonly string[];
  readonly outside: boolean;
  readonly ingressController: boolean;
  /** Sources of which it is undecided whether they reach it. */
  readonly undecided: number;
}

export interface Posture {
  readonly enforces: Semantics['enforces'];
  readonly workloads: number;
  readonly pods: number;
  /** By kind, in alphabetical order. */
  readonly policies: readonly PolicyCount[];
  readonly ingress: IsolationCounts;
  readonly egress: IsolationCounts;
  /** By name. */
  readonly namespaces: readonly NamespacePosture[];
  readonly marked: readonly MarkedPosture[];
}

/** `marked`: ends as `map --focus` takes them; `namespace`: where those without one live. Never throws. */
export function postureOf(
  cluster: Cluster,
  semantics: Semantics,
  { marked, namespace }: { readonly marked: readonly string[]; readonly namespace: string },
): Posture {
  const newPods = new Map([...cluster.namespaces.keys()].sort().map((name) => [name, newPodIn(name)]));
  const reach = reachOf(cluster, semantics, { added: [...newPods.values()] });
  const byNamespace = new Map<string, Pod[]>([...newPods.keys()].map((name) => [name, []]));
  for (const pod of cluster.pods) if (isLive(pod)) byNamespace.get(pod.namespace)?.push(pod);
  const own = new Map<string, number>();
  for (const { namespace: home } of written(cluster)) if (home !== undefined) own.set(home, (own.get(home) ?? 0) + 1);
  const namespaces = [...newPods].map(([name, newPod]): NamespacePosture => {
    const pods = byNamespace.get(name) ?? [];
    const side = (direction: Direction) => directionOf(reach, pods, newPod, direction);
    return { namespace: name, pods: pods.length, policies: own.get(name) ?? 0, ingress: side('ingress'), egress: side('egress') };
  });
  const sum = (direction: Direction) => added(namespaces.map((each) => each[direction]));
  return {
    enforces: semantics.enforces,
    workloads: [...cluster.workloads.values()].filter(({ pods }) => pods.some(isLive)).length,
    pods: namespaces.reduce((count, { pods }) => count + pods, 0),
    policies: policyCounts(cluster),
    ingress: sum('ingress'),
    egress: sum('egress'),
    namespaces,
    marked: marked.map((mark) => markedPosture(reach, mark, endsNamed(cluster, mark, namespace))),
  };
}

/** No namespace's pod is called so. */
function newPodIn(namespace: string): Pod {
  return assumedPod({ namespace, name: '{new pod}', labels: new Map(), ports: [] });
}

/** Each object once: one whose meaning changes with the subject or the CNI is several policies here. */
function written({ policies }: Cluster): readonly Cluster['policies'][number][] {
  const seen = new Set<string>();
  return policies.filter(({ kind, ref }) => {
    // What was not read stands for policies of which nothing is known, not for one.
    if (kind === '*' || ref.startsWith('(')) return false;
    const key = `${kind} ${ref}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function policyCounts(cluster: Cluster): readonly PolicyCount[] {
  const counts = new Map<string, { policies: number; rules: number }>();
  for (const { kind } of written(cluster)) {
    const count = counts.get(kind) ?? { policies: 0, rules: 0 };
    count.policies++;
    counts.set(kind, count);
  }
  const rules = new Set<string>();
  for (const policy of cluster.policies) {
    for (const direction of DIRECTIONS) {
      const own = policy[direction] === 'not-governed' ? [] : policy[direction];
      for (const { origin } of own) rules.add(`${policy.kind} ${policy.ref} ${direction} ${origin.path.join('/')}`);
    }
  }
  for (const rule of rules) {
    const count = counts.get(rule.slice(0, rule.indexOf(' ')));
    if (count !== undefined) count.rules++;
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, ...count }));
}

function directionOf(reach: Reach, pods: readonly Pod[], newPod: Pod, direction: Direction): NamespaceDirection {
  const counts = { isolated: 0, open: 0, undecided: 0, exempt: 0 };
  for (const pod of pods) counts[pod.hostNetwork ? 'exempt' : isolationIn(reach, pod, direction)]++;
  const { policies } = stackOf(reach, newPod, direction);
  return { ...counts, newPod: isolationIn(reach, newPod, direction), newPodPolicies: [...new Set(policies.map(({ ref }) => ref))] };
}

function stackOf({ classes, stacks }: Reach, pod: Pod, direction: Direction): Stack {
  const podClass = classes.classOfPod[classes.indexOf.get(pod) as number] as number;
  return stacks.all[stacks[direction][podClass] as number] as Stack;
}

function isolationIn(reach: Reach, pod: Pod, direction: Direction): 'isolated' | 'open' | 'undecided' {
  const { enforces } = reach.semantics;
  if (enforces === 'no') return 'open';
  const { isolation } = stackOf(reach, pod, direction);
  return isolation === 'unsure' ? 'undecided' : isolation;
}

function added(all: readonly IsolationCounts[]): IsolationCounts {
  const sum = (key: keyof IsolationCounts) => all.reduce((count, each) => count + each[key], 0);
  return { isolated: sum('isolated'), open: sum('open'), undecided: sum('undecided'), exempt: sum('exempt') };
}

function markedPosture(reach: Reach, mark: string, ends: readonly string[]): MarkedPosture {
  const workloads = new Set<string>();
  const undecided = new Set<string>();
  const namespaces = new Set<string>();
  let outside = false;
  let ingressController = false;
  const rows = ends.length === 0 ? [] : connectionsBySource(reach, { focus: { ends, direction: 'ingress' } });
  for (const { from, targets, undecided: open } of rows) {
    if (open.length > 0 && targets.length === 0) undecided.add(from);
    if (targets.length === 0) continue;
    if (from === INGRESS_CONTROLLER) ingressController = true;
    else if (!from.includes('/')) outside = true;
    else {
      workloads.add(reach.cluster.podByRef.get(from)?.workload ?? from);
      namespaces.add(from.slice(0, from.indexOf('/')));
    }
  }
  // A pod without an owner is a workload of its own, and named once.
  const named = [...new Set(ends.map((end) => (ends.includes(`${end}[Pod]`) ? `${end}[Pod]` : end)))];
  return {
    mark,
    ends: named,
    workloads: workloads.size,
    namespaces: [...namespaces].sort(),
    outside,
    ingressController,
    undecided: undecided.size,
  };
}
