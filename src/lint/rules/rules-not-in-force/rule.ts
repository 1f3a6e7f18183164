// Rules for a direction that policyTypes leaves out.

import { at } from '../../../model/origin.ts';
import { DIRECTIONS } from '../../../model/policy.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, typeName } from '../../walk.ts';

export const rulesNotInForce = defineRule({
  id: 'rules-not-in-force',
  catalogue: ['NP021', 'NP022'],
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: ['ignored'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      for (const direction of DIRECTIONS) {
        const rules = policy.ignored[direction];
        if (rules === undefined || rules.length === 0) continue;
        const type = typeName(direction);
        const facts = { policy: policy.ref, direction, type, rules: rules.length };
        const edit = { kind: 'add-item', at: policy.types.origin, value: type } as const;
        report('ignored', facts, at(policy.origin, 'spec', direction), {
          related: [policy.types.origin],
          fix: { edits: [edit], keepsMeaning: false },
        });
      }
    }
  },
});
