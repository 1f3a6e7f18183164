// A policy whose name is not one of those that the house agreed on.
import { means } from '../../config.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const nameAgainstConvention = defineRule({
  id: 'name-against-convention',
  catalogue: ['NP137'],
  severity: 'warning',
  offByDefault: true,
  needs: ['policies'],
  since: '0.1.0',
  messages: ['name'],
  check(context, report) {
    const { names = [] } = context.house;
    if (names.length === 0) return;
    for (const policy of readablePolicies(context)) {
      if (!names.some((pattern) => means(pattern, policy.name)))
        report('name', { policy: policy.ref, patterns: firstNames(names) }, policy.origin);
    }
  },
});
