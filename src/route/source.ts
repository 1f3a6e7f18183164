// Where the connection starts: the live pods of a workload, one pod, a node, an address, the internet, the ingress controllers.
import { type Cluster, type Ingress, isLive, type Pod } from '../model/cluster.ts';
import type { Ip } from '../net/ip.ts';
import { type IpSet, ipSetHas, ipSetOfRanges, isEmptyIps } from '../net/ip-set.ts';
import { addressEnd, type End, nodeEnd, podEnd } from '../policy/end.ts';
import { apiServerParties, apiServerPods, controlPlaneParties, controlPlanePods, isApiServerName } from './api-server.ts';
import { resolveHost } from './dns-name.ts';
import { selectedPods, stateOf } from './endpoints.ts';
import { findNode, findObject } from './find.ts';
import { hypotheticalNote, hypotheticalPod } from './hypothetical.ts';
import { carriersOf } from './ingress-controllers.ts';
import { isError, type Name } from './name.ts';
import { addressNamedEnd, type NamedEnd, nodeNamedEnd, plain, podNamedEnd, serviceEnd, workloadEnd } from './named-end.ts';
import { type EndError, endError, type Note, type Obstacle } from './obstacle.ts';
import { anywhereOutside, internet, outsideParties, partsOf } from './outside.ts';
import { endRef, type Party } from './party.ts';
import { podObstacles } from './pod-obstacles.ts';

export interface Source {
  readonly end: NamedEnd;
  /** Ends that are known one by one; empty where `range` says it. */
  readonly parties: readonly Party[];
  /** Addresses outside the cluster; cut into parties once the other end is known. */
  readonly range: AddressRange | undefined;
  /** The source was named by this address, so only its family is meant. */
  readonly address?: Ip;
  /** True when only one of the parties is real and the input does not say which. */
  readonly alternatives: boolean;
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

export interface AddressRange {
  readonly ips: IpSet;
  /** What to call it where policies treat it all alike. */
  readonly name: string;
  /** The name of DNS that stands for one of the addresses. */
  readonly host?: string;
}

/** The pods of a source, for which DNS is asked. */
export function podsOf({ parties }: Source): readonly Pod[] {
  return parties.flatMap(({ end }) => (end.kind === 'pod' ? [end.pod] : end.kind === 'node' && end.pod !== undefined ? [end.pod] : []));
}

/** `web/frontend` → its live pods. A port on this side is noted and ignored: policies never see source ports (semantics A.3). */
export function sourceOf(cluster: Cluster, name: Name): Source | EndError {
  const source = meant(cluster, name);
  // The port of a URL is part of what was pasted; a typed one was believed to count.
  if (isError(source) || name.port === undefined || name.kind === 'host') return source;
  return { ...source, notes: [...source.notes, { code: 'source-port-ignored', facts: { port: name.port } }] };
}

function meant(cluster: Cluster, name: Name): Source | EndError {
  switch (name.kind) {
    case 'object':
      return object(cluster, name);
    case 'host':
      return host(cluster, name);
    case 'node': {
      const node = findNode(cluster, name.name);
      if (isError(node)) return node;
      return only(nodeNamedEnd(node.name), [{ end: { kind: 'node', ...node }, ref: `node/${node.name}` }]);
    }
    case 'address':
      return atAddress(cluster, name.address);
    case 'range':
      return atRange(cluster, ipSetOfRanges([name.range]), name.label);
    case 'internet':
      return { ...only(plain('internet', 'internet'), []), range: { ips: internet(cluster), name: 'internet' } };
    case 'kubelet':
      return { ...only(plain('kubelet', 'kubelet'), []), notes: [{ code: 'kubelet', facts: {} }] };
    case 'ingress-controller':
      return controllers(cluster, undefined);
    case 'labels': {
      const pod = hypotheticalPod(cluster, name);
      return { ...fromPods(cluster, podNamedEnd(pod), [pod]), notes: [hypotheticalNote(cluster, pod)] };
    }
  }
}

function only(end: NamedEnd, parties: readonly Party[]): Source {
  return { end, parties, range: undefined, alternatives: false, obstacles: [], notes: [] };
}

function object(cluster: Cluster, name: Extract<Name, { kind: 'object' }>): Source | EndError {
  const found = findObject(cluster, name);
  if (isError(found)) {
    if (found.code !== 'unknown-name') return found;
    return isApiServerName(name) ? apiServer(cluster) : (controlPlane(cluster, name) ?? found);
  }
  switch (found.kind) {
    case 'workload':
      return fromPods(cluster, workloadEnd(found.workload), found.workload.pods);
    case 'pod':
      return fromPods(cluster, podNamedEnd(found.pod), [found.pod]);
    case 'service': {
      const pods = selectedPods(cluster, found.service);
      if (pods.length === 0) return endError('service-as-source', { service: found.service.ref });
      const source = fromPods(cluster, serviceEnd(found.service), pods);
      return { ...source, notes: [{ code: 'service-as-source', facts: { service: found.service.ref } }, ...source.notes] };
    }
  }
}

/** As a client: of webhooks and aggregated APIs. Where the input does not say where it runs, it is somewhere outside. */
function apiServer(cluster: Cluster): Source {
  const end = plain('node', 'kube-apiserver');
  const pods = apiServerPods(cluster);
  if (pods.length > 0) return fromPods(cluster, end, pods);
  const parties = apiServerParties(cluster);
  if (parties.length > 0) return only(end, parties);
  return { ...only(end, []), range: { ips: anywhereOutside(cluster), name: 'kube-apiserver' }, alternatives: true };
}

/** `kube-scheduler`, `etcd` …; undefined for other names, and where the input does not say where it runs. */
function controlPlane(cluster: Cluster, name: Extract<Name, { kind: 'object' }>): Source | undefined {
  const pods = controlPlanePods(cluster, name);
  if (pods === undefined) return undefined;
  const end = plain('node', name.name);
  if (pods.length > 0) return fromPods(cluster, end, pods);
  // The agents of konnectivity are pods wherever they are; the rest is on the nodes of the control plane.
  const parties = name.name === 'konnectivity-agent' ? [] : controlPlaneParties(cluster);
  return parties.length > 0 ? only(end, parties) : undefined;
}

function fromPods(cluster: Cluster, end: NamedEnd, pods: readonly Pod[]): Source {
  const states = pods.map((pod) => ({ pod, state: stateOf(cluster, pod) }));
  const live = pods.filter(isLive);
  const parties = live.flatMap((pod): readonly Party[] =>
    isAnywhere(pod) ? onEveryNode(cluster, pod) : [{ end: podEnd(pod), ref: pod.ref }],
  );
  // A DaemonSet runs on all of these nodes, any other workload on some of them.
  const alternatives = live.some((pod) => isAnywhere(pod) && parties.length > 1 && !pod.workload.endsWith('[DaemonSet]'));
  const isAlone = !states.some(({ state }) => state !== 'completed' && state !== 'pending');
  // A pod that has run to its end beside others that run is nobody's question.
  const obstacles = states.flatMap(({ pod, state }) =>
    state === 'completed' && live.length > 0 ? [] : podObstacles(pod, state, 'source', isAlone),
  );
  // Not ready says nothing of a client.
  const counting = obstacles.filter(({ code }) => code !== 'pod-not-ready');
  const scaled = states.filter(({ state }) => state === 'scaled-to-zero').map(({ pod }) => pod.workload);
  const notes = [...new Set(scaled)].map((workload): Note => ({ code: 'source-scaled-to-zero', facts: { workload } }));
  return { ...only({ ...end, pods: live.map(({ ref }) => ref) }, parties), alternatives, obstacles: counting, notes };
}

/** A template in its node's network: policies see the node, and which one that will be is not in the input. */
function isAnywhere({ template, hostNetwork, node, addresses, hostAddresses }: Pod): boolean {
  return template && hostNetwork && node === undefined && addresses.length === 0 && hostAddresses.length === 0;
}

/** The nodes of the input, as the pod in their network; the pod without a node where there are none. */
function onEveryNode(cluster: Cluster, pod: Pod): readonly Party[] {
  if (cluster.nodes.size === 0) return [{ end: podEnd(pod), ref: pod.ref }];
  return [...cluster.nodes.values()].map(({ name, addresses }) => ({ end: { kind: 'node', name, addresses, pod }, ref: pod.ref }));
}

function atAddress(cluster: Cluster, address: Ip): Source {
  const end = addressEnd(cluster, address);
  if (end.kind === 'pod') return { ...fromPods(cluster, { ...addressNamedEnd(address), pods: [end.pod.ref] }, [end.pod]), address };
  return { ...only(addressNamedEnd(address), [{ end, ref: endRef(end) }]), address };
}

function atRange(cluster: Cluster, ips: IpSet, label: string): Source {
  const { parties, range, notes } = rangeMeaning(cluster, ips, label);
  return { ...only(plain('range', label), parties), range, notes };
}

/**
 * A range that people type means addresses outside. Where every one of its addresses is a pod's or a node's, it means those;
 * where only some are, they are left out, and a note says so.
 */
export function rangeMeaning(
  cluster: Cluster,
  ips: IpSet,
  label: string,
): { readonly parties: readonly Party[]; readonly range: AddressRange | undefined; readonly notes: readonly Note[] } {
  const { outside, inside } = partsOf(cluster, ips);
  if (isEmptyIps(inside)) return { parties: [], range: { ips, name: label }, notes: [] };
  const ends = endsIn(cluster, ips);
  const parties = ends.map((end): Party => ({ end, ref: endRef(end) }));
  if (isEmptyIps(outside) && parties.length > 0) return { parties, range: undefined, notes: [] };
  const notes: Note[] = [{ code: 'range-has-cluster-addresses', facts: { range: label, ends: parties.map(({ ref }) => ref) } }];
  return { parties: [], range: { ips: isEmptyIps(outside) ? ips : outside, name: label }, notes };
}

function endsIn(cluster: Cluster, ips: IpSet): readonly End[] {
  const has = (addresses: readonly Ip[]) => addresses.some((ip) => ipSetHas(ips, ip));
  const pods = cluster.pods.filter((pod) => !pod.hostNetwork && isLive(pod) && has(pod.addresses)).map(podEnd);
  const nodes = [...cluster.nodes.values()].filter(({ addresses }) => has(addresses)).map(nodeEnd);
  return [...pods, ...nodes];
}

/** A host name as a source is one of the outside world, or a Service's pods: clients do not listen under names. */
function host(cluster: Cluster, name: Extract<Name, { kind: 'host' }>): Source | EndError {
  const { meaning } = resolveHost(cluster, { pod: undefined, knowsCluster: true }, inClusterForm(name.host), true);
  if (meaning.kind === 'service-pod') return fromPods(cluster, podNamedEnd(meaning.pod), [meaning.pod]);
  if (meaning.kind === 'address') return atAddress(cluster, meaning.address);
  if (meaning.kind === 'service') {
    return object(cluster, { ...named(meaning.service), port: name.port, protocol: name.protocol });
  }
  const { meaning: outside } = resolveHost(cluster, { pod: undefined, knowsCluster: true }, name.host, true);
  if (outside.kind === 'missing')
    return endError('unknown-name', { namespace: '', name: name.host, nearest: outside.works, elsewhere: [] });
  const range = { ips: anywhereOutside(cluster), name: name.host };
  return {
    ...only(plain('host', name.host), []),
    range,
    alternatives: true,
    notes: [{ code: 'external-host', facts: { host: name.host } }],
  };
}

/** `api.payments` → `api.payments.svc.cluster.local`. */
function inClusterForm(host: string): string {
  if (host.endsWith('.cluster.local')) return host;
  return host.endsWith('.svc') ? `${host}.cluster.local` : `${host}.svc.cluster.local`;
}

function named({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  return { kind: 'object', namespace, name, objectKind: 'Service', bare: false, namespaceWritten: true } as const;
}

/** `{ingress-controller}`: the controllers that serve this Ingress, or all that are in the input. */
export function controllers(cluster: Cluster, ingress: Ingress | undefined): Source {
  const carriers = carriersOf(cluster, ingress);
  const end = plain('ingress-controller', '{ingress-controller}');
  if (carriers.kind === 'pods') {
    const pods = carriers.assumed ? [] : carriers.parties.map(({ ref }) => ref);
    return { ...only({ ...end, pods }, carriers.parties), notes: carriers.notes, obstacles: carriers.obstacles };
  }
  return {
    ...only(end, []),
    range: { ips: anywhereOutside(cluster), name: '{ingress-controller}' },
    alternatives: true,
    notes: carriers.notes,
  };
}

/** The parties of a source; a range is cut as the policies of the other end's pods can tell its parts apart. */
export function partiesOf(cluster: Cluster, source: Source, others: readonly Party[]): readonly Party[] {
  return source.range === undefined ? source.parties : outsideParties(cluster, 'ingress', others, source.range.ips, source.range.name);
}
