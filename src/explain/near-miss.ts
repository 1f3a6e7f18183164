// The rules that almost allowed a connection, nearest first. Facts and places only; the words are in words/en/difference.ts.
import type { Cluster } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Direction, Peer, Policy, Rule, RuleRef } from '../model/policy.ts';
import { type Labels, type Selector, satisfies } from '../model/selector.ts';
import type { Protocol } from '../net/port-set.ts';
import { rulesOf } from '../policy/decide.ts';
import type { Connection, End } from '../policy/end.ts';
import { editDistance } from '../profile/nearest.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Check, Difference } from './difference.ts';
import { peerChecks } from './peer-checks.ts';
import { portCheck } from './port-checks.ts';

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
 * Every rule of these policies that allows or passes on in a direction, nearest first; a rule with several peers once for each peer. A deny
 * that nearly matches is no help. `[]` when the policies have no such rule in that direction. Never throws.
 */
export function nearMisses(
  cluster: Cluster,
  semantics: Semantics,
  policies: readonly Policy[],
  direction: Direction,
  { connection, dialled }: AskedConnection,
): readonly NearMiss[] {
  const refs = policies.flatMap((policy) => rulesOf(policy, direction)).filter(({ rule }) => rule.action !== 'deny');
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
    case 'other-name':
    case 'port-differs':
    case 'icmp-not-meant':
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
