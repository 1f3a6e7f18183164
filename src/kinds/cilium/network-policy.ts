// A NetworkPolicy as Cilium compiles it, where that is something else than the API means. Cilium: pkg/k8s/network_policy.go.
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rules } from '../../model/policy.ts';
import { type Selector, satisfies } from '../../model/selector.ts';
import type { CiliumSettings } from '../../program/cilium-settings.ts';
import { isIdentityLabel } from './labels.ts';
import { nobody } from './selectors.ts';

/**
 * undefined where Cilium means the same. Otherwise: sections that policyTypes leaves out isolate and apply all the same, selectors do not see
 * labels that are in no identity, and `0.0.0.0/0` means the outside alone even where blocks mean nodes.
 */
export function asCiliumReads(policy: Policy, { cidrMatches }: Pick<CiliumSettings, 'cidrMatches'>): Policy | undefined {
  if (policy.faults.length > 0) return undefined;
  const meansCluster = cidrMatches.nodes || cidrMatches.pods;
  const pods = asIdentities(policy.subject.pods);
  let differs = pods !== policy.subject.pods;
  const rulesOf = (direction: Direction): Rules => {
    const dead = policy.ignored[direction];
    const written = dead ?? policy[direction];
    if (dead !== undefined) differs = true;
    if (written === 'not-governed') return written;
    return written.map((rule) => {
      if (rule.peers === 'anyone') return rule;
      const peers = rule.peers.map((peer) => peerAsRead(peer, meansCluster));
      if (peers.every((peer, i) => peer === (rule.peers as readonly Peer[])[i])) return rule;
      differs = true;
      return { ...rule, peers };
    });
  };
  const [ingress, egress] = [rulesOf('ingress'), rulesOf('egress')];
  if (!differs) return undefined;
  const directions = DIRECTIONS.filter((direction) => (direction === 'ingress' ? ingress : egress) !== 'not-governed');
  return {
    ...policy,
    needs: 'cilium',
    subject: { ...policy.subject, pods },
    ingress,
    egress,
    types: { ...policy.types, directions },
    ignored: {},
  };
}

function peerAsRead(peer: Peer, meansCluster: boolean): Peer {
  if (peer.kind === 'block') return meansCluster && peer.cidr.prefixBits === 0 ? { ...peer, includesCluster: false } : peer;
  if (peer.kind !== 'pods' || peer.pods === undefined) return peer;
  const pods = asIdentities(peer.pods);
  return pods === peer.pods ? peer : { ...peer, pods };
}

/** The selector as it is to somebody who sees no labels outside the filter; itself where it asks for none of those. */
function asIdentities(selector: Selector): Selector {
  const { requirements, origin } = selector;
  const unseen = requirements.filter(({ key }) => !isIdentityLabel(key));
  if (unseen.length === 0) return selector;
  if (!unseen.every((requirement) => satisfies(requirement, new Map()))) return nobody(origin);
  return { requirements: requirements.filter((requirement) => !unseen.includes(requirement)), origin };
}
