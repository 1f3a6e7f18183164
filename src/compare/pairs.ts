// Which pairs of ends can have another connection than before, found without looking at all pairs: ends that changed themselves, and
// classes under other policies with those whom the changed policies may mean.
import type { Direction } from '../model/policy.ts';
import type { Stack } from '../reach/stacks.ts';
import { type DiffEnd, endsByClass } from './ends.ts';
import type { DiffField } from './field.ts';
import { STATES } from './states.ts';

export interface DiffPairs {
  /** The ends to which `from` may have another connection; no doubles, in the order of the ends. */
  readonly targetsOf: (from: DiffEnd) => readonly DiffEnd[];
  /** Ends whose rows with the outside may differ. */
  readonly withOutside: (direction: Direction, end: DiffEnd) => boolean;
  /** Classes under other policies than before. */
  readonly touched: Readonly<Record<Direction, ReadonlySet<number>>>;
}

export function diffPairs(field: DiffField, ends: readonly DiffEnd[]): DiffPairs {
  const { classes, stacks } = field;
  const touched = { ingress: touchedClasses(field, 'ingress'), egress: touchedClasses(field, 'egress') };
  const met = meeting(field);
  const byClass = endsByClass(ends);
  const nodes = ends.filter(({ before, after }) => (after ?? before)?.isNode === true).map(({ index }) => index);
  const elsewhere = ends.filter(({ isOnOtherNodes }) => isOnOtherNodes).map(({ index }) => index);

  // The other way round: into which classes a class may come otherwise than before.
  const intoFromAll: number[] = [];
  const into = new Map<number, number[]>();
  for (const one of touched.ingress) {
    const peers = met('ingress', stacks.on.before.ingress[one] as number, stacks.on.after.ingress[one] as number);
    if (peers === 'all') intoFromAll.push(one);
    else {
      for (const peer of peers) listOf(into, peer).push(one);
    }
  }
  // Ends that moved: those that their own policies let in, in either state. Nodes are let in by the pods on them, rule or no rule.
  const movedFromAll: number[] = [];
  const movedInto = new Map<number, number[]>();
  for (const end of ends) {
    if (!end.isMoved) continue;
    const peers = admitted('ingress', end);
    if (peers === 'all') movedFromAll.push(end.index);
    else for (const peer of peers) listOf(movedInto, peer).push(end.index);
  }
  const moved = ends.filter(({ isMoved }) => isMoved).map(({ index }) => index);
  const all = ends.map(({ index }) => index);
  const marks = new Uint8Array(ends.length);
  // Most ends of a large cluster did not change and may come to these alone: those whom everybody may reach otherwise than before.
  const fromAll = distinct([movedFromAll, ...intoFromAll.map((one) => byClass.get(one) ?? [])], marks).map(
    (index) => ends[index] as DiffEnd,
  );
  const workloadsFromAll = new Set(fromAll.map(({ workload }) => workload));
  return {
    touched,
    withOutside: (direction, { isMoved, before, after }) => isMoved || touched[direction].has((after ?? before)?.class ?? -1),
    targetsOf(from) {
      if (isStill(from)) return workloadsFromAll.has(from.workload) ? fromAll.filter((to) => to.workload !== from.workload) : fromAll;
      const own = [...new Set(STATES.flatMap((state) => from[state]?.class ?? []))];
      const lists: (readonly number[])[] = [movedFromAll, ...own.map((one) => movedInto.get(one) ?? [])];
      const ofClasses = (list: Iterable<number>) => {
        for (const one of list) lists.push(byClass.get(one) ?? []);
      };
      const isNode = (from.after ?? from.before)?.isNode === true;
      if (isNode) lists.push(moved, elsewhere);
      ofClasses(intoFromAll);
      for (const one of own) ofClasses(into.get(one) ?? []);
      if (from.isMoved) {
        const peers = admitted('egress', from);
        if (peers === 'all') lists.push(all);
        else {
          lists.push(nodes);
          ofClasses(peers);
        }
      } else {
        if (from.isOnOtherNodes) lists.push(nodes);
        const [one = -1] = own;
        if (!isNode && touched.egress.has(one)) {
          const peers = met('egress', stacks.on.before.egress[one] as number, stacks.on.after.egress[one] as number);
          if (peers === 'all') lists.push(all);
          else ofClasses(peers);
        }
      }
      return distinct(lists, marks).flatMap((index) => {
        const to = ends[index] as DiffEnd;
        return to.workload === from.workload ? [] : [to];
      });
    },
  };

  /** Neither they nor anybody who lets them in, and not everybody, has changed. */
  function isStill({ after, isMoved, isOnOtherNodes }: DiffEnd): boolean {
    if (isMoved || isOnOtherNodes || after === undefined || after.isNode) return false;
    return !movedInto.has(after.class) && !into.has(after.class) && !touched.egress.has(after.class);
  }

  /** Classes with which an end could have a row at all in this direction, in either state; 'all' where its policies leave that open. */
  function admitted(direction: Direction, end: DiffEnd): ReadonlySet<number> | 'all' {
    const found = new Set<number>();
    for (const state of STATES) {
      const own = end[state];
      if (own === undefined) continue;
      if (own.isNode || classes.isLive[own.class] === false || field.semantics.enforces === 'no') return 'all';
      const number = field.stackOn[state](direction, own.class);
      if (!(stacks.all[number] as Stack).isPlain) return 'all';
      for (const place of stacks.placesOf(number)) {
        const peers = stacks.peersOf(place, direction);
        if (peers === 'all') return 'all';
        for (const peer of peers) found.add(peer);
      }
    }
    return found;
  }

  function touchedClasses({ stacks: joint }: DiffField, direction: Direction): ReadonlySet<number> {
    const found = new Set<number>();
    for (let one = 0; one < classes.podClasses; one++)
      if (joint.on.before[direction][one] !== joint.on.after[direction][one]) found.add(one);
    return found;
  }
}

/** Whom two stacks may treat differently: those that the policies mean which are in only one of them. */
function meeting({ stacks }: DiffField) {
  const known = new Map<string, ReadonlySet<number> | 'all'>();
  return (direction: Direction, before: number, after: number): ReadonlySet<number> | 'all' => {
    const key = `${direction} ${before} ${after}`;
    let found = known.get(key);
    if (found === undefined) {
      found = isPlainChange(stacks.all[before] as Stack, stacks.all[after] as Stack) ? fromPolicies(direction, before, after) : 'all';
      known.set(key, found);
    }
    return found;
  };

  function fromPolicies(direction: Direction, before: number, after: number): ReadonlySet<number> | 'all' {
    const [old, now] = [new Set(stacks.placesOf(before)), new Set(stacks.placesOf(after))];
    const found = new Set<number>();
    for (const place of [...[...old].filter((one) => !now.has(one)), ...[...now].filter((one) => !old.has(one))]) {
      const peers = stacks.peersOf(place, direction);
      if (peers === 'all') return 'all';
      for (const peer of peers) found.add(peer);
    }
    return found;
  }
}

/** Isolated by NetworkPolicies that can be read, in both: then a change of rules matters to those alone whom the rules mean. */
function isPlainChange(before: Stack, after: Stack): boolean {
  return before.isPlain && after.isPlain;
}

function listOf(lists: Map<number, number[]>, key: number): number[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

function distinct(lists: readonly (readonly number[])[], marks: Uint8Array): readonly number[] {
  const [only, ...others] = lists.filter(({ length }) => length > 0);
  if (only === undefined) return [];
  if (others.length === 0) return only;
  const found: number[] = [];
  for (const list of [only, ...others]) {
    for (const index of list) {
      if (marks[index] === 1) continue;
      marks[index] = 1;
      found.push(index);
    }
  }
  for (const index of found) marks[index] = 0;
  return found.sort((a, b) => a - b);
}
