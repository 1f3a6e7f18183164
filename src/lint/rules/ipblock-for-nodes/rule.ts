// An ipBlock for nodes that does not mean them: on a CNI whose blocks never do, and where pods see the address of the node's tunnel.
import { printCidr } from '../../../net/cidr.ts';
import { printIp } from '../../../net/ip.ts';
import { ipSetHas } from '../../../net/ip-set.ts';
import { inBlock } from '../../addresses.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ipblockForNodes = defineRule({
  id: 'ipblock-for-nodes',
  catalogue: ['NP083'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['nodes', 'tunnel'],
  check(context, report) {
    const { semantics, cluster } = context;
    const tunnelled = [...cluster.nodes.values()].filter(({ tunnelAddresses }) => tunnelAddresses !== undefined);
    for (const spot of peersInForce(context)) {
      const { policy, peer, peerName } = spot;
      if (peer.kind !== 'block' || peer.cidr.prefixBits < NARROW) continue;
      const holds = inBlock(context, peer);
      if (!holds.nodes || holds.pods) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(peer.cidr) };
      if (semantics.ipBlockMatchesNode === 'no') {
        report('nodes', { ...facts, cni: semantics.name }, peer.origin);
        continue;
      }
      // A pod that calls a node calls the node's own address.
      if (spot.direction === 'egress' || spot.rule.peers === 'anyone') continue;
      const blocks = spot.rule.peers.flatMap((each) => (each.kind === 'block' ? [each.addresses] : []));
      const missed = tunnelled.find(
        ({ addresses, tunnelAddresses = [] }) =>
          addresses.some((ip) => ipSetHas(peer.addresses, ip)) &&
          tunnelAddresses.some((ip) => ip.family === peer.cidr.first.family && !blocks.some((block) => ipSetHas(block, ip))),
      );
      const [tunnel] = missed?.tunnelAddresses?.filter((ip) => !blocks.some((block) => ipSetHas(block, ip))) ?? [];
      if (missed === undefined || tunnel === undefined) continue;
      report('tunnel', { ...facts, node: `\`${missed.name}\``, tunnel: printIp(tunnel) }, peer.origin, { severity: 'warning' });
    }
  },
});

/** A block as wide as 10.0.0.0/8 was hardly written for nodes. */
const NARROW = 12;
