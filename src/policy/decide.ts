// The meaning of policies, said as the API documentation says it. Slow and plain on purpose: reach/ is the fast one,
// and a property test keeps the two the same. Start reading here.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import type { Semantics } from '../profile/profile.ts';
import { addressesOf, type Connection, type End, isSamePod } from './end.ts';
import { bothMatch, endName, type Match, peersMatch, subjectMatches } from './peer-matches.ts';
import { portsMatch } from './port-matches.ts';
import { throughTiers } from './tiers.ts';
import { type DirectionVerdict, type Doubt, join, type Verdict } from './verdict.ts';

/**
 * Is this new connection allowed, and by what? Semantics A.2, with tiers as B.2.
 * `decide(cluster, semantics, { source, destination, protocol: 'TCP', port: 7070 })` →
 * `{ outcome: 'denied', egress: { outcome: 'not-isolated' }, ingress: { outcome: 'denied', policies: [cartIngress] } }`.
 * Never throws.
 */
export function decide(cluster: Cluster, semantics: Semantics, connection: Connection): Verdict {
  const { source, destination } = connection;
  if (semantics.enforces === 'no') return join(exempt('cni-does-not-enforce'), exempt('cni-does-not-enforce'));
  if (isSamePod(source, destination)) return join(exempt('loopback'), exempt('loopback'));
  return join(
    decideDirection(cluster, semantics, 'egress', source, destination, connection),
    decideDirection(cluster, semantics, 'ingress', destination, source, connection),
  );
}

/** One direction: `subject` is the end whose policies are asked, `peer` the other end. */
function decideDirection(
  cluster: Cluster,
  semantics: Semantics,
  direction: Direction,
  subject: End,
  peer: End,
  connection: Connection,
): DirectionVerdict {
  if (subject.kind === 'outside') return exempt('no-pod');
  if (subject.kind === 'node') return exempt(subject.pod === undefined ? 'no-pod' : 'host-network');
  if (!isLive(subject.pod)) return exempt('completed');

  const ownNode = isOwnNode(subject.pod, peer);
  const ownNodeRule = direction === 'ingress' ? semantics.localNodeToPod : semantics.podToOwnNode;
  if (ownNode === 'yes' && ownNodeRule === 'always') return exempt('own-node');

  const verdict = byFamily(connection, (family) =>
    throughTiers(
      policiesOn(cluster, direction, subject.pod),
      direction,
      (ref): Match =>
        bothMatch(
          peersMatch(cluster, semantics, ref, peer, family),
          portsMatch(semantics, ref, connection.destination, connection.protocol, connection.port),
        ),
    ),
  );
  return softened(verdict, [
    ...(ownNode === 'unknown' && ownNodeRule !== 'policed' ? [{ code: 'node-unknown', end: endName(subject) } as const] : []),
    ...(ownNode === 'yes' && ownNodeRule === 'open'
      ? [{ code: 'profile-differs', cell: direction === 'ingress' ? 'localNodeToPod' : 'podToOwnNode' } as const]
      : []),
    ...(semantics.enforces === 'open' ? [{ code: 'profile-differs', cell: 'enforces' } as const] : []),
    ...(connection.protocol === 'SCTP' && semantics.sctp !== 'yes' ? [{ code: 'profile-differs', cell: 'sctp' } as const] : []),
  ]);
}

/** The policies that select this pod and look this way, unreadable ones that may do so among them. */
export function policiesOn(cluster: Cluster, direction: Direction, pod: Pod): readonly Policy[] {
  return cluster.policies.filter((policy) => policy[direction] !== 'not-governed' && subjectMatches(cluster, policy.subject, pod));
}

/** Is `peer` the node that `pod` runs on? A pod that no node has been chosen for may land on it. */
function isOwnNode(pod: Pod, peer: End): 'yes' | 'no' | 'unknown' {
  if (peer.kind !== 'node') return 'no';
  if (pod.node === undefined || peer.name === undefined) return 'unknown';
  return pod.node === peer.name ? 'yes' : 'no';
}

/**
 * A pod with an IPv4 and an IPv6 address makes two different connections; when they fare differently the answer to
 * "pod to pod" is open, and asking by address settles it. Families: those that both ends have, as far as that is known.
 */
function byFamily(connection: Connection, ask: (family: Family | undefined) => DirectionVerdict): DirectionVerdict {
  const families = connection.family === undefined ? familiesOf(connection.source, connection.destination) : [connection.family];
  const [first, ...others] = families.map(ask);
  if (first === undefined) return ask(undefined);
  return others.every((other) => other.outcome === first.outcome)
    ? first
    : { outcome: 'undecided', because: [{ code: 'families-differ' }] };
}

/** [] when neither end's family is known. */
function familiesOf(a: End, b: End): Family[] {
  const known = [a, b].map((end) => new Set(addressesOf(end).map((ip) => ip.family))).filter((families) => families.size > 0);
  return ([4, 6] as const).filter((family) => known.length > 0 && known.every((families) => families.has(family)));
}

/** A denial that rests on something open is no denial. What is allowed anyway stays allowed. */
function softened(verdict: DirectionVerdict, doubts: readonly Doubt[]): DirectionVerdict {
  const [first, ...others] = doubts;
  return verdict.outcome === 'denied' && first !== undefined ? { outcome: 'undecided', because: [first, ...others] } : verdict;
}

function exempt(because: Extract<DirectionVerdict, { outcome: 'exempt' }>['because']): DirectionVerdict {
  return { outcome: 'exempt', because };
}

/** Every rule of a policy for a direction, as references. */
export function rulesOf(policy: Policy, direction: Direction): RuleRef[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule }));
}
