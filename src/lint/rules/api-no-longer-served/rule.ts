// Objects of an API version that no supported cluster serves.
import { at } from '../../../model/origin.ts';
import { factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const apiNoLongerServed = defineRule({
  id: 'api-no-longer-served',
  catalogue: ['NP013'],
  summary: 'an object of an API version that was removed',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    removed: {
      text: '{kind} `{name}` is of {apiVersion}, which no cluster since Kubernetes 1.16 takes',
      hint: 'write {use}; the fields are the same',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'api-no-longer-served')) {
      const { origin, facts } = problem;
      if (origin === undefined) continue;
      const root = origin.path.at(-1) === 'apiVersion' ? origin : at(origin, 'apiVersion');
      report('removed', factsOf(problem), origin, mend({ kind: 'set-value', at: root, value: String(facts.use) }));
    }
  },
});
