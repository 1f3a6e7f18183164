// `from: []` or `to: []`: looks like no one, means everyone.
import { at } from '../../../model/origin.ts';
import { isDnsRule } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';
import { writtenPeers } from '../../written.ts';

export const emptyListAdmitsEveryone = defineRule({
  id: 'empty-list-admits-everyone',
  catalogue: ['NP030'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['everyone'],
  check(context, report) {
    for (const { policy, direction, rule, name } of rulesInForce(context)) {
      if (rule.peers !== 'anyone' || writtenPeers(policy, direction, rule.index) !== 'empty') continue;
      // dns-to-anywhere speaks about DNS rules.
      if (direction === 'egress' && isDnsRule(rule)) continue;
      const list = direction === 'ingress' ? 'from' : 'to';
      report('everyone', { policy: policy.ref, name, list }, at(rule.origin, list));
    }
  },
});
