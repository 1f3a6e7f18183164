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
import { type Ports, portsBetween } from './plan-ports.ts';

/** One end of a connection in the laboratory: an end as policies see it, at one of its addresses. */
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
  const groups = groupsOf(pods, (pod) => classes.classOfPod[classes.indexOf.get(pod) ?? -1]).map(
    (members): Group => groupOf(cluster, members),
  );
  // A node may have several addresses of a family (internal, external), and a packet has one: each is an end of its own.
  const nodes = [...cluster.nodes.values()].flatMap((node) => node.addresses.map((ip): Node => ({ ...node, addresses: [ip] })));
  const blocks = distinctBlocks(cluster);
  const nodeGroups = groupsOf(nodes, ({ addresses: [ip] }) =>
    ip === undefined ? '' : `${ip.family} ${blocks.map((block) => (ipSetHas(block, ip) ? 1 : 0)).join('')}`,
  );
  const isTaken = takenIn(cluster);

  const between = options.allPairs === true ? everyPair(groups) : onePairEach(groups);
  const pairs = [
    ...between,
    ...unmet(pods, groups, between),
    ...groups.flatMap((group) => nodePairs(group, options.allPairs === true ? nodes.map((node) => [node]) : nodeGroups)),
    ...groups.flatMap((group) => (['ingress', 'egress'] as const).flatMap((direction) => outsidePairs(group, direction, isTaken))),
  ];
  const probes = pairs.flatMap(probesOf);
  const chosen = options.sample === undefined || options.sample >= probes.length ? probes : spread(probes, options.sample);
  const met = (kind: End['kind']) =>
    new Set(
      chosen.flatMap(({ source, destination }) => [source, destination].flatMap(({ end, name }) => (end.kind === kind ? [name] : []))),
    ).size;
  return {
    probes: chosen,
    planned: probes.length,
    pods: pods.length,
    podsMet: met('pod'),
    podClasses: groups.length,
    nodesMet: met('node'),
    outsideMet: met('outside'),
  };
}

/** Pods that no policy can tell apart, with the policies that isolate them. */
interface Group {
  readonly pods: readonly Pod[];
  readonly ingress: readonly Policy[];
  readonly egress: readonly Policy[];
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

function groupOf(cluster: Cluster, pods: readonly Pod[]): Group {
  const [first] = pods as readonly [Pod];
  return {
    pods,
    ingress: policiesOn(cluster, 'ingress', first),
    egress: policiesOn(cluster, 'egress', first),
    nextSource: turns(pods),
    nextDestination: turns(pods),
  };
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

function everyPair(groups: readonly Group[]): Pair[] {
  return groups.flatMap((from) =>
    groups.flatMap((to) =>
      from.pods.flatMap((source) =>
        to.pods.flatMap((destination) => FAMILIES.flatMap((family) => podPair(from, source, to, destination, family))),
      ),
    ),
  );
}

function onePairEach(groups: readonly Group[]): Pair[] {
  return groups.flatMap((from) =>
    groups.flatMap((to) =>
      FAMILIES.flatMap((family) => {
        const source = from.nextSource(family);
        const destination = source && to.nextDestination(family, source);
        return source === undefined || destination === undefined ? [] : podPair(from, source, to, destination, family);
      }),
    ),
  );
}

/** Classes with more members than turns: whoever was not met yet as a source, or as a destination, gets one pair as such. */
function unmet(pods: readonly Pod[], groups: readonly Group[], made: readonly Pair[]): Pair[] {
  const sources = new Set(made.map(({ source }) => source.name));
  const destinations = new Set(made.map(({ destination }) => destination.name));
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
  return pods.flatMap((pod) => {
    const mine = groupOfPod.get(pod) as Group;
    return FAMILIES.filter((family) => pod.addresses.some((ip) => ip.family === family)).flatMap((family) => {
      const to = sources.has(pod.ref) ? undefined : other(pod, family);
      const from = destinations.has(pod.ref) ? undefined : other(pod, family);
      return [
        ...(to === undefined ? [] : podPair(mine, pod, to[0], to[1], family)),
        ...(from === undefined ? [] : podPair(from[0], from[1], mine, pod, family)),
      ];
    });
  });
}

interface Pair {
  readonly source: Side;
  readonly destination: Side;
  readonly ports: Ports;
}

/** [] for a pod with itself, which no policy can part, and when they have no address of this family in common. */
function podPair(from: Group, source: Pod, to: Group, destination: Pod, family: Family): Pair[] {
  if (source === destination) return [];
  return pairOf(podEnd(source), podEnd(destination), family, portsBetween(from.egress, to.ingress, destination));
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

function probesOf({ source, destination, ports }: Pair): Probe[] {
  return PROTOCOLS.flatMap((protocol) => ports[protocol].map((port): Probe => ({ source, destination, protocol, port })));
}

/** Both directions with one node of each kind: the pod's own node, which is exempt, and another one, which is not. */
function nodePairs(group: Group, nodeGroups: readonly (readonly Node[])[]): Pair[] {
  return nodeGroups.flatMap((nodes) => {
    const own = group.pods.flatMap((pod) => nodes.filter(({ name }) => name === pod.node).map((node) => [pod, node] as const))[0];
    const foreign = group.pods.flatMap((pod) => nodes.filter(({ name }) => name !== pod.node).map((node) => [pod, node] as const))[0];
    return [own, foreign].flatMap((found) => (found === undefined ? [] : pairsWithNode(group, ...found)));
  });
}

function pairsWithNode(group: Group, pod: Pod, node: Node): Pair[] {
  return FAMILIES.flatMap((family) => [
    ...pairOf(nodeEnd(node), podEnd(pod), family, portsBetween([], group.ingress, pod)),
    ...pairOf(podEnd(pod), nodeEnd(node), family, portsBetween(group.egress, [], undefined)),
  ]);
}

/** `direction`: of the pod's policies. Ingress: from outside to a pod of the group. */
function outsidePairs(group: Group, direction: Direction, isTaken: (ip: Ip) => boolean): Pair[] {
  const next = direction === 'ingress' ? group.nextDestination : group.nextSource;
  return outsideAddresses(group[direction], direction, isTaken).flatMap((address): Pair[] => {
    const pod = next(address.family);
    if (pod === undefined) return [];
    const outside: End = { kind: 'outside', address };
    return direction === 'ingress'
      ? pairOf(outside, podEnd(pod), address.family, portsBetween([], group.ingress, pod))
      : pairOf(podEnd(pod), outside, address.family, portsBetween(group.egress, [], undefined));
  });
}

/** `count` of the list at even distances: the same ones every time, from all over the plan. */
function spread<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)] as T);
}
