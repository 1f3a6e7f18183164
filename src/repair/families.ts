// The address families that a change has to be looked at in.
import type { Cluster } from '../model/cluster.ts';
import type { Family } from '../net/ip.ts';
import { familiesIn } from '../reach/outside-ranges.ts';

/**
 * Those that the input shows: `[4]`. Both where neither a pod nor a node has an address in it: nothing then says that the cluster has
 * no IPv6, and what is closed there would be closed unsaid.
 */
export function possibleFamilies(cluster: Cluster): readonly Family[] {
  const isShown =
    cluster.pods.some(({ addresses, hostAddresses }) => addresses.length + hostAddresses.length > 0) ||
    [...cluster.nodes.values()].some(({ addresses, podCidrs }) => addresses.length + podCidrs.length > 0);
  return isShown ? familiesIn(cluster) : [4, 6];
}
