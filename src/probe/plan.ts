// From an answered question to a connection that can be made: from which pod, to which address and port, and who can vouch for the other
// side. Pure; reads the model and what `why` found.

import { Failure } from '../failure.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import type { ConnectionAnswer, WhyAnswer } from '../question/why.ts';
import type { Control } from './conclude.ts';
import type { PodRef } from './manifests.ts';
import type { HttpRequest, ProbeTarget } from './script.ts';

export interface ProbePlan {
  readonly source: PodRef;
  readonly target: ProbeTarget;
  /** The pod behind the target, when there is one that runs: it can be asked to dial itself. */
  readonly destination: PodRef | undefined;
  /** How the destination is dialled from inside itself: its own address, which no policy guards. */
  readonly itself: ProbeTarget | undefined;
  /** The kubelet vouches for it already: nothing needs to be created for a control. */
  readonly vouched: Control | undefined;
  readonly connection: ConnectionAnswer;
  /** Of the source pod, for showing what a pod with the same labels would be. */
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What a person said beside the two ends. `host`: the name as an application dials it, so that its search list is part of the question. */
export interface AskedFor {
  readonly host?: string | undefined;
  readonly payload?: string | undefined;
  /** A request is made over the connection, where it is one of TCP. */
  readonly http?: HttpRequest | undefined;
}

type Answered = Extract<WhyAnswer, { readonly kind: 'answer' }>;

/**
 * `planProbe(cluster, why(…))` → `{ source: { namespace: 'shop', name: 'frontend-6d4' }, target: { host: 'cart.shop.svc', port: 7070, … } }`.
 * Failure when no pod can be the source, or the destination is nothing that can be dialled.
 */
export function planProbe(cluster: Cluster, answer: Answered, asked: AskedFor = {}): ProbePlan {
  const [connection, another] = answer.connections;
  if (connection === undefined) throw new Failure('nothing-to-probe', { to: answer.to.text });
  if (another !== undefined) {
    throw new Failure('which-port', { to: answer.to.text, ports: answer.connections.map(({ route }) => route.to) });
  }
  const source = sourceOf(cluster, answer);
  const { route } = connection;
  const { protocol } = route;
  if (protocol === 'ICMP') throw new Failure('icmp-is-not-probed', { to: route.to });
  const behind = destinationOf(cluster, connection);
  const port = behind?.port ?? portOf(connection);
  const found = dialled(answer, connection, behind?.pod);
  const { host = found.host, payload, http } = asked;
  const target: ProbeTarget = {
    host,
    port: found.port,
    protocol,
    ...(payload === undefined ? {} : { payload }),
    ...(http === undefined || protocol !== 'TCP' ? {} : { http }),
  };
  const address = behind?.pod.addresses[0];
  return {
    source: { namespace: source.namespace, name: source.name },
    target,
    destination: behind && { namespace: behind.pod.namespace, name: behind.pod.name },
    itself: address === undefined || port === undefined ? undefined : { ...target, host: printIp(address), port },
    vouched: behind !== undefined && port !== undefined && protocol === 'TCP' ? kubeletVouches(behind.pod, port) : undefined,
    connection,
    labels: Object.fromEntries(source.labels),
    spec: (source.spec ?? {}) as Readonly<Record<string, unknown>>,
  };
}

/** A pod that really runs; of several the first that is ready. Host-network pods speak with their node's address, which is what `why` says too. */
function sourceOf(cluster: Cluster, { from }: Answered): Pod {
  const pods = from.pods.flatMap((ref) => cluster.podByRef.get(ref) ?? []).filter(isThere);
  const pod = pods.find(({ ready }) => ready === true) ?? pods[0];
  if (pod !== undefined) return pod;
  if (from.kind === 'pod' || from.kind === 'workload') {
    throw new Failure('no-running-pod', { from: from.text });
  }
  throw new Failure('source-is-no-pod', { from: from.text });
}

function isThere({ template, phase, terminating }: Pod): boolean {
  return !template && phase === 'Running' && !terminating;
}

function destinationOf(cluster: Cluster, { legs }: ConnectionAnswer): { readonly pod: Pod; readonly port: number } | undefined {
  const found = legs
    .filter(({ leg }) => leg.part === 'way')
    .flatMap(({ leg }) => leg.destinations.map((ref) => ({ pod: cluster.podByRef.get(ref), port: leg.port })))
    .filter((each): each is { pod: Pod; port: number } => each.pod !== undefined && isThere(each.pod));
  return found.find(({ pod }) => pod.ready === true) ?? found[0];
}

/** What a program would dial: a Service by its name, so that DNS and the Service's address are part of it; a pod by its address. */
function dialled({ to }: Answered, connection: ConnectionAnswer, pod: Pod | undefined): { readonly host: string; readonly port: number } {
  const { route } = connection;
  const port = portOf(connection);
  if (port === undefined) throw new Failure('which-port', { to: to.text, ports: [] });
  if (to.kind === 'service' && route.service !== undefined) {
    const { name, namespace } = route.service.service;
    return { host: `${name}.${namespace}.svc`, port };
  }
  if (to.kind === 'host') return { host: to.text, port };
  if (to.kind === 'address') return { host: to.text, port };
  const address = pod?.addresses[0];
  if (address !== undefined) return { host: printIp(address), port };
  throw new Failure('nothing-to-dial', { to: to.text });
}

function portOf({ route, legs }: ConnectionAnswer): number | undefined {
  return route.service?.servicePort?.port ?? (typeof route.port === 'number' ? route.port : legs[0]?.leg.port);
}

/** A readiness probe of that very port passes: the kubelet has just been answered, from the pod's own node, which policies let in. */
function kubeletVouches(pod: Pod, port: number): Control | undefined {
  if (pod.ready !== true) return undefined;
  const containers = (pod.spec as { containers?: readonly Container[] } | undefined)?.containers ?? [];
  for (const { readinessProbe, ports = [] } of containers) {
    const asked = readinessProbe?.tcpSocket?.port ?? readinessProbe?.httpGet?.port ?? readinessProbe?.grpc?.port;
    const number = typeof asked === 'string' ? ports.find(({ name }) => name === asked)?.containerPort : asked;
    if (number === port) return { by: 'kubelet', result: 'answered', text: `readinessProbe ${port}` };
  }
  return undefined;
}

interface Container {
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly readinessProbe?: Readonly<Partial<Record<'tcpSocket' | 'httpGet' | 'grpc', { readonly port?: number | string }>>>;
}
