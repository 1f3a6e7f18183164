// What one policy means, or all policies on one pod: whom it selects, who may come in, where it may go, what that is today,
// and the traps in it. Plain facts; words/en/describe.ts says them.

import { type Cluster, isLive, operatedIn, type Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule, ruleName } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import { printCidr } from '../net/cidr.ts';
import { policiesOn, rulesOf } from '../policy/decide.ts';
import { podPeerMatches, subjectMatches } from '../policy/peer-matches.ts';
import { stageNumber } from '../program/stages.ts';
import { printPortRules } from '../program/terms.ts';

/** Things that read one way and mean another (semantics E): said aloud whenever they occur. */
export type TrapCode =
  | 'anyone' // a rule without from/to
  | 'every-port' // a rule without ports
  | 'nothing-allowed' // isolates and has no rule
  | 'types-defaulted' // policyTypes absent, and it isolates a direction without rules
  | 'rules-ignored'
  | 'every-namespace' // namespaceSelector: {}
  | 'own-namespace-only' // bare podSelector
  | 'either-peer' // a namespace peer beside a pod peer: either is enough
  | 'selects-nothing'
  | 'host-network' // pods that it fits and cannot hold
  | 'peer-selects-nothing'
  | 'both-families' // 0.0.0.0/0 leaves IPv6 out
  | 'name-of-no-port' // an egress rule for addresses with a port that is a name
  | 'unreadable';

export interface Trap {
  readonly code: TrapCode;
  readonly direction?: Direction;
  readonly policy: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly at: Origin;
}

export interface PeerDescription {
  readonly kind: 'anyone' | 'pods' | 'addresses' | 'nothing' | 'other';
  /** Of `other`: nodes, DNS names, combinations. */
  readonly peer?: Peer;
  /** Selectors as kubectl prints them: `{ namespaces: 'team=red', pods: 'app=web' }`; '' means all of them. */
  readonly namespaces?: string;
  readonly ownNamespace?: string;
  readonly pods?: string;
  readonly cidr?: string;
  readonly except?: readonly string[];
  /** Workloads that it means today; undefined where that is no matter of pods. */
  readonly today?: readonly string[];
}

export interface RuleDescription {
  readonly rule: string;
  readonly policy: string;
  /** What it does with what it matches: `pass` leaves the decision to the stages behind its own. */
  readonly action: Rule['action'];
  /** `admin` rules are asked before NetworkPolicies, `baseline` ones only where none of those isolates the pod. */
  readonly tier: Policy['tier'];
  readonly at: Origin;
  readonly peers: readonly PeerDescription[];
  /** `8080/TCP`; [] means every port of every protocol. */
  readonly ports: readonly string[];
}

/** A policy that decides too and whose part is not told here, because it cannot be read. */
export interface AlsoDeciding {
  readonly policy: string;
  readonly kind: string;
  readonly because: 'unreadable';
}

export interface SideDescription {
  /** Does what no rule matches stay out? By the policies under `by`; what those under `also` do is not in it. */
  readonly isolated: boolean;
  /** Not empty: `rules` is not the whole answer. */
  readonly also: readonly AlsoDeciding[];
  readonly by: readonly string[];
  readonly rules: readonly RuleDescription[];
}

export interface Description {
  readonly of: 'policy' | 'pod';
  /** `NetworkPolicy`, `ClusterNetworkPolicy`; `Pod` of a pod. */
  readonly kind: string;
  /** `shop/cart-ingress`, or the pod. */
  readonly name: string;
  /** Of a policy of an ordered tier: where it stands. */
  readonly standing?: { readonly tier: Policy['tier']; readonly priority: number };
  /** Of a policy that selects namespaces by label: that selector. */
  readonly namespaces?: string;
  readonly at: Origin;
  /** The subject's selector of a policy, the labels of a pod. */
  readonly selector: string;
  readonly namespace: string | undefined;
  /** Of a workload: those of its pods that are under the same policies. Absent for a pod that was asked for by its name. */
  readonly pods?: readonly string[];
  /** In the network of its node, where policies do not see it. */
  readonly onNode: boolean;
  /** Workloads selected today (policy), or the policies that select it (pod). */
  readonly selects: readonly string[];
  readonly selectedPods: number;
  readonly ingress: SideDescription;
  readonly egress: SideDescription;
  readonly traps: readonly Trap[];
}

/** Never throws. What cannot be read is named under traps. */
export function describePolicy(cluster: Cluster, policy: Policy): Description {
  const pods = cluster.pods.filter((pod) => subjectMatches(cluster, policy.subject, pod));
  return {
    of: 'policy',
    kind: policy.kind,
    name: policy.ref,
    ...(policy.tier === 'admin' || policy.tier === 'baseline' ? { standing: { tier: policy.tier, priority: policy.order } } : {}),
    ...(policy.subject.namespace.by === 'labels' ? { namespaces: print(policy.subject.namespace.selector) } : {}),
    at: policy.origin,
    selector: policy.subject.pods.requirements.length === 0 ? '' : printSelector(policy.subject.pods),
    namespace: policy.namespace,
    onNode: false,
    selects: workloadsOf(pods),
    selectedPods: pods.length,
    ingress: side(cluster, [policy].filter(governs('ingress')), isWritten, 'ingress'),
    egress: side(cluster, [policy].filter(governs('egress')), isWritten, 'egress'),
    traps: trapsOf(cluster, policy, pods),
  };
}

/** All policies on one pod at once, in the order in which they are asked; NetworkPolicies add up. */
export function describePod(cluster: Cluster, pod: Pod): Description {
  const on = { ingress: policiesOn(cluster, 'ingress', pod), egress: policiesOn(cluster, 'egress', pod) };
  const policies = [...new Set([...on.ingress, ...on.egress])];
  return {
    of: 'pod',
    kind: 'Pod',
    name: pod.ref,
    at: pod.origin,
    selector: [...pod.labels].map(([key, value]) => `${key}=${value}`).join(', '),
    namespace: pod.namespace,
    onNode: pod.hostNetwork,
    selects: policies.map((policy) => policy.ref),
    selectedPods: 1,
    ingress: side(cluster, on.ingress, isReadable, 'ingress'),
    egress: side(cluster, on.egress, isReadable, 'egress'),
    traps: policies.flatMap((policy) => trapsOf(cluster, policy, [pod])),
  };
}

/** One description for each group of pods that are under the same policies; [] for no pod. */
export function describePods(cluster: Cluster, pods: readonly Pod[]): readonly Description[] {
  const groups = new Map<string, { readonly description: Description; readonly pods: string[] }>();
  const live = pods.filter(isLive);
  for (const pod of live.length > 0 ? live : pods) {
    const description = describePod(cluster, pod);
    const key = JSON.stringify([description.onNode, description.ingress.by, description.egress.by, description.selects]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { description, pods: [pod.ref] });
    else group.pods.push(pod.ref);
  }
  return [...groups.values()].map(({ description, pods: refs }) => ({ ...description, pods: refs }));
}

const isReadable = ({ faults }: Policy) => faults.length === 0;

/** A NetworkPolicy that would be refused is still told as it is written, with the fault beside it. */
const isWritten = (policy: Policy) => isReadable(policy) || policy.kind === 'NetworkPolicy';

const governs = (direction: Direction) => (policy: Policy) => policy[direction] !== 'not-governed';

function side(cluster: Cluster, all: readonly Policy[], isTold: (policy: Policy) => boolean, direction: Direction): SideDescription {
  // Among Calico's policies NetworkPolicies have order 1000; among themselves they have none.
  const orderOf = ({ tier, order }: Policy) => (tier === 'namespaced' ? 1000 : order);
  const byOrder = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  const asked = all.filter(isTold).sort((a, b) => stageNumber(a) - stageNumber(b) || byOrder(orderOf(a), orderOf(b)));
  const isolated = asked.some(({ tier, stage }) => tier === 'namespaced' || stage?.end === 'deny');
  // Where NetworkPolicies isolate, nobody comes as far as the baseline.
  const policies = isolated ? asked.filter(({ tier }) => tier !== 'baseline') : asked;
  const rules = policies.flatMap((policy) => rulesOf(policy, direction));
  return {
    isolated,
    also: all.filter((policy) => !isTold(policy)).map((policy) => ({ policy: policy.ref, kind: policy.kind, because: 'unreadable' })),
    by: policies.map((policy) => policy.ref),
    rules: rules.map(({ policy, rule }) => ({
      rule: ruleName({ direction, rule }),
      policy: policy.ref,
      action: rule.action,
      tier: policy.tier,
      at: rule.origin,
      peers: rule.peers === 'anyone' ? [{ kind: 'anyone' }] : rule.peers.map((peer) => peerOf(cluster, peer)),
      ports: rule.ports === 'every-port' ? [] : printPortRules(rule.ports),
    })),
  };
}

function peerOf(cluster: Cluster, peer: Peer): PeerDescription {
  switch (peer.kind) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'nodes':
    case 'dns-names':
    case 'unread':
    case 'all-of':
    case 'not':
    case 'unclear':
      return { kind: 'other', peer };
    case 'block':
      return { kind: 'addresses', cidr: printCidr(peer.cidr), except: peer.except.map(printCidr) };
    case 'pods': {
      const found = cluster.pods.filter((pod) => !pod.hostNetwork && podPeerMatches(cluster, peer, { kind: 'pod', pod }));
      return {
        kind: 'pods',
        ...(peer.namespace.by === 'labels' ? { namespaces: print(peer.namespace.selector) } : {}),
        ...(peer.namespace.by === 'name' ? { ownNamespace: peer.namespace.name } : {}),
        pods: peer.pods === undefined ? '' : print(peer.pods),
        today: workloadsOf(found),
      };
    }
  }
}

function print(selector: Parameters<typeof printSelector>[0]): string {
  return selector.requirements.length === 0 ? '' : printSelector(selector);
}

function workloadsOf(pods: readonly Pod[]): string[] {
  return [...new Set(pods.filter(isLive).map((pod) => pod.workload))].sort();
}

function trapsOf(cluster: Cluster, policy: Policy, pods: readonly Pod[]): Trap[] {
  const trap = (code: TrapCode, at: Origin, direction?: Direction, facts: Trap['facts'] = {}): Trap => ({
    code,
    policy: policy.ref,
    facts,
    at,
    ...(direction === undefined ? {} : { direction }),
  });
  // What another kind holds instead of rules is the widest that it could be, which says nothing about it.
  if (policy.faults.length > 0 && policy.kind !== 'NetworkPolicy')
    return [trap('unreadable', policy.origin, undefined, { kind: policy.kind })];
  const traps: Trap[] = policy.faults.length > 0 ? [trap('unreadable', policy.origin)] : [];
  const onNode = workloadsOf(
    cluster.pods.filter((pod) => pod.hostNetwork && subjectMatches(cluster, policy.subject, { ...pod, hostNetwork: false })),
  );
  const isOneOfThem = pods.some(({ workload }) => onNode.includes(workload));
  if (onNode.length > 0 && (pods.length === 0 || policy.subject.pods.requirements.length > 0 || isOneOfThem))
    traps.push(trap('host-network', policy.subject.pods.origin, undefined, { workloads: onNode.join(', ') }));
  else if (pods.length === 0) {
    const made = policy.namespace === undefined ? undefined : operatedIn(cluster, policy.namespace);
    const facts = made === undefined ? {} : { made: `${made.kind} ${made.name}` };
    traps.push(trap('selects-nothing', policy.subject.pods.origin, undefined, facts));
  }
  for (const direction of DIRECTIONS) {
    const rules = policy[direction];
    if (policy.ignored[direction] !== undefined) traps.push(trap('rules-ignored', policy.types.origin, direction));
    if (rules === 'not-governed') continue;
    if (rules.length === 0) {
      const other = direction === 'ingress' ? policy.egress : policy.ingress;
      const byDefault = !policy.types.written && other !== 'not-governed' && other.length > 0;
      traps.push(trap(byDefault ? 'types-defaulted' : 'nothing-allowed', policy.types.origin, direction));
    }
    for (const rule of rules) traps.push(...ruleTraps(cluster, policy, rule, direction, trap));
  }
  return traps;
}

type MakeTrap = (code: TrapCode, at: Origin, direction?: Direction, facts?: Trap['facts']) => Trap;

function ruleTraps(cluster: Cluster, { tier }: Policy, rule: Rule, direction: Direction, trap: MakeTrap): Trap[] {
  // Rules of the ordered tiers say what they mean by their action, and cluster-wide is what they are for.
  if (tier !== 'namespaced') return [];
  const name = ruleName({ direction, rule });
  const traps: Trap[] = [];
  // The traps below are those of NetworkPolicy's fields.
  if (rule.label !== undefined) return traps;
  if (rule.peers === 'anyone') traps.push(trap('anyone', rule.origin, direction, { rule: name }));
  if (rule.ports === 'every-port') traps.push(trap('every-port', rule.origin, direction, { rule: name }));
  if (rule.peers === 'anyone') return traps;
  const named = rule.ports === 'every-port' ? undefined : rule.ports.find(({ kind }) => kind === 'named');
  if (direction === 'egress' && named?.kind === 'named' && rule.peers.some(({ kind }) => kind === 'block'))
    traps.push(trap('name-of-no-port', rule.origin, direction, { rule: name, port: named.name }));
  const only = (peer: Peer) =>
    peer.kind !== 'pods' ? undefined : peer.pods === undefined ? 'namespaces' : peer.namespace.by === 'name' ? 'pods' : undefined;
  for (const [i, peer] of rule.peers.entries()) {
    if (peer.kind === 'block') {
      const cidr = printCidr(peer.cidr);
      const twin = cidr === '0.0.0.0/0' ? '::/0' : cidr === '::/0' ? '0.0.0.0/0' : undefined;
      if (twin !== undefined && !rule.peers.some((other) => other.kind === 'block' && printCidr(other.cidr) === twin)) {
        traps.push(trap('both-families', peer.origin, direction, { rule: name, cidr, twin }));
      }
    }
    if (peer.kind !== 'pods') continue;
    if (peer.namespace.by === 'labels' && peer.namespace.selector.requirements.length === 0) {
      traps.push(trap('every-namespace', peer.origin, direction, { rule: name }));
    }
    if (peer.namespace.by === 'name')
      traps.push(trap('own-namespace-only', peer.origin, direction, { rule: name, namespace: peer.namespace.name }));
    const next = rule.peers[i + 1];
    if (next !== undefined && only(peer) !== undefined && only(next) !== undefined && only(peer) !== only(next)) {
      traps.push(trap('either-peer', peer.origin, direction, { rule: name, first: `${i}`, second: `${i + 1}` }));
    }
    const found = cluster.pods.some((pod) => !pod.hostNetwork && podPeerMatches(cluster, peer, { kind: 'pod', pod }));
    if (!found) traps.push(trap('peer-selects-nothing', peer.origin, direction, { rule: name, peer: `${i}` }));
  }
  return traps;
}
