// Pods that are not in the input and stand for those that a selector of the corpus would match: the smallest labels that do it.
import type { Cluster, Namespace, Pod } from '../../src/model/cluster.ts';
import type { Labels } from '../../src/model/selector.ts';
import { assumedPod } from '../../src/route/assumed.ts';
import type { Allowed, CorpusRequirement, SelectorPeer } from './notation.ts';

/** Any pod of the cluster: no labels, in a namespace without labels. */
export const ANY_POD: SelectorPeer = { namespace: [], pods: [] };

/** `{ app In [x, y], tier NotIn [z] }` → `app=x`: the labels that a pod needs at least. */
function smallest(requirements: readonly CorpusRequirement[]): Labels {
  const labels = new Map<string, string>();
  for (const { key, operator, values } of requirements) {
    if (operator === 'In') labels.set(key, values[0] ?? '');
    if (operator === 'Exists' && !labels.has(key)) labels.set(key, 'whatever');
  }
  return labels;
}

export interface WithRepresentatives {
  readonly cluster: Cluster;
  /** In the order of the peers asked for. */
  readonly pods: readonly Pod[];
}

export interface Wanted {
  readonly peer: SelectorPeer;
  /** Names that it gives to ports of its own, `[{ protocol: 'TCP', name: 'http' }]`. */
  readonly portNames: Allowed['names'];
}

/** The cluster with one more pod for each peer, in a namespace of its own unless the peer names one. */
export function withRepresentatives(cluster: Cluster, wanted: readonly Wanted[]): WithRepresentatives {
  const namespaces = new Map(cluster.namespaces);
  const pods = wanted.map(({ peer, portNames }, i) => {
    const namespace = 'name' in peer.namespace ? peer.namespace.name : `representative-${i}`;
    const labels = 'name' in peer.namespace ? new Map<string, string>() : smallest(peer.namespace);
    if (!namespaces.has(namespace)) namespaces.set(namespace, namespaceOf(namespace, labels));
    const ports = portNames.map(({ protocol = 'TCP', name }, j) => ({ protocol, name, port: 40_000 + j }));
    return assumedPod({ namespace, name: `representative-${i}`, labels: smallest(peer.pods), ports });
  });
  return { cluster: { ...cluster, namespaces, pods: [...cluster.pods, ...pods] }, pods };
}

function namespaceOf(name: string, labels: Labels): Namespace {
  return { name, labels: new Map(labels).set('kubernetes.io/metadata.name', name), implied: true, origin: undefined };
}
