// Which edit causes a change: each edit that touches the pair is taken back alone, and asked whether the change is still there. Where
// taking one back is not enough because another does the same, those are named that would do it alone.

import {
  type ChangedRow,
  controllerAnswer,
  type Diff,
  differenceOf,
  type IsolationChange,
  portsBehindIngress,
  type RowEnd,
} from '../compare/compare.ts';
import type { DiffEnd } from '../compare/ends.ts';
import type { StackOn } from '../compare/field.ts';
import { policyIdentity, STATES, type State } from '../compare/states.ts';
import type { Origin } from '../model/origin.ts';
import type { Direction } from '../model/policy.ts';
import { isNoPorts, NO_PORTS, type PortSet, PROTOCOLS, subtractPorts, unionPorts } from '../net/port-set.ts';
import { askStack } from '../reach/ask-stack.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { DESTINATION } from '../reach/port-answers.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import type { Stack } from '../reach/stacks.ts';
import type { EditedPlace, ObjectEdit } from './diff-edits.ts';

export interface DiffCause {
  readonly edit: ObjectEdit;
  /** The place in the object that does it; undefined where it is the object as a whole. */
  readonly place: EditedPlace | undefined;
}

export interface DiffCauses {
  readonly ofRow: (row: ChangedRow) => Reasons;
  readonly ofIsolation: (change: IsolationChange) => Reasons;
}

export interface Reasons {
  /** At least one, except for a change that no edit explains (which would be a defect). */
  readonly causes: readonly DiffCause[];
  /** Each of several would do it alone, so that taking one back changes nothing. Otherwise they do it together. */
  readonly isEachEnough: boolean;
}

/** More edits than this on one pair are not tried one by one: all of them are named. */
const MOST_TRIED = 40;

export function diffCauses(diff: Diff, edits: readonly ObjectEdit[]): DiffCauses {
  const { field } = diff;
  const { stacks, joint } = field;
  const placesOfKey = policyPlaces(diff);
  const policyEdits = edits.filter(({ thing }) => thing.is === 'policy');
  const workloadEdit = new Map(edits.flatMap((edit) => (edit.thing.is === 'workload' ? [[edit.thing.workload, edit] as const] : [])));
  const namespaceEdit = new Map(edits.flatMap((edit) => (edit.thing.is === 'namespace' ? [[edit.thing.name, edit] as const] : [])));
  const entries = edits.filter(({ thing }) => thing.is === 'entry');
  const editOfPlace = new Map<number, ObjectEdit>();
  for (const edit of policyEdits) {
    if (edit.thing.is !== 'policy') continue;
    for (const state of STATES) {
      const place = placesOfKey.get(edit.thing.key)?.[state];
      if (place !== undefined) editOfPlace.set(place, edit);
    }
  }

  /** Equal lists of causes are one value, so that whoever prints them may remember the text by the value. */
  const numberOf = new Map(edits.map((edit, i) => [edit, i]));
  const known = new Map<string, readonly DiffCause[]>();
  const interned = (causes: readonly DiffCause[]): readonly DiffCause[] => {
    const key = causes.map(({ edit, place }) => `${numberOf.get(edit)} ${place === undefined ? '' : edit.places.indexOf(place)}`).join();
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, causes);
    return causes;
  };

  /** The policies of after on a class, with some edits taken back. */
  const without = (reverted: ReadonlySet<ObjectEdit>): StackOn => {
    const swaps = [...reverted].flatMap(({ thing }) => (thing.is === 'policy' ? (placesOfKey.get(thing.key) ?? []) : []));
    if (swaps.length === 0) return field.stackOn.after;
    return (direction, podClass) => {
      const now = new Set(stacks.placesOf(field.stackOn.after(direction, podClass)));
      for (const { before, after } of swaps) {
        if (after !== undefined) now.delete(after);
        if (before !== undefined && governs(before, direction) && stacks.selects(before, podClass)) now.add(before);
      }
      return stacks.of(
        direction,
        [...now].sort((a, b) => a - b),
      );
    };
  };
  const governs = (place: number, direction: Direction) => joint.policies[place]?.policy[direction] !== 'not-governed';

  const stateWithout = (end: DiffEnd, reverted: ReadonlySet<ObjectEdit>): MapEnd | undefined => {
    const own = workloadEdit.get(end.workload);
    const space = namespaceEdit.get(namespaceOf(end));
    return (own !== undefined && reverted.has(own)) || (space !== undefined && reverted.has(space)) ? end.before : end.after;
  };
  const behindIngress = {
    before: lazy(() => portsBehindIngress(field, diff.ends, 'before')),
    after: lazy(() => portsBehindIngress(field, diff.ends, 'after')),
  };

  const answerWithout = ({ ends: { from, to } }: ChangedRow, reverted: ReadonlySet<ObjectEdit>): RowAnswer => {
    const on = without(reverted);
    if (from.kind === 'end' && to.kind === 'end') {
      const [source, destination] = [stateWithout(from.end, reverted), stateWithout(to.end, reverted)];
      return source === undefined || destination === undefined ? field.rows.nothing : field.between(on, source, destination);
    }
    const own = from.kind === 'end' ? from.end : to.kind === 'end' ? to.end : undefined;
    const end = own && stateWithout(own, reverted);
    if (own === undefined || end === undefined) return field.rows.nothing;
    if (from.kind === 'range') return field.withOutside(on, 'ingress', end, from.range);
    if (to.kind === 'range') return field.withOutside(on, 'egress', end, to.range);
    const isBack = entries.some((edit) => reverted.has(edit));
    return controllerAnswer(field, on, end, behindIngress[isBack ? 'before' : 'after']().get(own) ?? NO_PORTS);
  };

  const beforeOf = ({ ends: { from, to } }: ChangedRow): RowAnswer => {
    if (from.kind === 'end' && to.kind === 'end') {
      return from.end.before === undefined || to.end.before === undefined
        ? field.rows.nothing
        : field.between(field.stackOn.before, from.end.before, to.end.before);
    }
    const own = from.kind === 'end' ? from.end : to.kind === 'end' ? to.end : undefined;
    if (own?.before === undefined) return field.rows.nothing;
    if (from.kind === 'range') return field.withOutside(field.stackOn.before, 'ingress', own.before, from.range);
    if (to.kind === 'range') return field.withOutside(field.stackOn.before, 'egress', own.before, to.range);
    return controllerAnswer(field, field.stackOn.before, own.before, behindIngress.before().get(own) ?? NO_PORTS);
  };

  return {
    ofRow(row) {
      const { edits: named, isEachEnough } = chosen(row);
      return { causes: interned(named.map((edit) => ({ edit, place: placeFor(edit, row) }))), isEachEnough };
    },
    ofIsolation({ end, direction }) {
      const own = workloadEdit.get(end.workload);
      const space = namespaceEdit.get(namespaceOf(end));
      const found = new Set<ObjectEdit>([
        ...(own === undefined ? [] : [own]),
        ...(space === undefined ? [] : [space]),
        ...onEnd(end, direction),
      ]);
      const isIsolated = (reverted: ReadonlySet<ObjectEdit>) => {
        const there = stateWithout(end, reverted);
        return there === undefined ? undefined : (stacks.all[without(reverted)(direction, there.class)] as Stack).isolation === 'isolated';
      };
      const now = isIsolated(new Set());
      const all = [...found];
      const necessary = all.filter((edit) => isIsolated(new Set([edit])) !== now);
      const named = necessary.length > 0 ? necessary : all;
      const causes = named.map((edit) => ({ edit, place: edit.places.find((place) => speaksOfSubject(edit, place)) ?? edit.places[0] }));
      return { causes, isEachEnough: necessary.length === 0 && all.length > 1 };
    },
  };

  /** Edited policies that are on this end in one of the states only. */
  function onEnd(end: DiffEnd, direction: Direction): readonly ObjectEdit[] {
    const found = new Set<ObjectEdit>();
    for (const state of STATES) {
      for (const other of STATES) {
        const own = end[other];
        if (own === undefined || own.isNode) continue;
        for (const place of stacks.placesOf(field.stackOn[state](direction, own.class))) {
          const edit = editOfPlace.get(place);
          if (edit !== undefined) found.add(edit);
        }
      }
    }
    return [...found];
  }

  function candidatesOf({ ends: { from, to } }: ChangedRow): readonly ObjectEdit[] {
    const ofEnd = (end: RowEnd, direction: Direction): readonly ObjectEdit[] => {
      if (end.kind !== 'end') return end.kind === 'ingress-controller' ? entries : [];
      const own = workloadEdit.get(end.end.workload);
      const space = namespaceEdit.get(namespaceOf(end.end));
      return [...(own === undefined ? [] : [own]), ...(space === undefined ? [] : [space]), ...onEnd(end.end, direction)];
    };
    return [...new Set([...ofEnd(from, 'egress'), ...ofEnd(to, 'ingress')])];
  }

  function chosen(row: ChangedRow): { readonly edits: readonly ObjectEdit[]; readonly isEachEnough: boolean } {
    const comingOrGoing = [row.ends.from, row.ends.to].flatMap((end) => {
      const isPart = end.kind === 'end' && (end.end.before === undefined || end.end.after === undefined);
      return isPart ? (workloadEdit.get(end.end.workload) ?? []) : [];
    });
    // Who was not there before needs no other reason.
    if (comingOrGoing.length > 0) return { edits: [...new Set(comingOrGoing)], isEachEnough: false };
    const candidates = candidatesOf(row);
    if (candidates.length <= 1 || candidates.length > MOST_TRIED) return { edits: candidates, isEachEnough: false };
    const before = beforeOf(row);
    const changed = changedPorts(before, answerWithout(row, new Set()));
    const remains = (reverted: readonly ObjectEdit[]) => changedPorts(before, answerWithout(row, new Set(reverted)));
    const necessary = candidates.filter((edit) => !isNoPorts(subtractPorts(changed, remains([edit]))));
    if (necessary.length > 0) return { edits: necessary, isEachEnough: false };
    const enough = candidates.filter((edit) => !isNoPorts(remains(candidates.filter((other) => other !== edit))));
    return enough.length > 0 ? { edits: enough, isEachEnough: enough.length > 1 } : { edits: candidates, isEachEnough: false };
  }

  /** The place of an edit that this row is about. */
  function placeFor(edit: ObjectEdit, row: ChangedRow): EditedPlace | undefined {
    if (edit.places.length <= 1) return edit.places[0];
    if (edit.thing.is !== 'policy') return edit.places[0];
    const { key } = edit.thing;
    const directions = directionsOf(edit, row);
    const near = edit.places.filter(
      (place) => directions.some((direction) => isInDirection(edit, place, direction)) || speaksOfSubject(edit, place),
    );
    const state: State = isNoPorts(row.opened) && isNoPorts(row.perhapsOpened) ? 'before' : 'after';
    const rules = directions.flatMap((direction) => decidingRules(row, state, direction, key));
    const inRule = near.filter((place) => rules.some((rule) => place[state] !== undefined && isInside(place[state], rule)));
    return inRule[0] ?? near[0] ?? edit.places[0];
  }

  /** The rules of a policy that let the row's first changed port through in a state. */
  function decidingRules(row: ChangedRow, state: State, direction: Direction, key: string): readonly Origin[] {
    const [subject, peer] = direction === 'egress' ? [row.ends.from, row.ends.to] : [row.ends.to, row.ends.from];
    const destination = direction === 'egress' ? peer : subject;
    const own = subject.kind === 'end' ? subject.end[state] : undefined;
    const port = firstPort(state === 'after' ? unionPorts(row.opened, row.perhapsOpened) : unionPorts(row.closed, row.perhapsClosed));
    if (own === undefined || own.isNode || port === undefined) return [];
    const peerClass = classOf(peer, state);
    const portList = destination.kind === 'end' ? (field.classes.portsOf[destination.end[state]?.class ?? 0] as number) : 0;
    if (peerClass === undefined) return [];
    const stack = stacks.all[field.stackOn[state](direction, own.class)] as Stack;
    const verdict = askStack(field.tests, stack, 0, peerClass, portList, port.protocol, port.port, DESTINATION, DESTINATION);
    return verdict.outcome === 'allowed'
      ? verdict.rules.filter(({ policy }) => policyIdentity(policy) === key).map(({ rule }) => rule.origin)
      : [];
  }

  function classOf(end: RowEnd, state: State): number | undefined {
    if (end.kind === 'end') return end.end[state]?.class;
    if (end.kind === 'ingress-controller') return field.controller.class;
    const { family, from } = end.range;
    return field.classes.classOfOutside(family === 4 ? { family, value: from } : { family, value: from });
  }

  function directionsOf({ thing }: ObjectEdit, { ends: { from, to } }: ChangedRow): readonly Direction[] {
    const places = thing.is === 'policy' ? placesOfKey.get(thing.key) : undefined;
    const isOn = (end: RowEnd, direction: Direction) =>
      end.kind === 'end' &&
      STATES.some((state) => {
        const [place, own] = [places?.[state], end.end[state]];
        return place !== undefined && own !== undefined && !own.isNode && governs(place, direction) && stacks.selects(place, own.class);
      });
    return [...(isOn(from, 'egress') ? (['egress'] as const) : []), ...(isOn(to, 'ingress') ? (['ingress'] as const) : [])];
  }
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function namespaceOf({ workload }: DiffEnd): string {
  return workload.slice(0, workload.indexOf('/'));
}

/** Where the two versions of a policy stand in the joint list; the same place for a policy that did not change. */
function policyPlaces({ field }: Diff): ReadonlyMap<string, Partial<Record<State, number>>> {
  const found = new Map<string, Partial<Record<State, number>>>();
  for (const [place, { policy, before, after }] of field.joint.policies.entries()) {
    if (before && after) continue;
    const key = policyIdentity(policy);
    found.set(key, { ...found.get(key), ...(before ? { before: place } : {}), ...(after ? { after: place } : {}) });
  }
  return found;
}

/** Every port of which the two say something else. */
function changedPorts(before: RowAnswer, after: RowAnswer): PortSet {
  const difference = differenceOf(before, after);
  if (difference === undefined) return NO_PORTS;
  const { opened, closed, perhapsOpened, perhapsClosed } = difference;
  return [opened, closed, perhapsOpened, perhapsClosed].reduce(unionPorts);
}

function firstPort(ports: PortSet): { readonly protocol: number; readonly port: number } | undefined {
  for (const [protocol, name] of PROTOCOLS.entries()) {
    const [first] = ports[name];
    if (first !== undefined) return { protocol, port: first.from };
  }
  return undefined;
}

function specStep({ before, after }: ObjectEdit, place: EditedPlace): unknown {
  const [origin, object] = place.after !== undefined ? [place.after, after] : [place.before, before];
  return origin?.path[(object?.path.length ?? 0) + 1];
}

function isInDirection(edit: ObjectEdit, place: EditedPlace, direction: Direction): boolean {
  return specStep(edit, place) === direction;
}

function speaksOfSubject(edit: ObjectEdit, place: EditedPlace): boolean {
  const step = specStep(edit, place);
  return step === 'podSelector' || step === 'policyTypes' || step === undefined;
}

function isInside(inner: Origin, outer: Origin): boolean {
  return inner.document === outer.document && outer.path.every((step, i) => inner.path[i] === step);
}
