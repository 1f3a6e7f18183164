// A namespaceSelector that only says what must not be there: it matches every namespace without labels.
import { NAME_LABEL } from '../../../manifest/to-cluster.ts';
import { printSelector } from '../../../model/selector.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const unlabelledNamespacesMatch = defineRule({
  id: 'unlabelled-namespaces-match',
  catalogue: ['NP039'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['absent', 'byName'],
  check(context, report) {
    for (const { peer, policy, peerName } of peersInForce(context)) {
      if (peer.kind !== 'pods' || peer.namespace.by !== 'labels') continue;
      const { requirements, origin } = peer.namespace.selector;
      const isNegative =
        requirements.length > 0 && requirements.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist');
      if (!isNegative) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, selector: printSelector(peer.namespace.selector) };
      // Every namespace has its name as a label, so none slips through without it.
      const isByName = requirements.every(({ key, operator }) => key === NAME_LABEL && operator === 'NotIn');
      if (isByName) report('byName', facts, origin, { severity: 'note' });
      else report('absent', facts, origin);
    }
  },
});
