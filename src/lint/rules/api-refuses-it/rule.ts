// Everything the API server would refuse or warn of that has no rule of its own.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { apiErrorText } from '../../../objects/validate-problem.ts';
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const apiRefusesIt = defineRule({
  id: 'api-refuses-it',
  catalogue: ['NP001'],
  summary: 'the API server would refuse this object',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    refused: { text: 'the API server refuses this: {error}' },
    doubtful: { text: '{sentence}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'api-refuses-it')) {
      const facts = { ...factsOf(problem), sentence: problemSentence(problem).text };
      const where = problem.place === undefined ? {} : { place: problem.place };
      if (problem.severity === 'error' && apiErrorText(problem) !== '') report('refused', facts, problem.origin, where);
      else report('doubtful', facts, problem.origin, { ...where, severity: problem.severity });
    }
  },
});
