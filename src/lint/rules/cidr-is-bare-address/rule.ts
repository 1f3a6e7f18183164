// An address where a CIDR is wanted.
import { parseIp } from '../../../net/ip.ts';
import { badValue, factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const cidrIsBareAddress = defineRule({
  id: 'cidr-is-bare-address',
  catalogue: ['NP011'],
  summary: 'an address without a prefix length where a CIDR is wanted',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    noPrefix: {
      text: '`{address}` is an address, not a CIDR: the API server refuses the policy',
      hint: 'write `{cidr}` for this one address',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'cidr-is-bare-address')) {
      const address = badValue(problem) ?? '';
      const ip = parseIp(address);
      const cidr = `${address}/${ip?.family === 6 ? 128 : 32}`;
      const facts = { ...factsOf(problem), address, cidr };
      const fix = ip === undefined || problem.origin === undefined ? {} : mend({ kind: 'set-value', at: problem.origin, value: cidr });
      report('noPrefix', facts, problem.origin, fix);
    }
  },
});
