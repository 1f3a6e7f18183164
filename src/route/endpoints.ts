// Who stands behind a Service: EndpointSlices and Endpoints where the input has them, else the pods that its selector means,
// each with its state and the port that a Service port leads to.
import type { Cluster, ContainerPort, Endpoint, Pod, Service, ServicePort } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { addressEnd, type End, podEnd } from '../policy/end.ts';
import { ASSUMED_DNS_POD, assumedPod, NOWHERE } from './assumed.ts';
import { isHypothetical } from './hypothetical.ts';
import { endRef } from './party.ts';

export type PodState = 'ready' | 'not-ready' | 'terminating' | 'pending' | 'completed' | 'scaled-to-zero';

/** One address behind a Service. `port` is undefined where the pod has no port of the target's name. */
export interface Backend {
  readonly end: End;
  /** `shop/cart-6d4`, or an address. */
  readonly ref: string;
  readonly pod: Pod | undefined;
  readonly state: PodState;
  readonly port: number | undefined;
}

/** What a pod can take now. A manifest says nothing of its state, which counts as ready; a workload with `replicas: 0` has no pod. */
export function stateOf(cluster: Cluster, pod: Pod): PodState {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return 'completed';
  if (pod.template && cluster.workloads.get(pod.workload)?.replicas === 0) return 'scaled-to-zero';
  if (pod.terminating) return 'terminating';
  if (pod.phase === 'Pending') return 'pending';
  return pod.ready === false ? 'not-ready' : 'ready';
}

/** Pods of the Service's namespace that carry every label of its selector; [] without a selector. Completed ones too. */
export function selectedPods(cluster: Cluster, service: Service): readonly Pod[] {
  const { selector } = service;
  if (selector === undefined) return [];
  const found = cluster.pods.filter((pod) => pod.namespace === service.namespace && carries(pod, selector) && !isHypothetical(pod));
  if (found.length > 0 || service.endpoints !== undefined) return found;
  const isDns = [...ASSUMED_DNS_POD.labels].every(([key, value]) => selector.get(key) === value);
  if (service.origin === NOWHERE && isDns) return dnsPods(cluster) ?? [ASSUMED_DNS_POD];
  return [];
}

/** Does the Service's selector mean this pod? Without a selector it means none. */
export function selects({ selector, namespace }: Service, pod: Pod): boolean {
  return selector !== undefined && pod.namespace === namespace && carries(pod, selector);
}

/** The cluster's DNS pods that are in the input under another Service's name, or under none. */
function dnsPods(cluster: Cluster): readonly Pod[] | undefined {
  const found = cluster.pods.filter((pod) => pod.namespace === ASSUMED_DNS_POD.namespace && carries(pod, ASSUMED_DNS_POD.labels));
  return found.length > 0 ? found : undefined;
}

function carries(pod: Pod, labels: Labels): boolean {
  for (const [key, value] of labels) if (pod.labels.get(key) !== value) return false;
  return true;
}

/** The backends of one Service port. undefined: the input does not say who they are (no selector, no endpoints). */
export function backendsOf(cluster: Cluster, service: Service, port: ServicePort): readonly Backend[] | undefined {
  if (service.endpoints !== undefined) return fromEndpoints(cluster, service, service.endpoints, port);
  return service.selector === undefined ? undefined : fromPods(cluster, service, port);
}

/** What the endpoint controller would make of the selected pods. */
export function fromPods(cluster: Cluster, service: Service, port: ServicePort): readonly Backend[] {
  return selectedPods(cluster, service).map((pod) => {
    return {
      end: podEnd(pod),
      ref: pod.ref,
      pod,
      state: publishedState(cluster, { ...service, endpoints: undefined }, pod),
      port: targetPortOf(pod, port),
    };
  });
}

/** The state of a pod as this Service publishes it: by its endpoints where the input has them, else by the pod itself. */
export function publishedState(cluster: Cluster, service: Service, pod: Pod): PodState {
  const listed = service.endpoints?.find((endpoint) => endpoint.pod === pod.ref);
  const own = stateOf(cluster, pod);
  const state = listed === undefined || own === 'completed' ? own : listed.ready ? 'ready' : own === 'ready' ? 'not-ready' : own;
  return service.publishNotReadyAddresses && (state === 'not-ready' || state === 'terminating') ? 'ready' : state;
}

/**
 * The number that a Service port leads to in this pod; undefined when no container has a port of that name and protocol.
 * Kubernetes: FindPort, pkg/api/v1/pod/util.go: containers first, then sidecars, never plain init containers.
 */
export function targetPortOf(pod: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  return typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol)?.port;
}

export function namedPort(pod: Pod, name: string, protocol: ContainerPort['protocol']): ContainerPort | undefined {
  const named = pod.ports.filter((declared) => declared.name === name && declared.protocol === protocol);
  return named.find(({ role }) => role === 'main') ?? named.find(({ role }) => role === 'sidecar');
}

/** A slice per address family lists the same pod twice; one backend is made of them, ready if any of them is. */
function fromEndpoints(cluster: Cluster, service: Service, endpoints: readonly Endpoint[], port: ServicePort): readonly Backend[] {
  const found = new Map<string, Backend>();
  for (const endpoint of endpoints) {
    for (const backend of fromEndpoint(cluster, service, endpoint, port)) {
      const before = found.get(backend.ref);
      const isBetter = before === undefined || (before.port === undefined && backend.port !== undefined) || before.state !== 'ready';
      if (isBetter) found.set(backend.ref, backend);
    }
  }
  return [...found.values()];
}

function fromEndpoint(cluster: Cluster, service: Service, endpoint: Endpoint, port: ServicePort): readonly Backend[] {
  // The name of a slice's port is the name of the Service's port; a lone port has none (Kubernetes: EndpointPort.name).
  const own = endpoint.ports.find((other) => (other.name ?? '') === (port.name ?? '') && other.protocol === port.protocol);
  const number = own === undefined ? undefined : (own.port ?? (typeof port.targetPort === 'number' ? port.targetPort : undefined));
  const state: PodState = endpoint.ready || service.publishNotReadyAddresses ? 'ready' : 'not-ready';
  if (endpoint.pod !== undefined) {
    const pod = cluster.podByRef.get(endpoint.pod) ?? unseenPod(service, endpoint.pod);
    const isGone = pod.phase === 'Succeeded' || pod.phase === 'Failed';
    return [{ end: podEnd(pod), ref: pod.ref, pod, state: isGone ? 'completed' : state, port: number }];
  }
  return endpoint.addresses.map((address) => {
    const end = addressEnd(cluster, address);
    const pod = end.kind === 'pod' ? end.pod : undefined;
    return { end, ref: endRef(end), pod, state, port: number };
  });
}

/** An endpoint names a pod that is not in the input: all we know is that the Service's selector means it. */
function unseenPod(service: Service, ref: string): Pod {
  return assumedPod({
    namespace: service.namespace,
    name: ref.slice(ref.indexOf('/') + 1),
    labels: service.selector ?? new Map(),
    ports: [],
  });
}
