// How the namespaces are connected, as batches for `ip`: a cable from each pod to its node, one from each node to the fabric, and routes.
// The gateway is the same link-local address everywhere, as Calico has it; nothing has a way out of the lab: behind the fabric is
// one more namespace that has every address which nobody else has. Pure.
import type { LabNode, LabOutside, LabPlan, LabPod } from './netns-plan.ts';

const GATEWAY4 = '169.254.1.1';
const GATEWAY6 = 'fe80::1';
/** The two ends of a cable between node and fabric; a node's own end has its link address for IPv4. */
const NODE6 = 'fe80::2';
const FABRIC4 = '169.254.1.2';
const FABRIC6 = 'fe80::3';

export interface Batches {
  readonly v4: string;
  readonly v6: string;
}

const UPLINK = 'up0';
/** The number of a table of routes; any will do. */
const ANY_ADDRESS = 100;
/** The one address that the outside has of its own for IPv6; documentation's (RFC 3849), so that nobody else has it. */
const OUTSIDE6 = '2001:db8:0:ffff::1';

const isV6 = (address: string) => address.includes(':');

export interface Sysctl {
  readonly path: string;
  readonly text: string;
}

function sysctl({ path, text }: Sysctl): Sysctl {
  return { path: `/proc/sys/net/${path}`, text };
}

/** Sysctls of every namespace, before any interface is made: forwarding, no duplicate detection that takes a second, no brakes. */
export const SYSCTLS: readonly Sysctl[] = [
  { path: 'ipv4/ip_forward', text: '1' },
  { path: 'ipv6/conf/all/forwarding', text: '1' },
  { path: 'ipv6/conf/default/accept_dad', text: '0' },
  { path: 'ipv4/conf/all/rp_filter', text: '0' },
  { path: 'ipv4/conf/default/rp_filter', text: '0' },
  { path: 'ipv4/ip_unprivileged_port_start', text: '0' },
  // Denials are answered by ICMP, which is limited otherwise.
  { path: 'ipv4/icmp_ratelimit', text: '0' },
  { path: 'ipv6/icmp/ratelimit', text: '0' },
].map(sysctl);

/** Of the outside, besides: clients there take addresses that are on no interface. */
export const OUTSIDE_SYSCTLS = [
  { path: 'ipv4/ip_nonlocal_bind', text: '1' },
  { path: 'ipv6/ip_nonlocal_bind', text: '1' },
].map(sysctl);

/** In the fabric: the cables to the nodes, and whose packets go where. `pidOf`: the process that holds a node's namespace. */
export function fabricBatches({ nodes, pods, outside, inside }: LabPlan, pidOf: (id: string) => number): Batches {
  const lines = { v4: ['link set lo up'], v6: [] as string[] };
  const cable = (id: string, link: string) => {
    lines.v4.push(
      `link add ${id} type veth peer name ${UPLINK} netns ${pidOf(id)}`,
      `addr add ${FABRIC4}/32 dev ${id}`,
      `link set ${id} up`,
      `route add ${link}/32 dev ${id}`,
    );
    lines.v6.push(`addr add ${FABRIC6}/64 dev ${id} nodad`);
  };
  cable(outside.id, outside.link);
  lines.v4.push(`route add default via ${outside.link} dev ${outside.id} onlink`);
  lines.v6.push(`route add default via ${NODE6} dev ${outside.id}`);
  for (const range of new Set(inside)) (isV6(range) ? lines.v6 : lines.v4).push(`route add unreachable ${range} metric 4000`);
  for (const { id, addresses, link } of nodes) {
    cable(id, link);
    const behind = [...addresses, ...pods.filter((pod) => pod.node === id && !pod.hostNetwork).flatMap((pod) => pod.addresses)];
    for (const address of new Set(behind)) {
      if (isV6(address)) lines.v6.push(`route add ${address}/128 via ${NODE6} dev ${id}`);
      else lines.v4.push(`route add ${address}/32 via ${link} dev ${id} onlink`);
    }
  }
  return joined(lines);
}

/** On a node: its own addresses, the cables to its pods, and everything else to the fabric. */
export function nodeBatches(node: LabNode, pods: readonly LabPod[], pidOf: (id: string) => number): Batches {
  const lines = { v4: ['link set lo up', `link set ${UPLINK} up`, `addr add ${node.link}/32 dev ${UPLINK}`], v6: [] as string[] };
  for (const address of node.addresses) {
    if (isV6(address)) lines.v6.push(`addr add ${address}/128 dev lo nodad`);
    else lines.v4.push(`addr add ${address}/32 dev lo`);
  }
  const own = { v4: node.addresses.find((address) => !isV6(address)), v6: node.addresses.find(isV6) };
  const from = (address: string | undefined) => (address === undefined ? '' : ` src ${address}`);
  lines.v4.push(`route add default via ${FABRIC4} dev ${UPLINK} onlink${from(own.v4)}`);
  lines.v6.push(`addr add ${NODE6}/64 dev ${UPLINK} nodad`, `route add default via ${FABRIC6} dev ${UPLINK}${from(own.v6)}`);
  for (const { id, addresses } of pods.filter((pod) => pod.node === node.id && !pod.hostNetwork)) {
    lines.v4.push(`link add ${id} type veth peer name eth0 netns ${pidOf(id)}`, `addr add ${GATEWAY4}/32 dev ${id}`, `link set ${id} up`);
    lines.v6.push(`addr add ${GATEWAY6}/64 dev ${id} nodad`);
    for (const address of addresses) {
      if (isV6(address)) lines.v6.push(`route add ${address}/128 dev ${id}${from(own.v6)}`);
      else lines.v4.push(`route add ${address}/32 dev ${id}${from(own.v4)}`);
    }
  }
  return joined(lines);
}

/** Whatever comes in is for this host, whatever its address; what goes out goes to the fabric. */
export function outsideBatches({ link }: LabOutside): Batches {
  return joined({
    v4: [
      'link set lo up',
      `link set ${UPLINK} up`,
      `addr add ${link}/32 dev ${UPLINK}`,
      `route add default via ${FABRIC4} dev ${UPLINK} onlink`,
      `rule add iif ${UPLINK} lookup ${ANY_ADDRESS}`,
      `route add local 0.0.0.0/0 dev lo table ${ANY_ADDRESS}`,
    ],
    v6: [
      `addr add ${NODE6}/64 dev ${UPLINK} nodad`,
      `addr add ${OUTSIDE6}/128 dev lo nodad`,
      `route add default via ${FABRIC6} dev ${UPLINK} src ${OUTSIDE6}`,
      `rule add iif ${UPLINK} lookup ${ANY_ADDRESS}`,
      `route add local ::/0 dev lo table ${ANY_ADDRESS}`,
    ],
  });
}

/** One server there answers for every address and port. */
export const OUTSIDE_PORT = 7;
export function outsideTable({ link }: LabOutside): string {
  return [
    'table inet netverdict-outside {',
    '\tchain any-address {',
    '\t\ttype nat hook prerouting priority dstnat; policy accept;',
    // QUOTED: nft's language
    `\t\tmeta l4proto { tcp, udp } dnat ip to ${link}:${OUTSIDE_PORT}`,
    `\t\tmeta l4proto { tcp, udp } dnat ip6 to [${OUTSIDE6}]:${OUTSIDE_PORT}`,
    '\t}',
    '}',
    '',
  ].join('\n');
}

/** In a pod: one interface, one way out. */
export function podBatches({ addresses }: LabPod): Batches {
  const lines = { v4: ['link set lo up', 'link set eth0 up'], v6: [] as string[] };
  for (const address of addresses) {
    if (isV6(address)) lines.v6.push(`addr add ${address}/128 dev eth0 nodad`);
    else lines.v4.push(`addr add ${address}/32 dev eth0`);
  }
  if (addresses.some((address) => !isV6(address))) {
    lines.v4.push(`route add ${GATEWAY4}/32 dev eth0`, `route add default via ${GATEWAY4} dev eth0`);
  }
  if (addresses.some(isV6)) lines.v6.push(`route add default via ${GATEWAY6} dev eth0`);
  return joined(lines);
}

function joined({ v4, v6 }: { readonly v4: readonly string[]; readonly v6: readonly string[] }): Batches {
  return { v4: v4.map((line) => `${line}\n`).join(''), v6: v6.map((line) => `${line}\n`).join('') };
}
