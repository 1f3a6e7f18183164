// What stands in a lab of namespaces: one per pod, one per node, and a fabric between the nodes. Names become short ids, because an
// interface's name has 15 bytes and a pod's 253. Pure; the cluster must be complete (complete.ts), so that everybody has an address.
import type { Cluster, Pod } from '../model/cluster.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';

export interface LabPlan {
  readonly nodes: readonly LabNode[];
  readonly pods: readonly LabPod[];
  readonly outside: LabOutside;
  /** Ranges of the cluster: what nobody has there is nowhere, and not outside. */
  readonly inside: readonly string[];
}

/** Stands for every address that nobody in the cluster has. */
export interface LabOutside {
  readonly id: 'o0';
  readonly link: string;
}

export interface LabNode {
  /** `n0`; also the name of its interface in the fabric. */
  readonly id: string;
  /** As in the cluster; `node unknown` stands for wherever pods run that the input puts nowhere. */
  readonly name: string;
  readonly addresses: readonly string[];
  /** Its end of the cable to the fabric. */
  readonly link: string;
}

export interface LabPod {
  /** `p3`; also the name of its interface on the node. */
  readonly id: string;
  /** `shop/cart`. */
  readonly ref: string;
  readonly node: string;
  /** It has no namespace of its own, but runs in its node's. */
  readonly hostNetwork: boolean;
  readonly addresses: readonly string[];
  readonly listeners: readonly LabListener[];
  readonly hostname: string;
  readonly resolvConf: string;
  readonly hosts: string;
}

export interface LabListener {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  /** `app` answers HTTP with the pod's name and says everything else back; `dns` is the cluster's DNS. */
  readonly role: 'app' | 'dns';
}

/** A Service with addresses, and who stands behind each port now. */
export interface LabService {
  readonly ref: string;
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly Ip[];
  readonly headless: boolean;
  readonly externalName: string | undefined;
  readonly ports: readonly LabServicePort[];
}

export interface LabServicePort {
  readonly name: string | undefined;
  readonly protocol: Protocol;
  readonly port: number;
  /** Ready ones only. */
  readonly backends: readonly LabBackend[];
}

export interface LabBackend {
  readonly ref: string;
  readonly addresses: readonly Ip[];
  readonly port: number;
  /** Its own name below a headless Service: `db-0`, or its address with dashes. */
  readonly hostname: string;
}

export interface PlanInput {
  readonly cluster: Cluster;
  readonly services: readonly LabService[];
  /** Which pods answer DNS, and where: `{ ref: 'kube-system/coredns', protocol: 'UDP', port: 53 }`. */
  readonly dnsPorts: readonly { readonly ref: string; readonly protocol: Protocol; readonly port: number }[];
  /** What stands in the resolv.conf of pods that ask the cluster's DNS. */
  readonly nameservers: readonly Ip[];
  /** CIDRs of pods and Services. */
  readonly inside?: readonly string[];
}

export const CLUSTER_DOMAIN = 'cluster.local';

/** Nodes and pods in the cluster's order. A cluster without pods is an empty plan. */
export function planOf({ cluster, services, dnsPorts, nameservers, inside = [] }: PlanInput): LabPlan {
  const homes = [...new Set([...cluster.nodes.keys(), ...cluster.pods.map(({ node }) => node ?? '')])];
  const nodes = homes.map((name, i): LabNode => {
    const hostPod = cluster.pods.find((pod) => pod.hostNetwork && pod.node === name);
    const addresses = cluster.nodes.get(name)?.addresses ?? hostPod?.addresses ?? [];
    return {
      id: `n${i}`,
      name,
      addresses: addresses.map(printIp),
      link: `169.254.${2 + Math.floor(i / 250)}.${1 + (i % 250)}`,
    };
  });
  const idOfNode = new Map(nodes.map(({ name, id }) => [name, id]));
  return {
    nodes,
    outside: { id: 'o0', link: '169.254.1.3' },
    inside,
    pods: cluster.pods.map((pod, i) => ({
      id: `p${i}`,
      ref: pod.ref,
      node: idOfNode.get(pod.node ?? '') ?? '',
      hostNetwork: pod.hostNetwork,
      addresses: pod.addresses.map(printIp),
      listeners: listenersOf(pod, services, dnsPorts),
      hostname: hostnameOf(pod),
      resolvConf: resolvConfOf(pod, nameservers),
      hosts: hostsOf(pod),
    })),
  };
}

/** Every declared port. A pod that declares none listens where Services send to, because it must be there for something. */
function listenersOf(pod: Pod, services: readonly LabService[], dnsPorts: PlanInput['dnsPorts']): LabListener[] {
  const declared = pod.ports.filter(({ role }) => role !== 'init');
  const targets = services.flatMap(({ ports }) =>
    ports.flatMap(({ protocol, backends }) => backends.filter(({ ref }) => ref === pod.ref).map(({ port }) => ({ protocol, port }))),
  );
  const own = dnsPorts.filter(({ ref }) => ref === pod.ref);
  const found = new Map<string, LabListener>();
  for (const { protocol, port } of [...(declared.length > 0 ? declared : targets), ...own]) {
    // Node has no SCTP sockets.
    if (protocol === 'SCTP') continue;
    const role = own.some((dns) => dns.protocol === protocol && dns.port === port) ? 'dns' : 'app';
    found.set(`${protocol} ${port}`, { protocol, port, role });
  }
  return [...found.values()];
}

/** As a kubelet writes it (Kubernetes: pkg/kubelet/network/dns). The lab's nodes have no resolver of their own. */
function resolvConfOf(pod: Pod, nameservers: readonly Ip[]): string {
  const { policy } = pod.dns;
  const asksCluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !pod.hostNetwork);
  const servers = [...(asksCluster ? nameservers.map(printIp) : []), ...pod.dns.nameservers];
  const searches = [
    ...(asksCluster ? [`${pod.namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN] : []),
    ...pod.dns.searches,
  ];
  return [
    ...servers.map((server) => `nameserver ${server}`),
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...(asksCluster ? ['options ndots:5'] : []),
    '',
  ].join('\n');
}

/** Linux takes 64 bytes (sethostname), Kubernetes cuts at 63. */
function hostnameOf(pod: Pod): string {
  return (pod.dns.hostname ?? pod.name).slice(0, 63);
}

function hostsOf(pod: Pod): string {
  const name = hostnameOf(pod);
  return ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost', ...pod.addresses.map((ip) => `${printIp(ip)}\t${name}`), ''].join('\n');
}
