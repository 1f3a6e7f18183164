// The addresses that the input knows: of pods, of nodes, of Services. For rules about blocks that match something in the cluster.
import { isLive } from '../model/cluster.ts';
import { type Cidr, cidrContains, parseCidr, printCidr } from '../net/cidr.ts';
import type { Family, Ip } from '../net/ip.ts';
import { type IpSet, intersectIps, ipSetOfCidrs, ipSetOfIps, isEmptyIps } from '../net/ip-set.ts';
import { type LintContext, perRun } from './context.ts';

interface Known {
  readonly pods: IpSet;
  readonly nodes: IpSet;
  /** What nodes give to their pods. */
  readonly podRanges: readonly Cidr[];
  readonly families: ReadonlySet<Family>;
}

export const clusterAddresses: (context: LintContext) => Known = perRun(({ cluster }) => {
  const pods = cluster.pods.filter((pod) => isLive(pod) && !pod.hostNetwork).flatMap((pod) => pod.addresses);
  // Each pod names its node.
  const hosts = distinct(cluster.pods.flatMap((pod) => pod.hostAddresses));
  const nodes = [...cluster.nodes.values()];
  const services = [...cluster.services.values()].flatMap((service) => service.clusterIps);
  const nodeIps = [...nodes.flatMap((node) => node.addresses), ...hosts];
  return {
    pods: ipSetOfIps(pods),
    nodes: ipSetOfIps(nodeIps),
    podRanges: nodes.flatMap((node) => node.podCidrs),
    families: new Set([pods, nodeIps, services].flatMap((ips) => [...new Set(ips.map(({ family }) => family))])),
  };
});

function distinct(ips: readonly Ip[]): readonly Ip[] {
  return [...new Map(ips.map((ip) => [ip.value, ip])).values()];
}

export interface InBlock {
  readonly pods: boolean;
  readonly nodes: boolean;
}

const answers = perRun((_context) => new Map<string, InBlock>());

/** Whom we know in a block; asked once for each block, however many policies have it. */
export function inBlock(context: LintContext, { cidr, addresses }: { readonly cidr: Cidr; readonly addresses: IpSet }): InBlock {
  const known = answers(context);
  const key = `${printCidr(cidr)} ${addresses.v4.length} ${addresses.v6.length}`;
  let found = known.get(key);
  if (found === undefined) {
    const { pods, nodes } = clusterAddresses(context);
    found = { pods: !isEmptyIps(intersectIps(pods, addresses)), nodes: !isEmptyIps(intersectIps(nodes, addresses)) };
    known.set(key, found);
  }
  return found;
}

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'].flatMap(
  (text) => parseCidr(text) ?? [],
);
/** Networks that people run themselves (RFC 1918, RFC 4193). */
export const PRIVATE_RANGES: IpSet = ipSetOfCidrs(
  ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].flatMap((text) => parseCidr(text) ?? []),
);

/** Inside one of the private ranges (RFC 1918, 6598, 4193, link-local). */
export function isPrivate(cidr: Cidr): boolean {
  return PRIVATE.some((range) => cidrContains(range, cidr));
}

export function isOneAddress({ first, prefixBits }: Cidr): boolean {
  return prefixBits === (first.family === 4 ? 32 : 128);
}
