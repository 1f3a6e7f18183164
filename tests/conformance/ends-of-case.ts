// From the corpus' names of ends to the ends of our cluster. The corpus names a workload after the direct owner of its pods
// (README, peculiarity 13), we name the controller above it when that is in the input; both are found through the pods.

import { type InputText, loadCluster } from '../../src/manifest/load.ts';
import { objectsOf } from '../../src/manifest/objects.ts';
import { parseText } from '../../src/manifest/parse.ts';
import { ownerOf, workloadRef } from '../../src/manifest/workloads.ts';
import type { Cluster, Pod } from '../../src/model/cluster.ts';

export interface CaseCluster {
  readonly cluster: Cluster;
  /** Pods, completed ones too, by the name that the corpus gives their workload: `default/cart-6d4[ReplicaSet]`. */
  readonly podsByCorpusName: ReadonlyMap<string, readonly Pod[]>;
  /** Names that differ between the corpus and us: `default/cart-6d4[ReplicaSet]` → `default/cart[Deployment]`. */
  readonly renamed: ReadonlyMap<string, string>;
}

export function caseCluster(texts: readonly InputText[]): CaseCluster {
  const cluster = loadCluster(texts);
  const direct = directOwners(texts);
  const podsByCorpusName = new Map<string, Pod[]>();
  const renamed = new Map<string, string>();
  for (const pod of cluster.pods) {
    const name = direct.get(pod.ref) ?? pod.workload;
    if (name !== pod.workload) renamed.set(name, pod.workload);
    podsByCorpusName.set(name, [...(podsByCorpusName.get(name) ?? []), pod]);
  }
  return { cluster, podsByCorpusName, renamed };
}

/** `default/cart-6d4-x7` → `default/cart-6d4[ReplicaSet]`, for the Pod objects of the input. */
function directOwners(texts: readonly InputText[]): ReadonlyMap<string, string> {
  const { objects } = objectsOf(texts.flatMap(({ file, text }) => parseText(file, text).documents));
  return new Map(
    objects
      .filter(({ kind }) => kind === 'Pod')
      .map(({ name, namespace = 'default', value }) => [
        `${namespace}/${name}`,
        workloadRef(namespace, ownerOf(value) ?? { kind: 'Pod', name }),
      ]),
  );
}
