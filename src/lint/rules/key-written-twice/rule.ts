// One key twice in a mapping: the last wins, and the first is lost without a word.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const keyWrittenTwice = defineRule({
  id: 'key-written-twice',
  catalogue: ['NP004'],
  summary: 'a key that stands twice in one mapping',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    twice: {
      text: 'key `{key}` stands twice in one mapping: the last one counts, what the first said is lost',
      hint: 'join the two, or remove one',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'key-written-twice')) report('twice', factsOf(problem), problem.origin);
  },
});
