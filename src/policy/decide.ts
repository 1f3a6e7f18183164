// The meaning of policies, said as the API documentation says it. Slow and plain on purpose: reach/ is the fast one,
// and a property test keeps the two the same. Start reading here.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import type { Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import { readingsOf } from '../program/stages.ts';
import { addressesOf, type Connection, type End, isSamePod, tunnelsOf } from './end.ts';
import { hostEndpointDoubts } from './host-endpoints.ts';
import { bothMatch, endName, type Match, peersMatch, subjectMatches } from './peer-matches.ts';
import { icmpMatches, portsMatch } from './port-matches.ts';
import { throughReadings } from './through-stages.ts';
import {
  bothFamilies,
  type DirectionVerdict,
  type Doubt,
  type FamilyVerdict,
  forOwnNode,
  isNonEmpty,
  join,
  NO_COMMON_FAMILY,
  softened,
  type Verdict,
} from './verdict.ts';

/**
 * Is this new connection allowed, and by what? Semantics A.2, with tiers as B.2.
 * `decide(cluster, semantics, { source, destination, protocol: 'TCP', port: 7070 })` →
 * `{ outcome: 'denied', egress: { outcome: 'not-isolated' }, ingress: { outcome: 'denied', policies: [cartIngress] } }`.
 * Never throws.
 */
export function decide(cluster: Cluster, profile: Semantics, connection: Connection): Verdict {
  const semantics = asConfigured(cluster, profile);
  const { source, destination } = connection;
  if (isSamePod(source, destination)) return join(exempt('loopback'), exempt('loopback'));
  if (familiesOf(connection, cluster.family) === 'none') return NO_COMMON_FAMILY;
  if (semantics.enforces === 'no') return join(exempt('cni-does-not-enforce'), exempt('cni-does-not-enforce'));
  return join(
    decideDirection(cluster, semantics, 'egress', source, destination, connection),
    decideDirection(cluster, semantics, 'ingress', destination, source, connection),
  );
}

/** One direction: `subject` is the end whose policies are asked, `peer` the other end. */
export function decideDirection(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  subject: End,
  peer: End,
  connection: Connection,
): DirectionVerdict {
  const ofHost = hostEndpointDoubts(cluster, semantics, direction, subject, peer);
  if (isNonEmpty(ofHost)) return { outcome: 'undecided', because: ofHost };
  if (subject.kind === 'outside') return exempt('no-pod');
  if (subject.kind === 'node' && policiesOnNode(cluster, semantics, subject).length > 0)
    return decideAtNode(cluster, semantics, direction, subject, peer, connection);
  const { pod } = subject;
  if (pod === undefined) return exempt('no-pod');
  if (subject.kind === 'node' && semantics.policesHostNetworkSubject === 'no') return exempt('host-network');
  if (!isLive(pod)) return exempt('completed');

  const ownNode = isOwnNode(pod, peer);
  const ownNodeRule = direction === 'ingress' ? semantics.localNodeToPod : semantics.podToOwnNode;
  if (ownNode === 'yes' && ownNodeRule === 'always') return exempt('own-node');

  const verdict = throughPolicies(
    cluster,
    semantics,
    direction,
    policiesSelecting(cluster, pod),
    seenBy(cluster, direction, subject, peer),
    connection,
  );
  const ofNode: readonly Doubt[] = [
    ...(ownNode === 'unknown' && ownNodeRule !== 'policed' ? [{ code: 'node-unknown', end: endName(subject) } as const] : []),
    ...(ownNode === 'yes' && ownNodeRule === 'open'
      ? [{ code: 'profile-differs', cell: direction === 'ingress' ? 'localNodeToPod' : 'podToOwnNode' } as const]
      : []),
  ];
  const general: readonly Doubt[] = [
    ...(subject.kind === 'node' && semantics.policesHostNetworkSubject === 'open'
      ? [{ code: 'profile-differs', cell: 'policesHostNetworkSubject' } as const]
      : []),
    ...(semantics.enforces === 'open' ? [{ code: 'profile-differs', cell: 'enforces' } as const] : []),
    ...(connection.protocol === 'SCTP' && semantics.sctp !== 'yes' ? [{ code: 'profile-differs', cell: 'sctp' } as const] : []),
  ];
  const here = ownNode === 'yes' && ownNodeRule === 'unless-denied' ? forOwnNode(verdict) : verdict;
  // Whoever may leave a pod's own node out of isolation may not leave it out of a rule that denies it: the API of such rules names nodes.
  const onRules = ownNodeRule === 'open' || ownNodeRule === 'unless-denied' ? general : [...ofNode, ...general];
  if (connection.protocol !== 'ICMP') return softened(here, [...ofNode, ...general], onRules);
  return pingedInto(semantics, here, [...ofNode, ...general], onRules);
}

/**
 * What becomes of a ping that isolation denies. Kubernetes leaves that to the plugin (semantics A.7), where it isolates by NetworkPolicies; a
 * rule that denies every protocol denies it too.
 */
function pingedInto(
  { icmpWhenIsolated }: Semantics,
  verdict: DirectionVerdict,
  doubts: readonly Doubt[],
  onRules: readonly Doubt[],
): DirectionVerdict {
  const isLeftOpen = (one: FamilyVerdict) =>
    one.outcome === 'denied' && one.rule === undefined && one.policies.every(({ kind }) => kind === 'NetworkPolicy');
  const inFamilies = (change: (one: FamilyVerdict) => FamilyVerdict): DirectionVerdict =>
    verdict.outcome === 'partial' ? bothFamilies(change(verdict.families.IPv4), change(verdict.families.IPv6)) : change(verdict);
  if (icmpWhenIsolated === 'passes')
    return softened(
      inFamilies((one) => (isLeftOpen(one) ? { outcome: 'exempt', because: 'icmp-passes' } : one)),
      doubts,
      onRules,
    );
  if (icmpWhenIsolated === 'dropped') return softened(verdict, doubts, onRules);
  const open: Doubt = { code: 'profile-differs', cell: 'icmpWhenIsolated' };
  return softened(
    inFamilies((one) => (isLeftOpen(one) ? { outcome: 'undecided', because: [open] } : one)),
    doubts,
    onRules,
  );
}

/** The policies that select this node, in force; [] for a pod, and nearly always. */
export function policiesOnNode(cluster: Cluster, semantics: Semantics, end: End): readonly Policy[] {
  if (end.kind !== 'node' || semantics.ownPolicies !== 'cilium') return [];
  const { name } = end;
  return cluster.policies.filter(
    ({ subject, needs }) => needs === 'cilium' && name !== undefined && subject.nodes?.includes(name) === true,
  );
}

/** A node that policies select, and the processes in its network. What a node sends to itself passes none of them. */
function decideAtNode(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  subject: Extract<End, { kind: 'node' }>,
  peer: End,
  connection: Connection,
): DirectionVerdict {
  if (peer.kind === 'node' && peer.name === subject.name) return exempt('own-node');
  return throughPolicies(cluster, semantics, direction, policiesOnNode(cluster, semantics, subject), peer, connection);
}

function throughPolicies(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  policies: readonly Policy[],
  peer: End,
  connection: Connection,
): DirectionVerdict {
  const readings = readingsOf(cluster.policies, semantics);
  return byFamily(cluster, connection, (family) =>
    throughReadings(
      readings,
      policies,
      direction,
      (ref): Match =>
        bothMatch(
          peersMatch(cluster, semantics, ref, peer, family),
          connection.protocol === 'ICMP'
            ? icmpMatches(ref, family, connection.port, connection.code ?? 0)
              ? 'yes'
              : 'no'
            : portsMatch(semantics, ref, connection.destination, connection.protocol, connection.port),
        ),
    ),
  );
}

/** Of a pod in its node's network, those that a plugin holds such pods to: never cluster-wide ones, whose API leaves them out. */
function policiesSelecting(cluster: Cluster, pod: Pod): readonly Policy[] {
  const seen = asOrdinary(pod);
  return cluster.policies.filter(
    (policy) =>
      subjectMatches(cluster, policy.subject, seen) && !(pod.hostNetwork && policy.needs !== undefined && policy.needs !== 'not-cilium'),
  );
}

/** A host-network pod as a plugin sees it that can tell it from its node. Others stay as they are. */
function asOrdinary(pod: Pod): Pod {
  return pod.hostNetwork ? { ...pod, hostNetwork: false } : pod;
}

/**
 * The peer as this end sees it: a node that sends to a pod of another node may show the address of its tunnel (semantics D,
 * hostNetworkSource). Whether it does hangs on the mode of the pool and on the nodes' subnets.
 */
function seenBy(cluster: Cluster, direction: Direction, subject: End, peer: End): End {
  if (peer.kind !== 'node') return peer;
  const isTunnelled = direction === 'ingress' && subject.kind === 'pod' && !runsOn(subject.pod, peer.name);
  return { ...peer, tunnels: isTunnelled ? tunnelsOf(cluster, peer) : [] };
}

/** Is it known to run on this node? */
export function runsOn(pod: Pod, node: string | undefined): boolean {
  return pod.node !== undefined && pod.node === node;
}

/** The policies that select this pod and look this way, unreadable ones that may do so among them. */
export function policiesOn(cluster: Cluster, direction: Direction, pod: Pod): readonly Policy[] {
  return cluster.policies.filter((policy) => policy[direction] !== 'not-governed' && subjectMatches(cluster, policy.subject, pod));
}

/** Is `peer` the node that `pod` runs on? A pod that no node has been chosen for may land on it. */
function isOwnNode(pod: Pod, peer: End): 'yes' | 'no' | 'unknown' {
  // What a node passes on for a client is filtered like any other traffic, also on the pod's own node.
  if (peer.kind !== 'node' || peer.forwards === true) return 'no';
  if (pod.node === undefined || peer.name === undefined) return 'unknown';
  return pod.node === peer.name ? 'yes' : 'no';
}

/**
 * A pod with an IPv4 and an IPv6 address makes two different connections, and the answer to "pod to pod" is both of theirs;
 * asking by address means one.
 */
function byFamily(cluster: Cluster, connection: Connection, ask: (family: Family | undefined) => FamilyVerdict): DirectionVerdict {
  const families = familiesOf(connection, cluster.family);
  if (families === 'both') return bothFamilies(ask(4), ask(6));
  return ask(families === 'unknown' || families === 'none' ? undefined : families);
}

/** The families that this connection can be of: those that both ends have, as far as that is known; `usual` where neither end's are. */
export function familiesOf({ source, destination, family }: Connection, usual?: Family): Family | 'both' | 'none' | 'unknown' {
  // What policies say of an outside address does not depend on the addresses that the pod has.
  for (const end of [source, destination]) if (end.kind === 'outside') return end.address.family;
  const known = [source, destination].map((end) => addressesOf(end)).filter((addresses) => addresses.length > 0);
  const common = ([4, 6] as const).filter(
    (wanted) => (family === undefined || family === wanted) && known.every((addresses) => addresses.some((ip) => ip.family === wanted)),
  );
  const [first] = common;
  if (first === undefined) return 'none';
  if (common.length === 1) return first;
  return known.length === 0 ? (usual ?? 'unknown') : 'both';
}

function exempt(because: Extract<DirectionVerdict, { outcome: 'exempt' }>['because']): DirectionVerdict {
  return { outcome: 'exempt', because };
}

/** Every rule of a policy for a direction, as references. */
export function rulesOf(policy: Policy, direction: Direction): RuleRef[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule }));
}
