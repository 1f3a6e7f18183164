// An ipBlock for addresses of pods: they change with every restart, and not every CNI lets blocks mean pods.
import { cidrContains, printCidr } from '../../../net/cidr.ts';
import { sameIp } from '../../../net/ip.ts';
import { clusterAddresses, inBlock, isOneAddress } from '../../addresses.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ipblockForPods = defineRule({
  id: 'ipblock-for-pods',
  catalogue: ['NP084', 'NP083'],
  severity: 'warning',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['onePod', 'noPod', 'podRange', 'never'],
  check(context, report) {
    const { ipBlockMatchesPod, name: cni } = context.semantics;
    const { podRanges } = clusterAddresses(context);
    const nodes = [...context.cluster.nodes.values()];
    for (const { policy, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'block') continue;
      const { cidr } = peer;
      // A block as wide as 10.0.0.0/8 holds pods by chance; one inside the range of a node's pods does not.
      const isInRange = podRanges.some((range) => cidrContains(range, cidr));
      const isNarrow = cidr.prefixBits >= (cidr.first.family === 4 ? 20 : 64);
      if (!isInRange && !(isNarrow && inBlock(context, peer).pods)) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(cidr), cni };
      const isOne = isOneAddress(cidr);
      if (isOne && !inBlock(context, peer).pods) {
        // The device of a tunnel has an address out of the range of the pods.
        if (nodes.some(({ tunnelAddresses = [] }) => tunnelAddresses.some((ip) => sameIp(ip, cidr.first)))) continue;
        const node = nodes.find(({ podCidrs }) => podCidrs.some((range) => cidrContains(range, cidr)))?.name ?? '';
        report('noPod', { ...facts, node: `\`${node}\`` }, peer.origin);
      } else if (ipBlockMatchesPod === 'no') report('never', facts, peer.origin, { severity: 'error' });
      else report(isOne ? 'onePod' : 'podRange', facts, peer.origin);
    }
  },
});
