// A bare podSelector means pods of the policy's own namespace, and the pods that it was written for are in another one.
import { at } from '../../../model/origin.ts';
import { printSelector } from '../../../model/selector.ts';
import { listed } from '../../list-words.ts';
import { peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const peerNeedsNamespaceSelector = defineRule({
  id: 'peer-needs-namespace-selector',
  catalogue: ['NP038', 'NP043'],
  summary: 'a bare podSelector for pods of another namespace',
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: {
    elsewhere: {
      text: '{peer} means pods with `{labels}` of `{own}`, where there is none; such pods are in {namespaces}',
      hint: 'add to the same peer: namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {first} } }',
    },
  },
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'other-namespace')) {
      const [first = ''] = fit.namespaces;
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        labels: peer.pods === undefined ? '' : printSelector(peer.pods),
        own: spot.policy.namespace ?? '',
        namespaces: listed(fit.namespaces),
        first,
      };
      const value = { matchLabels: { 'kubernetes.io/metadata.name': first } };
      const edit = { kind: 'add-entry', at: peer.origin, key: 'namespaceSelector', value } as const;
      const fix = fit.namespaces.length === 1 ? { fix: { edits: [edit], keepsMeaning: false } } : {};
      report('elsewhere', facts, peer.pods === undefined ? peer.origin : at(peer.origin, 'podSelector'), fix);
    }
  },
});
