// The rules that kube-router's policy controller writes into the kernel, as its source does it (netpol/policy.go and pod.go, v1.6 to
// v2.9; measured on 2.9.0), with every known mistake as a switch: semantics D.5 has the shapes. With no switch set the rules mean what
// the API means. departures.ts compares.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { BlockPeer, Direction, Policy, PortRule, Rule, RuleRef } from '../model/policy.ts';
import { type Cidr, cidrHas, parseCidr } from '../net/cidr.ts';
import type { Family, Ip } from '../net/ip.ts';
import { ipSetHas } from '../net/ip-set.ts';
import type { Protocol } from '../net/port-set.ts';
import { addressesOf, type End } from './end.ts';
import { podPeerMatches, subjectMatches } from './peer-matches.ts';

/** The shapes in which it departs, by the names of semantics D.5. */
export const SHAPES = ['leak', 'unresolved', 'everyone', 'shared', 'except', 'blockname', 'v6any'] as const;
export type Shape = (typeof SHAPES)[number];

/** One direction of a connection, asked of the rules for `subject`. */
export interface Packet {
  readonly direction: Direction;
  readonly subject: Pod;
  readonly peer: End;
  readonly protocol: Protocol;
  readonly port: number;
  readonly family: Family | undefined;
}

/** The enforcer with the rules of one cluster. */
export interface Enforcer {
  /** The rules that let the packet through when the enforcer makes these mistakes; `[]`: none does. Asked only where policies isolate. */
  readonly opening: (packet: Packet, mistakes: ReadonlySet<Shape>) => readonly RuleRef[];
  /** Port names of a rule that it finds, with the number: `[{ name: 'http', protocol: 'TCP', port: 8080 }]`; `[]`: no pod declares one. */
  readonly numbersOf: (ref: RuleRef) => readonly Pick<NamedEnd, 'name' | 'protocol' | 'port'>[];
}

/** A port name and whom it was found on: `{ name: 'http', protocol: 'TCP', port: 80, pods: [api, db] }`. */
interface NamedEnd {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly pods: ReadonlySet<Pod>;
}

interface Resolved {
  /** Each name on the pods that declare it. */
  readonly own: readonly NamedEnd[];
  /** The same with the address lists that pods share: departure `shared`. */
  readonly shared: readonly NamedEnd[];
}

function remembering<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** Tables are made when a packet first needs them; making an enforcer costs one pass over pods and policies, once for a cluster. */
export const kubeRouterOn: (cluster: Cluster) => Enforcer = remembering(enforcing);

function enforcing(cluster: Cluster): Enforcer {
  const podsOf = byNamespace(cluster.pods.filter((pod) => isLive(pod) && !pod.hostNetwork));
  const policiesIn = byNamespace(
    cluster.policies.filter(
      ({ tier, faults, needs }) => tier === 'namespaced' && faults.length === 0 && (needs === undefined || needs === 'not-cilium'),
    ),
  );
  const inNamespace = (namespace: string | undefined) => podsOf.get(namespace ?? '') ?? [];
  const targets = remembering(
    (policy: Policy) => new Set(inNamespace(policy.namespace).filter((pod) => subjectMatches(cluster, policy.subject, pod))),
  );
  const ofTargets = remembering((policy: Policy) => resolve([...targets(policy)]));
  const ofNamespace = remembering((policy: Policy) => resolve(inNamespace(policy.namespace)));
  const peersOf = (rule: Rule): Pod[] => {
    if (rule.peers === 'anyone') return [];
    const selectors = rule.peers.filter((peer) => peer.kind === 'pods');
    return [...podsOf.values()].flat().filter((pod) => selectors.some((peer) => podPeerMatches(cluster, peer, { kind: 'pod', pod })));
  };
  const ofPeers = remembering((rule: Rule) => resolve(peersOf(rule)));

  /** The ends among which a rule's port names are looked up. */
  const namesFor = ({ policy, direction, rule }: RuleRef): Resolved => {
    if (direction === 'ingress') return ofTargets(policy);
    return rule.peers === 'anyone' ? ofNamespace(policy) : ofPeers(rule);
  };

  const isOpenBy = (ref: RuleRef, source: End, destination: End, packet: Packet, mistakes: ReadonlySet<Shape>): boolean => {
    const { rule, direction } = ref;
    const peer = direction === 'egress' ? destination : source;
    const { protocol, port } = packet;
    if (rule.ports === 'every-port' || rule.ports.some((wanted) => meansNumber(wanted, protocol, port)))
      return rule.peers === 'anyone' || isPodPeer(rule, peer) || isBlockPeer(rule, peer, packet, mistakes);
    const names = rule.ports.filter((wanted) => wanted.kind === 'named');
    if (names.length === 0) return false;
    const { own, shared } = namesFor(ref);
    const ends = namedIn(rule, mistakes.has('shared') ? shared : own);
    const atPort = ends.filter((end) => end.protocol === protocol && end.port === port);
    const isThere = destination.kind === 'pod' && atPort.some(({ pods }) => pods.has(destination.pod));
    const isDeclared = destination.kind === 'pod' && names.some((wanted) => declares(destination.pod, wanted, protocol, port));
    if (rule.peers === 'anyone') {
      if (direction === 'ingress') return isThere;
      return mistakes.has('everyone') ? atPort.length > 0 : isDeclared;
    }
    if (isPodPeer(rule, peer)) {
      const isWithoutPorts = names.length === rule.ports.length && ends.length === 0;
      if (isThere || (mistakes.has('unresolved') && isWithoutPorts)) return true;
    }
    if (!isBlockPeer(rule, peer, packet, mistakes)) return false;
    return direction === 'ingress' ? isThere : !mistakes.has('blockname') && isDeclared;
  };
  const isPodPeer = (rule: Rule, end: End): boolean =>
    rule.peers !== 'anyone' && rule.peers.some((peer) => peer.kind === 'pods' && podPeerMatches(cluster, peer, end));

  return {
    numbersOf: (ref) => namedIn(ref.rule, namesFor(ref).own),

    opening(packet, mistakes) {
      const { direction, subject, peer } = packet;
      const self: End = { kind: 'pod', pod: subject };
      const [source, destination] = direction === 'egress' ? [self, peer] : [peer, self];
      const on = (policiesIn.get(subject.namespace) ?? []).filter(
        (policy) => policy[direction] !== 'not-governed' && targets(policy).has(subject),
      );
      return on.flatMap((policy) => {
        const own = refsOf(policy, direction);
        // One chain holds the rules of both directions, and both ends are in its sets.
        const isShared = mistakes.has('leak') && peer.kind === 'pod' && targets(policy).has(peer.pod);
        const other = isShared ? refsOf(policy, direction === 'egress' ? 'ingress' : 'egress') : [];
        return [...own, ...other].filter((ref) => isOpenBy(ref, source, destination, packet, mistakes));
      });
    },
  };
}

/** Of the names that were looked up, those that the rule wants. */
function namedIn({ ports }: Rule, ends: readonly NamedEnd[]): readonly NamedEnd[] {
  if (ports === 'every-port') return [];
  return ends.filter((end) =>
    ports.some((wanted) => wanted.kind === 'named' && wanted.name === end.name && wanted.protocol === end.protocol),
  );
}

function byNamespace<T extends { readonly namespace: string | undefined }>(of: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of of) {
    const group = groups.get(one.namespace ?? '');
    if (group === undefined) groups.set(one.namespace ?? '', [one]);
    else group.push(one);
  }
  return groups;
}

function refsOf(policy: Policy, direction: Direction): RuleRef[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule }));
}

function meansNumber(wanted: PortRule, protocol: Protocol, port: number): boolean {
  if (wanted.kind === 'named' || wanted.protocol !== protocol) return false;
  return wanted.kind === 'protocol' || (wanted.from <= port && port <= wanted.to);
}

function declares(pod: Pod, wanted: PortRule & { kind: 'named' }, protocol: Protocol, port: number): boolean {
  return (
    wanted.protocol === protocol &&
    pod.ports.some(
      (declared) => declared.role === 'main' && declared.name === wanted.name && declared.protocol === protocol && declared.port === port,
    )
  );
}

/**
 * Port names looked up in a list of pods. The controller keeps one address list per pod and hangs it on every name that the pod is the
 * first to declare; a later pod with one of those names joins that list, and so all names that hang on it. Which pod comes first is left
 * to the order in which it lists pods; the order of the input stands for it.
 */
function resolve(pods: readonly Pod[]): Resolved {
  const found = new Map<
    string,
    { readonly name: string; readonly protocol: Protocol; readonly port: number; own: Set<Pod>; list: Set<Pod> }
  >();
  for (const pod of pods) {
    const list = new Set<Pod>([pod]);
    for (const { name, protocol, port, role } of pod.ports) {
      if (name === undefined || role !== 'main') continue;
      const key = `${protocol} ${port} ${name}`;
      const end = found.get(key) ?? { name, protocol, port, own: new Set<Pod>(), list };
      end.own.add(pod);
      end.list.add(pod);
      found.set(key, end);
    }
  }
  const ends = [...found.values()];
  return {
    own: ends.map(({ name, protocol, port, own }) => ({ name, protocol, port, pods: own })),
    shared: ends.map(({ name, protocol, port, list }) => ({ name, protocol, port, pods: list })),
  };
}

/** All blocks of a rule go into one set of the kernel, where the longest prefix decides, an exception like any other: `except`. */
function isBlockPeer(rule: Rule, end: End, { family }: Packet, mistakes: ReadonlySet<Shape>): boolean {
  if (rule.peers === 'anyone') return false;
  const blocks = rule.peers.filter((peer): peer is BlockPeer => peer.kind === 'block');
  return addressesOf(end).some((address) => {
    if (family !== undefined && address.family !== family) return false;
    if (mistakes.has('v6any') && blocks.some(isAnyV6) && !GLOBAL_V6.some((cidr) => cidrHas(cidr, address)) && address.family === 6)
      return false;
    return mistakes.has('except') ? inOneSet(blocks, address) : blocks.some(({ addresses }) => ipSetHas(addresses, address));
  });
}

function inOneSet(blocks: readonly BlockPeer[], address: Ip): boolean {
  const entries = blocks.flatMap(({ cidr, except }) => [{ cidr, isIn: true }, ...except.map((hole) => ({ cidr: hole, isIn: false }))]);
  let best: { readonly cidr: Cidr; readonly isIn: boolean } | undefined;
  for (const entry of entries) {
    // Of two alike the later one is what the set keeps.
    if (cidrHas(entry.cidr, address) && (best === undefined || entry.cidr.prefixBits >= best.cidr.prefixBits)) best = entry;
  }
  return best?.isIn === true;
}

const isAnyV6 = ({ cidr }: BlockPeer) => cidr.first.family === 6 && cidr.prefixBits === 0;
/** What `::/0` becomes. */
const GLOBAL_V6 = ['2000::/3', 'fd00::/8'].flatMap((text) => parseCidr(text) ?? []);
