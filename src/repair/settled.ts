// Doubts about addresses that the question or the input answers: which addresses cannot be those of a pod that has none in the input.
import type { Cluster } from '../model/cluster.ts';
import { EMPTY_IPS, isEmptyIps, subtractIps, unionIps } from '../net/ip-set.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { Asked } from './effect.ts';
import { knownAddresses } from './known-addresses.ts';

/**
 * Whoever asks about an address calls it an address outside, and of others the input says whose they are: a rule whose block is just that
 * does not mean a pod of which the address is not known.
 */
export function settledBy(cluster: Cluster, asked: readonly Asked[]): (doubt: Doubt) => boolean {
  const outside = asked
    .flatMap(({ sourceRange, destinationRange }) => [sourceRange ?? [], destinationRange ?? []].flat())
    .reduce(unionIps, EMPTY_IPS);
  const taken = unionIps(outside, knownAddresses(cluster));
  return (doubt) => {
    const isAboutBlock = doubt.code === 'address-unknown' || (doubt.code === 'profile-differs' && doubt.cell.startsWith('ipBlock'));
    const known = doubt.code === 'address-unknown' ? taken : outside;
    const peers = isAboutBlock ? doubt.rule?.rule.peers : undefined;
    if (peers === undefined || peers === 'anyone') return false;
    // The doubt does not say which block it is about, so none of them may mean more than was asked.
    const blocks = peers.filter((peer) => peer.kind === 'block');
    return blocks.length > 0 && blocks.every(({ addresses }) => !isEmptyIps(addresses) && isEmptyIps(subtractIps(addresses, known)));
  };
}
