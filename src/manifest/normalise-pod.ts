// Pods, and the pods that a workload's template would make.

import { isProtocol } from '../kinds/network-policy/lower.ts';
import type { ContainerPort, Node, Pod, PodDns } from '../model/cluster.ts';
import type { Origin, Path } from '../model/origin.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { type Ip, parseIp, sameIp } from '../net/ip.ts';
import { dig, get, integerOf, isObject, labelsOf, listOf, textOf } from '../objects/read.ts';

interface Naming {
  readonly name: string;
  readonly namespace: string;
  /** Key into Cluster.workloads. */
  readonly workload: string;
}

/**
 * Something that was parsed and is not trusted: reading a property of it gives anything, or undefined. Pods are read with plain
 * property access because there are many of them; the names read here are ours, so no prototype has them.
 */
// biome-ignore lint/suspicious/noExplicitAny: every value read through it is checked before it is used
type Loose = any;

/** A Pod object, with what its status tells. `like`: a pod with which it shares labels and ports when they are the same. */
export function podOf(value: unknown, naming: Naming, origin: Origin, like?: Pod): Pod {
  const { metadata, spec, status } = (isObject(value) ? value : {}) as Loose;
  const phase = textOf(status?.phase);
  return {
    name: naming.name,
    namespace: naming.namespace,
    ref: `${naming.namespace}/${naming.name}`,
    labels: labelsOf(metadata?.labels, like?.labels),
    labelsPath: LABELS_PATH,
    addresses: addresses(status?.podIPs, status?.podIP),
    node: textOf(spec?.nodeName),
    hostAddresses: addresses(status?.hostIPs, status?.hostIP),
    hostNetwork: spec?.hostNetwork === true,
    ports: portsOf(spec, like?.ports ?? NO_PORTS),
    phase: isPhase(phase) ? phase : undefined,
    ready: readiness(status),
    terminating: (metadata?.deletionTimestamp ?? undefined) !== undefined,
    workload: naming.workload,
    template: false,
    dns: dnsOf(spec),
    origin,
    spec,
    metadata,
  };
}

/** The pod that stands for all that a template makes: no address, no node, no status. */
export function templatePodOf(template: unknown, naming: Naming, origin: Origin): Pod {
  const { metadata, spec } = (isObject(template) ? template : {}) as Loose;
  return { ...podOf({ metadata, spec }, naming, origin), template: true };
}

const NO_PORTS: readonly ContainerPort[] = [];
const LABELS_PATH: Path = ['metadata', 'labels'];

/** `like`: ports that are given back when these are the same, as they are from one pod of a template to the next. */
function portsOf(spec: Loose, like: readonly ContainerPort[]): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  addPorts(ports, spec?.containers, 'containers', like);
  if (spec?.initContainers !== undefined) addPorts(ports, spec.initContainers, 'initContainers', like);
  if (ports.length !== like.length) return ports.length === 0 ? NO_PORTS : ports;
  for (let i = 0; i < ports.length; i++) if (ports[i] !== like[i]) return ports;
  return like;
}

function addPorts(ports: ContainerPort[], containers: Loose, list: 'containers' | 'initContainers', like: readonly ContainerPort[]): void {
  if (!Array.isArray(containers)) return;
  for (let i = 0; i < containers.length; i++) {
    const container: Loose = containers[i];
    const declared: Loose = container?.ports;
    if (!Array.isArray(declared)) continue;
    // An init container that restarts always is a sidecar (Kubernetes 1.29).
    const role = list === 'containers' ? 'main' : container.restartPolicy === 'Always' ? 'sidecar' : 'init';
    const containerName = textOf(container.name) ?? '';
    for (let j = 0; j < declared.length; j++) {
      const entry: Loose = declared[j];
      const port = integerOf(entry?.containerPort);
      const protocol = entry?.protocol ?? 'TCP'; // Kubernetes: SetDefaults_ContainerPort
      if (port === undefined || !isProtocol(protocol)) continue;
      const name = textOf(entry.name);
      const hostPort = hostPortOf(entry);
      const known = like[ports.length];
      const isKnown =
        known !== undefined &&
        known.port === port &&
        known.name === name &&
        known.protocol === protocol &&
        known.container === containerName &&
        known.role === role &&
        known.hostPort === hostPort &&
        known.path[1] === list &&
        known.path[2] === i &&
        known.path[4] === j;
      if (isKnown) {
        ports.push(known);
        continue;
      }
      const declaredPort = { name, port, protocol, container: containerName, role, path: ['spec', list, i, 'ports', j] } as const;
      ports.push(hostPort === undefined ? declaredPort : { ...declaredPort, hostPort });
    }
  }
}

/** `hostPort: 0` is none; `hostIP: 0.0.0.0` is every address of the node. */
function hostPortOf(entry: Loose): ContainerPort['hostPort'] | undefined {
  const port = integerOf(entry?.hostPort);
  if (port === undefined || port < 1) return undefined;
  const ip = typeof entry.hostIP === 'string' ? parseIp(entry.hostIP) : undefined;
  return { port, ip: ip === undefined || Number(ip.value) === 0 ? undefined : ip };
}

const USUAL_DNS: PodDns = { policy: 'ClusterFirst', nameservers: [], searches: [], hostname: undefined, subdomain: undefined };

function dnsOf(spec: Loose): PodDns {
  const policy = spec?.dnsPolicy ?? 'ClusterFirst';
  const isUsual =
    policy === 'ClusterFirst' && spec?.dnsConfig === undefined && spec?.hostname === undefined && spec?.subdomain === undefined;
  if (isUsual) return USUAL_DNS;
  return {
    policy: policy === 'Default' || policy === 'None' || policy === 'ClusterFirstWithHostNet' ? policy : 'ClusterFirst',
    nameservers: texts(spec?.dnsConfig?.nameservers),
    searches: texts(spec?.dnsConfig?.searches),
    hostname: textOf(spec?.hostname),
    subdomain: textOf(spec?.subdomain),
  };
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

const NO_ADDRESSES: readonly Ip[] = [];

/** The list (`[{ ip }]`) wins over the single field; what is no address is left out. */
function addresses(list: Loose, single: unknown): readonly Ip[] {
  if (!Array.isArray(list) || list.length === 0) return oneAddress(single);
  if (list.length === 1) return oneAddress(list[0]?.ip);
  const found: Ip[] = [];
  for (const item of list) for (const ip of oneAddress(item?.ip)) if (!found.some((other) => sameIp(other, ip))) found.push(ip);
  return found;
}

/** A list that is written as a whole has room for one; a list that is pushed to has room for seventeen. */
function oneAddress(text: unknown): readonly Ip[] {
  const ip = typeof text === 'string' ? parseIp(text) : undefined;
  return ip === undefined ? NO_ADDRESSES : [ip];
}

function isPhase(phase: string | undefined): phase is NonNullable<Pod['phase']> {
  return phase !== undefined && ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].includes(phase);
}

function readiness(status: Loose): boolean | undefined {
  const conditions: Loose = status?.conditions;
  if (Array.isArray(conditions)) {
    for (const condition of conditions) if (condition?.type === 'Ready') return condition.status === 'True';
  }
  return undefined;
}

/** Calico writes down the addresses of its tunnel devices: libcalico-go/lib/backend/k8s/resources/node.go. */
const TUNNEL_ANNOTATIONS = [
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
  'projectcalico.org/IPv6WireguardInterfaceAddr',
];
/** Of flannel, canal and k3s. Their device has the first address of the node's pod range. */
const FLANNEL_BACKEND = 'flannel.alpha.coreos.com/backend-type';
const FLANNEL_TUNNELS: readonly unknown[] = ['vxlan', 'wireguard', 'ipip'];

function tunnelsOf(value: unknown, podCidrs: readonly Cidr[]): readonly Ip[] {
  const annotation = (key: string) => dig(value, 'metadata', 'annotations', key);
  const written = TUNNEL_ANNOTATIONS.flatMap((key) => {
    const text = annotation(key);
    return typeof text === 'string' ? (parseIp(text) ?? []) : [];
  });
  return [...written, ...(FLANNEL_TUNNELS.includes(annotation(FLANNEL_BACKEND)) ? podCidrs.map(({ first }) => first) : [])];
}

export function nodeOf(name: string, value: unknown, origin: Origin): Node {
  const ranges = listOf(dig(value, 'spec', 'podCIDRs'));
  const podCidrs = (ranges.length > 0 ? ranges : [dig(value, 'spec', 'podCIDR')]).flatMap((text) =>
    typeof text === 'string' ? (parseCidr(text) ?? []) : [],
  );
  const tunnelAddresses = tunnelsOf(value, podCidrs);
  const ready = readiness(get(value, 'status'));
  return {
    name,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    addresses: addresses(
      listOf(dig(value, 'status', 'addresses'))
        .filter((item) => get(item, 'type') === 'InternalIP' || get(item, 'type') === 'ExternalIP')
        .map((item) => ({ ip: get(item, 'address') })),
      undefined,
    ),
    podCidrs,
    ...(tunnelAddresses.length > 0 && { tunnelAddresses }),
    ready,
    origin,
  };
}
