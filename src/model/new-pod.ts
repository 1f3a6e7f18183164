// A pod that is not in the input: what stands where nobody has written anything.
import type { ContainerPort, Pod } from './cluster.ts';
import type { Origin } from './origin.ts';
import type { Labels } from './selector.ts';

export interface NewPod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Where it comes from, for who has to tell such pods from others. */
  readonly origin: Origin;
  readonly ports?: readonly ContainerPort[];
}

/** `web/app=frontend,tier=edge`, its labels sorted by key: how documents and texts name a pod that does not exist; `web/` without any. */
export function newPodRef({ namespace, labels }: Pick<NewPod, 'namespace' | 'labels'>): string {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`);
  return `${namespace}/${pairs.join(',')}`;
}

/** A pod with exactly these labels, on no node yet and without an address, of no workload but itself. */
export function newPod({ namespace, labels, origin, ports = [] }: NewPod): Pod {
  const ref = newPodRef({ namespace, labels });
  return {
    name: ref.slice(namespace.length + 1),
    namespace,
    ref,
    labels,
    labelsPath: [],
    addresses: [],
    node: undefined,
    hostAddresses: [],
    hostNetwork: false,
    ports,
    phase: undefined,
    ready: undefined,
    terminating: false,
    workload: ref,
    template: false,
    dns: { policy: 'ClusterFirst', nameservers: [], searches: [], hostname: undefined, subdomain: undefined },
    origin,
    spec: undefined,
  };
}
