// Who is meant: the addresses behind selectors, and the ports behind port lists. Everything that both forms of the ruleset ask.
// Selectors are worked out once per distinct text and by namespace: ten thousand policies against ten thousand pods is too many pairs.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import {
  type BlockPeer,
  DIRECTIONS,
  type Direction,
  type NamespaceMatch,
  type Peer,
  type PodPeer,
  type Policy,
  type Rule,
  type RuleRef,
} from '../model/policy.ts';
import { matches, type Selector, selectorKey } from '../model/selector.ts';
import type { Family, Ip } from '../net/ip.ts';
import { ALL_IPS, EMPTY_IPS, type IpSet, intersectIps, ipSetOfIps, subtractIps, unionIps } from '../net/ip-set.ts';
import { NO_PORTS, type PortSet, type Protocol, portSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import { namespaceMatches } from '../policy/peer-matches.ts';
import { isMeant } from '../policy/port-matches.ts';
import { once } from '../policy/through-stages.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import { labelsSeenBy } from '../program/endpoint-labels.ts';
import { type Reading, readingsOf, takesPart } from '../program/stages.ts';
import type { Decided } from './decided.ts';

type Semantics = Decided['semantics'];

export interface Members {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  /** Pods that a policy can mean: alive, with a network and an address of their own. */
  readonly pods: readonly Pod[];
  /** Nodes that policies select, each as a pod that has its name and its addresses. */
  readonly hosts: readonly Pod[];
  /** The families that some pod has an address of. */
  readonly families: ReadonlySet<Family>;
  /** Addresses of nodes, and of pods in their node's network. */
  readonly nodeAddresses: readonly Ip[];
  /** The same, and the addresses of `pods`, as sets. */
  readonly nodeAddressSet: () => IpSet;
  readonly podAddresses: () => IpSet;
  /** Readable policies that look this way and select the pod, in the cluster's order. The same array for the same policies. */
  readonly policiesOn: (direction: Direction, pod: Pod) => readonly Policy[];
  /** Pods that a peer means now. */
  readonly podsOf: (peer: PodPeer) => PodList;
}

/** Pods under a key that says why they are together, so that it stays the same when one of them goes: `=shop app In (cart)`. */
export interface PodList {
  readonly key: string;
  readonly pods: readonly Pod[];
  readonly meaning: PodPeer | 'every-pod';
}

export function membersOf(cluster: Cluster, profile: Semantics): Members {
  // What the ConfigMap says is decided, so what comes back is too.
  const semantics = asConfigured(cluster, profile) as Semantics;
  const pods = cluster.pods.filter((pod) => isLive(pod) && !pod.hostNetwork && pod.addresses.length > 0);
  const byNamespace = new Map<string, Pod[]>();
  for (const pod of pods) byNamespace.set(pod.namespace, [...(byNamespace.get(pod.namespace) ?? []), pod]);
  const select = selecting(cluster, byNamespace);

  const hosts = semantics.enforces === 'yes' ? policedNodes(cluster, semantics) : [];
  const selected =
    semantics.enforces === 'yes' ? isolating(cluster, readingFor(cluster, semantics), [...pods, ...hosts], select) : undefined;
  return {
    cluster,
    semantics,
    pods,
    hosts,
    families: new Set(pods.flatMap(({ addresses }) => addresses.map(({ family }) => family))),
    nodeAddresses: nodeAddresses(cluster),
    nodeAddressSet: once(() => ipSetOfIps(nodeAddresses(cluster))),
    podAddresses: once(() => ipSetOfIps(pods.flatMap(({ addresses }) => addresses))),
    policiesOn: (direction, pod) => selected?.[direction].get(pod) ?? NONE,
    podsOf: (peer) => ({ ...select(peer.namespace, peer.pods), meaning: peer }),
  };
}

const NONE: readonly Policy[] = [];

/** A decided profile leaves one reading. Policies that could not be read are in no ruleset. */
export function readingFor(cluster: Cluster, semantics: Semantics): Reading {
  const readable = cluster.policies.filter(({ faults }) => faults.length === 0);
  return readingsOf(readable, semantics)[0] as Reading;
}

/** Packets of a node have its address, like those of a pod have the pod's. */
function policedNodes(cluster: Cluster, semantics: Semantics): readonly Pod[] {
  const { isInForce } = readingFor(cluster, semantics);
  const names = new Set(cluster.policies.filter(isInForce).flatMap(({ subject }) => subject.nodes ?? []));
  return [...names].flatMap((name): readonly Pod[] => {
    const node = cluster.nodes.get(name);
    if (node?.origin === undefined) return [];
    return [
      {
        name,
        namespace: '',
        ref: `node/${name}`,
        labels: node.labels,
        labelsPath: [],
        addresses: node.addresses,
        node: name,
        hostAddresses: node.addresses,
        hostNetwork: true,
        ports: [],
        phase: undefined,
        ready: undefined,
        terminating: false,
        workload: `node/${name}`,
        template: false,
        dns: { policy: 'Default', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
        origin: node.origin,
        spec: undefined,
      },
    ];
  });
}

/** A policy that could not be read has no known content: what it touches is undecided, and is left out of the rules. */
function isolating(
  cluster: Cluster,
  reading: Reading,
  pods: readonly Pod[],
  select: Select,
): Record<Direction, ReadonlyMap<Pod, readonly Policy[]>> {
  const numbers = {
    ingress: new Map(pods.map((pod): [Pod, number[]] => [pod, []])),
    egress: new Map(pods.map((pod): [Pod, number[]] => [pod, []])),
  };
  for (const [i, policy] of cluster.policies.entries()) {
    if (policy.faults.length > 0) continue;
    if (!DIRECTIONS.some((direction) => takesPart(policy, direction, reading))) continue;
    const { nodes } = policy.subject;
    const subjects =
      nodes === undefined
        ? select(policy.subject.namespace, policy.subject.pods).pods
        : pods.filter(({ hostNetwork, name }) => hostNetwork && nodes.includes(name));
    for (const direction of DIRECTIONS) {
      if (takesPart(policy, direction, reading)) for (const pod of subjects) numbers[direction].get(pod)?.push(i);
    }
  }
  const lists = new Map<string, readonly Policy[]>([['', NONE]]);
  const listOf = (found: readonly number[]): readonly Policy[] => {
    const key = found.join();
    const known = lists.get(key) ?? found.map((i) => cluster.policies[i] as Policy);
    lists.set(key, known);
    return known;
  };
  const side = (direction: Direction) => new Map([...numbers[direction]].map(([pod, found]) => [pod, listOf(found)]));
  return { ingress: side('ingress'), egress: side('egress') };
}

function nodeAddresses(cluster: Cluster): readonly Ip[] {
  return [
    ...[...cluster.nodes.values()].flatMap(({ addresses }) => addresses),
    ...cluster.pods.flatMap((pod) => (pod.hostNetwork ? [...pod.addresses, ...pod.hostAddresses] : pod.hostAddresses)),
  ];
}

type Select = (namespace: NamespaceMatch, pods: Selector | undefined) => Omit<PodList, 'meaning'>;

function selecting(cluster: Cluster, byNamespace: ReadonlyMap<string, readonly Pod[]>): Select {
  const namespacesByKey = new Map<string, readonly string[]>();
  const lists = new Map<string, Omit<PodList, 'meaning'>>();
  const namespacesOf = (wanted: NamespaceMatch, key: string): readonly string[] => {
    if (wanted.by === 'name') return [wanted.name];
    const known = namespacesByKey.get(key) ?? [...byNamespace.keys()].filter((name) => namespaceMatches(cluster, wanted, name));
    namespacesByKey.set(key, known);
    return known;
  };
  // Selectors are the same objects again and again: their text is made once each.
  const textOf = remembering(selectorKey);
  return (namespace, selector) => {
    const namespaceKey = namespace.by === 'name' ? `=${namespace.name}` : namespace.by === 'any' ? '*' : `~${textOf(namespace.selector)}`;
    const key = `${namespaceKey} ${selector === undefined ? '' : textOf(selector)}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const pods = namespacesOf(namespace, namespaceKey).flatMap((name) =>
      (byNamespace.get(name) ?? []).filter((pod) => selector === undefined || matches(selector, labelsSeenBy(cluster, selector, pod))),
    );
    const list = { key, pods };
    lists.set(key, list);
    return list;
  };
}

function remembering<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** A rule taken apart. `[]` of pods or an empty block set: the peers are written, and mean nobody now. */
export interface RuleParts {
  readonly ref: RuleRef;
  readonly peers: 'anyone' | Peers;
  readonly ports: 'every-port' | Ports;
}

export interface Peers {
  /** undefined: no peer of the rule is a selector. One list per selector; a pod may be in several. */
  readonly pods: readonly PodList[] | undefined;
  /** undefined: no peer is a block. */
  readonly blocks: IpSet | undefined;
  /** Whoever has one of these, whatever the plugin makes of blocks: nodes, and what is meant by conditions on several things. undefined: no such peer. */
  readonly holders: IpSet | undefined;
}

export interface Ports {
  /** Numbers, ranges and whole protocols. */
  readonly numbers: PortSet;
  /** To be looked up in the pod that listens. */
  readonly named: readonly NamedPort[];
}

export interface NamedPort {
  readonly name: string;
  readonly protocol: Protocol;
  /** Do the names of sidecars and init containers count? */
  readonly ofInitContainers: boolean;
  /** From the number behind the name up to this one. */
  readonly to?: number;
  /** This range but for what the name means; absent: what the name means. More names that are left out: `besides`. */
  readonly rest?: { readonly from: number; readonly to: number; readonly besides: readonly string[] };
}

export function partsOf(members: Members, policy: Policy, direction: Direction, rule: Rule): RuleParts {
  return { ref: { policy, direction, rule }, peers: peersOf(members, rule), ports: portsOf(members.semantics, rule) };
}

function peersOf(members: Members, rule: Rule): RuleParts['peers'] {
  if (rule.peers === 'anyone') return 'anyone';
  const selectors = rule.peers.filter((peer) => peer.kind === 'pods');
  const blocks = rule.peers.filter((peer): peer is BlockPeer => peer.kind === 'block' && peer.includesCluster !== false);
  const others = rule.peers.filter(
    (peer) => peer.kind !== 'pods' && peer.kind !== 'nothing' && (peer.kind !== 'block' || peer.includesCluster === false),
  );
  return {
    pods: selectors.length === 0 ? undefined : selectors.map(members.podsOf),
    blocks: blocks.length === 0 ? undefined : blocks.reduce((all, { addresses }) => unionIps(all, addresses), EMPTY_IPS),
    holders: others.length === 0 ? undefined : others.reduce((all, peer) => unionIps(all, addressesMeant(members, peer)), EMPTY_IPS),
  };
}

/** All addresses whose holders a peer means, now. What depends on a DNS name, or is unclear, is undecided. */
export function addressesMeant(members: Members, peer: Peer): IpSet {
  const { semantics, podAddresses, nodeAddressSet } = members;
  switch (peer.kind) {
    case 'pods':
      return ipSetOfIps(members.podsOf(peer).pods.flatMap(({ addresses }) => addresses));
    case 'block': {
      if (peer.includesCluster === false) return subtractIps(subtractIps(peer.addresses, podAddresses()), nodeAddressSet());
      const withoutPods = semantics.ipBlockMatchesPod === 'no' ? subtractIps(peer.addresses, podAddresses()) : peer.addresses;
      return semantics.ipBlockMatchesNode === 'no' ? subtractIps(withoutPods, nodeAddressSet()) : withoutPods;
    }
    case 'nodes':
      return peer.addresses === undefined ? EMPTY_IPS : subtractIps(peer.addresses, podAddresses());
    case 'all-of':
      return peer.of.map((one) => addressesMeant(members, one)).reduce(intersectIps);
    case 'not':
      return subtractIps(ALL_IPS, addressesMeant(members, peer.of));
    case 'dns-names':
    case 'unread':
    case 'unclear':
    case 'nothing':
      return EMPTY_IPS;
  }
}

export function portsOf(semantics: Semantics, rule: Rule): RuleParts['ports'] {
  if (rule.ports === 'every-port') return 'every-port';
  let numbers = NO_PORTS;
  const named: NamedPort[] = [];
  const ofInitContainers = semantics.namedPortsOfInitContainers === 'yes';
  for (const port of rule.ports) {
    if (port.kind === 'protocol') numbers = unionPorts(numbers, portSet(port.protocol));
    else if (port.kind === 'named')
      named.push({ name: port.name, protocol: port.protocol, ofInitContainers, ...(port.to === undefined ? {} : { to: port.to }) });
    else if (port.exceptNames !== undefined && semantics.namedPorts === 'yes') {
      const [name = '', ...besides] = port.exceptNames;
      named.push({ name, protocol: port.protocol, ofInitContainers, rest: { from: port.from, to: port.to, besides } });
    } else {
      // Without support for endPort a policy is applied to its first port alone (semantics A.3).
      const to = semantics.endPort === 'yes' ? port.to : Math.min(port.from, port.to);
      if (port.from <= to) numbers = unionPorts(numbers, portSet(port.protocol, port.from, to));
    }
  }
  return { numbers, named: semantics.namedPorts === 'yes' ? named : [] };
}

/**
 * What names mean on one pod: `[{ name: 'grpc', protocol: 'TCP' }]` on cart → TCP 7070. A name the pod does not have means nothing.
 * Names of init containers count where the profile says so (semantics A.3).
 */
export function resolve(named: Ports['named'], pod: Pod): PortSet {
  let found = NO_PORTS;
  for (const { name, protocol, ofInitContainers, to = 0, rest } of named) {
    let meant = NO_PORTS;
    for (const port of pod.ports) {
      const isNamed = [name, ...(rest?.besides ?? [])].some((each) => isMeant(port, each, protocol));
      if ((ofInitContainers || port.role === 'main') && isNamed)
        meant = unionPorts(meant, portSet(protocol, port.port, Math.max(port.port, to)));
    }
    found = unionPorts(found, rest === undefined ? meant : subtractPorts(portSet(protocol, rest.from, rest.to), meant));
  }
  return found;
}

/** Each pod of several lists once. */
export function union(lists: readonly { readonly pods: readonly Pod[] }[]): readonly Pod[] {
  return lists.length === 1 ? (lists[0]?.pods ?? []) : [...new Set(lists.flatMap(({ pods }) => pods))];
}

export function valuesOf(addresses: readonly Ip[], family: Family): readonly (number | bigint)[] {
  return addresses.filter((ip) => ip.family === family).map(({ value }) => value);
}
