// The ends of a route as policies can tell them apart: pods of one class together, address ranges cut where a policy's block ends.
// Makes legs, one for every pair that may fare differently.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import { hostCidr, printCidr } from '../net/cidr.ts';
import { type Family, type IpRange, ipKey, printIp } from '../net/ip.ts';
import {
  atomsOf,
  cidrsOfRange,
  firstOf,
  type IpSet,
  intersectIps,
  ipSetHas,
  ipSetOfRanges,
  isEmptyIps,
  printRange,
  rangesOf,
} from '../net/ip-set.ts';
import { addressesOf, type Connection, type End, isSamePod } from '../policy/end.ts';
import { subjectMatches } from '../policy/peer-matches.ts';
import type { DialledService } from '../policy/service-address.ts';
import { isAssumed } from './assumed.ts';

/** One end before it is paired: a pod, a node, an address, or an address that stands for a range of them. */
export interface Party {
  readonly end: End;
  readonly ref: string;
  /** Set when `end` is one address for many that no policy can tell apart. */
  readonly range?: IpSet;
  /** The port on this end; only destinations have one. */
  readonly port?: number;
}

/** One connection to ask the policies about, standing for every pair of `sources` and `destinations`. */
export interface Leg {
  /** `entry`: from a client to the ingress controller, before the way to the backend. */
  readonly part: 'way' | 'entry';
  readonly source: End;
  readonly destination: End;
  readonly protocol: Connection['protocol'];
  /** Of ICMP: the type of the message. */
  readonly port: number;
  /** Absent: every family that both ends have. */
  readonly family?: Family;
  /** The Service that is dialled on the way, for CNIs that check its address too. */
  readonly dialled?: DialledService | undefined;
  /** The input does not say whether a pod runs on the node at the other end: this is the leg where it does, or does not. */
  readonly shares?: 'same' | 'other';
  /** Policies answer the two addresses that a node may have to pods of other nodes differently: this is the leg of one of them. */
  readonly sourceAddress?: 'node' | 'tunnel';
  readonly sourceRef: string;
  readonly destinationRef: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** True when an end is a pod that we had to assume: ask `decideCarefully`. */
  readonly assumed: boolean;
  readonly sourceRange?: IpSet;
  readonly destinationRange?: IpSet;
}

/** What is asked of the policies. */
export function connectionOf({ source, destination, protocol, port, family }: Leg): Connection {
  return { source, destination, protocol, port, ...(family !== undefined && { family }) };
}

/** `shop/cart-6d4`, `node/worker-1`, `203.0.113.9/32`: the notation of answers. */
export function endRef(end: End): string {
  if (end.kind === 'pod') return end.pod.ref;
  if (end.kind === 'node') return end.pod?.ref ?? `node/${end.name ?? end.addresses.map(printIp)[0] ?? 'unknown'}`;
  return printCidr(hostCidr(end.address));
}

/** `10.0.0.0/8`, or `10.0.0.0-10.0.0.2` where one prefix does not say it; several are joined by a comma. */
export function rangeRef(ips: IpSet): string {
  return rangesOf(ips)
    .map((range) => {
      const [cidr, ...more] = cidrsOfRange(range);
      return cidr !== undefined && more.length === 0 ? printCidr(cidr) : printRange(range);
    })
    .join(',');
}

/**
 * One party for each part of a range that the policies of the pods at the other end can tell apart.
 * `direction`: of those policies, so `egress` when the range is the destination. Each is an address outside the cluster: whoever
 * calls this has taken the cluster's own addresses out of `ips`.
 */
export function rangeParties(
  cluster: Cluster,
  direction: Direction,
  others: readonly Party[],
  ips: IpSet,
  label: (part: IpSet, isWhole: boolean) => string,
): readonly Party[] {
  const pods = others.flatMap(({ end }) => (end.kind === 'pod' ? [end.pod] : []));
  const blocks = blocksOf(policiesOver(cluster, pods), direction);
  const atoms = atomsOf([...blocks, ips]).filter((atom) => ipSetHas(ips, firstOf(atom)));
  const parts = new Map<string, IpRange[]>();
  for (const atom of atoms) {
    const key = `${atom.family} ${blocks.map((block) => (ipSetHas(block, firstOf(atom)) ? '1' : '0')).join('')}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [atom]);
    else part.push(atom);
  }
  return [...parts.values()].flatMap((ranges): Party[] => {
    const [first] = ranges;
    const range = intersectIps(ipSetOfRanges(ranges), ips);
    if (first === undefined || isEmptyIps(range)) return [];
    return [{ end: { kind: 'outside', address: firstOf(first) }, ref: label(range, parts.size === 1), range }];
  });
}

function blocksOf(policies: readonly Policy[], direction: Direction): IpSet[] {
  return policies
    .flatMap((policy): readonly Rule[] => (policy[direction] === 'not-governed' ? [] : policy[direction]))
    .flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers))
    .flatMap((peer) => (peer.kind === 'block' ? [peer.addresses] : []));
}

/** Policies that select any of these pods. Pods that no selector can tell apart are asked about once. */
function policiesOver(cluster: Cluster, pods: readonly Pod[]): readonly Policy[] {
  const keys = labelKeys(cluster);
  const kinds = [...new Map(pods.map((pod) => [`${pod.namespace} ${seenLabels(pod, keys)}`, pod])).values()];
  return cluster.policies.filter((policy) => kinds.some((pod) => subjectMatches(cluster, policy.subject, pod)));
}

const keysOf = new WeakMap<Cluster['policies'], readonly string[]>();

/** Every label key that some policy's selector looks at. */
function labelKeys({ policies }: Cluster): readonly string[] {
  const known = keysOf.get(policies) ?? searchedKeys(policies);
  keysOf.set(policies, known);
  return known;
}

function searchedKeys(policies: Cluster['policies']): readonly string[] {
  const keys = new Set<string>();
  const add = (requirements: readonly Requirement[] | undefined) => {
    for (const { key } of requirements ?? []) keys.add(key);
  };
  for (const policy of policies) {
    add(policy.subject.pods.requirements);
    for (const rules of [policy.ingress, policy.egress]) {
      for (const rule of rules === 'not-governed' ? [] : rules) {
        for (const peer of rule.peers === 'anyone' ? [] : rule.peers) if (peer.kind === 'pods') add(peer.pods?.requirements);
      }
    }
  }
  return [...keys].sort();
}

function seenLabels(pod: Pod, keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(pod.labels.get(key) ?? null)).join();
}

/**
 * Pairs every kind of source with every kind of destination. Two pods are of one kind when no policy can tell them apart: labels that
 * selectors look at, addresses as blocks see them, declared ports, and the node where a node is at the other end.
 * [] when either side is empty.
 */
export function legsBetween(
  cluster: Cluster,
  sources: readonly Party[],
  destinations: readonly Party[],
  protocol: Connection['protocol'],
  part: Leg['part'] = 'way',
): readonly Leg[] {
  const all = [...sources, ...destinations];
  const keys = labelKeys(cluster);
  const policies = policiesOver(
    cluster,
    all.flatMap(({ end }) => (end.kind === 'pod' ? [end.pod] : [])),
  );
  const blocks = [...blocksOf(policies, 'ingress'), ...blocksOf(policies, 'egress')];
  const kinds = (parties: readonly Party[], others: readonly Party[]) => {
    const nodeMatters = others.some(({ end }) => end.kind === 'node' && end.forwards !== true);
    return grouped(parties, (party) => kindOf(party, keys, blocks, nodeMatters));
  };
  const from = kinds(sources, destinations);
  const to = kinds(destinations, sources);
  return from.flatMap((sourceKind) => to.flatMap((destinationKind) => leg(sourceKind, destinationKind, protocol, part)));
}

function kindOf({ end, range, ref, port }: Party, keys: readonly string[], blocks: readonly IpSet[], nodeMatters: boolean): string {
  if (range !== undefined) return `range ${ref} ${port}`;
  if (end.kind === 'outside') return `outside ${ipKey(end.address)} ${port}`;
  // Nodes that only pass something on are their addresses and nothing else.
  if (end.kind === 'node' && end.forwards === true) return `passing ${seenAddresses(end, blocks)} ${port}`;
  if (end.kind === 'node') return `node ${end.name} ${end.addresses.map(ipKey).join()} ${port}`;
  const { pod } = end;
  const addresses = seenAddresses(end, blocks);
  const ports = pod.ports.map((declared) => `${declared.name}:${declared.port}/${declared.protocol}/${declared.role}`);
  const node = nodeMatters ? pod.node : '';
  return JSON.stringify([pod.namespace, seenLabels(pod, keys), addresses, ports, node, port, isAssumed(end) ? pod.ref : '']);
}

/** An end's addresses as blocks tell them apart. */
function seenAddresses(end: End, blocks: readonly IpSet[]): readonly string[] {
  return addressesOf(end).map((ip) => `${ip.family}${blocks.map((block) => (ipSetHas(block, ip) ? '1' : '0')).join('')}`);
}

/** Pods that no policy can tell apart, together; `also` tells further apart. */
export function podKinds(cluster: Cluster, parties: readonly Party[], also: (pod: Pod) => string): readonly (readonly Party[])[] {
  const pods = parties.filter(({ end }) => end.kind === 'pod');
  const policies = policiesOver(
    cluster,
    pods.flatMap(({ end }) => (end.kind === 'pod' ? [end.pod] : [])),
  );
  const blocks = [...blocksOf(policies, 'ingress'), ...blocksOf(policies, 'egress')];
  const keys = labelKeys(cluster);
  return grouped(pods, (party) => `${kindOf(party, keys, blocks, false)} ${party.end.kind === 'pod' ? also(party.end.pod) : ''}`);
}

function grouped(parties: readonly Party[], key: (party: Party) => string): readonly (readonly Party[])[] {
  const groups = new Map<string, Party[]>();
  for (const party of parties) {
    const own = key(party);
    const group = groups.get(own);
    if (group === undefined) groups.set(own, [party]);
    else group.push(party);
  }
  return [...groups.values()];
}

/** Nodes that pass a client's packets on, as one end with the addresses of all: a rule that means them has to mean every one. */
function allPassing(sources: readonly Party[]): Party | undefined {
  const [first, second] = sources;
  if (first?.end.kind !== 'node' || first.end.forwards !== true || second === undefined) return undefined;
  const addresses = sources.flatMap(({ end }) => addressesOf(end));
  return { ...first, end: { kind: 'node', name: undefined, addresses, forwards: true } };
}

/** The pair that stands for its kinds is one of two different pods wherever there is such a pair: a pod always reaches itself. */
function leg(sources: readonly Party[], destinations: readonly Party[], protocol: Connection['protocol'], part: Leg['part']): Leg[] {
  const [first] = sources;
  const destination = destinations.find((other) => first !== undefined && !isSamePod(first.end, other.end)) ?? destinations[0];
  const source =
    allPassing(sources) ?? sources.find((other) => destination !== undefined && !isSamePod(other.end, destination.end)) ?? first;
  if (source === undefined || destination?.port === undefined) return [];
  return [
    {
      part,
      source: source.end,
      destination: destination.end,
      protocol,
      port: destination.port,
      sourceRef: source.ref,
      destinationRef: destination.ref,
      sources: sources.map(({ ref }) => ref),
      destinations: destinations.map(({ ref }) => ref),
      assumed: isAssumed(source.end) || isAssumed(destination.end),
      ...(source.range && { sourceRange: source.range }),
      ...(destination.range && { destinationRange: destination.range }),
    },
  ];
}
