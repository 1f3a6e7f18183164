// A label value that YAML reads as a number or a boolean.
import { factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const labelValueNotText = defineRule({
  id: 'label-value-not-text',
  catalogue: ['NP014'],
  summary: 'a label value without quotes that YAML takes for a number or a boolean',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    unquoted: {
      text: 'label value `{value}` is a {found} to YAML, and labels are text: the API server can not read it',
      hint: 'write it in quotes',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'label-value-not-text')) {
      const { origin, facts } = problem;
      if (origin === undefined) continue;
      report('unquoted', factsOf(problem), origin, mend({ kind: 'set-value', at: origin, value: String(facts.value) }));
    }
  },
});
