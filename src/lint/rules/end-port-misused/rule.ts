// endPort where the API does not take it.
import { dig, integerOf } from '../../../objects/read.ts';
import { factsOf, fieldOf, inputFaults, mend, parentOf, siblingOf } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';
import { policyValueAt } from '../../written.ts';

export const endPortMisused = defineRule({
  id: 'end-port-misused',
  catalogue: ['NP008'],
  summary: 'endPort without a numeric port, or smaller than it',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    upsideDown: {
      text: 'endPort {endPort} is smaller than port {port}: the API server refuses the policy',
      hint: 'write the smaller number as port',
    },
    needsNumber: {
      text: 'endPort needs a port that is a number: the API server refuses the policy',
      hint: 'write port as a number, or remove endPort',
    },
    outOfRange: { text: '{error}' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'end-port-misused')) {
      const { origin } = problem;
      const detail = String(problem.facts.detail);
      if (origin === undefined) continue;
      const written = policyValueAt(context, parentOf(origin));
      const [port, endPort] = [integerOf(dig(written, 'port')), integerOf(dig(written, 'endPort'))];
      const facts = { ...factsOf(problem), port: port ?? '', endPort: endPort ?? '', field: fieldOf(problem) };
      if (detail.startsWith('must be greater') && port !== undefined && endPort !== undefined) {
        const swapped = [
          { kind: 'set-value', at: siblingOf(origin, 'port'), value: endPort },
          { kind: 'set-value', at: origin, value: port },
        ] as const;
        report('upsideDown', facts, origin, mend(...swapped));
      } else if (detail.startsWith('may not be specified')) report('needsNumber', facts, origin);
      else report('outOfRange', facts, origin);
    }
  },
});
