// The same policy type twice.

import { at } from '../../../model/origin.ts';
import { dig, listOf } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const typeListedTwice = defineRule({
  id: 'type-listed-twice',
  catalogue: ['NP025'],
  severity: 'note',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: ['twice'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const [first, second] = listOf(dig(policy.value, 'spec', 'policyTypes'));
      if (first === undefined || first !== second) continue;
      const origin = at(policy.origin, 'spec', 'policyTypes', 1);
      const other = first === 'Ingress' ? 'Egress' : 'Ingress';
      report('twice', { type: String(first), other }, origin, { fix: { edits: [{ kind: 'remove', at: origin }], keepsMeaning: true } });
    }
  },
});
