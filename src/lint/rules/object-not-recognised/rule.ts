// Documents that are no Kubernetes objects, or do not say which kind.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const objectNotRecognised = defineRule({
  id: 'object-not-recognised',
  catalogue: ['NP005'],
  summary: 'a document that is no Kubernetes object',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    halfAnObject: { text: '{sentence}', hint: 'an object has apiVersion and kind; without both nobody knows what it is' },
    noObject: { text: '{sentence}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'object-not-recognised')) {
      const facts = { ...factsOf(problem), sentence: problemSentence(problem).text };
      // A values.yaml or Chart.yaml that lies beside the manifests is no fault of theirs.
      const isOther = problem.severity !== 'error' || /(^|\/)Chart\.ya?ml$/.test(problem.origin?.document.file ?? '');
      if (isOther) report('noObject', facts, problem.origin, { severity: 'note' });
      else report(problem.code === 'missing-kind' ? 'halfAnObject' : 'noObject', facts, problem.origin);
    }
  },
});
