// Rules for a direction that policyTypes leaves out.

import { at } from '../../../model/origin.ts';
import { DIRECTIONS } from '../../../model/policy.ts';
import { counted } from '../../list-words.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, typeName } from '../../walk.ts';

export const rulesNotInForce = defineRule({
  id: 'rules-not-in-force',
  catalogue: ['NP021', 'NP022'],
  summary: 'rules of a direction that policyTypes leaves out',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    ignored: {
      text: '`{policy}` has {rules} that do nothing: policyTypes does not list {type}, and {direction} stays open as far as this policy goes',
      hint: 'add {type} to policyTypes',
    },
  },
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      for (const direction of DIRECTIONS) {
        const rules = policy.ignored[direction];
        if (rules === undefined || rules.length === 0) continue;
        const type = typeName(direction);
        const facts = { policy: policy.ref, direction, type, rules: counted(rules.length, `${direction} rule`) };
        const edit = { kind: 'add-item', at: policy.types.origin, value: type } as const;
        report('ignored', facts, at(policy.origin, 'spec', direction), {
          related: [policy.types.origin],
          fix: { edits: [edit], keepsMeaning: false },
        });
      }
    }
  },
});
