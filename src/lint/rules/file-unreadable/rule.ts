// Files that were named and could not be read, and limits that were met.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const fileUnreadable = defineRule({
  id: 'file-unreadable',
  catalogue: ['NP005'],
  summary: 'a file that could not be read, or not to its end',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    unreadable: { text: '{sentence}', hint: '{advice}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'file-unreadable')) {
      const { text, hint } = problemSentence(problem);
      const facts = { ...factsOf(problem), sentence: text, advice: hint ?? '' };
      report('unreadable', facts, problem.origin, {
        severity: problem.severity,
        ...(problem.place === undefined ? {} : { place: problem.place }),
      });
    }
  },
});
