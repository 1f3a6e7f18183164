// A Helm or Go template that was given as it is.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const templateNotRendered = defineRule({
  id: 'template-not-rendered',
  catalogue: ['NP005'],
  summary: 'a template that has not been rendered',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    template: {
      text: 'this is a template that has not been rendered, so nothing of it was read',
      hint: 'helm template CHART | netverdict lint -f -',
    },
    tree: { text: '{sentence}', hint: '{advice}' },
  },
  check(context, report) {
    const files = new Set<string>();
    for (const problem of inputFaults(context, 'template-not-rendered')) {
      if (problem.code === 'wants-rendering') {
        const { text, hint = '' } = problemSentence(problem);
        report('tree', { ...factsOf(problem), sentence: text, advice: hint }, problem.origin, { severity: 'note' });
        continue;
      }
      // A template is cut into documents at its `---`; one word about the file is enough.
      const file = problem.place?.file ?? problem.origin?.document.file ?? '';
      if (files.has(file)) continue;
      files.add(file);
      report('template', factsOf(problem), problem.origin, problem.place === undefined ? {} : { place: problem.place });
    }
  },
});
