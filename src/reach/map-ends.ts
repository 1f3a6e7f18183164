// The ends of a map: workloads, or their pods where they differ. Knows which pods stand for a workload, nothing of connections.
import { isLive, type Pod, type Workload } from '../model/cluster.ts';
import type { Reach } from './reach.ts';

export interface MapEnd {
  /** `shop/cart[Deployment]`, or `shop/cart-6d4` where the pods of a workload fall into different classes. */
  readonly name: string;
  /** The pods behind it, at least one. All of one class. */
  readonly pods: readonly Pod[];
  /** `shop/cart[Deployment]` also where `name` is a pod's. */
  readonly workload: string;
  readonly class: number;
  /** Pods in their node's network: policies see the node. */
  readonly isNode: boolean;
  /** The nodes of the pods; undefined for a pod that no node is known for. */
  readonly nodes: ReadonlySet<string | undefined>;
}

/** Sorted by name. `pods`: an end for every pod, whether they differ or not. */
export function mapEnds(reach: Reach, pods: boolean): readonly MapEnd[] {
  const ends: MapEnd[] = [];
  for (const workload of reach.cluster.workloads.values()) {
    const standing = pods ? alive(workload) : withKnownAddress(reach, alive(workload));
    const [first] = standing;
    if (first === undefined) continue;
    const own = classOfPod(reach, first);
    if (!pods && standing.every((pod) => classOfPod(reach, pod) === own && pod.hostNetwork === first.hostNetwork)) {
      ends.push(endOf(reach, workload.ref, standing));
    } else {
      for (const pod of standing) ends.push(endOfPod(reach, pod));
    }
  }
  return ends.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Completed pods are gone: they stand for their workload only when it has no others (a Job that has run). */
function alive({ pods }: Workload): readonly Pod[] {
  const live = pods.filter(isLive);
  return live.length > 0 ? live : pods;
}

/**
 * A pod that waits for its address will be like its siblings that have one: it must not split its workload. It stays where no
 * sibling of its shape tells.
 */
function withKnownAddress(reach: Reach, pods: readonly Pod[]): readonly Pod[] {
  const { classes } = reach;
  const isKnown = (pod: Pod) => classes.familiesOf[classOfPod(reach, pod)] !== 0;
  if (pods.every(isKnown) || !pods.some(isKnown)) return pods;
  const shapeOf = (pod: Pod) => (pod.hostNetwork ? 'node' : classes.shapeOf[classOfPod(reach, pod)]);
  const settled = new Set(pods.filter(isKnown).map(shapeOf));
  return pods.filter((pod) => isKnown(pod) || !settled.has(shapeOf(pod)));
}

/** Has a map a row for these two? Not for an end and itself, nor for two ends that stand for one workload; two of its pods are a pair. */
export function arePair(from: MapEnd, to: MapEnd): boolean {
  return from.workload !== to.workload || (from.name !== to.name && from.name !== from.workload);
}

function classOfPod({ classes }: Reach, pod: Pod): number {
  return classes.classOfPod[classes.indexOf.get(pod) as number] as number;
}

export function endOfPod(reach: Reach, pod: Pod): MapEnd {
  return endOf(reach, pod.ref, [pod]);
}

function endOf(reach: Reach, name: string, pods: readonly Pod[]): MapEnd {
  const first = pods[0] as Pod;
  return {
    name,
    pods,
    workload: first.workload,
    class: classOfPod(reach, first),
    isNode: first.hostNetwork,
    nodes: new Set(pods.map(({ node }) => node)),
  };
}
