// The rules that almost allowed a connection, and what differs. Facts and places only; the words are in sentence.ts.

import type { Cluster, Pod } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { BlockPeer, Direction, Peer, PodPeer, Policy, PortRule, Rule, RuleRef } from '../model/policy.ts';
import { type Labels, printSelector, type Requirement, type Selector, satisfies } from '../model/selector.ts';
import { cidrHas, printCidr } from '../net/cidr.ts';
import { type Family, type Ip, printIp } from '../net/ip.ts';
import { holdsEveryEnd } from '../net/ip-set.ts';
import type { Protocol } from '../net/port-set.ts';
import { rulesOf } from '../policy/decide.ts';
import { addressesOf, type Connection, type End } from '../policy/end.ts';
import { countsForNames, isMeant } from '../policy/port-matches.ts';
import { editDistance } from '../profile/nearest.ts';
import type { Semantics } from '../profile/profile.ts';
import { printPeer } from '../program/terms.ts';

/** One thing that differs between what a rule wants and what is there. `wantedAt`, `hasAt`: where both are written. */
export type Difference =
  | {
      readonly code: 'label-differs';
      readonly of: 'pod' | 'namespace';
      readonly name: string;
      readonly requirement: Requirement;
      /** undefined: the label is not there at all. */
      readonly has: string | undefined;
      readonly wantedAt: Origin;
      readonly hasAt: Origin | undefined;
    }
  | {
      readonly code: 'other-namespace';
      readonly wanted: string;
      readonly has: string;
      /** `podSelector: {}`: the rule is about the namespace as such, not about a pod of another one. */
      readonly isWhole: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'not-a-pod'; readonly wantedAt: Origin }
  | { readonly code: 'host-network'; readonly pod: string; readonly wouldMatch: boolean; readonly wantedAt: Origin; readonly hasAt: Origin }
  | { readonly code: 'outside-block'; readonly cidr: string; readonly address: string; readonly wantedAt: Origin }
  | {
      readonly code: 'other-family';
      readonly cidr: string;
      readonly family: Family;
      /** The block would match if families were not told apart: it is all of its family, or holds the other address of the peer. */
      readonly isTwin: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'in-except'; readonly cidr: string; readonly except: string; readonly address: string; readonly wantedAt: Origin }
  | {
      readonly code: 'block-ignores-cluster';
      readonly cidr: string;
      readonly of: 'pod' | 'node';
      /** True: the profile leaves it open. False: it says no. */
      readonly isOpen: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'address-unknown'; readonly cidr: string; readonly wantedAt: Origin }
  | { readonly code: 'port-differs'; readonly wanted: readonly string[]; readonly has: string; readonly wantedAt: Origin }
  | { readonly code: 'protocol-differs'; readonly wanted: string; readonly has: string; readonly wantedAt: Origin }
  | {
      readonly code: 'named-port-missing';
      readonly name: string;
      readonly protocol: Protocol;
      /** The protocol with which the pod does have a port of that name. */
      readonly otherProtocol: Protocol | undefined;
      /** The init container or sidecar that does declare it, where this CNI does not look at those. */
      readonly initContainer: string | undefined;
      readonly declared: readonly string[];
      readonly wantedAt: Origin;
      readonly hasAt: Origin | undefined;
    }
  | {
      readonly code: 'named-port-is-other';
      readonly name: string;
      readonly number: number;
      readonly has: string;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'end-port-ignored'; readonly wanted: string; readonly has: string; readonly wantedAt: Origin }
  | { readonly code: 'empty-peer'; readonly wantedAt: Origin }
  | { readonly code: 'other-peer'; readonly wantedAt: Origin };

/** One line of a near miss: a part of the rule, what it wants, and what differs (nothing: it fits). */
export interface Check {
  readonly part: 'namespace' | 'namespaceSelector' | 'podSelector' | 'ipBlock' | 'peer' | 'port';
  readonly wants: string;
  readonly wantsAt: Origin;
  readonly differences: readonly Difference[];
}

/** A rule, or one peer of it, held against a connection. */
export interface NearMiss {
  readonly ref: RuleRef;
  /** Index into from/to; undefined when the rule admits anyone and only its ports differ. */
  readonly peer: number | undefined;
  readonly at: Origin;
  readonly checks: readonly Check[];
  readonly differences: readonly Difference[];
  /** How far off: about one for each thing that differs, less for a likely typing mistake. */
  readonly distance: number;
  /** How many requirements of its selectors the peer meets: of two rules that are equally far off, the one with more is meant. */
  readonly fitting: number;
}

/** A connection as a person asks about it: with the Service port that was dialled, where it went through a Service. */
export interface AskedConnection {
  readonly connection: Connection;
  readonly dialled?: { readonly port: number; readonly protocol: Protocol } | undefined;
}

/**
 * Every rule of these policies for a direction, nearest first; a rule with several peers once for each peer.
 * `[]` when the policies have no rule in that direction. Never throws.
 */
export function nearMisses(
  cluster: Cluster,
  semantics: Semantics,
  policies: readonly Policy[],
  direction: Direction,
  { connection, dialled }: AskedConnection,
): readonly NearMiss[] {
  const refs = policies.flatMap((policy) => rulesOf(policy, direction));
  const peer = direction === 'ingress' ? connection.source : connection.destination;
  return refs
    .flatMap((ref) => missesOfRule(cluster, semantics, ref, peer, connection))
    .map((miss) => ({ ...miss, distance: miss.distance + meantFor(miss, dialled) }))
    .sort((a, b) => a.distance - b.distance || b.fitting - a.fitting || order(a.ref, b.ref) || (a.peer ?? 0) - (b.peer ?? 0));
}

/**
 * A rule that opens the port that was dialled was written for this Service, although policies see another port. A rule to anybody that
 * opens port 53 alone was written for DNS, and is not the rule of a database.
 */
function meantFor({ ref, peer, differences }: NearMiss, dialled: AskedConnection['dialled']): number {
  if (!differences.some(({ code }) => code === 'port-differs')) return 0;
  if (dialled !== undefined && opensPort(ref.rule, dialled.port, dialled.protocol)) return -0.4;
  return ref.direction === 'egress' && peer === undefined && isForDns(ref.rule) ? 2 : 0;
}

function isForDns({ ports }: Rule): boolean {
  return ports !== 'every-port' && ports.length > 0 && ports.every((port) => port.kind === 'range' && port.from === 53 && port.to === 53);
}

/** By number; names belong to pods. */
export function opensPort({ ports }: Rule, port: number, protocol: Protocol): boolean {
  return (
    ports !== 'every-port' &&
    ports.some((entry) => entry.kind === 'range' && entry.protocol === protocol && entry.from <= port && port <= entry.to)
  );
}

function order(a: RuleRef, b: RuleRef): number {
  return a.policy.ref < b.policy.ref ? -1 : a.policy.ref > b.policy.ref ? 1 : a.rule.index - b.rule.index;
}

/** The same for rules that are not in force, such as those that policyTypes leaves out. */
export function missesOfRule(cluster: Cluster, semantics: Semantics, ref: RuleRef, peer: End, connection: Connection): NearMiss[] {
  const port = portCheck(semantics, ref, connection);
  const tail = port === undefined ? [] : [port];
  if (ref.rule.peers === 'anyone') return [{ ref, peer: undefined, at: ref.rule.origin, ...measured(tail), fitting: 0 }];
  return ref.rule.peers.map((wanted, i) => ({
    ref,
    peer: i,
    at: wanted.origin,
    ...measured([...peerChecks(cluster, semantics, wanted, peer, connection), ...tail]),
    fitting: fittingLabels(cluster, wanted, peer),
  }));
}

function measured(checks: readonly Check[]): Pick<NearMiss, 'checks' | 'differences' | 'distance'> {
  const differences = checks.flatMap((check) => check.differences);
  return { checks, differences, distance: differences.reduce((sum, difference) => sum + weight(difference), 0) };
}

function fittingLabels(cluster: Cluster, wanted: Peer, peer: End): number {
  if (wanted.kind !== 'pods' || peer.kind === 'outside' || peer.pod === undefined) return 0;
  const { labels, namespace } = peer.pod;
  const met = (selector: Selector | undefined, own: Labels) =>
    (selector?.requirements ?? []).filter((requirement) => satisfies(requirement, own)).length;
  const inNamespace =
    wanted.namespace.by === 'labels' ? met(wanted.namespace.selector, cluster.namespaces.get(namespace)?.labels ?? new Map()) : 0;
  return met(wanted.pods, labels) + inNamespace;
}

/** A mistyped value is nearer than a missing label, and that is nearer than the wrong kind of peer. */
function weight(difference: Difference): number {
  switch (difference.code) {
    case 'label-differs': {
      const { requirement, has } = difference;
      if (requirement.operator !== 'In' || has === undefined) return 1.2;
      return Math.min(...requirement.values.map((value) => editDistance(value, has))) <= 2 ? 0.8 : 1;
    }
    case 'port-differs':
    case 'protocol-differs':
    case 'named-port-missing':
    case 'named-port-is-other':
    case 'end-port-ignored':
    case 'in-except':
    case 'block-ignores-cluster':
    case 'address-unknown':
      return 1;
    case 'other-namespace':
      return difference.isWhole ? 2 : 1.1;
    case 'host-network':
      return difference.wouldMatch ? 1 : 4;
    case 'other-family':
      return difference.isTwin ? 1 : 3;
    case 'outside-block':
      return 3;
    case 'not-a-pod':
    case 'empty-peer':
    case 'other-peer':
      return 4;
  }
}

function peerChecks(cluster: Cluster, semantics: Semantics, wanted: Peer, peer: End, connection: Connection): Check[] {
  switch (wanted.kind) {
    case 'nothing':
      return [{ part: 'peer', wants: '{}', wantsAt: wanted.origin, differences: [{ code: 'empty-peer', wantedAt: wanted.origin }] }];
    case 'block':
      return [blockCheck(cluster, semantics, wanted, peer, connection)];
    case 'pods':
      return podChecks(cluster, wanted, peer);
    case 'nodes':
    case 'dns-names':
    case 'unread':
    case 'all-of':
    case 'not':
    case 'unclear':
      return [
        { part: 'peer', wants: printPeer(wanted), wantsAt: wanted.origin, differences: [{ code: 'other-peer', wantedAt: wanted.origin }] },
      ];
  }
}

function podChecks(cluster: Cluster, wanted: PodPeer, peer: End): Check[] {
  const pod = peer.kind === 'pod' ? peer.pod : peer.kind === 'node' ? peer.pod : undefined;
  if (pod === undefined) {
    const differences: Difference[] = [{ code: 'not-a-pod', wantedAt: wanted.origin }];
    const { namespace, pods } = wanted;
    const whole: Check[] =
      namespace.by === 'labels'
        ? [{ part: 'namespaceSelector', wants: printSelector(namespace.selector), wantsAt: namespace.selector.origin, differences }]
        : [];
    if (pods !== undefined) whole.push({ part: 'podSelector', wants: printSelector(pods), wantsAt: pods.origin, differences });
    return whole.length > 0 ? whole : [{ part: 'peer', wants: 'pods', wantsAt: wanted.origin, differences }];
  }
  const checks: Check[] = [namespaceCheck(cluster, wanted, pod)];
  if (wanted.pods !== undefined) {
    checks.push({
      part: 'podSelector',
      wants: printSelector(wanted.pods),
      wantsAt: wanted.pods.origin,
      differences: labelDifferences(wanted.pods, pod.labels, 'pod', pod.ref, pod.labelsOrigin),
    });
  }
  if (peer.kind !== 'node') return checks;
  // A pod in its node's network has no identity of its own: its labels may fit and it still does not count.
  const wouldMatch = checks.every((check) => check.differences.length === 0);
  const difference: Difference = { code: 'host-network', pod: pod.ref, wouldMatch, wantedAt: wanted.origin, hasAt: pod.origin };
  return checks.map((check, i) => (i === checks.length - 1 ? { ...check, differences: [...check.differences, difference] } : check));
}

function namespaceCheck(cluster: Cluster, wanted: PodPeer, pod: Pod): Check {
  if (wanted.namespace.by === 'labels') {
    const { selector } = wanted.namespace;
    const namespace = cluster.namespaces.get(pod.namespace);
    return {
      part: 'namespaceSelector',
      wants: printSelector(selector),
      wantsAt: selector.origin,
      differences: labelDifferences(selector, namespace?.labels ?? new Map(), 'namespace', pod.namespace, namespace?.origin),
    };
  }
  const own = wanted.namespace.by === 'name' ? wanted.namespace.name : pod.namespace;
  return {
    part: 'namespace',
    wants: own,
    wantsAt: wanted.origin,
    differences:
      own === pod.namespace
        ? []
        : [
            {
              code: 'other-namespace',
              wanted: own,
              has: pod.namespace,
              isWhole: wanted.pods === undefined || wanted.pods.requirements.length === 0,
              wantedAt: wanted.origin,
            },
          ],
  };
}

function labelDifferences(
  selector: Selector,
  labels: Labels,
  of: 'pod' | 'namespace',
  name: string,
  hasAt: Origin | undefined,
): Difference[] {
  return selector.requirements
    .filter((requirement) => !satisfies(requirement, labels))
    .map((requirement) => ({
      code: 'label-differs',
      of,
      name,
      requirement,
      has: labels.get(requirement.key),
      wantedAt: requirement.origin,
      hasAt: hasAt === undefined ? undefined : labelPlace(hasAt, of, requirement.key, labels),
    }));
}

/** The label itself when it is written, else the label map, else the object. */
function labelPlace(origin: Origin, of: 'pod' | 'namespace', key: string, labels: Labels): Origin {
  const map = of === 'pod' ? origin.path : [...origin.path, 'metadata', 'labels'];
  return { document: origin.document, path: labels.has(key) ? [...map, key] : map };
}

function blockCheck(cluster: Cluster, semantics: Semantics, wanted: BlockPeer, peer: End, { family }: Connection): Check {
  const cidr = printCidr(wanted.cidr);
  const except = wanted.except.map(printCidr);
  const check = (...differences: Difference[]): Check => ({
    part: 'ipBlock',
    wants: except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`,
    wantsAt: wanted.origin,
    differences,
  });
  const addresses = addressesOf(peer).filter((ip) => family === undefined || ip.family === family);
  const inCidr = addresses.find((ip) => cidrHas(wanted.cidr, ip));
  if (peer.kind !== 'outside' && wanted.ofService === true && addresses.length === 0) {
    return check({ code: 'outside-block', cidr, address: `a ${peer.kind}, and this address is a Service’s`, wantedAt: wanted.origin });
  }
  if (peer.kind !== 'outside') {
    const cell = peer.kind === 'pod' ? semantics.ipBlockMatchesPod : semantics.ipBlockMatchesNode;
    if (cell !== 'yes' && (inCidr !== undefined || addresses.length === 0)) {
      return check({ code: 'block-ignores-cluster', cidr, of: peer.kind, isOpen: cell === 'open', wantedAt: wanted.origin });
    }
    const usual = family ?? cluster.family;
    if (addresses.length === 0 && usual !== undefined && holdsEveryEnd(wanted.addresses, usual)) return check();
    if (addresses.length === 0) return check({ code: 'address-unknown', cidr, wantedAt: wanted.origin });
  }
  const address = inCidr ?? addresses[0];
  const own = family ?? onlyFamily(addresses);
  if (own !== undefined && wanted.cidr.first.family !== own) {
    const isTwin = wanted.cidr.prefixBits === 0 || addressesOf(peer).some((ip) => cidrHas(wanted.cidr, ip));
    return check({ code: 'other-family', cidr, family: own, isTwin, wantedAt: wanted.origin });
  }
  if (inCidr === undefined) return check({ code: 'outside-block', cidr, address: printAddress(address), wantedAt: wanted.origin });
  const hole = wanted.except.find((inner) => cidrHas(inner, inCidr));
  return hole === undefined
    ? check()
    : check({ code: 'in-except', cidr, except: printCidr(hole), address: printIp(inCidr), wantedAt: wanted.origin });
}

function onlyFamily(addresses: readonly Ip[]): Family | undefined {
  const [first, ...others] = addresses;
  return others.every(({ family }) => family === first?.family) ? first?.family : undefined;
}

function printAddress(address: Ip | undefined): string {
  return address === undefined ? 'unknown' : printIp(address);
}

/** undefined: the rule admits every port, so there is nothing to hold against the connection. */
function portCheck(semantics: Semantics, ref: RuleRef, connection: Connection): Check | undefined {
  const { ports } = ref.rule;
  if (ports === 'every-port') return undefined;
  const tried = ports.map((rule) => portDifference(semantics, rule, connection));
  const fits = tried.includes(undefined);
  const wanted = ports.map(printPortRule);
  const has = `${connection.port}/${connection.protocol}`;
  const at = ports[0]?.origin ?? ref.rule.origin;
  return { part: 'port', wants: wanted.join(', '), wantsAt: at, differences: fits ? [] : [nearestPort(tried, wanted, has, at)] };
}

/** The most telling of the ways in which the ports of a rule miss: a name first, then a protocol, then the number. */
function nearestPort(tried: readonly (Difference | undefined)[], wanted: readonly string[], has: string, wantedAt: Origin): Difference {
  const codes = ['end-port-ignored', 'protocol-differs', 'named-port-missing', 'named-port-is-other'];
  const telling = codes.map((code) => tried.find((difference) => difference?.code === code)).find((difference) => difference !== undefined);
  return telling ?? { code: 'port-differs', wanted, has, wantedAt };
}

/** undefined: this entry admits the port. */
function portDifference(semantics: Semantics, rule: PortRule, { destination, protocol, port }: Connection): Difference | undefined {
  const has = `${port}/${protocol}`;
  const differs: Difference = { code: 'port-differs', wanted: [printPortRule(rule)], has, wantedAt: rule.origin };
  switch (rule.kind) {
    case 'protocol':
      return rule.protocol === protocol
        ? undefined
        : { code: 'protocol-differs', wanted: rule.protocol, has: protocol, wantedAt: rule.origin };
    case 'range': {
      if (port < rule.from || port > rule.to) return differs;
      if (rule.protocol !== protocol) return { code: 'protocol-differs', wanted: rule.protocol, has: protocol, wantedAt: rule.origin };
      return port === rule.from || semantics.endPort === 'yes'
        ? undefined
        : { code: 'end-port-ignored', wanted: printPortRule(rule), has, wantedAt: rule.origin };
    }
    case 'named': {
      if (destination.kind !== 'pod') return { ...missingName(rule.name, rule.protocol, undefined, rule.origin) };
      const meant = destination.pod.ports.filter(
        (declared) =>
          isMeant(declared, rule.name, rule.protocol) &&
          (semantics.namedPortsOfInitContainers !== 'no' || countsForNames(semantics, declared)),
      );
      if (meant.length === 0) return missingName(rule.name, rule.protocol, destination.pod, rule.origin);
      if (rule.protocol !== protocol) return differs;
      if (meant.some((declared) => declared.port === port)) return undefined;
      return { code: 'named-port-is-other', name: rule.name, number: meant[0]?.port ?? 0, has, wantedAt: rule.origin };
    }
  }
}

function missingName(name: string, protocol: Protocol, pod: Pod | undefined, wantedAt: Origin): Difference {
  const other = pod?.ports.find((declared) => declared.name === name && declared.protocol !== protocol);
  const init = pod?.ports.find((declared) => isMeant(declared, name, protocol));
  return {
    code: 'named-port-missing',
    name,
    protocol,
    otherProtocol: other?.protocol,
    initContainer: init?.container,
    declared: (pod?.ports ?? []).map((declared) => `${declared.name ?? declared.port}/${declared.protocol}`),
    wantedAt,
    hasAt: (init ?? other)?.origin ?? pod?.origin,
  };
}

/** `8080/TCP`, `8000-8010/TCP`, `http/TCP`, `any/UDP`. */
export function printPortRule(rule: PortRule): string {
  switch (rule.kind) {
    case 'protocol':
      return `any/${rule.protocol}`;
    case 'named':
      return `${rule.name}/${rule.protocol}`;
    case 'range':
      return rule.from === rule.to ? `${rule.from}/${rule.protocol}` : `${rule.from}-${rule.to}/${rule.protocol}`;
  }
}
