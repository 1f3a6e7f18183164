// A bare podSelector means pods of the policy's own namespace, and the pods that it was written for are in another one.
import { at } from '../../../model/origin.ts';
import { printSelector } from '../../../model/selector.ts';
import { firstNames } from '../../facts.ts';
import { peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peerNeedsNamespaceSelector = defineRule({
  id: 'peer-needs-namespace-selector',
  catalogue: ['NP038', 'NP043'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['elsewhere'],
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'other-namespace')) {
      const [first = ''] = fit.namespaces;
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        labels: peer.pods === undefined ? '' : printSelector(peer.pods),
        own: spot.policy.namespace ?? '',
        namespaces: firstNames(fit.namespaces),
        first,
      };
      const value = { matchLabels: { 'kubernetes.io/metadata.name': first } };
      const edit = { kind: 'add-entry', at: peer.origin, key: 'namespaceSelector', value } as const;
      const fix = fit.namespaces.length === 1 ? { fix: { edits: [edit], keepsMeaning: false } } : {};
      report('elsewhere', facts, peer.pods === undefined ? peer.origin : at(peer.origin, 'podSelector'), fix);
    }
  },
});
