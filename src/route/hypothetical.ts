// A pod that does not exist yet, named by its labels: `web/app=frontend,tier=edge`. It is asked about as if somebody had created it; the
// answer says that nobody has.
import type { Cluster, Namespace, Pod } from '../model/cluster.ts';
import { newPod, newPodRef } from '../model/new-pod.ts';
import type { Origin } from '../model/origin.ts';
import type { LabelList } from './label-list.ts';
import { isError, parseName } from './name.ts';
import type { Note } from './obstacle.ts';

/** Where such a pod is written: on the command line. */
const TYPED: Origin = {
  document: { file: '(typed)', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' },
  path: [],
};

export function isHypothetical({ origin }: Pod): boolean {
  return origin === TYPED;
}

/** The pod of exactly these labels: that of the cluster where it was put into it, so that it is one and the same everywhere. */
export function hypotheticalPod(cluster: Cluster, list: LabelList): Pod {
  const wanted = { namespace: list.namespace, labels: list.labels };
  return cluster.podByRef.get(newPodRef(wanted)) ?? newPod({ ...wanted, origin: TYPED });
}

export function hypotheticalNote(cluster: Cluster, { ref, namespace }: Pod): Note {
  const known = cluster.namespaces.get(namespace);
  const isNamespaceKnown = known !== undefined && !known.implied;
  return { code: 'hypothetical-pod', facts: { pod: ref, namespace, isNamespaceKnown } };
}

/**
 * The cluster with the pods in it that these ends name by labels, and with their namespaces; the same cluster where none does. A namespace
 * that the input does not have carries its name as its only label.
 */
export function withHypothetical(cluster: Cluster, ends: readonly string[], namespace: string): Cluster {
  const pods = ends.flatMap((end) => {
    const name = end.includes('=') ? parseName(end, { namespace }) : undefined;
    if (name === undefined || isError(name) || name.kind !== 'labels') return [];
    const pod = hypotheticalPod(cluster, name);
    return cluster.podByRef.has(pod.ref) ? [] : [pod];
  });
  if (pods.length === 0) return cluster;
  const added = pods.flatMap(({ namespace: name }): [string, Namespace][] =>
    cluster.namespaces.has(name)
      ? []
      : [[name, { name, labels: new Map([['kubernetes.io/metadata.name', name]]), implied: true, origin: undefined }]],
  );
  return {
    ...cluster,
    pods: [...cluster.pods, ...pods],
    podByRef: new Map([...cluster.podByRef, ...pods.map((pod): [string, Pod] => [pod.ref, pod])]),
    namespaces: added.length === 0 ? cluster.namespaces : new Map([...cluster.namespaces, ...added]),
  };
}
