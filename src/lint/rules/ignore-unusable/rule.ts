// Ignores that do nothing: no reason, no rule, or a rule that does not exist.
import { nearest } from '../../../profile/nearest.ts';
import { ignoresIn } from '../../ignores.ts';
import { defineRule } from '../../rule.ts';

export const ignoreUnusable = defineRule({
  id: 'ignore-unusable',
  catalogue: [],
  summary: 'an ignore without a reason, or of a rule that does not exist',
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    noReason: {
      text: 'this ignore gives no reason, so it is not in force',
      hint: 'write why the finding is accepted: `# netverdict-ignore {rules}: reason`',
    },
    noRule: { text: 'this ignore names no rule, so it is not in force', hint: '`# netverdict-ignore RULE: reason`' },
    unknownRule: { text: 'no rule is called `{rule}`, so this ignore takes nothing out', hint: '{advice}' },
  },
  check(context, report) {
    const known = new Set(context.ruleIds);
    for (const ignores of ignoresIn(context).values()) {
      for (const { rules, reason, place } of ignores) {
        const extra = { place };
        if (rules.length === 0) report('noRule', {}, undefined, extra);
        else if (reason === '') report('noReason', { rules: rules.join(', ') }, undefined, extra);
        for (const rule of rules) {
          if (known.has(rule)) continue;
          const near = nearest(rule, [...known]);
          report('unknownRule', { rule, advice: near.length > 0 ? `did you mean ${near.join(', ')}?` : '' }, undefined, extra);
        }
      }
    }
  },
});
