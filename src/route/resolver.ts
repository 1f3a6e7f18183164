// Which DNS server a pod asks, and where packets to it really go: the cluster's DNS pods, NodeLocal DNSCache on the pod's own node,
// the node's resolver, or what dnsConfig names. Whether policies let them through is for dns.ts.
import { type Cluster, isLive, type Pod, type Service } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { cidrHas, parseCidr } from '../net/cidr.ts';
import { type Ip, parseIp, printIp, sameIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { addressEnd, podEnd } from '../policy/end.ts';
import { ASSUMED_DNS_POD, assumedPod } from './assumed.ts';
import { part, usesNodeResolver } from './dns-name.ts';
import { backendsOf } from './endpoints.ts';
import { anywhereOutside, outsideParties } from './outside.ts';
import { endRef, type Party } from './party.ts';

export interface Resolver {
  /** `cluster`: kube-dns. `node-local`: the cache on the pod's node. `node`: the node's own resolver. `named`: from dnsConfig. */
  readonly kind: 'cluster' | 'node-local' | 'node' | 'named';
  /** `kube-system/svc/kube-dns`, `kube-system/node-local-dns[DaemonSet]`, `8.8.8.8`, `node`. */
  readonly ref: string;
  /** True when the input has no DNS and the usual one is believed to be there. */
  readonly assumed: boolean;
  /** What stands in the pod's resolv.conf, as far as it is known. */
  readonly addresses: readonly Ip[];
  readonly knowsCluster: 'yes' | 'no' | 'unknown';
  readonly servers: Readonly<Record<'UDP' | 'TCP', readonly Party[]>>;
  /** True when only one of the servers is real and the input does not say which. */
  readonly alternatives: boolean;
}

type Servers = Resolver['servers'];

/** The resolvers of a pod, in the order it asks them. One, except where dnsConfig names several. */
export function resolversOf(cluster: Cluster, pod: Pod): readonly Resolver[] {
  if (pod.dns.policy === 'None') return pod.dns.nameservers.map((text) => namedResolver(cluster, pod, text));
  if (usesNodeResolver(pod)) return [nodeResolver(cluster, pod)];
  return [clusterResolver(cluster, pod)];
}

function clusterResolver(cluster: Cluster, pod: Pod): Resolver {
  const service = dnsService(cluster);
  return nodeLocal(cluster, pod, service) ?? clusterDns(cluster, service);
}

/** Services that a kubelet's clusterDNS points to, most usual first (semantics A.6). */
function dnsService(cluster: Cluster): Service | undefined {
  let known = dnsServices.get(cluster.services);
  if (known === undefined) {
    known = { service: searchedService(cluster) };
    dnsServices.set(cluster.services, known);
  }
  return known.service;
}

// Looked for once: `baseline` asks for every workload of the cluster.
const dnsServices = new WeakMap<Cluster['services'], { readonly service: Service | undefined }>();
const dnsPods = new WeakMap<Cluster['pods'], { readonly servers: readonly Pod[]; readonly caches: readonly Pod[] }>();

/** The running pods of the cluster that answer DNS by their labels, and those of NodeLocal DNSCache. */
function dnsPodsOf({ pods }: Cluster): { readonly servers: readonly Pod[]; readonly caches: readonly Pod[] } {
  let known = dnsPods.get(pods);
  if (known === undefined) {
    const live = pods.filter((pod) => isDnsPod(pod) || pod.labels.get('k8s-app') === 'node-local-dns').filter(isLive);
    known = { servers: live.filter(isDnsPod), caches: live.filter((pod) => pod.labels.get('k8s-app') === 'node-local-dns') };
    dnsPods.set(pods, known);
  }
  return known;
}

function searchedService(cluster: Cluster): Service | undefined {
  const usual = ['kube-system/kube-dns', 'openshift-dns/dns-default', 'kube-system/coredns', 'kube-system/rke2-coredns-rke2-coredns'];
  const found = usual.map((ref) => cluster.services.get(ref)).find((service) => service !== undefined);
  // NodeLocal DNSCache brings `kube-dns-upstream`, which only the cache itself asks.
  return (
    found ?? [...cluster.services.values()].find(({ labels, name }) => labels.get('k8s-app') === 'kube-dns' && name !== 'kube-dns-upstream')
  );
}

function clusterDns(cluster: Cluster, service: Service | undefined): Resolver {
  const base = { kind: 'cluster', knowsCluster: 'yes', alternatives: false } as const;
  if (service !== undefined) {
    const found: Servers = { UDP: behind(cluster, service, 'UDP'), TCP: behind(cluster, service, 'TCP') };
    const isEmpty = found.UDP.length + found.TCP.length === 0 && service.endpoints === undefined && !hasPods(cluster, service);
    const servers = isEmpty ? assumedBehind(service) : found;
    return { ...base, ref: `${service.namespace}/svc/${service.name}`, assumed: isEmpty, addresses: service.clusterIps, servers };
  }
  const pods = dnsPodsOf(cluster).servers;
  const [first] = pods;
  const servers: Servers =
    first === undefined
      ? { UDP: [party(ASSUMED_DNS_POD, 53)], TCP: [party(ASSUMED_DNS_POD, 53)] }
      : { UDP: pods.map((pod) => party(pod, dnsPort(pod, 'UDP'))), TCP: pods.map((pod) => party(pod, dnsPort(pod, 'TCP'))) };
  return { ...base, ref: first?.workload ?? 'kube-system/svc/kube-dns', assumed: first === undefined, addresses: [], servers };
}

function isDnsPod({ labels }: Pod): boolean {
  return labels.get('k8s-app') === 'kube-dns' || labels.has('dns.operator.openshift.io/daemonset-dns');
}

function dnsPort(pod: Pod, protocol: Protocol): number {
  const declared = pod.ports.filter((port) => port.protocol === protocol && port.role === 'main');
  return (declared.find(({ name }) => name?.startsWith('dns')) ?? declared.find(({ port }) => port === 53))?.port ?? 53;
}

function behind(cluster: Cluster, service: Service, protocol: Protocol): readonly Party[] {
  const port = service.ports.find((candidate) => candidate.port === 53 && candidate.protocol === protocol);
  const backends = port === undefined ? [] : (backendsOf(cluster, service, port) ?? []);
  return backends.flatMap(({ end, ref, state, port: target }) =>
    state === 'ready' && target !== undefined ? [{ end, ref, port: target }] : [],
  );
}

function hasPods(cluster: Cluster, service: Service): boolean {
  return (['UDP', 'TCP'] as const).some((protocol) =>
    service.ports.some((port) => port.protocol === protocol && (backendsOf(cluster, service, port) ?? []).length > 0),
  );
}

/** The Service is in the input and its pods are not: pods with just the labels that it selects, on the port that it names. */
function assumedBehind(service: Service): Servers {
  const labels: Labels = service.selector ?? ASSUMED_DNS_POD.labels;
  const inOpenShift = service.namespace === 'openshift-dns'; // there the pods listen on 5353 (semantics A.6)
  const ports = service.ports
    .filter(({ port }) => port === 53)
    .map(({ name, targetPort, protocol }) => ({
      name: typeof targetPort === 'string' ? targetPort : (name ?? 'dns'),
      port: typeof targetPort === 'number' ? targetPort : inOpenShift ? 5353 : 53,
      protocol,
    }));
  const pod = assumedPod({ namespace: service.namespace, name: service.name, labels, ports });
  const on = (protocol: Protocol) => ports.filter((port) => port.protocol === protocol).map(({ port }) => party(pod, port));
  return { UDP: on('UDP'), TCP: on('TCP') };
}

function party(pod: Pod, port: number): Party {
  return { end: podEnd(pod), ref: pod.ref, port };
}

/** The address that NodeLocal DNSCache has by its own documentation. */
const LINK_LOCAL_DNS: Ip[] = [parseIp('169.254.20.10')].flatMap((ip) => ip ?? []);

/** NodeLocal DNSCache, when its pods are in the input: the process that answers runs on the pod's own node. */
function nodeLocal(cluster: Cluster, pod: Pod, service: Service | undefined): Resolver | undefined {
  const { caches } = dnsPodsOf(cluster);
  const [first] = caches;
  if (first === undefined) return undefined;
  const base = { kind: 'node-local', ref: first.workload, assumed: false, knowsCluster: 'yes' } as const;
  if (!first.hostNetwork) {
    // Cilium redirects to a cache that is an ordinary pod; it is the one on the same node.
    const near = caches.filter((other) => pod.node !== undefined && other.node === pod.node);
    const chosen = near.length > 0 ? near : caches;
    const on = (protocol: Protocol) => chosen.map((other) => party(other, dnsPort(other, protocol)));
    return { ...base, addresses: [], servers: { UDP: on('UDP'), TCP: on('TCP') }, alternatives: near.length === 0 };
  }
  const listed = localAddresses(first);
  const addresses = listed.length > 0 ? listed : [...LINK_LOCAL_DNS, ...(service?.clusterIps ?? [])];
  const servers = ownNode(pod, addresses);
  return { ...base, addresses, servers: { UDP: servers, TCP: servers }, alternatives: addresses.length > 1 };
}

/** The node that the pod runs on, by each of these addresses. `withHome` gives the pod the same node where the input names none. */
function ownNode(pod: Pod, addresses: readonly Ip[]): readonly Party[] {
  return addresses.map((address) => ({
    end: { kind: 'node', name: pod.node ?? OWN_NODE, addresses: [address] },
    ref: printIp(address),
    port: 53,
  }));
}

const OWN_NODE = '{own-node}';

/** The cache is on the pod's own node, whichever that is; the evaluator asks by the node's name. */
export function withHome(pod: Pod, resolver: Resolver): Pod {
  return resolver.kind === 'node-local' ? atHome(pod) : pod;
}

/** The pod on a node that is its own, where the input names none. */
export function atHome(pod: Pod): Pod {
  return pod.node === undefined ? { ...pod, node: OWN_NODE } : pod;
}

/** `-localip 169.254.20.10,10.96.0.10` in the cache's arguments. What is no address (`__PILLAR__LOCAL__DNS__`) is left out. */
function localAddresses(pod: Pod): readonly Ip[] {
  const containers = part(pod.spec, 'containers');
  for (const container of Array.isArray(containers) ? containers : []) {
    const words = [part(container, 'command'), part(container, 'args')].flat().map(String);
    const at = words.findIndex((word) => /^-{1,2}localip(=|$)/.test(word));
    const list = words[at]?.includes('=') ? words[at].slice(words[at].indexOf('=') + 1) : words[at + 1];
    if (at >= 0) return (list ?? '').split(',').flatMap((text) => parseIp(text.trim()) ?? []);
  }
  return [];
}

/** `dnsPolicy: Default`: what the node's resolv.conf says is in no manifest, so it may be anywhere outside. */
function nodeResolver(cluster: Cluster, pod: Pod): Resolver {
  const servers = outsideParties(cluster, 'egress', [{ end: podEnd(pod), ref: pod.ref }], anywhereOutside(cluster), 'node').map(
    (server) => ({
      ...server,
      port: 53,
    }),
  );
  const base = { kind: 'node', ref: 'node', assumed: false, addresses: [], knowsCluster: 'no' } as const;
  return { ...base, servers: { UDP: servers, TCP: servers }, alternatives: servers.length > 1 };
}

/** One nameserver of dnsConfig. */
function namedResolver(cluster: Cluster, pod: Pod, text: string): Resolver {
  const address = parseIp(text);
  const named = { kind: 'named', ref: text, assumed: false } as const;
  if (address === undefined)
    return { ...named, addresses: [], knowsCluster: 'unknown', servers: { UDP: [], TCP: [] }, alternatives: false };
  const usual = clusterResolver(cluster, pod);
  if (usual.addresses.some((own) => sameIp(own, address))) {
    const isCache = usual.kind === 'node-local';
    const only = ownNode(pod, [address]);
    return isCache ? { ...usual, addresses: [address], servers: { UDP: only, TCP: only }, alternatives: false } : usual;
  }
  const service = [...cluster.services.values()].find(({ clusterIps }) => clusterIps.some((own) => sameIp(own, address)));
  if (service !== undefined) {
    const knowsCluster = service.ref === dnsService(cluster)?.ref ? 'yes' : 'unknown';
    const servers: Servers = { UDP: behind(cluster, service, 'UDP'), TCP: behind(cluster, service, 'TCP') };
    return { ...named, ref: `${service.namespace}/svc/${service.name}`, addresses: [address], knowsCluster, servers, alternatives: false };
  }
  if (LINK_LOCAL_DNS.some((own) => sameIp(own, address))) {
    const servers = ownNode(pod, [address]);
    const cache = { kind: 'node-local', ref: text, assumed: true, addresses: [address], knowsCluster: 'yes' } as const;
    return { ...cache, servers: { UDP: servers, TCP: servers }, alternatives: false };
  }
  const end = addressEnd(cluster, address);
  const direct: Party = { end, ref: endRef(end), port: 53 };
  const isPrivate = end.kind !== 'outside' || PRIVATE.some((cidr) => cidrHas(cidr, address));
  // A private address that nobody in the input has may well be the Service of a cluster DNS that is not in the input either.
  const mayBeCluster = end.kind === 'outside' && isPrivate && usual.assumed;
  const servers: Servers = mayBeCluster
    ? { UDP: [direct, ...usual.servers.UDP], TCP: [direct, ...usual.servers.TCP] }
    : { UDP: [direct], TCP: [direct] };
  return { ...named, addresses: [address], knowsCluster: isPrivate ? 'unknown' : 'no', servers, alternatives: mayBeCluster };
}

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'].flatMap(
  (text) => parseCidr(text) ?? [],
);
