// Pods, and the pods that a workload's template would make.
import type { ContainerPort, Node, Pod, PodDns } from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { parseCidr } from '../net/cidr.ts';
import { type Ip, parseIp, sameIp } from '../net/ip.ts';
import { isProtocol } from './normalise-policy.ts';
import { dig, get, integerOf, labelsOf, listOf, textOf } from './read.ts';

interface Naming {
  readonly name: string;
  readonly namespace: string;
  /** Key into Cluster.workloads. */
  readonly workload: string;
}

/** A Pod object, with what its status tells. */
export function podOf(value: unknown, naming: Naming, origin: Origin): Pod {
  const status = get(value, 'status');
  const spec = get(value, 'spec');
  const phase = textOf(get(status, 'phase'));
  return {
    ...shape(naming, get(value, 'metadata'), spec, at(origin, 'metadata', 'labels'), at(origin, 'spec')),
    addresses: addresses(
      listOf(get(status, 'podIPs')).map((item) => get(item, 'ip')),
      get(status, 'podIP'),
    ),
    node: textOf(get(spec, 'nodeName')),
    hostAddresses: addresses(
      listOf(get(status, 'hostIPs')).map((item) => get(item, 'ip')),
      get(status, 'hostIP'),
    ),
    phase: isPhase(phase) ? phase : undefined,
    ready: readiness(status),
    terminating: dig(value, 'metadata', 'deletionTimestamp') !== undefined,
    template: false,
    origin,
  };
}

/** The pod that stands for all that a template makes: no address, no node, no status. */
export function templatePodOf(template: unknown, naming: Naming, origin: Origin): Pod {
  const spec = get(template, 'spec');
  return {
    ...shape(naming, get(template, 'metadata'), spec, at(origin, 'metadata', 'labels'), at(origin, 'spec')),
    addresses: [],
    node: textOf(get(spec, 'nodeName')),
    hostAddresses: [],
    phase: undefined,
    ready: undefined,
    terminating: false,
    template: true,
    origin,
  };
}

function shape({ name, namespace, workload }: Naming, metadata: unknown, spec: unknown, labelsOrigin: Origin, specOrigin: Origin) {
  return {
    name,
    namespace,
    ref: `${namespace}/${name}`,
    workload,
    labels: labelsOf(get(metadata, 'labels')),
    labelsOrigin,
    hostNetwork: get(spec, 'hostNetwork') === true,
    ports: portsOf(spec, specOrigin),
    dns: dnsOf(spec),
    spec,
    metadata,
  };
}

function portsOf(spec: unknown, origin: Origin): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = listOf(get(spec, list));
    for (let i = 0; i < containers.length; i++) {
      const container = containers[i];
      // An init container that restarts always is a sidecar (Kubernetes 1.29).
      const role = list === 'containers' ? 'main' : get(container, 'restartPolicy') === 'Always' ? 'sidecar' : 'init';
      const declared = listOf(get(container, 'ports'));
      for (let j = 0; j < declared.length; j++) {
        const port = integerOf(get(declared[j], 'containerPort'));
        const protocol = get(declared[j], 'protocol') ?? 'TCP'; // Kubernetes: SetDefaults_ContainerPort
        if (port === undefined || !isProtocol(protocol)) continue;
        ports.push({
          name: textOf(get(declared[j], 'name')),
          port,
          protocol,
          container: textOf(get(container, 'name')) ?? '',
          role,
          origin: at(origin, list, i, 'ports', j),
        });
      }
    }
  }
  return ports;
}

function dnsOf(spec: unknown): PodDns {
  const policy = textOf(get(spec, 'dnsPolicy'));
  return {
    policy: policy === 'Default' || policy === 'None' || policy === 'ClusterFirstWithHostNet' ? policy : 'ClusterFirst',
    nameservers: texts(dig(spec, 'dnsConfig', 'nameservers')),
    searches: texts(dig(spec, 'dnsConfig', 'searches')),
    hostname: textOf(get(spec, 'hostname')),
    subdomain: textOf(get(spec, 'subdomain')),
  };
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

/** The list wins over the single field; what is no address is left out. */
function addresses(list: readonly unknown[], single: unknown): readonly Ip[] {
  const found: Ip[] = [];
  for (const text of list.length > 0 ? list : [single]) {
    const ip = typeof text === 'string' ? parseIp(text) : undefined;
    if (ip !== undefined && !found.some((other) => sameIp(other, ip))) found.push(ip);
  }
  return found;
}

function isPhase(phase: string | undefined): phase is NonNullable<Pod['phase']> {
  return phase !== undefined && ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].includes(phase);
}

function readiness(status: unknown): boolean | undefined {
  for (const condition of listOf(get(status, 'conditions'))) {
    if (get(condition, 'type') === 'Ready') return get(condition, 'status') === 'True';
  }
  return undefined;
}

export function nodeOf(name: string, value: unknown, origin: Origin): Node {
  const podCidrs = listOf(dig(value, 'spec', 'podCIDRs'));
  const ready = readiness(get(value, 'status'));
  return {
    name,
    labels: labelsOf(dig(value, 'metadata', 'labels')),
    addresses: addresses(
      listOf(dig(value, 'status', 'addresses'))
        .filter((item) => get(item, 'type') === 'InternalIP' || get(item, 'type') === 'ExternalIP')
        .map((item) => get(item, 'address')),
      undefined,
    ),
    podCidrs: (podCidrs.length > 0 ? podCidrs : [dig(value, 'spec', 'podCIDR')]).flatMap((text) =>
      typeof text === 'string' ? (parseCidr(text) ?? []) : [],
    ),
    ready,
    origin,
  };
}
