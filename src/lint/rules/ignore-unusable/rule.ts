// Ignores that do nothing: no reason, no rule, or a rule that does not exist.
import { nearest } from '../../../profile/nearest.ts';
import { firstNames } from '../../facts.ts';
import { ignoresIn } from '../../ignores.ts';
import { defineRule } from '../../rule.ts';

export const ignoreUnusable = defineRule({
  id: 'ignore-unusable',
  catalogue: [],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['noReason', 'noRule', 'unknownRule'],
  check(context, report) {
    const known = new Set(context.ruleIds);
    for (const ignores of ignoresIn(context).values()) {
      for (const { rules, reason, place } of ignores) {
        const extra = { place };
        if (rules.length === 0) report('noRule', {}, undefined, extra);
        else if (reason === '') report('noReason', { rules: rules.join(', ') }, undefined, extra);
        for (const rule of rules) {
          if (known.has(rule)) continue;
          report('unknownRule', { rule, advice: firstNames(nearest(rule, [...known])) }, undefined, extra);
        }
      }
    }
  },
});
