// Pods that are not there yet, held against a fix: what would it open to the next pod of a namespace, to a namespace made tomorrow?
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { assumedPod } from '../route/assumed.ts';
import type { Leg } from '../route/party.ts';
import type { Blocked } from './blocked.ts';
import type { ImaginedPod } from './effect.ts';

/** How the namespace of such a pod is called; no real one may be. */
const ELSEWHERE = '{another namespace}';

/**
 * One without labels in each namespace of the question, one in another namespace, copies there of the pods that were asked about, and
 * pods as the rules want them that nearly matched: whoever changes such a rule takes it from them.
 */
export function imaginedPods(cluster: Cluster, legs: readonly Leg[], blocked: readonly Blocked[] = []): readonly ImaginedPod[] {
  const pods = legs.flatMap(({ source, destination }) => [source, destination]).flatMap((end) => (end.kind === 'pod' ? [end.pod] : []));
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))].filter((name) => !name.startsWith('{')).sort();
  const imagined: ImaginedPod[] = namespaces.map((namespace) => make(namespace, new Map(), `{other-pod ${namespace}}`));
  imagined.push(make(ELSEWHERE, new Map(), '{pod-elsewhere}'));
  const known = new Set<string>();
  for (const { labels } of pods) {
    const text = printed(labels);
    if (text === '' || known.has(text)) continue;
    known.add(text);
    imagined.push(make(ELSEWHERE, labels, `{pods-elsewhere ${text}}`));
  }
  for (const { namespace, labels } of blocked.flatMap(wantedBy)) {
    const name = `{pods-of ${namespace} ${printed(labels)}}`;
    const isReal = cluster.pods.some(
      (pod) => pod.namespace === namespace && isLive(pod) && [...labels].every(([key, value]) => pod.labels.get(key) === value),
    );
    if (!isReal && !imagined.some((other) => other.name === name)) imagined.push(make(namespace, labels, name));
  }
  return cluster.pods.some(isLive) ? imagined : [];
}

/** For each rule that misses the peer by its labels: the namespace of the peer, and the labels that the rule wants. */
function wantedBy({ misses, peer }: Blocked): readonly { readonly namespace: string; readonly labels: Labels }[] {
  if (peer.kind !== 'pod' || peer.pod.namespace.startsWith('{')) return [];
  const { namespace } = peer.pod;
  return misses.slice(0, 6).flatMap((miss) => {
    const { peers } = miss.ref.rule;
    const wanted = peers === 'anyone' ? undefined : peers[miss.peer ?? 0];
    if (wanted?.kind !== 'pods' || !miss.differences.some(({ code }) => code === 'label-differs')) return [];
    const labels = (wanted.pods?.requirements ?? []).flatMap(({ key, operator, values }): [string, string][] =>
      operator === 'In' && values[0] !== undefined ? [[key, values[0]]] : [],
    );
    return labels.length === 0 ? [] : [{ namespace, labels: new Map(labels) }];
  });
}

function printed(labels: Labels): string {
  return [...labels]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

function make(namespace: string, labels: Labels, name: string): ImaginedPod {
  const pod: Pod = { ...assumedPod({ namespace, name, labels, ports: [] }), ref: name, workload: name };
  return { pod, name };
}
