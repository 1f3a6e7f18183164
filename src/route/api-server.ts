// The API server by its own name, `apiserver` or `kube-apiserver`: it is no object that a question could name, and no pod on most platforms.
import type { Cluster, Pod } from '../model/cluster.ts';
import { addressEnd } from '../policy/end.ts';
import { serviceAt } from './assumed.ts';
import type { ObjectName } from './name.ts';
import { endRef, type Party } from './party.ts';

/** A bare `apiserver`; an object of that name, where there is one, comes first. */
export function isApiServerName({ bare, name }: ObjectName): boolean {
  return bare && (name === 'apiserver' || name === 'kube-apiserver');
}

/** Its static pods, as kubeadm labels them; [] where the platform hides them. */
export function apiServerPods(cluster: Cluster): readonly Pod[] {
  return cluster.pods.filter(({ namespace, labels }) => namespace === 'kube-system' && labels.get('component') === 'kube-apiserver');
}

/** The addresses behind Service `default/kubernetes`, a node's or one outside; [] where they are not in the input. */
export function apiServerParties(cluster: Cluster): readonly Party[] {
  const endpoints = serviceAt(cluster, 'default', 'kubernetes')?.endpoints ?? [];
  return endpoints
    .flatMap(({ addresses }) => addresses)
    .map((address) => addressEnd(cluster, address))
    .map((end) => ({ end, ref: endRef(end) }));
}
