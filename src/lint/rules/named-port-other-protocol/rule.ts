// A named port that the pods have with another protocol than the rule says.

import { portOrigin } from '../../../model/cluster.ts';
import { at } from '../../../model/origin.ts';
import { dig } from '../../../objects/read.ts';
import { declaredPorts, destinationsOf } from '../../declared-ports.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';
import { policyValueAt } from '../../written.ts';

export const namedPortOtherProtocol = defineRule({
  id: 'named-port-other-protocol',
  catalogue: ['NP062'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['other'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'named') continue;
        const has = declaredPorts(context, destinationsOf(context, spot)).byName.get(port.name) ?? [];
        const [first] = has;
        if (first === undefined || has.some(({ protocol }) => protocol === port.protocol)) continue;
        // `{ port: dns }` beside `{ port: dns, protocol: UDP }` opens what is there.
        if (
          rule.ports.some(
            (other) => other.kind === 'named' && other.name === port.name && has.some(({ protocol }) => protocol === other.protocol),
          )
        )
          continue;
        const isWritten = dig(policyValueAt(context, port.origin), 'protocol') !== undefined;
        const edit = isWritten
          ? ({ kind: 'set-value', at: at(port.origin, 'protocol'), value: first.protocol } as const)
          : ({ kind: 'add-entry', at: port.origin, key: 'protocol', value: first.protocol } as const);
        const facts = {
          policy: policy.ref,
          name,
          port: port.name,
          protocol: port.protocol,
          has: first.protocol,
          isWritten: isWritten ? 'yes' : 'no',
        };
        report('other', facts, port.origin, { related: [portOrigin(first.pod, first)], fix: { edits: [edit], keepsMeaning: false } });
      }
    }
  },
});
