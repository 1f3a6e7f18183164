// Which pairs of classes can have a row at all, found without looking at all pairs: from the peers that a source's egress rules
// name, or from the destinations whose ingress rules name the source, whichever are fewer.
import { type ClassSet, NO_CLASSES } from './class-set.ts';
import type { PeerPart } from './peer-sets.ts';
import type { Reach } from './reach.ts';
import { type CompiledStage, isUnreadable, type Stack } from './stacks.ts';

export interface Candidates {
  /** Classes of pods that this class of pods could reach: all that it can reach are among them. No doubles, in no order. The next call writes over it. */
  readonly from: (source: number) => Uint32Array;
}

/** Whom a stack could let through. */
type LetThrough = 'all' | readonly ClassSet[];

export function candidates(reach: Reach): Candidates {
  const { classes, stacks, semantics } = reach;
  const { podClasses } = classes;
  const known: (LetThrough | undefined)[] = [];
  const through = (stackNumber: number): LetThrough => {
    known[stackNumber] ??= letThrough(stacks.all[stackNumber] as Stack, podClasses);
    return known[stackNumber] as LetThrough;
  };
  const egressOf = (source: number): LetThrough => (isFree(source) ? 'all' : through(stacks.egress[source] as number));
  const isFree = (one: number) => semantics.enforces === 'no' || classes.isLive[one] === false;

  // The other way round: who lets this set through, and in which sets a class is.
  const openDestinations: number[] = [];
  const destinationsOf = new Map<ClassSet, number[]>();
  for (let destination = 0; destination < podClasses; destination++) {
    const sets = isFree(destination) ? 'all' : through(stacks.ingress[destination] as number);
    if (sets === 'all') openDestinations.push(destination);
    else for (const set of sets) listOf(destinationsOf, set).push(destination);
  }
  const admitting: number[][][] = Array.from({ length: podClasses }, () => []);
  const admittingSize = new Float64Array(podClasses).fill(openDestinations.length);
  for (const [{ members }, destinations] of destinationsOf) {
    for (const member of members) {
      if (member >= podClasses) break;
      (admitting[member] as number[][]).push(destinations);
      admittingSize[member] = (admittingSize[member] as number) + destinations.length;
    }
  }

  const seen = new Uint32Array(podClasses);
  let round = 0;
  const buffer = new Uint32Array(podClasses);
  return {
    from(source) {
      round++;
      let count = 0;
      const take = (list: ArrayLike<number>) => {
        for (let i = 0; i < list.length; i++) {
          const one = list[i] as number;
          if (one >= podClasses || seen[one] === round) continue;
          seen[one] = round;
          buffer[count++] = one;
        }
      };
      const egress = egressOf(source);
      if (egress !== 'all' && sizeOf(egress) <= (admittingSize[source] as number)) for (const { members } of egress) take(members);
      else {
        take(openDestinations);
        for (const destinations of admitting[source] as number[][]) take(destinations);
      }
      return buffer.subarray(0, count);
    },
  };
}

function listOf(lists: Map<ClassSet, number[]>, set: ClassSet): number[] {
  let list = lists.get(set);
  if (list === undefined) {
    list = [];
    lists.set(set, list);
  }
  return list;
}

function sizeOf(sets: readonly ClassSet[]): number {
  let size = 0;
  for (const { members } of sets) size += members.length;
  return size;
}

/** Everybody whom an allowing rule could mean before the end of the stages is reached; 'all' where the end leaves the direction open. */
function letThrough(stack: Stack, podClasses: number): LetThrough {
  const found = [stack, ...stack.others].map(({ stages }) => throughStages(stages, podClasses));
  return found.includes('all') ? 'all' : [...new Set((found as (readonly ClassSet[])[]).flat())];
}

function throughStages(stages: readonly CompiledStage[], podClasses: number): LetThrough {
  const sets = new Set<ClassSet>();
  let isClosedAtTheEnd = false;
  for (const { combine, end, endsForSelected, groups, clauses, denied } of stages) {
    // It only takes away.
    if (combine === 'veto') continue;
    let mayPass = false;
    for (const group of combine === 'ordered' ? groups.map((members) => members.flat()) : [clauses]) {
      let isClosed = false;
      for (const clause of group) {
        if (isUnreadable(clause)) return 'all';
        const { ref, peers, ports } = clause;
        const parts = peers.v4 === peers.unknownFamily ? peers.unknownFamily : [...peers.unknownFamily, ...peers.v4, ...peers.v6];
        const isForAll = (of: readonly PeerPart[]) => peers.anyone || of.some(({ sure }) => coversPods(sure, podClasses));
        if (ref.rule.action === 'pass') mayPass = true;
        // A rule that means every pod in one family alone, as all but an IPv4 block does in IPv6, closes nothing in the other.
        else if (ref.rule.action === 'deny') {
          isClosed ||= ports.everyPort && [peers.unknownFamily, peers.v4, peers.v6].every(isForAll);
        } else if (isForAll(parts)) return 'all';
        else addAll(sets, parts);
      }
      // In a union and among members of equal order a deny may come after what stands behind it.
      if (isClosed && !mayPass) return [...sets];
    }
    if (denied === undefined && endsForSelected) break;
    if (denied === undefined || end === 'next') continue;
    if (end === 'deny' && !mayPass) return [...sets];
    isClosedAtTheEnd ||= end === 'deny-last';
  }
  return isClosedAtTheEnd ? [...sets] : 'all';
}

/** Members are ascending, and pods have the lowest numbers. */
function coversPods({ members }: ClassSet, podClasses: number): boolean {
  return podClasses > 0 && members.length >= podClasses && members[podClasses - 1] === podClasses - 1;
}

function addAll(sets: Set<ClassSet>, parts: readonly PeerPart[]): void {
  for (const { sure, perhaps } of parts) {
    if (sure !== NO_CLASSES) sets.add(sure);
    if (perhaps !== NO_CLASSES) sets.add(perhaps);
  }
}
