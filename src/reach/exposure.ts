// Who could reach a workload, or be reached by it, that is not in the input: pods of any namespace, pods with certain labels,
// addresses outside. A peer stands for every pod that its selectors could mean.
import { isLive, type Pod, type Workload } from '../model/cluster.ts';
import {
  type BlockPeer,
  DIRECTIONS,
  type Direction,
  type NamespaceMatch,
  type PodPeer,
  type Policy,
  type PortRule,
  printRuleRef,
  type Rule,
} from '../model/policy.ts';
import { printSelector, type Selector, selectorKey } from '../model/selector.ts';
import { EMPTY_IPS, holdsEveryEnd, holdsNoEnd, unionIps } from '../net/ip-set.ts';
import {
  ALL_PORTS,
  isAllPorts,
  isNoPorts,
  NO_PORTS,
  type PortSet,
  portSet,
  printPortSet,
  subtractPorts,
  unionOfPorts,
  unionPorts,
} from '../net/port-set.ts';
import { rulesOf } from '../policy/decide.ts';
import { countsForNames, isMeant } from '../policy/port-matches.ts';
import type { Semantics } from '../profile/profile.ts';
import { readingsOf, takesPart } from '../program/stages.ts';
import { openThroughStages } from './exposure-stages.ts';
import { numberPairs } from './numbering.ts';
import type { Reach } from './reach.ts';
import type { Stack } from './stacks.ts';

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
  /** Rules that match by address, which a pod that nobody has seen may have: they allow or deny it something that `peers` does not say. */
  readonly byAddress: readonly string[];
  /** Widest first. Narrower peers that may do no more than the entire cluster are left out. */
  readonly peers: readonly ExposedPeer[];
}

/** What is the same for all pods under the same policies that declare the same named ports. */
type Exposed = Pick<Exposure, 'isolated' | 'unreadable' | 'byAddress' | 'peers'>;

/**
 * Entries for every workload with a running pod, ingress then egress, in the order of the workloads: one for each direction, or, where
 * its pods differ, one for each group of pods that are exposed alike. `[]` for a cluster without workloads. Never throws.
 */
export function exposuresOf(reach: Reach, only: (workload: Workload) => boolean = () => true): Exposure[] {
  const { classes, stacks, semantics } = reach;
  const isSettled = settledByInput(reach);
  const questions = { ingress: numberPairs(), egress: numberPairs() };
  const known = { ingress: [] as Exposed[], egress: [] as Exposed[] };
  const exposed = (pod: Pod, direction: Direction): Exposed => {
    if (semantics.enforces === 'no') return OPEN;
    const podClass = classes.classOfPod[classes.indexOf.get(pod) as number] as number;
    const stack = stacks[direction][podClass] as number;
    const question = questions[direction].of(stack, classes.portsOf[podClass] as number);
    known[direction][question] ??= exposedBy((stacks.all[stack] as Stack).policies, pod, direction, semantics, isSettled);
    return known[direction][question] as Exposed;
  };
  return [...reach.cluster.workloads.values()].filter(only).flatMap(({ ref: workload, pods }) => {
    const there = pods.filter((pod) => isLive(pod) && !pod.hostNetwork);
    return DIRECTIONS.flatMap((direction): Exposure[] => {
      const groups = alike(there, (pod) => exposed(pod, direction));
      return groups.map(([found, refs]) => ({ workload, ...(groups.length > 1 && { pods: refs }), direction, ...found }));
    });
  });
}

/** Pods by how they are exposed; replicas mostly are all of one kind. */
function alike(pods: readonly Pod[], exposed: (pod: Pod) => Exposed): readonly (readonly [Exposed, readonly string[]])[] {
  const found = new Map<Exposed, string[]>();
  for (const pod of pods) {
    const one = exposed(pod);
    const group = found.get(one);
    if (group === undefined) found.set(one, [pod.ref]);
    else group.push(pod.ref);
  }
  if (found.size < 2) return [...found];
  const byMeaning = new Map<string, [Exposed, string[]]>();
  for (const [one, refs] of found) {
    const key = meaningOf(one);
    const group = byMeaning.get(key);
    if (group === undefined) byMeaning.set(key, [one, refs]);
    else group[1].push(...refs);
  }
  return [...byMeaning.values()];
}

export const EVERYONE: ExposedPeer = {
  kind: 'entire-cluster',
  namespaces: '',
  namespace: undefined,
  pods: '',
  allowed: ALL_PORTS,
  named: [],
};
const OPEN: Exposed = { isolated: false, unreadable: [], byAddress: [], peers: [EVERYONE] };

function exposedBy(
  found: readonly Policy[],
  pod: Pod,
  direction: Direction,
  semantics: Semantics,
  isSettled: (peer: PodPeer) => boolean,
): Exposed {
  const policies = found.filter(({ faults }) => faults.length === 0);
  const unreadable = found.filter(({ faults }) => faults.length > 0).map(({ ref }) => ref);
  if (policies.length === 0) return { ...OPEN, unreadable };
  if (policies.some(({ tier }) => tier !== 'namespaced')) {
    return { isolated: true, unreadable, ...peersThroughStages(policies, pod, direction, semantics, isSettled) };
  }
  const rules = policies.flatMap((policy) => rulesOf(policy, direction)).map(({ rule }) => rule);
  const wide = opened(rules.filter(isForEveryone), pod, direction, semantics);
  const peers = [...narrowPeers(rules).values()]
    .filter(({ peer }) => !isSettled(peer))
    .map(({ peer, rules: own }) => described(peer, both(wide, opened([...own], pod, direction, semantics))))
    .filter((peer) => !isNoPorts(subtractPorts(peer.allowed, wide.allowed)) || peer.named.some((name) => !wide.named.includes(name)));
  const all = isNoPorts(wide.allowed) && wide.named.length === 0 ? [] : [{ ...EVERYONE, ...wide }];
  return { isolated: true, unreadable, byAddress: [], peers: [...all, ...peers] };
}

function peersThroughStages(
  policies: readonly Policy[],
  pod: Pod,
  direction: Direction,
  semantics: Semantics,
  isSettled: (peer: PodPeer) => boolean,
): Pick<Exposure, 'peers' | 'byAddress'> {
  const [reading] = readingsOf(policies, semantics);
  if (reading === undefined) return { peers: [EVERYONE], byAddress: [] };
  const partaking = policies.filter((policy) => takesPart(policy, direction, reading));
  const refs = partaking.flatMap((policy) => rulesOf(policy, direction));
  const rules = refs.map(({ rule }) => rule);
  const ask = (own: ReadonlySet<Rule>) =>
    openThroughStages(reading, partaking, direction, {
      speaks: (rule) => own.has(rule) || isForEveryone(rule),
      maySpeak: mayMeanByAddress,
      portsOf: (rule) => opened([rule], pod, direction, semantics).allowed,
    });
  const openTo = (own: ReadonlySet<Rule>): Opened => {
    const { allowed, naming } = ask(own);
    return openedOf(allowed, new Set(opened(naming, pod, direction, semantics).named));
  };
  const wide = openTo(new Set());
  const differs = ({ allowed, named }: Opened) =>
    printPortSet(allowed) !== printPortSet(wide.allowed) || named.join() !== wide.named.join();
  const narrow = [...narrowPeers(rules).values()]
    .filter(({ peer }) => !isSettled(peer))
    .map(({ peer, rules: own }) => described(peer, openTo(own)))
    .filter(differs);
  const all = isNoPorts(wide.allowed) && wide.named.length === 0 ? [] : [{ ...EVERYONE, ...wide }];
  const inDoubt = new Set(ask(new Set()).perhaps);
  return { peers: [...all, ...narrow], byAddress: refs.filter(({ rule }) => inDoubt.has(rule)).map(printRuleRef) };
}

function isForEveryone(rule: Rule): boolean {
  if (rule.peers === 'anyone') return true;
  if (rule.peers.some((peer) => peer.kind === 'pods' && isAnyNamespace(peer.namespace) && isAll(peer.pods))) return true;
  const addresses = blocksOf(rule).reduce((sum, block) => unionIps(sum, block.addresses), EMPTY_IPS);
  return holdsEveryEnd(addresses, 4) && holdsEveryEnd(addresses, 6);
}

/** Does the rule match some addresses that a pod may have? */
function mayMeanByAddress(rule: Rule): boolean {
  return blocksOf(rule).some(({ addresses }) => !holdsNoEnd(addresses));
}

/** Blocks that match pods as well. */
function blocksOf({ peers }: Rule): readonly BlockPeer[] {
  return peers === 'anyone' ? [] : peers.flatMap((peer) => (peer.kind === 'block' && peer.includesCluster === true ? [peer] : []));
}

function isAnyNamespace(namespace: NamespaceMatch): boolean {
  return namespace.by === 'any' || (namespace.by === 'labels' && namespace.selector.requirements.length === 0);
}

function isAll(pods: Selector | undefined): boolean {
  return pods === undefined || pods.requirements.length === 0;
}

/**
 * Each pair of selectors once, with the rules that speak of it. Only rules with the same selectors do: of the pods that
 * `tier notin (web)` means, `!tier` means some, and what it opens to those stands in its own row and may not be claimed for all.
 */
function narrowPeers(rules: readonly Rule[]): ReadonlyMap<string, { readonly peer: PodPeer; readonly rules: ReadonlySet<Rule> }> {
  const found = new Map<string, { peer: PodPeer; rules: Set<Rule> }>();
  for (const rule of rules) {
    for (const peer of rule.peers === 'anyone' ? [] : rule.peers) {
      if (peer.kind !== 'pods' || (isAnyNamespace(peer.namespace) && isAll(peer.pods))) continue;
      const key = peerKey(peer);
      const before = found.get(key);
      if (before === undefined) found.set(key, { peer, rules: new Set([rule]) });
      else {
        before.peer = peer;
        before.rules.add(rule);
      }
    }
  }
  return found;
}

function peerKey({ namespace, pods }: PodPeer): string {
  const where = namespace.by === 'name' ? `=${namespace.name}` : namespace.by === 'any' ? '*' : selectorKey(namespace.selector);
  return `${where}|${pods === undefined ? '' : selectorKey(pods)}`;
}

/**
 * A peer that names its pods by plain labels, and such a pod is in the input: the map says it already. Expressions describe a kind of
 * pod, and `everything in this namespace` invites whatever comes, so those stay although somebody is there.
 */
function settledByInput({ classes, selections, cluster }: Reach): (peer: PodPeer) => boolean {
  // Pods that were added are not in the input.
  const inInput = new Set(classes.classOfPod.subarray(0, cluster.pods.length));
  const areLabels = ({ requirements }: Selector) => requirements.every(({ origin }) => origin.path.at(-2) === 'matchLabels');
  return (peer) => {
    if (peer.pods === undefined || isAll(peer.pods) || !areLabels(peer.pods)) return false;
    if (isAnyNamespace(peer.namespace) || (peer.namespace.by === 'labels' && !areLabels(peer.namespace.selector))) return false;
    return classes.classesIn(selections.of(peer)).members.some((member) => inInput.has(member));
  };
}

/** The name, when a selector means one namespace by its name label. */
function namespaceName(selector: Selector): string | undefined {
  const [only, ...others] = selector.requirements;
  const isName = only?.key === 'kubernetes.io/metadata.name' && only.operator === 'In' && only.values.length === 1;
  return isName && others.length === 0 ? only.values[0] : undefined;
}

/** The peer of a rule in words of selectors, with what is open to it. */
export function described(peer: PodPeer, open: Opened): ExposedPeer {
  const name =
    peer.namespace.by === 'name'
      ? peer.namespace.name
      : peer.namespace.by === 'labels'
        ? namespaceName(peer.namespace.selector)
        : undefined;
  const namespaces =
    name !== undefined || peer.namespace.by !== 'labels' || isAnyNamespace(peer.namespace) ? '' : printSelector(peer.namespace.selector);
  const pods = peer.pods === undefined || isAll(peer.pods) ? '' : printSelector(peer.pods);
  return { kind: 'selected', namespaces, namespace: name, pods, ...open };
}

type Opened = Pick<ExposedPeer, 'allowed' | 'named'>;

/** What rules open together. In egress the other end is a pod that nobody has seen, so that names stay names. */
export function opened(rules: readonly Rule[], pod: Pod, direction: Direction, semantics: Semantics): Opened {
  const allowed: PortSet[] = [];
  const named = new Set<string>();
  for (const rule of rules) {
    if (rule.ports === 'every-port') return { allowed: ALL_PORTS, named: [] };
    for (const port of rule.ports) {
      if (port.kind === 'named' && direction === 'egress') named.add(`${port.name}/${port.protocol}`);
      else allowed.push(portsOf(port, pod, semantics));
    }
  }
  return openedOf(unionOfPorts(allowed), named);
}

function both(a: Opened, b: Opened): Opened {
  return openedOf(unionPorts(a.allowed, b.allowed), new Set([...a.named, ...b.named]));
}

function openedOf(allowed: PortSet, named: ReadonlySet<string>): Opened {
  return isAllPorts(allowed) ? { allowed: ALL_PORTS, named: [] } : { allowed, named: [...named].sort() };
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

function meaningOf({ isolated, unreadable, byAddress, peers }: Exposed): string {
  return JSON.stringify([
    isolated,
    unreadable,
    byAddress,
    peers.map((peer) => [peer.kind, peer.namespaces, peer.namespace, peer.pods, printPortSet(peer.allowed), peer.named]),
  ]);
}
