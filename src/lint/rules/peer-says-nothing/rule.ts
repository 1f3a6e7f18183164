// A peer without podSelector, namespaceSelector or ipBlock; often because the labels stand one level too high.
import { factsOf, inputFaults, mend, parentOf } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const peerSaysNothing = defineRule({
  id: 'peer-says-nothing',
  catalogue: ['NP003', 'NP004'],
  summary: 'a peer that names nobody',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    empty: {
      text: 'this peer has no podSelector, namespaceSelector or ipBlock: the API server refuses the policy',
      hint: 'for every pod of the namespace write `podSelector: {}`; for everybody leave the list of peers out',
    },
    labelsTooHigh: {
      text: '`{key}` stands directly in the peer, where the API does not know it',
      hint: 'put it under `podSelector` (pods) or `namespaceSelector` (namespaces)',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'peer-says-nothing')) {
      const { origin, code } = problem;
      if (origin === undefined) continue;
      if (code !== 'unknown-field') {
        report('empty', factsOf(problem), origin);
        continue;
      }
      const key = String(origin.path.at(-1));
      const fix = mend({ kind: 'move-under', at: parentOf(origin), keys: [key], under: 'podSelector' });
      report('labelsTooHigh', { ...factsOf(problem), key }, origin, fix);
    }
  },
});
