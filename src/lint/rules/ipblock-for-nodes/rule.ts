// An ipBlock for nodes on a CNI whose blocks never mean nodes.
import { printCidr } from '../../../net/cidr.ts';
import { inBlock } from '../../addresses.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ipblockForNodes = defineRule({
  id: 'ipblock-for-nodes',
  catalogue: ['NP083'],
  summary: 'an ipBlock for nodes on a CNI whose blocks do not mean nodes',
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    nodes: {
      text: '{peer} names addresses of nodes ({cidr}); on {cni} an ipBlock never means a node, so the rule does not match them',
      hint: 'use entities (host, remote-node, kube-apiserver) in a CiliumNetworkPolicy, or policyCIDRMatchMode=nodes',
    },
  },
  check(context, report) {
    if (context.semantics.ipBlockMatchesNode !== 'no') return;
    for (const { policy, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'block' || peer.cidr.prefixBits < NARROW) continue;
      const holds = inBlock(context, peer);
      if (!holds.nodes || holds.pods) continue;
      report('nodes', { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(peer.cidr), cni: context.semantics.name }, peer.origin);
    }
  },
});

/** A block as wide as 10.0.0.0/8 was hardly written for nodes. */
const NARROW = 12;
