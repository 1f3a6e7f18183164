// The pods of a cluster as a comparison sees them: those of one workload and one class together, those of the question apart.
import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import type { Reach } from '../reach/reach.ts';
import type { Asked, ImaginedPod } from './effect.ts';

export interface Group {
  /** Place in the list of all groups. */
  readonly index: number;
  readonly workload: string;
  /** The pods as they are, and as they would be. */
  readonly before: MapEnd;
  readonly after: MapEnd;
  /** For each connection that was asked for: is this one of its sources, of its destinations? Empty: of none. */
  readonly isSource: readonly boolean[];
  readonly isDestination: readonly boolean[];
  /** The pods themselves would change. */
  readonly isChanged: boolean;
  readonly isImagined: boolean;
  /** One pod only, which reaches itself whatever policies say. */
  readonly isAlone: boolean;
}

export interface Groups {
  /** All groups, with these pods changed. */
  readonly with: (changed: ReadonlyMap<Pod, Pod>) => readonly Group[];
}

export function grouping(cluster: Cluster, reach: Reach, asked: readonly Asked[], imagined: readonly ImaginedPod[]): Groups {
  const classOf = (pod: Pod) => reach.classes.classOfPod[reach.classes.indexOf.get(pod) as number] as number;
  const marks = marksOf(asked);
  const collect = (pods: Iterable<readonly [Pod, Pod]>, into: Map<string, [Pod, Pod][]>) => {
    for (const pair of pods) {
      const [before, after] = pair;
      if (!isLive(before)) continue;
      const mark = marks.get(before.ref) ?? '';
      const key = `${before.workload} ${classOf(before)} ${before === after ? '' : classOf(after)} ${before.hostNetwork} ${mark}`;
      const group = into.get(key);
      if (group === undefined) into.set(key, [[before, after]]);
      else group.push([before, after]);
    }
  };
  const make = (members: readonly (readonly [Pod, Pod])[], index: number): Group => {
    const [first] = members as [readonly [Pod, Pod]];
    const mark = marks.get(first[0].ref) ?? '';
    const isChanged = first[0] !== first[1];
    const before = endOf(
      members.map(([pod]) => pod),
      classOf(first[0]),
    );
    return {
      index,
      workload: first[0].workload,
      before,
      after: isChanged
        ? endOf(
            members.map(([, pod]) => pod),
            classOf(first[1]),
          )
        : before,
      isSource: [...mark].map((letter) => letter === 's' || letter === 'b'),
      isDestination: [...mark].map((letter) => letter === 'd' || letter === 'b'),
      isChanged,
      isImagined: false,
      isAlone: members.length === 1 && !hasReplicas(cluster.workloads.get(first[0].workload), first[0]),
    };
  };
  const unreal = (index: number) =>
    imagined.map(({ pod, name }, i): Group => {
      const end = { ...endOf([pod], classOf(pod)), name, workload: name };
      return {
        index: index + i,
        workload: name,
        before: end,
        after: end,
        isSource: [],
        isDestination: [],
        isChanged: false,
        isImagined: true,
        isAlone: true,
      };
    });

  const base = new Map<string, [Pod, Pod][]>();
  collect(
    cluster.pods.map((pod) => [pod, pod] as const),
    base,
  );
  const real = [...base.values()].map(make);
  const unchanged = [...real, ...unreal(real.length)];
  return {
    with(changed) {
      if (changed.size === 0) return unchanged;
      const workloads = new Set([...changed.keys()].map(({ workload }) => workload));
      const own = new Map<string, [Pod, Pod][]>();
      const others: Group[] = [];
      for (const group of real) {
        if (!workloads.has(group.workload)) others.push({ ...group, index: others.length });
        else
          collect(
            group.before.pods.map((pod) => [pod, changed.get(pod) ?? pod] as const),
            own,
          );
      }
      const groups = [...others, ...[...own.values()].map((members, i) => make(members, others.length + i))];
      return [...groups, ...unreal(groups.length)];
    },
  };
}

function endOf(pods: readonly Pod[], ownClass: number): MapEnd {
  const first = pods[0] as Pod;
  return {
    name: pods.length === 1 ? first.ref : first.workload,
    pods,
    workload: first.workload,
    class: ownClass,
    isNode: first.hostNetwork,
    nodes: new Set(pods.map(({ node }) => node)),
  };
}

/** A template stands for as many pods as the workload has; one that says no number may have many. */
function hasReplicas(workload: Workload | undefined, pod: Pod): boolean {
  return pod.template && pod.replica !== true && workload?.replicas !== 1 && workload?.replicas !== 0;
}

/** One letter for each connection: a source, a destination, both, or neither. Only for pods that are an end of one. */
function marksOf(asked: readonly Asked[]): ReadonlyMap<string, string> {
  const refs = new Set(asked.flatMap(({ sources, destinations }) => [...sources, ...destinations]));
  return new Map(
    [...refs].map((ref) => {
      const letters = asked.map(({ sources, destinations }) =>
        sources.has(ref) ? (destinations.has(ref) ? 'b' : 's') : destinations.has(ref) ? 'd' : '-',
      );
      return [ref, letters.join('')];
    }),
  );
}
