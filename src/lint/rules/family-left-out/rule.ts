// 0.0.0.0/0 without ::/0 in a cluster that has both families.
import { at } from '../../../model/origin.ts';
import { printCidr } from '../../../net/cidr.ts';
import { clusterAddresses } from '../../addresses.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const familyLeftOut = defineRule({
  id: 'family-left-out',
  catalogue: ['NP087'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['left'],
  check(context, report) {
    const { families } = clusterAddresses(context);
    if (families.size < 2) return;
    for (const { policy, rule, peer, peerName, direction } of peersInForce(context)) {
      if (peer.kind !== 'block' || peer.cidr.prefixBits > 0 || rule.peers === 'anyone') continue;
      const { family } = peer.cidr.first;
      const hasTwin = rule.peers.some((other) => other.kind === 'block' && other.cidr.first.family !== family);
      if (hasTwin) continue;
      const twin = family === 4 ? '::/0' : '0.0.0.0/0';
      const list = at(rule.origin, direction === 'ingress' ? 'from' : 'to');
      const edit = { kind: 'add-item', at: list, value: { ipBlock: { cidr: twin } } } as const;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(peer.cidr), other: family === 4 ? 6 : 4, twin };
      report('left', facts, peer.origin, { fix: { edits: [edit], keepsMeaning: false } });
    }
  },
});
