// The ends of two maps, paired by workload and, where pods of a workload differ from each other, by pod. Which of them are not what they
// were before. Asks nothing about connections.
import type { Cluster } from '../model/cluster.ts';
import { type MapEnd, mapEnds } from '../reach/map-ends.ts';
import type { DiffField } from './field.ts';

/** An end of a comparison; not there in a state in which it has no pod. */
export interface DiffEnd {
  /** Place in the list of all ends. */
  readonly index: number;
  /** `shop/cart[Deployment]`, or `shop/cart-6d4` where the pods of the workload differ. */
  readonly name: string;
  readonly workload: string;
  readonly before: MapEnd | undefined;
  readonly after: MapEnd | undefined;
  /** Policies may see another end than before: other labels, ports, addresses; or it came, or went. */
  readonly isMoved: boolean;
  /** Only the nodes differ, which matters to those that are a node themselves. */
  readonly isOnOtherNodes: boolean;
}

/** Sorted by name. */
export function diffEnds(field: DiffField): readonly DiffEnd[] {
  const { before, after } = field.states;
  const { differing } = field.joint;
  const now = byWorkload(mapEnds(field.reaches.after, false));
  const some: Cluster = { ...before, workloads: new Map([...before.workloads].filter(([ref]) => differing.has(ref))) };
  const then = byWorkload(mapEnds({ ...field.reaches.before, cluster: some }, false));
  const names = new Set([...before.workloads.keys(), ...after.workloads.keys()]);
  const found: Omit<DiffEnd, 'index'>[] = [];
  for (const workload of names) {
    const ends = now.get(workload) ?? [];
    if (!differing.has(workload)) for (const end of ends) found.push(pair(end.name, end, end));
    else found.push(...paired(workload, then.get(workload) ?? [], ends));
  }
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return found.map((end, index) => ({ ...end, index }));
}

function byWorkload(ends: readonly MapEnd[]): Map<string, MapEnd[]> {
  const found = new Map<string, MapEnd[]>();
  for (const end of ends) {
    const list = found.get(end.workload);
    if (list === undefined) found.set(end.workload, [end]);
    else list.push(end);
  }
  return found;
}

/** One end on a side stands for all of the workload there, whatever its pods are called: pods are made anew under new names. */
function paired(workload: string, then: readonly MapEnd[], now: readonly MapEnd[]): Omit<DiffEnd, 'index'>[] {
  const [first, last] = [then[0], now[0]];
  if (then.length <= 1 && now.length <= 1) {
    const name = first !== undefined && last !== undefined && first.name !== last.name ? workload : ((last ?? first)?.name ?? workload);
    return first === undefined && last === undefined ? [] : [pair(name, first, last)];
  }
  if (then.length === 1) return now.map((end) => pair(end.name, first, end));
  if (now.length === 1) return then.map((end) => pair(end.name, end, last));
  const later = new Map(now.map((end) => [end.name, end]));
  const earlier = new Set(then.map(({ name }) => name));
  return [
    ...then.map((end) => pair(end.name, end, later.get(end.name))),
    ...now.filter(({ name }) => !earlier.has(name)).map((end) => pair(end.name, undefined, end)),
  ];
}

function pair(name: string, before: MapEnd | undefined, after: MapEnd | undefined): Omit<DiffEnd, 'index'> {
  const workload = (after ?? before)?.workload ?? name;
  const isAlike = before !== undefined && after !== undefined && before.class === after.class && before.isNode === after.isNode;
  const isElsewhere = before !== after && isAlike && !sameSet(before.nodes, after.nodes);
  return { name, workload, before, after, isMoved: !isAlike || (isElsewhere && before.isNode), isOnOtherNodes: isElsewhere };
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item)) return false;
  return true;
}

/** The ends of each class, in either state. */
export function endsByClass(ends: readonly DiffEnd[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  const add = (index: number, one: number) => {
    const list = found.get(one);
    if (list === undefined) found.set(one, [index]);
    else list.push(index);
  };
  for (const { index, before, after } of ends) {
    if (after !== undefined) add(index, after.class);
    if (before !== undefined && before.class !== after?.class) add(index, before.class);
  }
  return found;
}
