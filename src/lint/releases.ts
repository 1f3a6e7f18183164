// To which installed release an object belongs, as Helm and the recommended labels of Kubernetes say it.
import type { Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import { dig, isObject } from '../objects/read.ts';
import type { LintContext } from './context.ts';

/** The labels of an object as parsed; no labels where there are none. Values that are not text are left out. */
export function writtenLabels(value: unknown): Labels {
  const labels = dig(value, 'metadata', 'labels');
  return new Map(isObject(labels) ? Object.entries(labels).filter((pair): pair is [string, string] => typeof pair[1] === 'string') : []);
}

/** `shop-prod`: the release of an object, by its labels or by the annotation that Helm sets. undefined when nothing says it. */
export function releaseOf(value: unknown): string | undefined {
  const annotation = dig(value, 'metadata', 'annotations', 'meta.helm.sh/release-name');
  return releaseIn(writtenLabels(value)) ?? (typeof annotation === 'string' ? annotation : undefined);
}

/** By the pod's own labels, else by its workload. */
export function releaseOfPod({ cluster }: LintContext, pod: Pod): string | undefined {
  return releaseIn(pod.labels) ?? releaseOf(cluster.workloads.get(pod.workload)?.value);
}

function releaseIn(labels: Labels): string | undefined {
  return labels.get('app.kubernetes.io/instance') ?? labels.get('release');
}
