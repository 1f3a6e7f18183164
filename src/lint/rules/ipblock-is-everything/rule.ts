// 0.0.0.0/0 in an egress rule: the internet, and with it the cluster, the private networks and the cloud's metadata service.
import type { BlockPeer, Rule } from '../../../model/policy.ts';
import { printCidr } from '../../../net/cidr.ts';
import { parseIp } from '../../../net/ip.ts';
import { intersectIps, ipSetHas, isEmptyIps } from '../../../net/ip-set.ts';
import { isOneAddress, PRIVATE_RANGES } from '../../addresses.ts';
import { isDnsRule } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ipblockIsEverything = defineRule({
  id: 'ipblock-is-everything',
  catalogue: ['NP086', 'NP076'],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['metadata', 'privateToo', 'ingress'],
  check(context, report) {
    for (const { policy, direction, rule, peer, peerName } of peersInForce(context)) {
      if (peer.kind !== 'block' || isOneAddress(peer.cidr)) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, cidr: printCidr(peer.cidr) };
      const isWorld = peer.cidr.prefixBits === 0;
      if (direction === 'ingress') {
        if (isWorld && peer.except.length === 0) report('ingress', facts, peer.origin, { severity: 'note' });
        continue;
      }
      // dns-to-anywhere speaks about DNS to the whole world.
      if (isDnsRule(rule)) continue;
      if (peer.cidr.prefixBits <= WIDE && reachesMetadata(peer, rule)) report('metadata', facts, peer.origin);
      else if (isWorld && !isEmptyIps(intersectIps(peer.addresses, PRIVATE_RANGES)))
        report('privateToo', facts, peer.origin, { severity: 'note' });
    }
  },
});

/** Narrower blocks were written with particular networks in mind. */
const WIDE = 8;

const METADATA = parseIp('169.254.169.254');

function reachesMetadata(peer: BlockPeer, { ports }: Rule): boolean {
  if (METADATA === undefined || !ipSetHas(peer.addresses, METADATA)) return false;
  return (
    ports === 'every-port' ||
    ports.some(
      (port) => port.protocol === 'TCP' && (port.kind === 'protocol' || (port.kind === 'range' && port.from <= 80 && 80 <= port.to)),
    )
  );
}
