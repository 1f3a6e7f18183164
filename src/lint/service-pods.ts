// The pods behind a Service, and the Services in front of a pod, worked out once for all rules that ask.
import type { Pod, Service } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { type LintContext, perRun } from './context.ts';
import { livePodsIn } from './seen.ts';

const podsByService = perRun((context) => {
  const found = new Map<string, readonly Pod[]>();
  for (const service of context.cluster.services.values()) found.set(service.ref, selected(context, service));
  return found;
});

/** Live pods that the selector means; [] for a Service without one. Pods in their node's network too. */
export function servicePods(context: LintContext, service: Service): readonly Pod[] {
  return podsByService(context).get(service.ref) ?? [];
}

function selected(context: LintContext, { selector, namespace }: Service): readonly Pod[] {
  if (selector === undefined || selector.size === 0) return [];
  return candidates(context, namespace, selector).filter((pod) => carries(pod, selector));
}

/** Pods that carry one of the labels: a namespace with thousands of each must not cost millions. */
function candidates(context: LintContext, namespace: string, selector: Labels): readonly Pod[] {
  const index = labelIndex(context);
  let best: readonly Pod[] | undefined;
  for (const [key, value] of selector) {
    const list = index(namespace).get(`${key}=${value}`) ?? [];
    if (best === undefined || list.length < best.length) best = list;
  }
  return best ?? [];
}

const labelIndex = perRun((context) => {
  const known = new Map<string, ReadonlyMap<string, readonly Pod[]>>();
  return (namespace: string): ReadonlyMap<string, readonly Pod[]> => {
    let index = known.get(namespace);
    if (index === undefined) {
      const made = new Map<string, Pod[]>();
      for (const pod of livePodsIn(context, namespace)) {
        for (const [key, value] of pod.labels) {
          const list = made.get(`${key}=${value}`);
          if (list === undefined) made.set(`${key}=${value}`, [pod]);
          else list.push(pod);
        }
      }
      index = made;
      known.set(namespace, index);
    }
    return index;
  };
});

function carries(pod: Pod, labels: Labels): boolean {
  for (const [key, value] of labels) if (pod.labels.get(key) !== value) return false;
  return true;
}

/** The Services that select a pod. */
export const servicesOfPod: (context: LintContext) => ReadonlyMap<Pod, readonly Service[]> = perRun((context) => {
  const found = new Map<Pod, Service[]>();
  for (const service of context.cluster.services.values()) {
    for (const pod of servicePods(context, service)) {
      const list = found.get(pod);
      if (list === undefined) found.set(pod, [service]);
      else list.push(service);
    }
  }
  return found;
});
