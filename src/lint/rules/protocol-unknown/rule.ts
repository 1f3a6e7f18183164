// A protocol in lower case, or one that NetworkPolicy does not have.

import { PROTOCOLS } from '../../../net/port-set.ts';
import { badValue, factsOf, inputFaults, mend } from '../../input-faults.ts';
import { defineRule } from '../../rule.ts';

export const protocolUnknown = defineRule({
  id: 'protocol-unknown',
  catalogue: ['NP006'],
  summary: 'a protocol that NetworkPolicy does not have',
  severity: 'error',
  needs: ['policies'],
  fixable: true,
  since: '0.1.0',
  messages: {
    lowerCase: { text: 'protocol `{protocol}` must be in capitals: the API server refuses the policy', hint: 'write {upper}' },
    icmp: {
      text: 'protocol `{protocol}` can not be said in a NetworkPolicy: there is TCP, UDP and SCTP',
      hint: 'what happens to ping is up to the CNI; a rule without ports lets it in on most, and Cilium and Calico have rules of their own for it',
    },
    unknown: {
      text: 'protocol `{protocol}` is none of TCP, UDP and SCTP: the API server refuses the policy',
      hint: 'for every protocol leave `ports` out',
    },
  },
  check(context, report) {
    for (const problem of inputFaults(context, 'protocol-unknown')) {
      const protocol = badValue(problem) ?? '';
      const upper = protocol.toUpperCase();
      const facts = { ...factsOf(problem), protocol, upper };
      if (problem.origin !== undefined && (PROTOCOLS as readonly string[]).includes(upper)) {
        report('lowerCase', facts, problem.origin, mend({ kind: 'set-value', at: problem.origin, value: upper }));
      } else report(upper.startsWith('ICMP') ? 'icmp' : 'unknown', facts, problem.origin);
    }
  },
});
