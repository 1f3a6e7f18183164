// The two ends of a connection as policies see them: a pod, a node, or an address outside the cluster.
import type { Cluster, Node, Pod } from '../model/cluster.ts';
import { type Family, type Ip, sameIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';

/**
 * A hostNetwork pod is its node: it has the node's addresses, and no known CNI tells the two apart (semantics A.8, default 2).
 * `pod` is then kept for the words only.
 */
export type End =
  | { readonly kind: 'pod'; readonly pod: Pod }
  | {
      readonly kind: 'node';
      readonly name: string | undefined;
      readonly addresses: readonly Ip[];
      readonly pod?: Pod;
      /**
       * Addresses of its tunnels, of which a pod of another node may see one instead. Absent: those of the cluster's Node of this name;
       * []: it is known to come by `addresses`.
       */
      readonly tunnels?: readonly Ip[];
      /** True when the node passes on what a client sent to it and puts its own address on it: this is not traffic of the node itself. */
      readonly forwards?: true;
    }
  /** `name`: it was asked for by this name of DNS, which stands for the address. Set only where rules look at names. */
  | { readonly kind: 'outside'; readonly address: Ip; readonly name?: string };

/** One new connection; replies are implied. `port` is the port of the destination pod, after any Service. */
export interface Connection {
  readonly source: End;
  readonly destination: End;
  readonly protocol: Protocol | 'ICMP';
  /** Of ICMP: the type of the message, 8 for an echo request (ping). ICMPv6 where the connection is IPv6. */
  readonly port: number;
  /** Of ICMP: the code of the message; absent: 0. */
  readonly code?: number;
  /** Absent: every family that both ends have. */
  readonly family?: Family;
}

export function podEnd(pod: Pod): End {
  if (!pod.hostNetwork) return { kind: 'pod', pod };
  return { kind: 'node', name: pod.node, addresses: pod.addresses.length > 0 ? pod.addresses : pod.hostAddresses, pod };
}

export function nodeEnd(node: Node): End {
  return { kind: 'node', name: node.name, addresses: node.addresses };
}

/** Who has this address: a live pod, a node, or nobody we know. Host-network pods share their node's address: the node answers. */
export function addressEnd(cluster: Cluster, address: Ip): End {
  const holds = (addresses: readonly Ip[]) => addresses.some((other) => sameIp(other, address));
  for (const pod of cluster.pods) {
    if (!pod.hostNetwork && pod.phase !== 'Succeeded' && pod.phase !== 'Failed' && holds(pod.addresses)) return { kind: 'pod', pod };
  }
  for (const node of cluster.nodes.values()) if (holds(node.addresses)) return nodeEnd(node);
  for (const pod of cluster.pods) {
    if (holds(pod.hostAddresses)) return { kind: 'node', name: pod.node, addresses: pod.hostAddresses };
  }
  return { kind: 'outside', address };
}

/** The addresses an end has, as far as they are known; empty for a pod that only a manifest describes. */
export function addressesOf(end: End): readonly Ip[] {
  return end.kind === 'pod' ? end.pod.addresses : end.kind === 'node' ? end.addresses : [end.address];
}

/** What pods of other nodes may see of an end instead of its own addresses; [] for pods, and for nodes without a known tunnel. */
export function tunnelsOf({ nodes }: Pick<Cluster, 'nodes'>, end: End): readonly Ip[] {
  if (end.kind !== 'node') return [];
  return end.tunnels ?? (end.name === undefined ? undefined : nodes.get(end.name)?.tunnelAddresses) ?? [];
}

/** A pod that talks to its own address never leaves its network namespace, so no policy sees it (semantics A.9). */
export function isSamePod(a: End, b: End): boolean {
  return a.kind === 'pod' && b.kind === 'pod' && a.pod.ref === b.pod.ref;
}
