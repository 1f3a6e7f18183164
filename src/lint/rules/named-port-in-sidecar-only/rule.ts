// A named port that only an init container or sidecar declares, which implementations treat differently.
import { portOrigin } from '../../../model/cluster.ts';
import { at } from '../../../model/origin.ts';
import { declaredPorts, destinationsOf } from '../../declared-ports.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const namedPortInSidecarOnly = defineRule({
  id: 'named-port-in-sidecar-only',
  catalogue: ['NP064'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['init'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'named') continue;
        const has = declaredPorts(context, destinationsOf(context, spot)).byName.get(port.name) ?? [];
        const fitting = has.filter(({ protocol }) => protocol === port.protocol);
        const [first] = fitting;
        if (first === undefined || fitting.some(({ role }) => role === 'main')) continue;
        const role = first.role === 'init' ? 'init' : 'init (sidecar)';
        report('init', { port: port.name, policy: policy.ref, name, container: first.container, role }, at(port.origin, 'port'), {
          related: [portOrigin(first.pod, first)],
        });
      }
    }
  },
});
