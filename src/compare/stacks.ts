// The stacks of policies on a class in two states at once, in one numbering: a class whose policies are the same in both has the same
// stack in both. Also stacks of any other choice of policies, for asking what a state would be like without one of its changes.
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { takesPart } from '../program/stages.ts';
import type { Classes } from '../reach/classes.ts';
import { numberPairs, type PairNumbering } from '../reach/numbering.ts';
import type { PeerTest } from '../reach/peer-sets.ts';
import type { Selections } from '../reach/selections.ts';
import { compilerOf, isUnreadable, type Stack, type StackParts, stackOf } from '../reach/stacks.ts';
import type { JointPolicy, State } from './states.ts';

export interface JointStacks {
  /** Grows when `of` meets a choice of policies that is new. */
  readonly all: readonly Stack[];
  /** By class of pods: a position in `all`. */
  readonly on: Readonly<Record<State, Readonly<Record<Direction, Uint32Array>>>>;
  /** The policies of a stack, by their places in the joint list, ascending. */
  readonly placesOf: (stackNumber: number) => readonly number[];
  /** The stack of these policies; `places` ascending, each of a policy that governs the direction. */
  readonly of: (direction: Direction, places: readonly number[]) => number;
  /** Does the policy at this place select the class? */
  readonly selects: (place: number, podClass: number) => boolean;
  /** Whom the rules of a policy may mean: classes, or 'all'. */
  readonly peersOf: (place: number, direction: Direction) => ReadonlySet<number> | 'all';
}

export function jointStacks(policies: readonly JointPolicy[], classes: Classes, selections: Selections, parts: StackParts): JointStacks {
  const compile = compilerOf(parts);
  const all: Stack[] = [];
  const placesOfStack: (readonly number[])[] = [];
  const chains = { ingress: chaining(), egress: chaining() };
  const stackOfLink = { ingress: new Map<number, number>(), egress: new Map<number, number>() };
  const numberOf = (direction: Direction, link: number): number => {
    let number = stackOfLink[direction].get(link);
    if (number === undefined) {
      const places = chains[direction].placesOf(link);
      number = all.length;
      all.push(
        stackOf(
          parts.readings,
          places.map((place) => (policies[place] as JointPolicy).policy),
          direction,
          compile,
        ),
      );
      placesOfStack.push(places);
      stackOfLink[direction].set(link, number);
    }
    return number;
  };
  const members = (place: number) => classes.classesIn(selections.of((policies[place] as JointPolicy).policy.subject)).members;

  const on = { before: {} as Record<Direction, Uint32Array>, after: {} as Record<Direction, Uint32Array> };
  for (const direction of DIRECTIONS) {
    const chain = chains[direction];
    const before = new Uint32Array(classes.podClasses);
    const after = new Uint32Array(classes.podClasses);
    for (const [place, joint] of policies.entries()) {
      if (!parts.readings.some((reading) => takesPart(joint.policy, direction, reading))) continue;
      for (const member of members(place)) {
        // Nearly everywhere the two states are alike, and one step serves both.
        const [old, now] = [before[member] as number, after[member] as number];
        if (joint.before) before[member] = chain.next(old, place);
        if (joint.after) after[member] = joint.before && old === now ? (before[member] as number) : chain.next(now, place);
      }
    }
    on.before[direction] = before.map((link) => numberOf(direction, link));
    on.after[direction] = after.map((link) => numberOf(direction, link));
  }

  const selected = new Map<number, ReadonlySet<number>>();
  const met = new Map<string, ReadonlySet<number> | 'all'>();
  return {
    all,
    on,
    placesOf: (stackNumber) => placesOfStack[stackNumber] as readonly number[],
    of: (direction, places) =>
      numberOf(
        direction,
        places.reduce((link, place) => chains[direction].next(link, place), 0),
      ),
    selects(place, podClass) {
      let known = selected.get(place);
      if (known === undefined) {
        known = new Set(members(place));
        selected.set(place, known);
      }
      return known.has(podClass);
    },
    peersOf(place, direction) {
      const key = `${direction} ${place}`;
      let known = met.get(key);
      if (known === undefined) {
        const { policy } = policies[place] as JointPolicy;
        const clauses = compile(policy, direction);
        known = clauses.some(isUnreadable) ? 'all' : meantBy(clauses.flatMap((clause) => (isUnreadable(clause) ? [] : [clause.peers])));
        met.set(key, known);
      }
      return known;
    },
  };
}

function meantBy(tests: readonly PeerTest[]): ReadonlySet<number> | 'all' {
  const found = new Set<number>();
  for (const { anyone, unknownFamily, v4, v6 } of tests) {
    if (anyone) return 'all';
    for (const { sure, perhaps } of v4 === unknownFamily ? unknownFamily : [...unknownFamily, ...v4, ...v6]) {
      for (const member of sure.members) found.add(member);
      for (const member of perhaps.members) found.add(member);
    }
  }
  return found;
}

/** Lists of numbers as links: 0 is the empty list. */
function chaining(): { readonly next: (link: number, place: number) => number; readonly placesOf: (link: number) => readonly number[] } {
  const numbers: PairNumbering = numberPairs(1);
  const before: number[] = [0];
  const last: number[] = [-1];
  return {
    next(link, place) {
      const made = numbers.of(link, place);
      before[made] = link;
      last[made] = place;
      return made;
    },
    placesOf(link) {
      const places: number[] = [];
      for (let at = link; at !== 0; at = before[at] as number) places.push(last[at] as number);
      return places.reverse();
    },
  };
}
