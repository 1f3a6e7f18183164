// An ipBlock for addresses of pods: they change with every restart, and not every CNI lets blocks mean pods.
import { cidrContains, printCidr } from '../../../net/cidr.ts';
import { clusterAddresses, inBlock, isOneAddress } from '../../addresses.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ipblockForPods = defineRule({
  id: 'ipblock-for-pods',
  catalogue: ['NP084', 'NP083'],
  summary: 'an ipBlock for addresses of pods',
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    onePod: {
      text: '{peer} names the address of a pod ({cidr}), which is another one after the next restart',
      hint: 'select the pod by its labels',
    },
    podRange: {
      text: '{peer} names addresses of pods ({cidr}); ipBlock is meant for addresses outside, and the CNIs differ on whether it means pods',
      hint: 'select the pods by labels',
    },
    never: {
      text: '{peer} names addresses of pods ({cidr}); on {cni} an ipBlock never means a pod, so the rule does not match them',
      hint: 'select the pods by labels',
    },
  },
  check(context, report) {
    const { ipBlockMatchesPod, name: cni } = context.semantics;
    const { podRanges } = clusterAddresses(context);
    for (const { policy, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'block') continue;
      const { cidr } = peer;
      // A block as wide as 10.0.0.0/8 holds pods by chance; one inside the range of a node's pods does not.
      const isInRange = podRanges.some((range) => cidrContains(range, cidr));
      const isNarrow = cidr.prefixBits >= (cidr.first.family === 4 ? 20 : 64);
      if (!isInRange && !(isNarrow && inBlock(context, peer).pods)) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(cidr), cni };
      if (ipBlockMatchesPod === 'no') report('never', facts, peer.origin, { severity: 'error' });
      else report(isOneAddress(cidr) ? 'onePod' : 'podRange', facts, peer.origin);
    }
  },
});
