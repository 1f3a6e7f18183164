// Policies of kinds that are known and not evaluated: what they allow or deny is not in any answer.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const policyKindNotEvaluated = defineRule({
  id: 'policy-kind-not-evaluated',
  catalogue: ['NP125'],
  summary: 'a policy of a kind that is not evaluated here',
  severity: 'note',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    notEvaluated: { text: '{kind} `{name}` is not evaluated: findings about the pods that it may touch are left out' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'policy-kind-not-evaluated')) report('notEvaluated', factsOf(problem), problem.origin);
  },
});
