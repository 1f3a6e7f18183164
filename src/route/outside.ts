// Addresses outside the cluster: which they are, what `internet` means, and one example for every part that policies can tell apart.
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import type { Family, Ip } from '../net/ip.ts';
import {
  ALL_V4,
  ALL_V6,
  EMPTY_IPS,
  type IpSet,
  intersectIps,
  ipSetOfCidrs,
  ipSetOfIps,
  isEmptyIps,
  subtractIps,
  unionIps,
} from '../net/ip-set.ts';
import { addressesOf } from '../policy/end.ts';
import { type Party, rangeParties, rangeRef } from './party.ts';

/** Every address that the input says somebody in the cluster has, and the ranges that nodes give to pods. */
function clusterAddresses(cluster: Cluster): IpSet {
  const ips: Ip[] = [];
  const cidrs: Cidr[] = [];
  for (const pod of cluster.pods) if (isLive(pod)) ips.push(...pod.addresses, ...pod.hostAddresses);
  for (const node of cluster.nodes.values()) {
    ips.push(...node.addresses);
    cidrs.push(...node.podCidrs);
  }
  for (const service of cluster.services.values()) ips.push(...service.clusterIps);
  return unionIps(ipSetOfIps(ips), ipSetOfCidrs(cidrs));
}

/** Not on the public internet: IANA special-purpose registries. The three documentation ranges stand for public ones in examples, so they stay. */
const NOT_PUBLIC: IpSet = ipSetOfCidrs(
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
  ].flatMap((text) => parseCidr(text) ?? []),
);
/** Global unicast is all that is assigned of IPv6 (RFC 4291 2.4). */
const PUBLIC_V6: IpSet = ipSetOfCidrs([parseCidr('2000::/3')].flatMap((cidr) => cidr ?? []));

/** `internet`: public addresses that nobody in the cluster has. */
export function internet(cluster: Cluster): IpSet {
  return subtractIps(ofShownFamilies(cluster, unionIps(subtractIps(ALL_V4, NOT_PUBLIC), PUBLIC_V6)), clusterAddresses(cluster));
}

/** Where a host that we know only by name may be: anywhere but in the cluster. Private networks too. */
export function anywhereOutside(cluster: Cluster): IpSet {
  return subtractIps(ofShownFamilies(cluster, unionIps(ALL_V4, ALL_V6)), clusterAddresses(cluster));
}

/** Most clusters have no IPv6 and say so nowhere; it counts where an address or a policy's block shows it. The same for IPv4-less ones. */
function ofShownFamilies(cluster: Cluster, ips: IpSet): IpSet {
  const known = clusterAddresses(cluster);
  const isShown6 = known.v6.length > 0 || hasBlock6(cluster);
  const isShown4 = known.v4.length > 0 || known.v6.length === 0;
  return { v4: isShown4 ? ips.v4 : EMPTY_IPS.v4, v6: isShown6 ? ips.v6 : EMPTY_IPS.v6 };
}

function hasBlock6(cluster: Cluster): boolean {
  return cluster.policies.some((policy) =>
    [policy.ingress, policy.egress].some(
      (rules) =>
        rules !== 'not-governed' &&
        rules.some(({ peers }) => peers !== 'anyone' && peers.some((peer) => peer.kind === 'block' && peer.cidr.first.family === 6)),
    ),
  );
}

/** A range of addresses with those that somebody in the cluster has, apart. */
export interface Parts {
  readonly outside: IpSet;
  readonly inside: IpSet;
}

export function partsOf(cluster: Cluster, ips: IpSet): Parts {
  const known = clusterAddresses(cluster);
  return { outside: subtractIps(ips, known), inside: intersectIps(ips, known) };
}

/**
 * One party for each part of `ips` that the policies of the other end's pods can tell apart; families that those pods surely have not
 * are left out. `name` is used where there is only one part: `internet`, `api.stripe.com`.
 */
export function outsideParties(
  cluster: Cluster,
  direction: Direction,
  others: readonly Party[],
  ips: IpSet,
  name?: string,
): readonly Party[] {
  const families = sharedFamilies(others);
  const reachable: IpSet = { v4: families.includes(4) ? ips.v4 : EMPTY_IPS.v4, v6: families.includes(6) ? ips.v6 : EMPTY_IPS.v6 };
  const wanted = isEmptyIps(reachable) ? ips : reachable;
  return rangeParties(cluster, direction, others, wanted, (part, isWhole) => (isWhole && name !== undefined ? name : rangeRef(part)));
}

function sharedFamilies(others: readonly Party[]): readonly Family[] {
  const known = others.flatMap(({ end }) => addressesOf(end));
  const isKnown = others.length > 0 && others.every(({ end }) => addressesOf(end).length > 0);
  return isKnown ? ([4, 6] as const).filter((family) => known.some((ip) => ip.family === family)) : [4, 6];
}

/** Another replica of a workload of which the input has only the template: a pod that is not the same pod. */
export function replicaOf(pod: Pod): Pod {
  return { ...pod, ref: `${pod.ref} (second replica)` };
}
