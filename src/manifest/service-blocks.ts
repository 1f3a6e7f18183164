// ipBlocks for one address that a Service of the input has. No pod and no node has that address, even where theirs are not known.
import type { Service } from '../model/cluster.ts';
import type { BlockPeer, Peer, Policy, Rules } from '../model/policy.ts';
import { ipKey } from '../net/ip.ts';

/** The policies with `ofService` on such blocks; a policy without any is the same value. */
export function withServiceBlocks(policies: readonly Policy[], services: Iterable<Service>): readonly Policy[] {
  const taken = new Set<string>();
  for (const { clusterIps } of services) for (const ip of clusterIps) taken.add(ipKey(ip));
  if (taken.size === 0) return policies;
  const isOfService = ({ cidr }: BlockPeer) => cidr.prefixBits === (cidr.first.family === 4 ? 32 : 128) && taken.has(ipKey(cidr.first));
  const marked = (peer: Peer): Peer => (peer.kind === 'block' && isOfService(peer) ? { ...peer, ofService: true } : peer);
  const rulesOf = (rules: Rules): Rules =>
    rules === 'not-governed' || !rules.some(({ peers }) => peers !== 'anyone' && peers.some((peer) => marked(peer) !== peer))
      ? rules
      : rules.map((rule) => (rule.peers === 'anyone' ? rule : { ...rule, peers: rule.peers.map(marked) }));
  return policies.map((policy) => {
    const [ingress, egress] = [rulesOf(policy.ingress), rulesOf(policy.egress)];
    return ingress === policy.ingress && egress === policy.egress ? policy : { ...policy, ingress, egress };
  });
}
