// SCTP on a CNI that does not enforce it, or where that is not established.
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const sctpUnsupported = defineRule({
  id: 'sctp-unsupported',
  catalogue: ['NP068'],
  severity: 'warning',
  needs: ['profile'],
  since: '0.1.0',
  messages: ['no', 'open'],
  check(context, report) {
    const { sctp, name: cni } = context.semantics;
    if (sctp === 'yes') return;
    for (const { rule } of rulesInForce(context)) {
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) if (port.protocol === 'SCTP') report(sctp, { cni }, port.origin);
    }
  },
});
