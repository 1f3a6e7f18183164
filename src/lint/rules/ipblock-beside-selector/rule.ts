// ipBlock and a selector in one peer.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const ipblockBesideSelector = defineRule({
  id: 'ipblock-beside-selector',
  catalogue: ['NP002'],
  summary: 'ipBlock and a selector in one peer',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    both: {
      text: '`{field}` has an ipBlock and a selector: one peer is addresses or pods, and the API server refuses both',
      hint: 'write two peers if either may come in; "these pods, and only from these addresses" can not be said in a NetworkPolicy',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'ipblock-beside-selector')) report('both', factsOf(problem), problem.origin);
  },
});
