// Who could reach a workload, or be reached by it, that is not in the input: pods of any namespace, pods with certain labels,
// addresses outside. A peer stands for every pod that its selectors could mean.
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type NamespaceMatch, type Peer, type PodPeer, type PortRule, type Rule } from '../model/policy.ts';
import { printSelector, type Selector, selectorKey } from '../model/selector.ts';
import {
  ALL_PORTS,
  isAllPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  portSet,
  printPortSet,
  subtractPorts,
  unionPorts,
} from '../net/port-set.ts';
import { policiesOn, rulesOf } from '../policy/decide.ts';
import { podPeerMatches } from '../policy/peer-matches.ts';
import { countsForNames, isMeant } from '../policy/port-matches.ts';
import type { NonEmpty } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';

/** Pods that are not in the input, as selectors describe them. '' means all of them. */
export interface ExposedPeer {
  readonly kind: 'entire-cluster' | 'selected';
  /** `team=red`, or '' for every namespace. */
  readonly namespaces: string;
  /** Set where the peer is bound to one namespace by name. */
  readonly namespace: string | undefined;
  readonly pods: string;
  readonly allowed: PortSet;
  /** `http/TCP`: named ports, which only the pod at the other end can resolve (egress). */
  readonly named: readonly string[];
}

export interface Exposure {
  /** `shop/cart[Deployment]`. */
  readonly workload: string;
  /** `['shop/cart-1']` where the pods of the workload differ and this is about some of them; absent: about all. */
  readonly pods?: readonly string[];
  readonly direction: Direction;
  /** False: no policy at all in this direction; everyone may. */
  readonly isolated: boolean;
  /** Policies that could touch it and cannot be read: with them the peers may be more, or fewer. */
  readonly unreadable: readonly string[];
  /** Widest first. Narrower peers that may do no more than the entire cluster are left out. */
  readonly peers: readonly ExposedPeer[];
}

/**
 * Entries for every workload with a running pod, ingress then egress, in the order of the workloads: one for each direction, or, where
 * its pods differ, one for each group of pods that are exposed alike. `[]` for a cluster without workloads. Never throws.
 */
export function exposuresOf(cluster: Cluster, semantics: Semantics, only: (workload: Workload) => boolean = () => true): Exposure[] {
  return [...cluster.workloads.values()].filter(only).flatMap((workload) => {
    const shapes = alikePods(workload.pods.filter((pod) => isLive(pod) && !pod.hostNetwork));
    return DIRECTIONS.flatMap((direction) => {
      const groups = new Map<string, { readonly exposure: Exposure; readonly pods: string[] }>();
      for (const [first, ...others] of shapes) {
        const exposure = exposureOf(cluster, semantics, workload.ref, first, direction);
        const key = exposureKey(exposure);
        const group = groups.get(key) ?? { exposure, pods: [] };
        group.pods.push(first.ref, ...others.map(({ ref }) => ref));
        groups.set(key, group);
      }
      const found = [...groups.values()];
      return found.length === 1 ? found.map(({ exposure }) => exposure) : found.map(({ exposure, pods }) => ({ ...exposure, pods }));
    });
  });
}

/** Pods of a workload that no selector and no port name tells apart; replicas mostly are all of one kind. */
function alikePods(pods: readonly Pod[]): readonly NonEmpty<Pod>[] {
  const byShape = new Map<string, [Pod, ...Pod[]]>();
  for (const pod of pods) {
    const ports = pod.ports.map(({ name, port, protocol, role }) => [name, port, protocol, role]);
    const key = JSON.stringify([[...pod.labels].sort(([a], [b]) => (a < b ? -1 : 1)), ports]);
    const alike = byShape.get(key);
    if (alike === undefined) byShape.set(key, [pod]);
    else alike.push(pod);
  }
  return [...byShape.values()];
}

function exposureOf(cluster: Cluster, semantics: Semantics, workload: string, pod: Pod, direction: Direction): Exposure {
  const found = semantics.enforces === 'no' ? [] : policiesOn(cluster, direction, pod);
  const policies = found.filter(({ faults }) => faults.length === 0);
  const unreadable = found.filter(({ faults }) => faults.length > 0).map(({ ref }) => ref);
  const everyone: ExposedPeer = { kind: 'entire-cluster', namespaces: '', namespace: undefined, pods: '', allowed: ALL_PORTS, named: [] };
  if (policies.length === 0) return { workload, direction, isolated: false, unreadable, peers: [everyone] };
  const rules = policies.flatMap((policy) => rulesOf(policy, direction)).map(({ rule }) => rule);
  const wide = opened(rules.filter(isForEveryone), pod, direction, semantics);
  const peers = distinctPeers(rules)
    .filter((peer) => !isSettledByInput(cluster, peer))
    .map((peer) =>
      described(
        peer,
        rules.filter((rule) => means(rule, peer)),
        pod,
        direction,
        semantics,
      ),
    )
    .filter((peer) => !isNoPorts(subtractPorts(peer.allowed, wide.allowed)) || peer.named.some((name) => !wide.named.includes(name)));
  const all = isNoPorts(wide.allowed) && wide.named.length === 0 ? [] : [{ ...everyone, ...wide }];
  return { workload, direction, isolated: true, unreadable, peers: [...all, ...peers] };
}

function isForEveryone(rule: Rule): boolean {
  return rule.peers === 'anyone' || rule.peers.some((peer) => peer.kind === 'pods' && isAnyNamespace(peer.namespace) && isAll(peer.pods));
}

function isAnyNamespace(namespace: NamespaceMatch): boolean {
  return namespace.by === 'any' || (namespace.by === 'labels' && namespace.selector.requirements.length === 0);
}

function isAll(pods: Selector | undefined): boolean {
  return pods === undefined || pods.requirements.length === 0;
}

/** Each pair of selectors once, whichever rule it stands in. */
function distinctPeers(rules: readonly Rule[]): PodPeer[] {
  const isNarrow = (peer: Peer): peer is PodPeer => peer.kind === 'pods' && !(isAnyNamespace(peer.namespace) && isAll(peer.pods));
  const peers = rules.flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers)).filter(isNarrow);
  return [...new Map(peers.map((peer) => [peerKey(peer), peer])).values()];
}

function peerKey({ namespace, pods }: PodPeer): string {
  const where = namespace.by === 'name' ? `=${namespace.name}` : namespace.by === 'any' ? '*' : selectorKey(namespace.selector);
  return `${where}|${pods === undefined ? '' : selectorKey(pods)}`;
}

/**
 * A peer that names its pods by plain labels, and such a pod is in the input: the map says it already. Expressions describe a kind of
 * pod, and `everything in this namespace` invites whatever comes, so those stay although somebody is there.
 */
function isSettledByInput(cluster: Cluster, peer: PodPeer): boolean {
  const areLabels = ({ requirements }: Selector) => requirements.every(({ origin }) => origin.path.at(-2) === 'matchLabels');
  if (peer.pods === undefined || isAll(peer.pods) || !areLabels(peer.pods)) return false;
  if (isAnyNamespace(peer.namespace) || (peer.namespace.by === 'labels' && !areLabels(peer.namespace.selector))) return false;
  return cluster.pods.some((pod) => podPeerMatches(cluster, peer, { kind: 'pod', pod }));
}

/** The name, when a selector means one namespace by its name label. */
function namespaceName(selector: Selector): string | undefined {
  const [only, ...others] = selector.requirements;
  const isName = only?.key === 'kubernetes.io/metadata.name' && only.operator === 'In' && only.values.length === 1;
  return isName && others.length === 0 ? only.values[0] : undefined;
}

/**
 * Does this rule speak of the pods that `peer` stands for? Only one with the same selectors, or one for everyone. Of the pods that
 * `tier notin (web)` means, `!tier` means some: what it opens to those stands in its own row, and may not be claimed for all.
 */
function means(rule: Rule, peer: PodPeer): boolean {
  if (rule.peers === 'anyone' || isForEveryone(rule)) return true;
  return rule.peers.some((other) => other.kind === 'pods' && peerKey(other) === peerKey(peer));
}

function described(peer: PodPeer, rules: readonly Rule[], pod: Pod, direction: Direction, semantics: Semantics): ExposedPeer {
  const name =
    peer.namespace.by === 'name'
      ? peer.namespace.name
      : peer.namespace.by === 'labels'
        ? namespaceName(peer.namespace.selector)
        : undefined;
  const namespaces =
    name !== undefined || peer.namespace.by !== 'labels' || isAnyNamespace(peer.namespace) ? '' : printSelector(peer.namespace.selector);
  const pods = peer.pods === undefined || isAll(peer.pods) ? '' : printSelector(peer.pods);
  return { kind: 'selected', namespaces, namespace: name, pods, ...opened(rules, pod, direction, semantics) };
}

/** What rules open together. In egress the other end is a pod that nobody has seen, so that names stay names. */
function opened(rules: readonly Rule[], pod: Pod, direction: Direction, semantics: Semantics): Pick<ExposedPeer, 'allowed' | 'named'> {
  let allowed: PortSet = NO_PORTS;
  const named = new Set<string>();
  for (const rule of rules) {
    if (rule.ports === 'every-port') allowed = ALL_PORTS;
    for (const port of rule.ports === 'every-port' ? [] : rule.ports) {
      if (port.kind === 'named' && direction === 'egress') named.add(`${port.name}/${port.protocol}`);
      else allowed = unionPorts(allowed, portsOf(port, pod, semantics));
    }
  }
  return { allowed: isAllPorts(allowed) ? ALL_PORTS : allowed, named: isAllPorts(allowed) ? [] : [...named].sort() };
}

function portsOf(rule: PortRule, pod: Pod, semantics: Semantics): PortSet {
  switch (rule.kind) {
    case 'protocol':
      return portSet(rule.protocol);
    case 'range':
      return portSet(rule.protocol, rule.from, semantics.endPort === 'yes' ? rule.to : rule.from);
    case 'named':
      return pod.ports
        .filter((declared) => isMeant(declared, rule.name, rule.protocol) && countsForNames(semantics, declared))
        .reduce((set, declared) => unionPorts(set, portSet(rule.protocol, declared.port, declared.port)), NO_PORTS);
  }
}

/** One text per answer, for grouping workloads that are exposed alike. */
export function exposureKey({ direction, isolated, unreadable, peers }: Exposure): string {
  return JSON.stringify([
    direction,
    isolated,
    unreadable,
    peers.map((peer) => [peer.kind, peer.namespaces, peer.namespace, peer.pods, printPortSet(peer.allowed), peer.named]),
  ]);
}
