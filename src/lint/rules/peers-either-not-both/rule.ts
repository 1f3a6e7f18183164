// Two peers, a dash before each selector: either is enough. Often one dash was meant, which wants both.

import { firstNames } from '../../facts.ts';
import { namespacePartner, peerFits, peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';
import { livePodsIn } from '../../seen.ts';
import { type PeerSpot, peersInForce } from '../../walk.ts';

export const peersEitherNotBoth = defineRule({
  id: 'peers-either-not-both',
  catalogue: ['NP035'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['splitSurely', 'splitPerhaps'],
  check(context, report) {
    const seen = new Set<unknown>();
    for (const { spot, peer, fit } of peersThat(context, 'either-for-both')) {
      seen.add(peer);
      const second = Math.max(spot.index, fit.partner);
      const list = spot.direction === 'ingress' ? 'from' : 'to';
      const at = { document: spot.rule.origin.document, path: [...spot.rule.origin.path, list, second] };
      const facts = { ...factsOf(spot, fit.partner), elsewhere: firstNames(fit.namespaces) };
      report('splitSurely', facts, peer.origin, { fix: { edits: [{ kind: 'join-to-previous', at }], keepsMeaning: false } });
    }
    for (const spot of peersInForce(context)) {
      const { peer, policy } = spot;
      if (peer.kind !== 'pods' || peer.namespace.by !== 'name' || peer.pods === undefined || seen.has(peer)) continue;
      const partner = namespacePartner(spot);
      // Pods of the own namespace have the labels: an ordinary "these, or those namespaces".
      if (partner === undefined || peerFits(context).get(peer)?.kind === 'fits') continue;
      const isUnseen = policy.namespace === undefined || livePodsIn(context, policy.namespace).length === 0;
      const isDns = peer.pods.requirements.some(({ key, values }) => key === 'k8s-app' && values.includes('kube-dns'));
      if (isUnseen || isDns) report('splitPerhaps', factsOf(spot, partner.index), peer.origin, { severity: isDns ? 'warning' : 'note' });
    }
  },
});

function factsOf({ policy, name, peerName, direction }: PeerSpot, partner: number) {
  const list = direction === 'ingress' ? 'from' : 'to';
  return { peer: `\`${policy.ref}\` ${peerName}`, partner: `${name}.${list}[${partner}]`, namespace: policy.namespace ?? '', direction };
}
