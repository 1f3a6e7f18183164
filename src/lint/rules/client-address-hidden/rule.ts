// An ingress block for clients whose address a load balancer hides behind a node.
import { printCidr } from '../../../net/cidr.ts';
import { hidesClients } from '../../../route/translate.ts';
import { inBlock, isPrivate } from '../../addresses.ts';
import { subjectPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicesOfPod } from '../../service-pods.ts';
import { peersInForce } from '../../walk.ts';

export const clientAddressHidden = defineRule({
  id: 'client-address-hidden',
  catalogue: ['NP088'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['hidden'],
  check(context, report) {
    // Some data planes keep the client's address all the way.
    if (context.semantics.nodePortSource === 'client') return;
    if (![...context.cluster.services.values()].some(hidesClients)) return;
    const services = servicesOfPod(context);
    for (const { policy, direction, peer, peerName } of peersInForce(context)) {
      if (direction === 'egress' || peer.kind !== 'block' || peer.cidr.prefixBits === 0) continue;
      if (isPrivate(peer.cidr) || inBlock(context, peer).nodes) continue;
      const hiding = subjectPods(context, policy)
        .flatMap((pod) => services.get(pod) ?? [])
        .find(hidesClients);
      if (hiding === undefined) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(peer.cidr), service: hiding.ref, type: hiding.type };
      report('hidden', facts, peer.origin, { severity: hiding.type === 'LoadBalancer' ? 'warning' : 'note', related: [hiding.origin] });
    }
  },
});
