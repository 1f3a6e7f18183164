// The API server by its own name, `apiserver` or `kube-apiserver`, and the other programs of the control plane: no objects that a question
// could name, and no pods on most platforms.
import type { Cluster, Node, Pod } from '../model/cluster.ts';
import { addressEnd, nodeEnd } from '../policy/end.ts';
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

/** By the name that people say: the key of the label with that name on kubeadm's static pods, and in the manifests of konnectivity. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['kube-scheduler', 'component'],
  ['kube-controller-manager', 'component'],
  ['cloud-controller-manager', 'component'],
  ['etcd', 'component'],
  ['konnectivity-agent', 'k8s-app'],
  ['konnectivity-server', 'k8s-app'],
]);

/** A bare `kube-scheduler`, `etcd` …: its pods in kube-system. undefined for any other name; [] where the platform hides them. */
export function controlPlanePods({ pods }: Cluster, { bare, name }: ObjectName): readonly Pod[] | undefined {
  const label = bare ? PROGRAMS.get(name) : undefined;
  if (label === undefined) return undefined;
  return pods.filter(({ namespace, labels }) => namespace === 'kube-system' && labels.get(label) === name);
}

const ROLES = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** [] where the control plane is managed, or the input has no Node objects. */
export function controlPlaneNodes({ nodes }: Pick<Cluster, 'nodes'>): readonly Node[] {
  return [...nodes.values()].filter(({ labels }) => ROLES.some((role) => labels.has(role)));
}

/** Programs of the control plane are in the network of its nodes: to a policy they are those nodes. */
export function controlPlaneParties(cluster: Cluster): readonly Party[] {
  return controlPlaneNodes(cluster)
    .map(nodeEnd)
    .map((end) => ({ end, ref: endRef(end) }));
}
