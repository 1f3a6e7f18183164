// Policies and peers that match no pod any more, and new peers whose pods are not in the input.

import type { InertPolicy, RulePeer } from '../compare/inert.ts';
import type { Origin } from '../model/origin.ts';
import { peerName, ruleName } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import { type AskedPeer, inertPeerWords, inertPolicyWords, unseenWords } from '../words/en/diff-peers.ts';
import { andMore } from '../words/en/lists.ts';
import type { DiffInert, DiffUnseen } from './documents/connectivity-diff.ts';
import { placed } from './place.ts';

export function inertDocument(inert: InertPolicy): DiffInert {
  const { what, policy } = inert;
  const isWhole = inert.what === 'selects-nothing';
  return {
    what,
    kind: policy.kind,
    policy: policy.ref,
    text: isWhole ? inertPolicyWords(`${policy.kind} ${policy.ref}`) : inertPeerWords(placeInPolicy(inert)),
    ...placed(isWhole ? policy.subject.pods.origin : peerOrigin(inert)),
  };
}

/** One for each kind of pods that is asked for, at the first peer that does. */
export function unseenDocuments(peers: readonly RulePeer[]): readonly DiffUnseen[] {
  const groups = new Map<string, { readonly asked: AskedPeer; readonly first: RulePeer; readonly places: string[] }>();
  for (const one of peers) {
    const asked = askedBy(one);
    const key = JSON.stringify(asked);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { asked, first: one, places: [placeInPolicy(one)] });
    else group.places.push(placeInPolicy(one));
  }
  return [...groups.values()].map(({ asked, first, places }) => ({
    kind: first.policy.kind,
    policy: first.policy.ref,
    text: unseenWords(asked, andMore(places, 2)),
    ...placed(peerOrigin(first)),
  }));
}

/** `NetworkPolicy shop/cart ingress[0].from[1]`. */
function placeInPolicy({ policy, rule: { direction, rule }, peer }: RulePeer): string {
  return `${policy.kind} ${policy.ref} ${ruleName({ direction, rule })}.${peerName({ direction, rule }, peer)}`;
}

function askedBy({ policy, rule: { rule }, peer }: RulePeer): AskedPeer {
  const found = rule.peers === 'anyone' ? undefined : rule.peers[peer];
  if (found?.kind !== 'pods') return { kind: 'other' };
  const pods = found.pods === undefined || found.pods.requirements.length === 0 ? '' : printSelector(found.pods);
  const { namespace } = found;
  if (namespace.by === 'labels')
    return { kind: 'pods', pods, namespaces: namespace.selector.requirements.length === 0 ? '' : printSelector(namespace.selector) };
  return { kind: 'pods', pods, namespace: policy.ref.split('/')[0] ?? '' };
}

function peerOrigin({ rule: { rule }, peer }: RulePeer): Origin {
  return (rule.peers === 'anyone' ? undefined : rule.peers[peer]?.origin) ?? rule.origin;
}
