// What stands behind an address and a port besides the process there: a Service's own address, a node port, a host port. One answer for
// every command that is asked about an address.
import { type Cluster, isLive, type Node, type Pod, type Service, type ServicePort } from '../model/cluster.ts';
import { type Ip, sameIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { PortPart } from './name.ts';

/** A node as far as a connection to it matters. */
interface NodeAddresses {
  readonly name: string | undefined;
  readonly addresses: readonly Ip[];
}

/** A port of the node that kube-proxy sends on: `{ service: shop/cart, port: { port: 80, nodePort: 31080, … } }`. */
export interface NodePort {
  readonly service: Service;
  readonly port: ServicePort;
}

/** A port of the node that belongs to pods on it. `certain`: the input says that they run there. */
export interface HostPort {
  readonly pods: readonly Pod[];
  readonly port: number;
  readonly protocol: Protocol;
  readonly certain: boolean;
}

/** The Service that has this address as its cluster IP, external IP or load balancer's; undefined for any other address. */
export function serviceWithAddress(cluster: Cluster, ip: Ip): Service | undefined {
  const own = (addresses: readonly Ip[]) => addresses.some((other) => sameIp(other, ip));
  for (const service of cluster.services.values()) if (own(service.clusterIps) || own(service.externalIps)) return service;
  return undefined;
}

/** The Service port with this number as its node port; node ports are one range for the whole cluster, by protocol. */
export function nodePortAt(cluster: Cluster, { port, protocol = 'TCP' }: PortPart): NodePort | undefined {
  if (typeof port !== 'number') return undefined;
  for (const service of cluster.services.values()) {
    const found = service.ports.find((own) => own.nodePort === port && own.protocol === protocol);
    if (found !== undefined) return { service, port: found };
  }
  return undefined;
}

/** The pods with this host port on a node. A DaemonSet of which only the template is in the input runs on every node. */
export function hostPortAt(cluster: Cluster, node: NodeAddresses, asked: PortPart, address: Ip | undefined): HostPort | undefined {
  const { port, protocol = 'TCP' } = asked;
  if (port === undefined) return undefined;
  const found: { pod: Pod; port: number; certain: boolean }[] = [];
  for (const pod of cluster.pods) {
    if (pod.hostNetwork || pod.ports.length === 0 || !isLive(pod)) continue;
    const declared = pod.ports.find(({ hostPort, ...own }) => hostPort?.port === port && own.protocol === protocol);
    const ip = declared?.hostPort?.ip;
    if (declared === undefined || (ip !== undefined && address !== undefined && !sameIp(ip, address))) continue;
    if (pod.node !== undefined && node.name !== undefined && pod.node !== node.name) continue;
    const isEverywhere = pod.template && cluster.workloads.get(pod.workload)?.kind === 'DaemonSet';
    found.push({ pod, port: declared.port, certain: isEverywhere || (pod.node !== undefined && pod.node === node.name) });
  }
  const sure = found.filter(({ certain }) => certain);
  const chosen = sure.length > 0 ? sure : found;
  const [first] = chosen;
  if (first === undefined) return undefined;
  return { pods: chosen.map(({ pod }) => pod), port: first.port, protocol, certain: sure.length > 0 };
}

/**
 * Does kube-proxy put a node's address on what comes in for this Service? With externalTrafficPolicy Local it does not, and load
 * balancers that send to the pods themselves are not on that way.
 */
export function hidesClients({ type, externalTrafficPolicy, externalIps, annotations }: Service): boolean {
  if (externalTrafficPolicy === 'Local') return false;
  if (type !== 'LoadBalancer' && type !== 'NodePort') return externalIps.length > 0;
  const target = annotations.get('service.beta.kubernetes.io/aws-load-balancer-nlb-target-type');
  return target !== 'ip' && annotations.get('cloud.google.com/neg') === undefined;
}

/** Nodes by their names, with addresses; those that only pods mention too. `[]` when the input has none. */
export function nodesOf(cluster: Cluster): readonly NodeAddresses[] {
  const found = new Map<string, NodeAddresses>([...cluster.nodes.values()].map((node: Node) => [node.name, node]));
  for (const { node, hostAddresses } of cluster.pods) {
    if (node !== undefined && hostAddresses.length > 0 && !found.has(node)) found.set(node, { name: node, addresses: hostAddresses });
  }
  return [...found.values()];
}
