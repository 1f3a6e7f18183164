// A DNS rule that opens port 53 to the whole world.
import { at } from '../../../model/origin.ts';
import { isDnsRule } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const dnsToAnywhere = defineRule({
  id: 'dns-to-anywhere',
  catalogue: ['NP053'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['anywhere'],
  check(context, report) {
    for (const { policy, direction, rule, name } of rulesInForce(context)) {
      if (direction === 'ingress' || !isDnsRule(rule)) continue;
      const facts = { policy: policy.ref, name };
      if (rule.peers === 'anyone') report('anywhere', facts, rule.origin);
      else {
        const wide = rule.peers.find((peer) => peer.kind === 'block' && peer.cidr.prefixBits === 0);
        if (wide !== undefined) report('anywhere', facts, at(wide.origin, 'ipBlock'));
      }
    }
  },
});
