// Addresses of which the input says whose they are: no pod of which the address is not known can have one of them.
import { type Cluster, isLive } from '../model/cluster.ts';
import type { Ip } from '../net/ip.ts';
import { type IpSet, ipSetOfIps } from '../net/ip-set.ts';

/** Of nodes, pods, Services and their endpoints: `10.20.0.12, 10.96.0.10`. Empty where the input has manifests only. */
export function knownAddresses(cluster: Cluster): IpSet {
  const ips: Ip[] = [];
  for (const node of cluster.nodes.values()) ips.push(...node.addresses);
  for (const pod of cluster.pods) if (isLive(pod)) ips.push(...pod.addresses, ...pod.hostAddresses);
  for (const { clusterIps, endpoints = [] } of cluster.services.values())
    ips.push(...clusterIps, ...endpoints.flatMap(({ addresses }) => addresses));
  return ipSetOfIps(ips);
}
