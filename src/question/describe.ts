// What one policy means, or all policies on one pod: whom it selects, who may come in, where it may go, what that is today,
// and the traps in it. Plain facts; report/describe-text.ts says them.

import { printPortRule } from '../explain/near-miss.ts';
import { type Cluster, isLive, operatedIn, type Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import { printCidr } from '../net/cidr.ts';
import { policiesOn, rulesOf } from '../policy/decide.ts';
import { podPeerMatches, subjectMatches } from '../policy/peer-matches.ts';
import { printPeer } from '../program/terms.ts';

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
  | 'peer-selects-nothing'
  | 'both-families' // 0.0.0.0/0 leaves IPv6 out
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
  /** Of `other`: `nodes zone=a`, `*.example.com`. */
  readonly said?: string;
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
  readonly at: Origin;
  readonly peers: readonly PeerDescription[];
  /** `8080/TCP`; [] means every port of every protocol. */
  readonly ports: readonly string[];
}

export interface SideDescription {
  readonly isolated: boolean;
  readonly by: readonly string[];
  readonly rules: readonly RuleDescription[];
}

export interface Description {
  readonly of: 'policy' | 'pod';
  /** `shop/cart-ingress`, or the pod. */
  readonly name: string;
  readonly at: Origin;
  /** The subject's selector of a policy, the labels of a pod. */
  readonly selector: string;
  readonly namespace: string | undefined;
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
    name: policy.ref,
    at: policy.origin,
    selector: policy.subject.pods.requirements.length === 0 ? '' : printSelector(policy.subject.pods),
    namespace: policy.namespace,
    selects: workloadsOf(pods),
    selectedPods: pods.length,
    ingress: side(cluster, [policy].filter(governs('ingress')), 'ingress'),
    egress: side(cluster, [policy].filter(governs('egress')), 'egress'),
    traps: trapsOf(cluster, policy, pods),
  };
}

/** All policies on one pod at once: they add up, order means nothing. */
export function describePod(cluster: Cluster, pod: Pod): Description {
  const on = { ingress: policiesOn(cluster, 'ingress', pod), egress: policiesOn(cluster, 'egress', pod) };
  const policies = [...new Set([...on.ingress, ...on.egress])];
  return {
    of: 'pod',
    name: pod.ref,
    at: pod.origin,
    selector: [...pod.labels].map(([key, value]) => `${key}=${value}`).join(', '),
    namespace: pod.namespace,
    selects: policies.map((policy) => policy.ref),
    selectedPods: 1,
    ingress: side(cluster, on.ingress, 'ingress'),
    egress: side(cluster, on.egress, 'egress'),
    traps: policies.flatMap((policy) => trapsOf(cluster, policy, [pod])),
  };
}

const governs = (direction: Direction) => (policy: Policy) => policy[direction] !== 'not-governed';

function side(cluster: Cluster, policies: readonly Policy[], direction: Direction): SideDescription {
  const rules = policies.flatMap((policy) => rulesOf(policy, direction));
  return {
    isolated: policies.length > 0,
    by: policies.map((policy) => policy.ref),
    rules: rules.map(({ policy, rule }) => ({
      rule: `${direction}[${rule.index}]`,
      policy: policy.ref,
      at: rule.origin,
      peers: rule.peers === 'anyone' ? [{ kind: 'anyone' }] : rule.peers.map((peer) => peerOf(cluster, peer)),
      ports: rule.ports === 'every-port' ? [] : rule.ports.map(printPortRule),
    })),
  };
}

function peerOf(cluster: Cluster, peer: Peer): PeerDescription {
  switch (peer.kind) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'nodes':
    case 'dns-names':
    case 'all-of':
    case 'not':
      return { kind: 'other', said: printPeer(peer) };
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
  const traps: Trap[] = policy.faults.length > 0 ? [trap('unreadable', policy.origin)] : [];
  if (pods.length === 0) {
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

function ruleTraps(cluster: Cluster, _policy: Policy, rule: Rule, direction: Direction, trap: MakeTrap): Trap[] {
  const name = `${direction}[${rule.index}]`;
  const traps: Trap[] = [];
  if (rule.peers === 'anyone') traps.push(trap('anyone', rule.origin, direction, { rule: name }));
  if (rule.ports === 'every-port') traps.push(trap('every-port', rule.origin, direction, { rule: name }));
  if (rule.peers === 'anyone') return traps;
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
