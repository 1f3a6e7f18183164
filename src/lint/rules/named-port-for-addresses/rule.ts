// A named port in an egress rule whose peers are addresses: there is no pod in which to look the name up.
import { at } from '../../../model/origin.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const namedPortForAddresses = defineRule({
  id: 'named-port-for-addresses',
  catalogue: ['NP063'],
  severity: 'error',
  needs: ['policies', 'profile'],
  since: '0.1.0',
  messages: ['egress', 'skipped'],
  check(context, report) {
    const isAws = context.choice.members.every(({ name }) => name.startsWith('aws-vpc-cni'));
    for (const { policy, direction, rule, name } of rulesInForce(context)) {
      if (rule.ports === 'every-port' || rule.peers === 'anyone') continue;
      const blocks = rule.peers.filter(({ kind }) => kind === 'block').length;
      for (const port of rule.ports) {
        if (port.kind !== 'named' || blocks === 0) continue;
        const facts = { policy: policy.ref, name, port: port.name };
        if (direction === 'egress' && blocks === rule.peers.length) report('egress', facts, at(port.origin, 'port'));
        else if (isAws) report('skipped', facts, at(port.origin, 'port'), { severity: 'warning' });
      }
    }
  },
});
