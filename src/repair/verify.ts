// Does an edited text, read again, give the cluster that was verified? Compares what policies and pods mean, not where they are written.
import type { Cluster } from '../model/cluster.ts';

/** What differs first: `NetworkPolicy shop/cart-ingress`, `pod shop/cart`; undefined where both clusters mean the same. */
export function differenceInMeaning(a: Cluster, b: Cluster): string | undefined {
  const [own, other] = [meaningsOf(a), meaningsOf(b)];
  for (const [key, value] of own) if (other.get(key) !== value) return key;
  return [...other.keys()].find((key) => !own.has(key));
}

function meaningsOf({ policies, pods, namespaces, services }: Cluster): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { kind, ref, subject, ingress, egress, faults } of policies) {
    found.set(`${kind} ${ref}`, text({ subject, ingress, egress, faults: faults.length }));
  }
  for (const { ref, workload, labels, ports, hostNetwork, phase } of pods) {
    found.set(`pod ${ref}`, text({ workload, labels, ports, hostNetwork, phase }));
  }
  for (const { name, labels } of namespaces.values()) found.set(`namespace ${name}`, text({ labels }));
  for (const { ref, selector, ports } of services.values()) found.set(`Service ${ref}`, text({ selector, ports }));
  return found;
}

/** Places left out, maps sorted: the same for what means the same. */
function text(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'origin') return undefined;
    if (typeof inner === 'bigint') return String(inner);
    return inner instanceof Map ? [...inner].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)) : inner;
  });
}
