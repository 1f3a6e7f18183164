// A policy whose name is not one of those that the house agreed on.
import { means } from '../../config.ts';
import { listed } from '../../list-words.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const nameAgainstConvention = defineRule({
  id: 'name-against-convention',
  catalogue: ['NP137'],
  summary: 'a policy whose name does not follow the patterns in `lint.house.names`',
  severity: 'warning',
  offByDefault: true,
  turnedOnBy: 'names',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    name: { text: '`{policy}` is not named like {patterns}', hint: 'rename it: apply it under the new name, then delete the old one' },
  },
  check(context, report) {
    const { names = [] } = context.house;
    if (names.length === 0) return;
    for (const policy of readablePolicies(context)) {
      if (!names.some((pattern) => means(pattern, policy.name)))
        report('name', { policy: policy.ref, patterns: listed(names) }, policy.origin);
    }
  },
});
