// The control beside a denial: who shows that the destination would have answered. A connection to a port where nobody listens fails
// without any policy, and a test of it would stay green when the policies are gone.
import { type Cluster, isLive, type Pod, portOrigin } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Protocol } from '../net/port-set.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { backendsOf } from '../route/endpoints.ts';
import type { ConnectionAnswer, Outcome } from './why.ts';

export type Shown =
  /** Something listens there, and this pod may reach it. */
  | { readonly by: 'peer'; readonly from: string; readonly pod: Pod }
  /** Something listens there, as its manifest says, though nobody may reach it. */
  | { readonly by: 'listens'; readonly origin: Origin }
  /** An address that is no pod's: whether it answers is not in the input, and it stays so. */
  | { readonly by: 'outside' }
  /** What the intent names. */
  | { readonly by: 'named'; readonly from: string; readonly outcome: Outcome };

export type ControlFinder = (connection: ConnectionAnswer) => Shown | undefined;

/** undefined: nothing says that any of the destination's pods listens on this port. Answers are kept, because many checks share a destination. */
export function controlFinder(cluster: Cluster, semantics: Semantics): ControlFinder {
  const known = new Map<string, Shown | undefined>();
  const candidates = candidatesIn(cluster);
  return ({ legs }) => {
    const ends = legs.filter(({ leg }) => leg.part === 'way').map(({ leg }) => leg);
    const pods = ends.flatMap((leg) => (leg.destination.kind === 'pod' ? [{ pod: leg.destination.pod, leg }] : []));
    if (pods.length === 0) return ends.length === 0 ? undefined : { by: 'outside' };
    for (const { pod, leg } of pods) {
      if (leg.protocol === 'ICMP') continue;
      const key = `${pod.ref} ${leg.protocol} ${leg.port}`;
      if (!known.has(key)) known.set(key, find(cluster, semantics, candidates, pod, leg.protocol, leg.port));
      const found = known.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** One pod of each workload, in a stable order. */
function candidatesIn(cluster: Cluster): readonly Pod[] {
  return [...cluster.workloads.values()]
    .sort((a, b) => (a.ref < b.ref ? -1 : 1))
    .flatMap(({ pods }) => pods.filter((pod) => isLive(pod) && !pod.hostNetwork).slice(0, 1));
}

function find(
  cluster: Cluster,
  semantics: Semantics,
  candidates: readonly Pod[],
  destination: Pod,
  protocol: Protocol,
  port: number,
): Shown | undefined {
  const origin = listensAt(cluster, destination, protocol, port);
  if (origin === undefined) return undefined;
  const target = podEnd(destination);
  const peer = candidates.find(
    (pod) =>
      pod.workload !== destination.workload &&
      decide(cluster, semantics, { source: podEnd(pod), destination: target, protocol, port }).outcome === 'allowed',
  );
  return peer === undefined
    ? { by: 'listens', origin }
    : { by: 'peer', from: peer.template ? workloadName(cluster, peer) : peer.ref, pod: peer };
}

function workloadName(cluster: Cluster, pod: Pod): string {
  const workload = cluster.workloads.get(pod.workload);
  return workload === undefined ? pod.ref : `${workload.namespace}/${workload.name}`;
}

/** A port that the container declares, or that a Service sends to this pod. DNS pods that are assumed listen by assumption. */
function listensAt(cluster: Cluster, pod: Pod, protocol: Protocol, port: number): Origin | undefined {
  const declared = pod.ports.find((each) => each.port === port && each.protocol === protocol && each.role !== 'init');
  if (declared !== undefined) return portOrigin(pod, declared);
  for (const service of cluster.services.values()) {
    if (service.namespace !== pod.namespace) continue;
    for (const own of service.ports) {
      if (own.protocol !== protocol) continue;
      const backends = backendsOf(cluster, service, own) ?? [];
      if (backends.some((backend) => backend.port === port && backend.pod?.workload === pod.workload)) return own.origin;
    }
  }
  return undefined;
}
