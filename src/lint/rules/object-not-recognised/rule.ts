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
      if (problem.severity === 'error' && problem.code === 'missing-kind') report('halfAnObject', facts, problem.origin);
      // A values.yaml that lies beside the manifests is no fault of theirs.
      else report('noObject', facts, problem.origin, { severity: problem.severity === 'error' ? 'error' : 'note' });
    }
  },
});
