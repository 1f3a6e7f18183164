// Pods that are not there yet, held against a fix: what would it open to the next pod of a namespace, to a namespace made tomorrow?
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { assumedPod } from '../route/assumed.ts';
import type { Leg } from '../route/party.ts';
import type { ImaginedPod } from './effect.ts';

/** How the namespace of such a pod is called; no real one may be. */
const ELSEWHERE = '{another namespace}';

/** One without labels in each namespace of the question, one in another namespace, and copies there of the pods that were asked about. */
export function imaginedPods(cluster: Cluster, legs: readonly Leg[]): readonly ImaginedPod[] {
  const pods = legs.flatMap(({ source, destination }) => [source, destination]).flatMap((end) => (end.kind === 'pod' ? [end.pod] : []));
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))].filter((name) => !name.startsWith('{')).sort();
  const imagined: ImaginedPod[] = namespaces.map((namespace) => make(namespace, new Map(), `{any other pod of namespace ${namespace}}`));
  imagined.push(make(ELSEWHERE, new Map(), '{any pod of any other namespace}'));
  const known = new Set<string>();
  for (const { labels } of pods) {
    const text = [...labels]
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',');
    if (text === '' || known.has(text)) continue;
    known.add(text);
    imagined.push(make(ELSEWHERE, labels, `{pods labelled ${text} of any other namespace}`));
  }
  return cluster.pods.some(isLive) ? imagined : [];
}

function make(namespace: string, labels: Labels, name: string): ImaginedPod {
  const pod: Pod = { ...assumedPod({ namespace, name, labels, ports: [] }), ref: name, workload: name };
  return { pod, name };
}
