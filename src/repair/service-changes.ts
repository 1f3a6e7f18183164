// The Services that lose or gain pods by a change of labels or of a selector.
import { type Cluster, isLive } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import type { Changes } from './apply.ts';
import type { ServiceChange } from './effect.ts';

/** `[{ service: 'shop/cart', change: 'loses', pods: ['shop/cart-6d4'] }]`; [] where no labels and no selectors change. */
export function serviceChanges(cluster: Cluster, { pods, services }: Changes): readonly ServiceChange[] {
  if (pods.size + services.size === 0) return [];
  const changes: ServiceChange[] = [];
  for (const { ref, namespace, selector } of cluster.services.values()) {
    const edited = services.get(ref);
    const wanted = edited === undefined ? selector : edited.selector;
    if (selector === undefined || wanted === undefined) continue;
    const lost: string[] = [];
    const gained: string[] = [];
    for (const [before, after] of edited === undefined ? pods : cluster.pods.map((pod) => [pod, pods.get(pod) ?? pod] as const)) {
      if (before.namespace !== namespace || !isLive(before)) continue;
      const [was, is] = [carries(before.labels, selector), carries(after.labels, wanted)];
      if (was && !is) lost.push(before.ref);
      if (!was && is) gained.push(before.ref);
    }
    if (lost.length > 0) changes.push({ service: ref, change: 'loses', pods: lost });
    if (gained.length > 0) changes.push({ service: ref, change: 'gains', pods: gained });
  }
  return changes;
}

function carries(labels: Labels, selector: Labels): boolean {
  return selector.size > 0 && [...selector].every(([key, value]) => labels.get(key) === value);
}
