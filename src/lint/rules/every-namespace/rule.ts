// `namespaceSelector: {}`: the pods of every namespace, of all tenants.
import { frontDoors } from '../../front-doors.ts';
import { isDnsRule } from '../../meaning.ts';
import { subjectPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const everyNamespace = defineRule({
  id: 'every-namespace',
  catalogue: ['NP037'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['ingress', 'egress', 'withLabels'],
  check(context, report) {
    for (const spot of peersInForce(context)) {
      const { peer, policy, direction, rule } = spot;
      if (peer.kind !== 'pods' || peer.namespace.by !== 'labels' || peer.namespace.selector.requirements.length > 0) continue;
      const facts = { peer: `\`${policy.ref}\` ${spot.peerName}` };
      const origin = peer.namespace.selector.origin;
      if (peer.pods !== undefined && peer.pods.requirements.length > 0) report('withLabels', facts, origin, { severity: 'note' });
      // Many tools generate DNS rules for any namespace; the port is what limits them.
      else if (direction === 'egress') report('egress', facts, origin, isDnsRule(rule) ? { severity: 'note' } : {});
      else {
        const isFrontDoor = subjectPods(context, policy).some((pod) => frontDoors(context).has(pod.workload));
        report('ingress', facts, origin, isFrontDoor ? { severity: 'note' } : {});
      }
    }
  },
});
