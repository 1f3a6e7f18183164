// SCTP on a CNI that does not enforce it, or where nobody established that it does.
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const sctpUnsupported = defineRule({
  id: 'sctp-unsupported',
  catalogue: ['NP068'],
  summary: 'SCTP on a CNI that may not enforce it',
  severity: 'warning',
  needs: ['profile'],
  since: '0.1.0',
  messages: {
    no: { text: '{cni} does not enforce rules for SCTP' },
    open: {
      text: 'whether {cni} enforces rules for SCTP is not established; it depends on how it is set up',
      hint: 'test it with a connection that must be denied',
    },
  },
  check(context, report) {
    const { sctp, name: cni } = context.semantics;
    if (sctp === 'yes') return;
    for (const { rule } of rulesInForce(context)) {
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) if (port.protocol === 'SCTP') report(sctp, { cni }, port.origin);
    }
  },
});
