// A cluster in which every connection can be made and decided: each live pod has an address of its own and a place to run.
// What the input leaves open is filled in, and every filling-in is said. Pure.
import { type Cluster, isLive, type Node, type Pod } from '../model/cluster.ts';
import { type Family, type Ip, ipKey } from '../net/ip.ts';
import { addressGiver, isUsable } from './usable.ts';

/** What was filled in or left out, with the names it concerns. */
export type Assumption =
  | { readonly code: 'address-assigned'; readonly ends: readonly string[] }
  /** Two live ends claim one address, which no packet can tell apart: all but the first got another. */
  | { readonly code: 'address-shared'; readonly ends: readonly string[] }
  /** Loopback, multicast and the like. */
  | { readonly code: 'address-unusable'; readonly ends: readonly string[] }
  /** Pods of which the input does not say where they run: each counts as not on the node it talks to. */
  | { readonly code: 'node-unknown'; readonly ends: readonly string[] }
  /** Pods that have run to their end have no address any more. */
  | { readonly code: 'completed-left-out'; readonly ends: readonly string[] };

export interface Completed {
  readonly cluster: Cluster;
  readonly assumptions: readonly Assumption[];
}

/** Where the pods live that no node is known of. No node has this name, because names of nodes have no blank. */
const NO_NODE = 'node unknown';
/** Where host-network pods live that no node is known of: they need its addresses. */
const HOST_NODE = 'some node';

/** `families`: which ones a pod gets whose addresses are not known. Known addresses are kept as they are. */
export function complete(cluster: Cluster, families: readonly Family[] = [4, 6]): Completed {
  const notes: Record<Assumption['code'], string[]> = {
    'address-assigned': [],
    'address-shared': [],
    'address-unusable': [],
    'node-unknown': [],
    'completed-left-out': cluster.pods.filter((pod) => !isLive(pod)).map(({ ref }) => ref),
  };
  const live = cluster.pods.filter(isLive);
  const taken = new Set<string>();
  const claim = (end: string, addresses: readonly Ip[]): Ip[] =>
    addresses.filter((ip) => {
      const refused = !isUsable(ip) ? 'address-unusable' : taken.has(ipKey(ip)) ? 'address-shared' : undefined;
      if (refused !== undefined) notes[refused].push(end);
      else taken.add(ipKey(ip));
      return refused === undefined;
    });

  // Known addresses first, pods before nodes: what is given out later goes around them.
  const podAddresses = new Map(
    live.filter(({ hostNetwork }) => !hostNetwork).map((pod): [Pod, Ip[]] => [pod, onePerFamily(claim(pod.ref, pod.addresses))]),
  );
  const nodeAddresses = new Map(
    [...nodesOf(cluster, live)].map(([name, addresses]): [string, Ip[]] => [name, claim(`node/${name}`, addresses)]),
  );
  const givePod = addressGiver(taken, { 4: '10.244.0.1', 6: 'fd00:10:244::1' });
  const giveNode = addressGiver(taken, { 4: '10.245.0.1', 6: 'fd00:10:245::1' });
  for (const [pod, addresses] of podAddresses) {
    if (addresses.length > 0) continue;
    addresses.push(...families.map(givePod));
    notes['address-assigned'].push(pod.ref);
  }
  for (const [name, addresses] of nodeAddresses) {
    if (addresses.length > 0) continue;
    addresses.push(...families.map(giveNode));
    notes['address-assigned'].push(`node/${name}`);
  }

  const place = (pod: Pod): Pod => {
    // Where no node is an end of anything, it is all the same.
    if (pod.node === undefined && nodeAddresses.size > 0) notes['node-unknown'].push(pod.ref);
    const node = pod.node ?? (pod.hostNetwork ? HOST_NODE : NO_NODE);
    const hostAddresses = nodeAddresses.get(node) ?? [];
    return { ...pod, node, hostAddresses, addresses: pod.hostNetwork ? hostAddresses : (podAddresses.get(pod) ?? []) };
  };
  const pods = live.map(place);
  const nodes = new Map(
    [...nodeAddresses].map(([name, addresses]): [string, Node] => [
      name,
      // Nothing is tunnelled in the lab.
      { ...(cluster.nodes.get(name) ?? bareNode(name)), addresses, tunnelAddresses: [] },
    ]),
  );
  const byRef = new Map(pods.map((pod) => [pod.ref, pod]));
  return {
    cluster: { ...cluster, pods, podByRef: byRef, nodes },
    assumptions: (Object.keys(notes) as Assumption['code'][])
      .map((code): Assumption => ({ code, ends: [...new Set(notes[code])] }))
      .filter(({ ends }) => ends.length > 0),
  };
}

/** Every node that is written or that a pod runs on, with what is known of its addresses. */
function nodesOf(cluster: Cluster, live: readonly Pod[]): Map<string, readonly Ip[]> {
  const nodes = new Map<string, readonly Ip[]>([...cluster.nodes].map(([name, { addresses }]) => [name, distinct(addresses)]));
  for (const pod of live) {
    const name = pod.node ?? (pod.hostNetwork ? HOST_NODE : undefined);
    if (name === undefined || (nodes.get(name)?.length ?? 0) > 0) continue;
    nodes.set(name, distinct([...pod.hostAddresses, ...(pod.hostNetwork ? pod.addresses : [])]));
  }
  return nodes;
}

/** Kubernetes gives a pod one address of each family (PodStatus.podIPs). Of more, the first counts. */
function onePerFamily(addresses: readonly Ip[]): Ip[] {
  return addresses.filter(({ family }, i) => addresses.findIndex((other) => other.family === family) === i);
}

function distinct(addresses: readonly Ip[]): readonly Ip[] {
  return [...new Map(addresses.map((ip) => [ipKey(ip), ip])).values()];
}

function bareNode(name: string): Node {
  return { name, labels: new Map(), addresses: [], podCidrs: [], ready: undefined, origin: undefined };
}
