// Objects of an API version that no supported cluster serves.
import { problemSentence } from '../../../explain/problem-sentence.ts';
import { at } from '../../../model/origin.ts';
import { factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const apiNoLongerServed = defineRule({
  id: 'api-no-longer-served',
  catalogue: ['NP013'],
  summary: 'an object of an API version that was removed, or of one that never was',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    removed: {
      text: '{kind} `{name}` is of {apiVersion}, which no cluster since Kubernetes 1.16 takes',
      hint: 'write {use}; the fields are the same',
    },
    neverServed: { text: '{sentence}', hint: '{advice}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'api-no-longer-served')) {
      const { origin, facts } = problem;
      if (origin === undefined) continue;
      if (problem.code === 'not-served') {
        const { text, hint = '' } = problemSentence(problem);
        report('neverServed', { ...factsOf(problem), sentence: text, advice: hint }, origin);
        continue;
      }
      const root = origin.path.at(-1) === 'apiVersion' ? origin : at(origin, 'apiVersion');
      report('removed', factsOf(problem), origin, mend({ kind: 'set-value', at: root, value: String(facts.use) }));
    }
  },
});
