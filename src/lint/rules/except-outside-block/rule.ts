// An except that cuts nothing out of its block, or all of it.

import { cidrHas } from '../../../net/cidr.ts';
import { dig, textOf } from '../../../objects/read.ts';
import { readCidr } from '../../../objects/validate-cidr.ts';
import { badValue, factsOf, inputFaults, mend, parentOf } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';
import { policyValueAt } from '../../written.ts';

export const exceptOutsideBlock = defineRule({
  id: 'except-outside-block',
  catalogue: ['NP009'],
  summary: 'an except that is not a part of its cidr',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    outside: {
      text: 'except `{except}` is not inside `{cidr}`: it would cut nothing out, and the API server refuses the policy',
      hint: 'remove it, or write the cidr that holds both',
    },
    wholeBlock: {
      text: 'except `{except}` takes all of `{cidr}` away, and the API server refuses the policy',
      hint: 'remove the whole ipBlock if nothing of it was meant',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'except-outside-block')) {
      const { origin } = problem;
      if (origin === undefined) continue;
      const block = policyValueAt(context, parentOf(parentOf(origin)));
      const [except, cidr] = [badValue(problem) ?? '', textOf(dig(block, 'cidr')) ?? ''];
      const [inner, outer] = [readCidr(except)?.network, readCidr(cidr)?.network];
      const facts = { ...factsOf(problem), except, cidr };
      const overlaps = inner !== undefined && outer !== undefined && (cidrHas(inner, outer.first) || cidrHas(outer, inner.first));
      if (overlaps) report('wholeBlock', facts, origin);
      else report('outside', facts, origin, mend({ kind: 'remove', at: origin }));
    }
  },
});
