// Two clusters as one: pods and policies that are the same in both stand there once, so that the fast evaluator numbers both states
// together. What differs stands there twice, and the two states differ in which of it they have.
import { type Cluster, type ContainerPort, isLive, type Namespace, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type NamespaceMatch, ownRules, type Policy, type Rule } from '../model/policy.ts';
import type { Labels } from '../model/selector.ts';
import { sameIp } from '../net/ip.ts';

/** Which of two states something is in. */
export type State = 'before' | 'after';
export const STATES: readonly State[] = ['before', 'after'];

export interface JointPolicy {
  readonly policy: Policy;
  readonly before: boolean;
  readonly after: boolean;
}

export interface JointStates {
  /** The pods, namespaces and nodes of both states; its policies are those of `policies`. */
  readonly cluster: Cluster;
  readonly policies: readonly JointPolicy[];
  /** For every pod of before, in order: its place among `cluster.pods`. Pods of after stand there first, in their order. */
  readonly placesBefore: Int32Array;
  /** Workloads that have not exactly the same pods in both states. */
  readonly differing: ReadonlySet<string>;
  /** Namespaces whose labels differ. */
  readonly relabelled: ReadonlySet<string>;
}

/** Never throws. Costs a look at every pod and policy of both. */
export function jointStates(before: Cluster, after: Cluster): JointStates {
  const relabelled = relabelledNamespaces(before, after);
  const { pods, placesBefore, differing } = jointPods(before, after, relabelled);
  const policies = jointPolicies(before, after, relabelled);
  const namespaces = new Map<string, Namespace>([...before.namespaces, ...after.namespaces]);
  for (const name of relabelled) namespaces.set(formerName(name), before.namespaces.get(name) as Namespace);
  return {
    cluster: {
      ...after,
      namespaces,
      pods,
      nodes: new Map([...[...before.nodes].map(([name, node]) => [`${name} (before)`, node] as const), ...after.nodes]),
      policies: policies.map(({ policy }) => policy),
      ingresses: [...before.ingresses, ...after.ingresses],
    },
    policies,
    placesBefore,
    differing,
    relabelled,
  };
}

/**
 * A namespace with other labels than before is two namespaces to the selectors: its pods of before live in one that is called so.
 * INVARIANT: no namespace can have this name, it has a blank in it.
 */
function formerName(namespace: string): string {
  return `${namespace} (before)`;
}

function relabelledNamespaces(before: Cluster, after: Cluster): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, { labels }] of before.namespaces) {
    const now = after.namespaces.get(name);
    if (now !== undefined && !sameLabels(labels, now.labels)) found.add(name);
  }
  return found;
}

function jointPods(
  before: Cluster,
  after: Cluster,
  relabelled: ReadonlySet<string>,
): Pick<JointStates, 'placesBefore' | 'differing'> & { readonly pods: readonly Pod[] } {
  const pods = [...after.pods];
  const placesBefore = new Int32Array(before.pods.length);
  const differing = new Set<string>();
  let lookup: ReadonlyMap<string, number> | undefined;
  const placeOf = (ref: string) => {
    lookup ??= new Map(after.pods.map((pod, i) => [pod.ref, i]));
    return lookup.get(ref);
  };
  let next = 0;
  for (let i = 0; i < before.pods.length; i++) {
    const pod = before.pods[i] as Pod;
    // Two states of one cluster list their pods in nearly the same order, so that the next one is nearly always the right one.
    const place = after.pods[next]?.ref === pod.ref ? next : placeOf(pod.ref);
    const isMoved = relabelled.size > 0 && relabelled.has(pod.namespace);
    if (place !== undefined) next = place + 1;
    if (place !== undefined && !isMoved && samePod(pod, after.pods[place] as Pod)) placesBefore[i] = place;
    else {
      placesBefore[i] = pods.length;
      pods.push(isMoved ? { ...pod, namespace: formerName(pod.namespace) } : pod);
      differing.add(pod.workload);
    }
  }
  for (const [ref, { pods: own }] of before.workloads) if (after.workloads.get(ref)?.pods.length !== own.length) differing.add(ref);
  for (const ref of after.workloads.keys()) if (!before.workloads.has(ref)) differing.add(ref);
  return { pods, placesBefore, differing };
}

/** Does the evaluator see no difference between them? Places in files, images and the like do not count. */
export function samePod(a: Pod, b: Pod): boolean {
  return (
    a.workload === b.workload &&
    a.hostNetwork === b.hostNetwork &&
    a.node === b.node &&
    isLive(a) === isLive(b) &&
    sameLabels(a.labels, b.labels) &&
    sameList(a.addresses, b.addresses, sameIp) &&
    sameList(a.hostAddresses, b.hostAddresses, sameIp) &&
    sameList(a.ports, b.ports, samePort)
  );
}

function samePort(a: ContainerPort, b: ContainerPort): boolean {
  return a.port === b.port && a.name === b.name && a.protocol === b.protocol && a.role === b.role;
}

function sameList<T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i] as T, b[i] as T)) return false;
  return true;
}

export function sameLabels(a: Labels, b: Labels): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (a.get(key) !== b.get(key)) return false;
  return true;
}

/** In one order for both states, so that pods under the same policies get the same stack. */
function jointPolicies(before: Cluster, after: Cluster, relabelled: ReadonlySet<string>): JointPolicy[] {
  const earlier = new Map<string, Policy[]>();
  for (const policy of before.policies) {
    const alike = earlier.get(policyIdentity(policy));
    if (alike === undefined) earlier.set(policyIdentity(policy), [policy]);
    else alike.push(policy);
  }
  const joint: JointPolicy[] = [];
  for (const policy of after.policies) {
    const old = earlier.get(policyIdentity(policy)) ?? [];
    const place = old.findIndex((other) => samePolicy(other, policy) && !namesAny(other, relabelled));
    if (place >= 0) old.splice(place, 1);
    joint.push({ policy, before: place >= 0, after: true });
  }
  for (const policy of [...earlier.values()].flat()) joint.push({ policy: asFormer(policy, relabelled), before: true, after: false });
  return joint;
}

/** Which policy it is, in both states: `NetworkPolicy shop/cart`. Not what it means, which may have changed. */
export function policyIdentity({ kind, ref }: Policy): string {
  return `${kind} ${ref}`;
}

/** Do they select and allow the same? Where they are written does not count. */
export function samePolicy(a: Policy, b: Policy): boolean {
  return (
    a.tier === b.tier &&
    a.order === b.order &&
    a.needs === b.needs &&
    sameMeaning(a.stage, b.stage) &&
    sameMeaning(a.opensOnly, b.opensOnly) &&
    sameMeaning(a.subject, b.subject) &&
    sameMeaning(a.ingress, b.ingress) &&
    sameMeaning(a.egress, b.egress) &&
    sameMeaning(a.faults, b.faults)
  );
}

/** Structural equality of plain data, places in files left out. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameList(a, b, sameMeaning);
  // Without lists of keys: this looks at every rule of ten thousand policies.
  let left = 0;
  for (const key in a) {
    left++;
    if (key === 'origin' || key === 'place') continue;
    if (!sameMeaning((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  for (const _ in b) left--;
  return left === 0;
}

/** Does the policy mean one of these namespaces by its name? */
function namesAny(policy: Policy, namespaces: ReadonlySet<string>): boolean {
  if (namespaces.size === 0) return false;
  const isNamed = (match: NamespaceMatch) => match.by === 'name' && namespaces.has(match.name);
  return (
    isNamed(policy.subject.namespace) ||
    DIRECTIONS.some((direction) =>
      ownRules(policy, direction).some(
        ({ peers }) => peers !== 'anyone' && peers.some((peer) => peer.kind === 'pods' && isNamed(peer.namespace)),
      ),
    )
  );
}

/** The policy of before, which means the namespaces of before. */
function asFormer(policy: Policy, relabelled: ReadonlySet<string>): Policy {
  if (!namesAny(policy, relabelled)) return policy;
  const former = (match: NamespaceMatch): NamespaceMatch =>
    match.by === 'name' && relabelled.has(match.name) ? { by: 'name', name: formerName(match.name) } : match;
  const rules = (list: Policy['ingress']): Policy['ingress'] =>
    list === 'not-governed'
      ? list
      : list.map(
          (rule): Rule => ({
            ...rule,
            peers:
              rule.peers === 'anyone'
                ? rule.peers
                : rule.peers.map((peer) => (peer.kind === 'pods' ? { ...peer, namespace: former(peer.namespace) } : peer)),
          }),
        );
  return {
    ...policy,
    subject: { ...policy.subject, namespace: former(policy.subject.namespace) },
    ingress: rules(policy.ingress),
    egress: rules(policy.egress),
  };
}
