// policyTypes left out where the default is not what the YAML seems to say.

import { at } from '../../../model/origin.ts';
import { dig } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies, typeName } from '../../walk.ts';

export const typesLeftToDefault = defineRule({
  id: 'types-left-to-default',
  catalogue: ['NP020'],
  severity: 'warning',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: ['emptyEgress', 'emptyList'],
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
