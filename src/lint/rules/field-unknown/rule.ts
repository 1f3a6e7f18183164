// Fields that the API does not know: a typing slip, or a field one level too high or too low.
import { factsOf, inputFaults, mend, parentOf } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';
import { policyValueAt } from '../../written.ts';

/** Where a field that stands in the wrong place belongs (objects/validate-unknown-field.ts). */
const PLACES: Readonly<Record<string, string>> = {
  'under-pod-selector': 'it belongs under `podSelector`',
  'under-match-labels': 'a label belongs under `matchLabels`',
  'under-match-expressions': 'it belongs into an item of `matchExpressions`',
  'under-ip-block': 'it belongs under `ipBlock`',
  'under-peers': 'it belongs into an item of `from` or `to`',
  'under-ports': 'it belongs into an item of `ports`',
  'in-rule': 'it belongs one level up, beside `from` or `to`',
  'in-spec': 'it belongs directly under `spec`',
  'in-metadata': 'it belongs under `metadata`',
  'other-direction': 'ingress rules have `from`, egress rules have `to`',
};

export const fieldUnknown = defineRule({
  id: 'field-unknown',
  catalogue: ['NP004'],
  summary: 'a field that the API does not know',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    misspelt: { text: '`{field}` is no field of the API; nearest is `{nearest}`', hint: 'write `{nearest}`' },
    misplaced: { text: '`{field}` is no field of the API: {where}' },
    unknown: {
      text: '`{field}` is no field of the API',
      hint: 'kubectl refuses it; a client that does not validate drops it without a word',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'field-unknown')) {
      const { origin, facts } = problem;
      if (origin === undefined) continue;
      const key = String(origin.path.at(-1));
      const where = typeof facts.hint === 'string' ? PLACES[facts.hint] : undefined;
      // `port: [...]` in a rule is the list `ports`; a lone `port: 80` belongs into an item of it.
      if (key === 'port' && Array.isArray(policyValueAt(context, origin))) {
        report('misspelt', { ...factsOf(problem), nearest: 'ports' }, origin, mend({ kind: 'rename-key', at: origin, key: 'ports' }));
      } else if (facts.hint === 'under-match-labels' || facts.hint === 'under-pod-selector') {
        const under = facts.hint === 'under-match-labels' ? 'matchLabels' : 'podSelector';
        const fix = mend({ kind: 'move-under', at: parentOf(origin), keys: [key], under });
        report('misplaced', { ...factsOf(problem), where: where ?? '' }, origin, fix);
      } else if (where !== undefined && facts.hint !== 'other-direction') report('misplaced', { ...factsOf(problem), where }, origin);
      else if (typeof facts.nearest === 'string')
        report('misspelt', factsOf(problem), origin, mend({ kind: 'rename-key', at: origin, key: facts.nearest }));
      else report('unknown', factsOf(problem), origin);
    }
  },
});
