// Which connections a proof makes: every source that policies can tell from another, to every such destination, on every port that matters
// to this pair. Pure. Classes of pods come from reach/; who stands for a class changes from pair to pair, so that all pods have their turn.
import type { Cluster, Node, Pod } from '../model/cluster.ts';
import type { Direction, Policy } from '../model/policy.ts';
import { type Family, type Ip, printIp } from '../net/ip.ts';
import { ipSetHas } from '../net/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { policiesOn } from '../policy/decide.ts';
import { addressesOf, type End, nodeEnd, podEnd } from '../policy/end.ts';
import type { Reach } from '../reach/reach.ts';
import { distinctBlocks, outsideAddresses, takenIn } from './plan-outside.ts';
import { type PortPlan, type Ports, portPlan } from './plan-ports.ts';

/** One end of a connection in the lab: an end as policies see it, at one of its addresses. */
export interface Side {
  /** `shop/cart`, `node/worker-1`, `203.0.113.0`. */
  readonly name: string;
  readonly end: End;
  readonly address: Ip;
}

export interface Probe {
  readonly source: Side;
  readonly destination: Side;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface Plan {
  readonly probes: readonly Probe[];
  /** How many the whole plan has; more than `probes` when a sample was asked for. */
  readonly planned: number;
  readonly pods: number;
  /** Pods that are an end of some probe. */
  readonly podsMet: number;
  readonly podClasses: number;
  readonly nodesMet: number;
  readonly outsideMet: number;
}

export interface PlanOptions {
  /** Every pod with every pod, instead of one pair for each pair of classes. */
  readonly allPairs?: boolean;
  /** At most so many, spread evenly over the plan. */
  readonly sample?: number;
  /** Pods that are no end of any connection. */
  readonly without?: (pod: Pod) => boolean;
}

/** The cluster of `reach` must be complete (complete.ts): every live pod with an address, and a name for the place it runs on. */
export function planOf(reach: Reach, options: PlanOptions = {}): Plan {
  const { cluster, classes } = reach;
  const pods = cluster.pods.filter((pod) => !pod.hostNetwork && options.without?.(pod) !== true);
  const members = groupsOf(pods, (pod) => classes.classOfPod[classes.indexOf.get(pod) ?? -1]).map((pods) => membersOf(cluster, pods));
  // A node may have several addresses of a family (internal, external), and a packet has one: each is an end of its own.
  const nodes = [...cluster.nodes.values()].flatMap((node) => node.addresses.map((ip): Node => ({ ...node, addresses: [ip] })));
  const blocks = distinctBlocks(cluster);
  const nodeGroups = groupsOf(nodes, ({ addresses: [ip] }) =>
    ip === undefined ? '' : `${ip.family} ${blocks.map((block) => (ipSetHas(block, ip) ? 1 : 0)).join('')}`,
  );
  const isTaken = takenIn(cluster);
  const make = pairMaking();

  /** Every walk has the same pairs in the same order; none of them is kept. */
  function* walk(): Generator<Pair> {
    const groups = members.map(withTurns);
    const met: Met = { sources: new Set(), destinations: new Set() };
    for (const pair of options.allPairs === true ? everyPair(make, groups) : onePairEach(make, groups)) {
      met.sources.add(pair.source.name);
      met.destinations.add(pair.destination.name);
      yield pair;
    }
    yield* unmet(make, pods, groups, met);
    for (const group of groups) yield* nodePairs(make, group, options.allPairs === true ? nodes.map((node) => [node]) : nodeGroups);
    for (const group of groups) {
      for (const direction of ['ingress', 'egress'] as const) yield* outsidePairs(make, group, direction, isTaken);
    }
  }
  let planned = 0;
  for (const { ports } of walk()) planned += countOf(ports);
  const chosen = spread(walk(), planned, Math.min(options.sample ?? planned, planned));
  const met = (kind: End['kind']) =>
    new Set(
      chosen.flatMap(({ source, destination }) => [source, destination].flatMap(({ end, name }) => (end.kind === kind ? [name] : []))),
    ).size;
  return {
    probes: chosen,
    planned,
    pods: pods.length,
    podsMet: met('pod'),
    podClasses: members.length,
    nodesMet: met('node'),
    outsideMet: met('outside'),
  };
}

/** Pods that no policy can tell apart, with the policies that isolate them. */
interface Members {
  readonly pods: readonly Pod[];
  readonly ingress: readonly Policy[];
  readonly egress: readonly Policy[];
}

interface Group extends Members {
  readonly nextSource: Turn;
  readonly nextDestination: Turn;
}

/** The next one with an address of this family that is not `other`; undefined when there is none. */
type Turn = (family: Family, other?: Pod) => Pod | undefined;

function groupsOf<T, K>(members: readonly T[], classOf: (member: T) => K): (readonly T[])[] {
  const groups = new Map<K, T[]>();
  for (const member of members) {
    const found = groups.get(classOf(member));
    if (found === undefined) groups.set(classOf(member), [member]);
    else found.push(member);
  }
  return [...groups.values()];
}

function membersOf(cluster: Cluster, pods: readonly Pod[]): Members {
  const [first] = pods as readonly [Pod];
  return { pods, ingress: policiesOn(cluster, 'ingress', first), egress: policiesOn(cluster, 'egress', first) };
}

function withTurns(members: Members): Group {
  return { ...members, nextSource: turns(members.pods), nextDestination: turns(members.pods) };
}

function turns(pods: readonly Pod[]): Turn {
  let at = 0;
  return (family, other) => {
    for (let tried = 0; tried < pods.length; tried++) {
      const pod = pods[at++ % pods.length] as Pod;
      if (pod !== other && pod.addresses.some((ip) => ip.family === family)) return pod;
    }
    return undefined;
  };
}

const FAMILIES: readonly Family[] = [4, 6];

function* everyPair(make: PairMaking, groups: readonly Group[]): Generator<Pair> {
  for (const from of groups) {
    for (const to of groups) {
      for (const source of from.pods) {
        for (const destination of to.pods) for (const family of FAMILIES) yield* make.podPair(from, source, to, destination, family);
      }
    }
  }
}

function* onePairEach(make: PairMaking, groups: readonly Group[]): Generator<Pair> {
  for (const from of groups) {
    for (const to of groups) {
      for (const family of FAMILIES) {
        const source = from.nextSource(family);
        const destination = source && to.nextDestination(family, source);
        if (source !== undefined && destination !== undefined) yield* make.podPair(from, source, to, destination, family);
      }
    }
  }
}

/** The names of those that are an end of a pair already. */
interface Met {
  readonly sources: Set<string>;
  readonly destinations: Set<string>;
}

/** Classes with more members than turns: whoever was not met yet as a source, or as a destination, gets one pair as such. */
function* unmet(make: PairMaking, pods: readonly Pod[], groups: readonly Group[], { sources, destinations }: Met): Generator<Pair> {
  const groupOfPod = new Map(groups.flatMap((group) => group.pods.map((pod) => [pod, group] as const)));
  let turn = 0;
  const other = (pod: Pod, family: Family): readonly [Group, Pod] | undefined => {
    for (let tried = 0; tried < groups.length; tried++) {
      const group = groups[turn++ % groups.length] as Group;
      const found = group.nextSource(family, pod);
      if (found !== undefined) return [group, found];
    }
    return undefined;
  };
  for (const pod of pods) {
    const mine = groupOfPod.get(pod) as Group;
    for (const family of FAMILIES.filter((one) => pod.addresses.some((ip) => ip.family === one))) {
      const to = sources.has(pod.ref) ? undefined : other(pod, family);
      const from = destinations.has(pod.ref) ? undefined : other(pod, family);
      if (to !== undefined) yield* make.podPair(mine, pod, to[0], to[1], family);
      if (from !== undefined) yield* make.podPair(from[0], from[1], mine, pod, family);
    }
  }
}

interface Pair {
  readonly source: Side;
  readonly destination: Side;
  readonly ports: Ports;
}

/** Pairs that share their sides and their ports. */
interface PairMaking {
  readonly ports: PortPlan;
  /** [] for a pod with itself, which no policy can part, and when they have no address of this family in common. */
  readonly podPair: (from: Members, source: Pod, to: Members, destination: Pod, family: Family) => readonly Pair[];
}

function pairMaking(): PairMaking {
  const ports = portPlan();
  const sides = { 4: new Map<Pod, Side | undefined>(), 6: new Map<Pod, Side | undefined>() };
  const sideOfPod = (pod: Pod, family: Family): Side | undefined => {
    if (!sides[family].has(pod)) sides[family].set(pod, sideOf(podEnd(pod), family));
    return sides[family].get(pod);
  };
  return {
    ports,
    podPair(from, source, to, destination, family) {
      if (source === destination) return [];
      const [here, there] = [sideOfPod(source, family), sideOfPod(destination, family)];
      if (here === undefined || there === undefined) return [];
      return [{ source: here, destination: there, ports: ports.between(from.egress, to.ingress, destination) }];
    },
  };
}

function pairOf(source: End, destination: End, family: Family, ports: Ports): Pair[] {
  const [from, to] = [sideOf(source, family), sideOf(destination, family)];
  return from === undefined || to === undefined ? [] : [{ source: from, destination: to, ports }];
}

function sideOf(end: End, family: Family): Side | undefined {
  const address = addressesOf(end).find((ip) => ip.family === family);
  if (address === undefined) return undefined;
  const name = end.kind === 'pod' ? end.pod.ref : end.kind === 'node' ? `node/${end.name ?? printIp(address)}` : printIp(address);
  return { name, end, address };
}

const NO_POLICIES: readonly Policy[] = [];

/** Both directions with one node of each kind: the pod's own node, which is exempt, and another one, which is not. */
function nodePairs(make: PairMaking, group: Group, nodeGroups: readonly (readonly Node[])[]): Pair[] {
  return nodeGroups.flatMap((nodes) => {
    const own = group.pods.flatMap((pod) => nodes.filter(({ name }) => name === pod.node).map((node) => [pod, node] as const))[0];
    const foreign = group.pods.flatMap((pod) => nodes.filter(({ name }) => name !== pod.node).map((node) => [pod, node] as const))[0];
    return [own, foreign].flatMap((found) => (found === undefined ? [] : pairsWithNode(make, group, ...found)));
  });
}

function pairsWithNode({ ports }: PairMaking, group: Group, pod: Pod, node: Node): Pair[] {
  return FAMILIES.flatMap((family) => [
    ...pairOf(nodeEnd(node), podEnd(pod), family, ports.between(NO_POLICIES, group.ingress, pod)),
    ...pairOf(podEnd(pod), nodeEnd(node), family, ports.between(group.egress, NO_POLICIES, undefined)),
  ]);
}

/** `direction`: of the pod's policies. Ingress: from outside to a pod of the group. */
function outsidePairs({ ports }: PairMaking, group: Group, direction: Direction, isTaken: (ip: Ip) => boolean): Pair[] {
  const next = direction === 'ingress' ? group.nextDestination : group.nextSource;
  return outsideAddresses(group[direction], direction, isTaken).flatMap((address): Pair[] => {
    const pod = next(address.family);
    if (pod === undefined) return [];
    const outside: End = { kind: 'outside', address };
    return direction === 'ingress'
      ? pairOf(outside, podEnd(pod), address.family, ports.between(NO_POLICIES, group.ingress, pod))
      : pairOf(podEnd(pod), outside, address.family, ports.between(group.egress, NO_POLICIES, undefined));
  });
}

function countOf(ports: Ports): number {
  return PROTOCOLS.reduce((sum, protocol) => sum + ports[protocol].length, 0);
}

/** `count` of the `all` connections of these pairs at even distances: the same ones every time, from all over the plan. */
function spread(pairs: Iterable<Pair>, all: number, count: number): Probe[] {
  const chosen: Probe[] = [];
  const place = () => Math.floor(((chosen.length + 0.5) * all) / count);
  let at = 0;
  for (const { source, destination, ports } of pairs) {
    for (const protocol of PROTOCOLS) {
      const list = ports[protocol];
      while (chosen.length < count && place() < at + list.length) {
        chosen.push({ source, destination, protocol, port: list[place() - at] as number });
      }
      at += list.length;
    }
  }
  return chosen;
}
