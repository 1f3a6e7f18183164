// A rule `{}`: everybody, on every port.
import { DIRECTIONS } from '../../../model/policy.ts';
import { isEverything } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, spotsOf } from '../../walk.ts';
import { writtenPeers } from '../../written.ts';

export const ruleAdmitsEverything = defineRule({
  id: 'rule-admits-everything',
  catalogue: ['NP031'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['besideOthers', 'alone'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      for (const direction of DIRECTIONS) {
        const spots = spotsOf(policy, direction);
        const wide = spots.find(({ rule }) => isEverything(rule) && writtenPeers(policy, direction, rule.index) !== 'empty');
        if (wide === undefined) continue;
        const others = spots.length - 1;
        const facts = { policy: policy.ref, name: wide.name, direction, others };
        if (others > 0) report('besideOthers', facts, wide.rule.origin);
        // Written alone it is usually meant: "not isolated for this direction" can be said in no other way beside a default deny.
        else report('alone', facts, wide.rule.origin, { severity: 'note' });
      }
    }
  },
});
