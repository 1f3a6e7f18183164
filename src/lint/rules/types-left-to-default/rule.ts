// policyTypes left out where the default is not what the YAML seems to say.

import { at } from '../../../model/origin.ts';
import { dig } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, typeName } from '../../walk.ts';

export const typesLeftToDefault = defineRule({
  id: 'types-left-to-default',
  catalogue: ['NP020'],
  summary: 'policyTypes left out, and the default is not what the policy seems to say',
  severity: 'warning',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    emptyEgress: {
      text: '`egress: []` without policyTypes denies nothing: the default is [Ingress], and egress of these pods stays open',
      hint: 'write policyTypes: [Ingress, Egress] to deny egress; --fix writes what is in force now, [Ingress]',
    },
    emptyList: {
      text: '`policyTypes: []` is the same as none: the default makes it [{types}]',
      hint: 'write the directions that the policy is about',
    },
  },
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      if (policy.types.written) continue;
      const spec = dig(policy.value, 'spec');
      const [types, egress] = [dig(spec, 'policyTypes'), dig(spec, 'egress')];
      const names = policy.types.directions.map(typeName);
      const root = at(policy.origin, 'spec');
      if (Array.isArray(types)) {
        const edit = { kind: 'set-value', at: at(root, 'policyTypes'), value: names } as const;
        report('emptyList', { types: names.join(', ') }, at(root, 'policyTypes'), { fix: { edits: [edit], keepsMeaning: true } });
      } else if (Array.isArray(egress) && egress.length === 0) {
        const edit = { kind: 'add-entry', at: root, key: 'policyTypes', value: names, after: 'podSelector' } as const;
        report('emptyEgress', { types: names.join(', ') }, at(root, 'egress'), { fix: { edits: [edit], keepsMeaning: true } });
      }
    }
  },
});
