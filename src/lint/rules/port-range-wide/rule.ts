// Ranges that hold nearly every port, and ingress rules without ports.
import { at } from '../../../model/origin.ts';
import { declaredPorts } from '../../declared-ports.ts';
import { firstNames } from '../../facts.ts';
import { subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const portRangeWide = defineRule({
  id: 'port-range-wide',
  catalogue: ['NP066'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['range', 'noPorts'],
  check(context, report) {
    for (const { policy, direction, rule, name } of rulesInForce(context)) {
      const facts = { policy: policy.ref, name };
      if (rule.ports === 'every-port') {
        if (direction === 'egress' || rule.peers === 'anyone') continue;
        const { numbers, silent } = declaredPorts(context, subjectClasses(context, policy));
        if (numbers.size === 0 || silent) continue;
        report('noPorts', { ...facts, declared: firstNames([...numbers], 4) }, rule.origin, { severity: 'note' });
        continue;
      }
      for (const port of rule.ports) {
        if (port.kind !== 'range' || port.to - port.from < WIDE) continue;
        const said = { ...facts, from: port.from, to: port.to, protocol: port.protocol, count: port.to - port.from + 1 };
        report('range', said, at(port.origin, 'endPort'));
      }
    }
  },
});

/** The ports of NodePorts (2768), of passive FTP, of media servers (about 10,000) are real ranges. */
const WIDE = 16_384;
