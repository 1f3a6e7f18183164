// A peer that matches no pod, although the namespaces it means are in the input.
import { printSelector } from '../../../model/selector.ts';
import { firstNames } from '../../facts.ts';
import { editsFor } from '../../label-misses.ts';
import { meantNamespaces, otherPeersAdmit, peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peerSelectsNothing = defineRule({
  id: 'peer-selects-nothing',
  catalogue: ['NP043', 'NP044'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nearMiss', 'nobody'],
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'no-pod')) {
      if (peer.pods === undefined) continue;
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        namespaces: firstNames(meantNamespaces(context, peer)),
        selector: printSelector(peer.pods),
        effect: otherPeersAdmit(context, spot) ? 'peer-dead' : 'rule-dead',
      };
      const severity = fit.certain ? 'warning' : 'note';
      const { miss } = fit;
      if (miss === undefined) {
        report('nobody', facts, peer.pods.origin, { severity });
        continue;
      }
      const edits = miss.isSlip ? editsFor(miss) : [];
      const fix = edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
      const said = { ...facts, wanted: miss.wanted, nearest: miss.nearest, owner: `\`${miss.owner.name}\`` };
      report('nearMiss', said, miss.requirement.origin, { severity, related: [miss.at], ...fix });
    }
  },
});
