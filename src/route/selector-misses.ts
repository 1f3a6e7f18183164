// A Service's selector that means no pod: which pods it nearly means, and the one label that differs.
import { type Cluster, isLive, labelsOrigin, type Pod, type Service, type Workload } from '../model/cluster.ts';
import { at } from '../model/origin.ts';
import type { Labels } from '../model/selector.ts';
import { nearest } from '../profile/nearest.ts';
import type { Note } from './obstacle.ts';

const MOST = 3;

/**
 * Workloads whose pods carry all labels of the selector but one, nearest first, at most three; and those of other namespaces that carry
 * them all. Each names the label that differs and both places.
 * `{ code: 'selector-near-miss', facts: { workload: 'shop/cart[Deployment]', key: 'app', wanted: 'cart', found: 'shop-cart' } }`.
 */
export function selectorMisses(cluster: Cluster, service: Service): readonly Note[] {
  const { selector } = service;
  if (selector === undefined) return [];
  const misses: { readonly away: number; readonly note: Note }[] = [];
  for (const workload of cluster.workloads.values()) {
    const pod = workload.pods.find(isLive);
    if (pod === undefined) continue;
    const different = [...selector].filter(([key, value]) => pod.labels.get(key) !== value);
    const [only] = different;
    if (workload.namespace !== service.namespace) {
      if (only === undefined) misses.push({ away: 2, note: elsewhere(service, workload) });
    } else if (only !== undefined && different.length === 1) {
      const away = distance(service, selector, workload, pod, only);
      if (away !== undefined) misses.push({ away, note: miss(service, workload, pod, only) });
    }
  }
  return misses
    .sort((a, b) => a.away - b.away || compare(String(a.note.facts.workload), String(b.note.facts.workload)))
    .slice(0, MOST)
    .map(({ note }) => note);
}

/**
 * How probable it is that this workload was meant; undefined when nothing speaks for it. With a single label, which is the usual selector,
 * every pod "nearly matches", so the value must be near, or stand under another key, or the names agree.
 */
function distance(
  service: Service,
  selector: Labels,
  workload: Workload,
  pod: Pod,
  [key, wanted]: readonly [string, string],
): number | undefined {
  const found = pod.labels.get(key);
  if (found !== undefined && nearest(wanted, [found]).length > 0) return 0;
  if (workload.name === service.name || [...pod.labels.values()].includes(wanted)) return 1;
  if (found !== undefined && nearest(found, [wanted]).length > 0) return 1;
  return selector.size > 1 ? 3 : undefined;
}

function miss(service: Service, workload: Workload, pod: Pod, [key, wanted]: readonly [string, string]): Note {
  const found = pod.labels.get(key);
  const otherKey = found === undefined ? [...pod.labels].find(([, value]) => value === wanted)?.[0] : undefined;
  return {
    code: 'selector-near-miss',
    facts: {
      service: service.ref,
      workload: workload.ref,
      key,
      wanted,
      ...(found !== undefined && { found }),
      ...(otherKey !== undefined && { otherKey }),
    },
    origin: at(service.selectorOrigin, key),
    also: [found === undefined ? labelsOrigin(pod) : at(labelsOrigin(pod), key)],
  };
}

function elsewhere(service: Service, workload: Workload): Note {
  return {
    code: 'selector-near-miss',
    facts: {
      service: service.ref,
      workload: workload.ref,
      key: 'metadata.namespace',
      wanted: service.namespace,
      found: workload.namespace,
    },
    origin: service.selectorOrigin,
    also: [workload.origin],
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
