// Addresses outside the cluster that are worth trying: those that some block can tell from another. Pure.
import type { Cluster } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, ownRules, type Policy, type Rule } from '../model/policy.ts';
import { parseCidr } from '../net/cidr.ts';
import { type Ip, ipKey } from '../net/ip.ts';
import { atomsOf, type IpSet, ipSetOfCidrs, printIpSet, rangesOf } from '../net/ip-set.ts';
import { edgesOf } from './usable.ts';

/**
 * Of every range that the blocks of these policies cut out of the address space: its first and last address that nobody in the cluster
 * has.
 */
export function outsideAddresses(policies: readonly Policy[], direction: Direction, isTaken: (ip: Ip) => boolean): Ip[] {
  const blocks = policies.flatMap((policy) => ownRules(policy, direction)).flatMap(blocksOf);
  const found = atomsOf([...blocks, ...SOMEWHERE]).flatMap((atom) => edgesOf(atom, isTaken));
  // Without a block no address outside is like another one for the rules, and a known one reads better than 1.0.0.0.
  if (blocks.length === 0) return SOMEWHERE.flatMap((set) => rangesOf(set).flatMap((range) => edgesOf(range, isTaken).slice(0, 1)));
  return found;
}

/** Addresses for documentation (RFC 5737, RFC 3849), which stand for any other. */
const SOMEWHERE = ['198.51.100.7/32', '2001:db8:ffff::7/128'].map((text) => ipSetOfCidrs([parseCidr(text) ?? impossible(text)]));

function impossible(text: string): never {
  throw new Error(`${text} is no CIDR`);
}

function blocksOf(rule: Rule): IpSet[] {
  return rule.peers === 'anyone'
    ? []
    : rule.peers.flatMap((peer) => (peer.kind === 'block' ? [ipSetOfCidrs([peer.cidr]), peer.addresses] : []));
}

/** Every block of every policy, with and without its holes, once. */
export function distinctBlocks(cluster: Cluster): IpSet[] {
  const blocks = cluster.policies.flatMap((policy) => DIRECTIONS.flatMap((direction) => ownRules(policy, direction))).flatMap(blocksOf);
  return [...new Map(blocks.map((block) => [printIpSet(block), block])).values()];
}

/** Has a pod or a node of the cluster this address? */
export function takenIn(cluster: Cluster): (ip: Ip) => boolean {
  const taken = new Set([
    ...cluster.pods.flatMap(({ addresses }) => addresses.map(ipKey)),
    ...[...cluster.nodes.values()].flatMap(({ addresses }) => addresses.map(ipKey)),
  ]);
  return (ip) => taken.has(ipKey(ip));
}
