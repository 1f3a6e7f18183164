// A namespaceSelector that no namespace fits, with the namespace that is called so, or the label that is nearest.
import { NAME_LABEL } from '../../../manifest/to-cluster.ts';
import type { Edit } from '../../../model/edit.ts';
import { printSelector } from '../../../model/selector.ts';
import { editsFor } from '../../label-misses.ts';
import { otherPeersAdmit, peersThat } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';

export const namespaceSelectorMatchesNothing = defineRule({
  id: 'namespace-selector-matches-nothing',
  catalogue: ['NP041', 'NP044'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nameIsNoLabel', 'nearMiss', 'nobody'],
  check(context, report) {
    for (const { spot, peer, fit } of peersThat(context, 'no-namespace')) {
      if (peer.namespace.by !== 'labels') continue;
      const { selector } = peer.namespace;
      const facts = { peer: `\`${spot.policy.ref}\` ${spot.peerName}`, selector: printSelector(selector) };
      const isAlone = !otherPeersAdmit(context, spot);
      // Where other peers of the rule are there, a missing namespace is a connection that does not exist yet, not an outage.
      const severity = fit.certain ? (isAlone ? 'error' : 'warning') : isAlone ? 'warning' : 'note';
      const [only, ...others] = selector.requirements;
      if (fit.called !== undefined) {
        const isPlain = only !== undefined && others.length === 0 && only.values.length === 1 && only.origin.path.at(-2) === 'matchLabels';
        const edits: Edit[] = isPlain && only.key !== NAME_LABEL ? [{ kind: 'rename-key', at: only.origin, key: NAME_LABEL }] : [];
        const fix = edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
        report('nameIsNoLabel', { ...facts, called: fit.called.name }, only?.origin ?? selector.origin, {
          severity,
          related: [fit.called.origin],
          ...fix,
        });
      } else if (fit.miss !== undefined) {
        const { miss } = fit;
        const edits = miss.isSlip ? editsFor(miss) : [];
        const fix = edits.length > 0 ? { fix: { edits, keepsMeaning: false } } : {};
        report('nearMiss', { ...facts, owner: miss.owner.name, nearest: miss.nearest }, miss.requirement.origin, {
          severity,
          related: [miss.at],
          ...fix,
        });
      } else {
        report('nobody', { ...facts, effect: isAlone ? 'rule-dead' : 'peer-dead' }, selector.origin, { severity });
      }
    }
  },
});
