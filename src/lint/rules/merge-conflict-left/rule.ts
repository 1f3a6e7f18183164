// Conflict markers of a merge that nobody finished.
import { factsOf, inputFaults } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const mergeConflictLeft = defineRule({
  id: 'merge-conflict-left',
  catalogue: ['NP005'],
  summary: 'markers of an unfinished merge',
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    markers: {
      text: 'conflict markers (<<<<<<<, =======, >>>>>>>) are left in this document, so nothing of it was read',
      hint: 'finish the merge',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'merge-conflict-left')) {
      report('markers', factsOf(problem), problem.origin, problem.place === undefined ? {} : { place: problem.place });
    }
  },
});
