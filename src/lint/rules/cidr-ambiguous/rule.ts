// CIDRs that servers read in different ways, or that newer ones refuse.

import { printCidr } from '../../../net/cidr.ts';
import { readCidr } from '../../../objects/validate-cidr.ts';
import { badValue, factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const cidrAmbiguous = defineRule({
  id: 'cidr-ambiguous',
  catalogue: ['NP010'],
  summary: 'a CIDR with host bits, leading zeros or another odd spelling',
  severity: 'warning',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    hostBits: {
      text: '`{cidr}` names a host where a network is wanted; servers read it as `{network}`, and newer ones refuse it',
      hint: 'write `{network}` for the network, or `{alone}` for the one address',
    },
    oddSpelling: { text: '`{cidr}` is spelt in a way that newer servers refuse or warn of', hint: 'write `{network}`' },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'cidr-ambiguous')) {
      const text = badValue(problem) ?? '';
      const cidr = readCidr(text);
      if (cidr === undefined || problem.origin === undefined) continue;
      const network = printCidr(cidr.network);
      const facts = {
        ...factsOf(problem),
        cidr: text,
        network,
        alone: `${text.slice(0, text.indexOf('/'))}/${text.includes(':') ? 128 : 32}`,
      };
      // Which of the two was meant, only a person can say.
      if (/is ambiguous/.test(String(problem.facts.detail))) report('hostBits', facts, problem.origin);
      else report('oddSpelling', facts, problem.origin, mend({ kind: 'set-value', at: problem.origin, value: network }));
    }
  },
});
