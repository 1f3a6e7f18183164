// A selector on a label that the house does not want policies to depend on.
import { labelRequirements, printRequirement, type Selector } from '../../../model/selector.ts';
import { means } from '../../config.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce, readablePolicies } from '../../walk.ts';

export const selectsByForbiddenLabel = defineRule({
  id: 'selects-by-forbidden-label',
  catalogue: ['NP045'],
  severity: 'warning',
  offByDefault: true,
  needs: ['policies'],
  since: '0.1.0',
  messages: ['label'],
  check(context, report) {
    const { labels = [] } = context.house;
    if (labels.length === 0) return;
    const look = (selector: Selector | undefined, name: string) => {
      for (const requirement of selector === undefined ? [] : labelRequirements(selector)) {
        if (!labels.some((pattern) => means(pattern, requirement.key))) continue;
        const facts = { selector: name, requirement: printRequirement(requirement), key: requirement.key };
        report('label', facts, requirement.origin);
      }
    };
    for (const { subject, ref } of readablePolicies(context)) look(subject.pods, `\`${ref}\` podSelector`);
    for (const { policy, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'pods') continue;
      look(peer.pods, `\`${policy.ref}\` ${peerName}`);
      if (peer.namespace.by === 'labels') look(peer.namespace.selector, `\`${policy.ref}\` ${peerName}`);
    }
  },
});
