// A port without protocol, which is TCP, where UDP was surely meant.

import { at } from '../../../model/origin.ts';
import { PROTOCOLS, type Protocol } from '../../../net/port-set.ts';
import { dig } from '../../../objects/read.ts';
import { declaredPorts, declares, destinationsOf } from '../../declared-ports.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';
import { policyValueAt } from '../../written.ts';

export const protocolDefaultsToTcp = defineRule({
  id: 'protocol-defaults-to-tcp',
  catalogue: ['NP067'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['declaredOther', 'dns'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'range' || port.from !== port.to || port.protocol !== 'TCP') continue;
        if (dig(policyValueAt(context, port.origin), 'protocol') !== undefined) continue;
        const facts = { policy: policy.ref, name, port: port.from };
        const opensOver = (protocol: Protocol) =>
          rule.ports !== 'every-port' &&
          rule.ports.some(
            (other) =>
              other.protocol === protocol &&
              (other.kind === 'protocol' || (other.kind === 'range' && other.from <= port.from && port.from <= other.to)),
          );
        const set = destinationsOf(context, spot);
        const declared = declaredPorts(context, set);
        const other = PROTOCOLS.find((protocol) => protocol !== 'TCP' && declares(declared, protocol, port.from));
        if (other !== undefined && !declares(declared, 'TCP', port.from) && !opensOver(other)) {
          const edit = { kind: 'add-entry', at: port.origin, key: 'protocol', value: other } as const;
          report('declaredOther', { ...facts, other }, at(port.origin, 'port'), { fix: { edits: [edit], keepsMeaning: false } });
        } else if (
          port.from === 53 &&
          spot.direction === 'egress' &&
          subjectClasses(context, policy).members.length === 0 &&
          !opensOver('UDP')
        ) {
          // With the pods at hand, dns-denied asks what their policies say together.
          const edit = { kind: 'add-item', at: at(rule.origin, 'ports'), value: { protocol: 'UDP', port: 53 } } as const;
          report('dns', facts, at(port.origin, 'port'), { fix: { edits: [edit], keepsMeaning: false } });
        }
      }
    }
  },
});
