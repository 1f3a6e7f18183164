// A number in quotes, which is a port name to the API, and no valid one.
import { badValue, factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const portNumberQuoted = defineRule({
  id: 'port-number-quoted',
  catalogue: ['NP007'],
  summary: 'a port number in quotes',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    quoted: {
      text: 'port "{port}" in quotes is a port name, and no name may be all digits: the API server refuses the policy',
      hint: 'write {port} without quotes',
    },
  },
  check(context, report) {
    const seen = new Set<string>();
    for (const problem of inputFaults(context, 'port-number-quoted')) {
      const { origin } = problem;
      const port = badValue(problem) ?? '';
      const place = origin === undefined ? '' : origin.path.join('.');
      // The API server has several complaints about one such name.
      if (origin === undefined || seen.has(`${origin.document.start} ${place}`)) continue;
      seen.add(`${origin.document.start} ${place}`);
      const number = Number(port);
      const fix = number >= 1 && number <= 65535 ? mend({ kind: 'set-value', at: origin, value: number }) : {};
      report('quoted', { ...factsOf(problem), port }, origin, fix);
    }
  },
});
