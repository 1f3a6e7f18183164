// What the policies of this cluster ask for that its network plugin does not do, and what they select in vain.

import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type NamespaceMatch, ownRules, type Peer, type Policy, type PortRule } from '../model/policy.ts';
import { matches, selectorKey } from '../model/selector.ts';
import { printCidr } from '../net/cidr.ts';
import { cell, type ProfileChoice, whoSays } from '../profile/choose.ts';
import type { CellName } from '../profile/profile.ts';

/** A thing that policies use and the profile does not say yes to. */
export interface MissingFeature {
  readonly feature: 'endPort' | 'sctp' | 'namedPorts' | 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'foreign-policy';
  /** `no`: it is not enforced as written. `unknown`: nobody has established it. */
  readonly supported: 'no' | 'unknown';
  /** `shop/cart-range`, sorted. */
  readonly policies: readonly string[];
}

export function missingFeatures(cluster: Cluster, choice: ProfileChoice): readonly MissingFeature[] {
  const used = new Map<MissingFeature['feature'], Set<string>>();
  const use = (feature: MissingFeature['feature'], policy: Policy) => {
    const refs = used.get(feature) ?? new Set();
    used.set(feature, refs.add(policy.ref));
  };
  for (const policy of cluster.policies) {
    if (policy.kind === 'AdminNetworkPolicy' || policy.kind === 'BaselineAdminNetworkPolicy') use('AdminNetworkPolicy', policy);
    if (policy.kind === 'ClusterNetworkPolicy') use('ClusterNetworkPolicy', policy);
    if (isForeign(policy, choice)) use('foreign-policy', policy);
    for (const port of portsOf(policy)) {
      if (port.kind === 'range' && port.to !== port.from) use('endPort', policy);
      if (port.protocol === 'SCTP') use('sctp', policy);
      if (port.kind === 'named') use('namedPorts', policy);
    }
  }
  return [...used]
    .flatMap(([feature, refs]): MissingFeature[] => {
      const supported = support(feature, choice);
      return supported === 'yes' ? [] : [{ feature, supported, policies: [...refs].sort() }];
    })
    .sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

const CELLS: Readonly<Partial<Record<MissingFeature['feature'], CellName>>> = {
  endPort: 'endPort',
  sctp: 'sctp',
  namedPorts: 'namedPorts',
};

function support(feature: MissingFeature['feature'], choice: ProfileChoice): 'yes' | 'no' | 'unknown' {
  if (feature === 'foreign-policy') return 'no';
  if (feature === 'ClusterNetworkPolicy' || feature === 'AdminNetworkPolicy') {
    const { value } = cell(choice, 'adminPolicies');
    if (value === 'open') return 'unknown';
    return value === 'both' || value === (feature === 'ClusterNetworkPolicy' ? 'cnp' : 'anp') ? 'yes' : 'no';
  }
  const name = CELLS[feature];
  const value = name === undefined ? 'open' : cell(choice, name).value;
  return value === 'yes' || value === 'no' ? value : 'unknown';
}

/** A policy of a kind that another plugin brings does nothing here. Where nobody knows whose kinds are read (cell ownPolicies) it may. */
function isForeign({ needs }: Policy, choice: ProfileChoice): boolean {
  if (needs !== 'cilium' && needs !== 'calico') return false;
  return whoSays(choice, 'ownPolicies').every(({ value }) => value !== needs && value !== 'unknown');
}

function portsOf(policy: Policy): readonly PortRule[] {
  return DIRECTIONS.flatMap((direction) => ownRules(policy, direction)).flatMap(({ ports }) => (ports === 'every-port' ? [] : ports));
}

/** A policy that selects pods in their node's network, where it has no effect. */
export interface HostNetworkSelected {
  readonly policy: string;
  readonly pods: readonly string[];
}

/** Empty where the plugin does police host-network pods; no profile here does. */
export function hostNetworkSelected(cluster: Cluster, choice: ProfileChoice): readonly HostNetworkSelected[] {
  if (cell(choice, 'policesHostNetworkSubject').value === 'yes') return [];
  const onHost = cluster.pods.filter((pod) => pod.hostNetwork && isLive(pod));
  return cluster.policies.flatMap((policy) => {
    if (policy.faults.length > 0) return [];
    const pods = onHost.filter((pod) => selects(cluster, policy, pod)).map(({ ref }) => ref);
    return pods.length === 0 ? [] : [{ policy: policy.ref, pods: pods.sort() }];
  });
}

function selects(cluster: Cluster, { subject }: Policy, pod: Pod): boolean {
  return inNamespace(cluster, subject.namespace, pod.namespace) && matches(subject.pods, pod.labels);
}

function inNamespace(cluster: Cluster, wanted: NamespaceMatch, namespace: string): boolean {
  if (wanted.by === 'name') return wanted.name === namespace;
  return wanted.by === 'any' || matches(wanted.selector, cluster.namespaces.get(namespace)?.labels ?? new Map());
}

/** EKS user guide: at most this many unique combinations of port and protocol (per selector; newer editions: per resolved address). */
export const AWS_PORT_LIMIT = 24;

/** One peer of one group of pods, with more combinations of ports than the plugin keeps. */
export interface PortOverflow {
  readonly direction: Direction;
  /** One of the pods that these policies select together. */
  readonly pod: string;
  /** As a selector or a CIDR: `ns/shop app In (cart)`. */
  readonly peer: string;
  readonly combinations: number;
  readonly policies: readonly string[];
}

/**
 * Counts as the newer guide does: over all policies that select a pod, per peer. Peers that are written differently and resolve to the
 * same address add up too; that is not counted here, so a number at the limit deserves a look as well.
 */
export function portOverflows(cluster: Cluster): readonly PortOverflow[] {
  const policies = cluster.policies.filter(({ faults, kind }) => faults.length === 0 && kind === 'NetworkPolicy');
  const overflows: PortOverflow[] = [];
  for (const direction of DIRECTIONS) {
    const governed = policies.filter((policy) => ownRules(policy, direction).length > 0);
    const groups = new Map<string, { pod: Pod; policies: readonly Policy[] }>();
    for (const pod of cluster.pods) {
      if (pod.hostNetwork || !isLive(pod)) continue;
      const selecting = governed.filter((policy) => selects(cluster, policy, pod));
      const key = selecting.map(({ ref }) => ref).join(' ');
      if (selecting.length > 0 && !groups.has(key)) groups.set(key, { pod, policies: selecting });
    }
    for (const group of groups.values()) overflows.push(...overflowsOf(direction, group));
  }
  return overflows;
}

function overflowsOf(direction: Direction, { pod, policies }: { readonly pod: Pod; readonly policies: readonly Policy[] }): PortOverflow[] {
  const byPeer = new Map<string, { ports: Set<string>; policies: Set<string> }>();
  for (const policy of policies) {
    for (const { peers, ports } of ownRules(policy, direction)) {
      for (const peer of peers === 'anyone' ? ['anyone'] : peers.map(peerKey)) {
        const entry = byPeer.get(peer) ?? { ports: new Set(), policies: new Set() };
        for (const port of ports === 'every-port' ? ['every port'] : ports.map(portKey)) entry.ports.add(port);
        entry.policies.add(policy.ref);
        byPeer.set(peer, entry);
      }
    }
  }
  return [...byPeer]
    .filter(([, { ports }]) => ports.size > AWS_PORT_LIMIT)
    .map(([peer, found]) => ({ direction, pod: pod.ref, peer, combinations: found.ports.size, policies: [...found.policies].sort() }));
}

function peerKey(peer: Peer): string {
  if (peer.kind === 'block') return printCidr(peer.cidr);
  if (peer.kind !== 'pods') return peer.kind;
  const { namespace, pods } = peer;
  const where =
    namespace.by === 'name' ? `ns/${namespace.name}` : namespace.by === 'any' ? 'any namespace' : `ns(${selectorKey(namespace.selector)})`;
  return pods === undefined || pods.requirements.length === 0 ? where : `${where} ${selectorKey(pods)}`;
}

function portKey(port: PortRule): string {
  if (port.kind === 'protocol') return `${port.protocol} all`;
  return port.kind === 'named' ? `${port.protocol} ${port.name}` : `${port.protocol} ${port.from}-${port.to}`;
}
