// Two objects of one kind, namespace and name: the later one takes the place of the earlier.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const objectDefinedTwice = defineRule({
  id: 'object-defined-twice',
  catalogue: ['NP130'],
  summary: 'two objects of the same name',
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    twice: {
      text: '{kind} `{name}` is defined a second time: this one replaces the one at {first}',
      hint: 'give one of them another name, or remove it',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'object-defined-twice')) {
      // Of other kinds folders often hold variants; a policy that is replaced takes its allowances with it.
      report('twice', factsOf(problem), problem.origin, problem.facts.kind === 'NetworkPolicy' ? {} : { severity: 'note' });
    }
  },
});
