// What the policies on a pod let through at one port, and for whom: the world outside, pods, or pods that are not in the input.
import type { Pod } from '../model/cluster.ts';
import type { Direction, Peer, Policy } from '../model/policy.ts';
import type { Ip } from '../net/ip.ts';
import { ipSetHas } from '../net/ip-set.ts';
import type { Protocol } from '../net/port-set.ts';
import { type End, podEnd } from '../policy/end.ts';
import { portsMatch } from '../policy/port-matches.ts';
import type { LintContext } from './context.ts';
import { meantNamespaces } from './peer-fit.ts';
import { hasMembers, isolationOf, peerClasses } from './reached.ts';
import { type RuleSpot, spotsOf } from './walk.ts';

export interface Opening {
  /** False: no policy isolates the pod this way, or one on it cannot be read. Then nothing is known to be closed. */
  readonly shutsOthers: boolean;
  readonly policies: readonly Policy[];
  /** Rules that open the port to any peer. */
  readonly rules: readonly RuleSpot[];
}

/** For ingress the port is the pod's own; for egress it is one of `destination`, an address outside when nothing is given. */
export function openingAt(
  context: LintContext,
  direction: Direction,
  pod: Pod,
  protocol: Protocol,
  port: number,
  destination?: End,
): Opening {
  const { isolated, certain, policies } = isolationOf(context, direction, pod);
  const listener = destination ?? (direction === 'ingress' ? podEnd(pod) : OUTSIDE);
  const rules = policies.flatMap((policy) =>
    spotsOf(policy, direction).filter((spot) => portsMatch(context.semantics, spot, listener, protocol, port) !== 'no'),
  );
  return { shutsOthers: isolated && certain, policies, rules };
}

const OUTSIDE: End = { kind: 'outside', address: { family: 4, value: 0xcb007101 } };

/** Some address outside the cluster, or of a node, may be let through: no `from`, or an ipBlock. */
export function admitsAddresses({ rules }: Opening): boolean {
  return rules.some(({ rule }) => rule.peers === 'anyone' || rule.peers.some(({ kind }) => kind === 'block'));
}

/** One of these addresses is let through: no `from`, or an ipBlock that holds it. Where no address is known, any ipBlock may. */
export function admitsOneOf(opening: Opening, addresses: readonly Ip[]): boolean {
  if (addresses.length === 0) return admitsAddresses(opening);
  return opening.rules.some(
    ({ rule }) =>
      rule.peers === 'anyone' ||
      rule.peers.some((peer) => peer.kind === 'block' && addresses.some((address) => ipSetHas(peer.addresses, address))),
  );
}

/** Somebody from outside the pod's namespace may be let through: an address, a pod of another namespace, or one that is not in the input. */
export function admitsOthers(context: LintContext, opening: Opening, namespace: string): boolean {
  return (
    admitsAddresses(opening) ||
    opening.rules.some(({ rule }) => rule.peers !== 'anyone' && rule.peers.some((peer) => isElsewhere(context, peer, namespace)))
  );
}

function isElsewhere(context: LintContext, peer: Peer, namespace: string): boolean {
  if (peer.kind !== 'pods') return false;
  // A peer that matches no pod was written for one that is not in the input.
  if (!hasMembers(peerClasses(context, peer))) return true;
  return meantNamespaces(context, peer).some((name) => name !== namespace);
}
