// What the input can show and what it cannot: manifests of one application say nothing about the namespaces of others.
// A rule that misses something asks here first whether it would have seen it.
import { isLive, type Namespace, type Pod } from '../model/cluster.ts';
import { type LintContext, perRun } from './context.ts';

export const livePodsByNamespace: (context: LintContext) => ReadonlyMap<string, readonly Pod[]> = perRun(({ cluster }) => {
  const found = new Map<string, Pod[]>();
  for (const pod of cluster.pods) {
    if (!isLive(pod)) continue;
    const list = found.get(pod.namespace);
    if (list === undefined) found.set(pod.namespace, [pod]);
    else list.push(pod);
  }
  return found;
});

export function livePodsIn(context: LintContext, namespace: string): readonly Pod[] {
  return livePodsByNamespace(context).get(namespace) ?? [];
}

/**
 * True when the input looks like all of a cluster: the system's own pods are in it. Namespace and Node objects alone say little, because
 * people dump them beside the pods of one application.
 */
export const isWholeCluster: (context: LintContext) => boolean = perRun((context) => livePodsIn(context, 'kube-system').length > 0);

/** Namespaces whose objects are in the input, so that all their labels are known. */
export const writtenNamespaces: (context: LintContext) => readonly Namespace[] = perRun(({ cluster }) =>
  [...cluster.namespaces.values()].filter(({ implied }) => !implied),
);

/** Namespaces that run the cluster itself, not an application. */
export function isSystemNamespace(name: string): boolean {
  return SYSTEM.has(name) || name.startsWith('openshift-');
}

const SYSTEM: ReadonlySet<string> = new Set([
  'calico-apiserver',
  'calico-system',
  'cilium',
  'gke-managed-system',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  'tigera-operator',
]);
