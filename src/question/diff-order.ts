// Policies are applied one after another, and each isolates as soon as it is there. Connections that are allowed before and after can be
// cut in between. Finds out whether that can happen here, an order in which it happens least, and what is still cut then.

import type { Diff } from '../compare/compare.ts';
import { type DiffEnd, endsByClass } from '../compare/ends.ts';
import { policyIdentity } from '../compare/states.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { intersectPorts, isNoPorts, NO_PORTS, type PortSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import type { PortAnswers } from '../reach/port-answers.ts';
import { familiesBetween } from '../reach/verdict-of.ts';
import type { ObjectEdit } from './diff-edits.ts';

/** A connection that is allowed in both states and is not in between. */
export interface Gap {
  readonly direction: Direction;
  /** Whose policies cut it: `shop/cart[Deployment]`. */
  readonly subject: string;
  /** The other end; 'outside' for addresses. */
  readonly peer: string;
  readonly ports: PortSet;
}

export interface ApplyOrder {
  /** The edited policies, in the order that cuts least. */
  readonly order: readonly ObjectEdit[];
  /** What another order would cut: examples. */
  readonly risks: readonly Gap[];
  /** What this order still cuts until the last of them is there: examples. */
  readonly gaps: readonly Gap[];
}

/** More edits than this are sorted by what each of them does alone, not tried in all places. */
const MOST_TRIED = 10;
/** Peers that are looked at for each kind of subject, and examples that are told. */
const MOST_PEERS = 1000;
const MOST_EXAMPLES = 5;

/** A kind of subject that several edits touch at once, with the other ends that matter. */
interface Spot {
  readonly direction: Direction;
  readonly podClass: number;
  readonly subject: string;
  readonly edits: readonly ObjectEdit[];
  readonly answersWith: (applied: ReadonlySet<ObjectEdit>, peer: number) => PortAnswers;
  readonly kept: readonly { readonly peer: number; readonly ports: PortSet }[];
}

/** undefined where no order can cut anything: no pod has two edits in one direction, or none of them isolates it. */
export function applyOrder(diff: Diff, edits: readonly ObjectEdit[]): ApplyOrder | undefined {
  const policies = edits.filter(({ thing }) => thing.is === 'policy');
  const spots = spotsOf(diff, policies);
  if (spots.length === 0) return undefined;
  const involved = policies.filter((edit) => spots.some((spot) => spot.edits.includes(edit)));
  const cost = (applied: ReadonlySet<ObjectEdit>) => spots.reduce((sum, spot) => sum + lossesIn(spot, applied).length, 0);
  const alone = new Map(involved.map((edit) => [edit, cost(new Set([edit]))]));
  const order =
    involved.length > MOST_TRIED ? [...involved].sort((a, b) => (alone.get(a) ?? 0) - (alone.get(b) ?? 0)) : greedy(involved, cost);
  const risky = worstFirst(involved, spots);
  if (risky.length === 0) return undefined;
  return { order, risks: named(diff, risky), gaps: named(diff, alongOrder(order, spots)) };
}

function greedy(edits: readonly ObjectEdit[], cost: (applied: ReadonlySet<ObjectEdit>) => number): readonly ObjectEdit[] {
  const order: ObjectEdit[] = [];
  let left = [...edits];
  while (left.length > 0) {
    const next = left
      .map((edit) => ({ edit, loss: cost(new Set([...order, edit])) }))
      .reduce((best, other) => (other.loss < best.loss ? other : best));
    order.push(next.edit);
    left = left.filter((edit) => edit !== next.edit);
  }
  return order;
}

interface Loss {
  readonly spot: Spot;
  readonly peer: number;
  readonly ports: PortSet;
}

/** What the first step of some order would cut, or the order that leaves one edit for last. */
function worstFirst(edits: readonly ObjectEdit[], spots: readonly Spot[]): readonly Loss[] {
  const found: Loss[] = [];
  for (const spot of spots) {
    for (const edit of edits) {
      const others = edits.filter((other) => other !== edit);
      found.push(...lossesIn(spot, new Set([edit])), ...lossesIn(spot, new Set(others)));
      if (found.length >= MOST_EXAMPLES) return found;
    }
  }
  return found;
}

function alongOrder(order: readonly ObjectEdit[], spots: readonly Spot[]): readonly Loss[] {
  const found: Loss[] = [];
  for (let i = 1; i < order.length; i++) {
    for (const spot of spots) found.push(...lossesIn(spot, new Set(order.slice(0, i))));
    if (found.length >= MOST_EXAMPLES) break;
  }
  return found;
}

function lossesIn(spot: Spot, applied: ReadonlySet<ObjectEdit>): readonly Loss[] {
  return spot.kept.flatMap(({ peer, ports }): Loss[] => {
    const lost = subtractPorts(ports, allowedIn(spot.answersWith(applied, peer)));
    return isNoPorts(lost) ? [] : [{ spot, peer, ports: lost }];
  });
}

function allowedIn({ parts }: PortAnswers): PortSet {
  return parts
    .filter(({ outcome }) => outcome === 'allowed' || outcome === 'not-isolated')
    .reduce((sum, { ports }) => unionPorts(sum, ports), NO_PORTS);
}

function spotsOf({ field, ends }: Diff, edits: readonly ObjectEdit[]): readonly Spot[] {
  const { stacks, joint, classes, asking } = field;
  const byClass = endsByClass(ends);
  const editOf = new Map<number, ObjectEdit>();
  const placesOf = new Map<ObjectEdit, { before?: number; after?: number }>();
  const byKey = new Map(edits.flatMap((edit) => (edit.thing.is === 'policy' ? [[edit.thing.key, edit] as const] : [])));
  for (const [place, { policy, before, after }] of joint.policies.entries()) {
    const edit = byKey.get(policyIdentity(policy));
    if (edit === undefined || before === after) continue;
    editOf.set(place, edit);
    placesOf.set(edit, { ...placesOf.get(edit), ...(before ? { before: place } : { after: place }) });
  }
  const seen = new Set<string>();
  return DIRECTIONS.flatMap((direction): Spot[] => {
    const spots: Spot[] = [];
    for (const [podClass, standing] of byClass) {
      if (podClass >= classes.podClasses || classes.isLive[podClass] === false) continue;
      const [old, now] = [stacks.on.before[direction][podClass] as number, stacks.on.after[direction][podClass] as number];
      if (old === now || seen.has(`${direction} ${old} ${now}`)) continue;
      const subject = standing.map((index) => ends[index] as DiffEnd).find((end) => !end.isMoved);
      const own = new Set([...stacks.placesOf(old), ...stacks.placesOf(now)].flatMap((place) => editOf.get(place) ?? []));
      if (own.size < 2 || subject === undefined) continue;
      seen.add(`${direction} ${old} ${now}`);
      const answersWith = (applied: ReadonlySet<ObjectEdit>, peer: number): PortAnswers => {
        const places = new Set(stacks.placesOf(old));
        for (const edit of own) {
          const { before, after } = placesOf.get(edit) ?? {};
          if (!applied.has(edit)) continue;
          if (before !== undefined) places.delete(before);
          if (after !== undefined && joint.policies[after]?.policy[direction] !== 'not-governed' && stacks.selects(after, podClass))
            places.add(after);
        }
        const number = stacks.of(
          direction,
          [...places].sort((a, b) => a - b),
        );
        const families = familiesBetween(classes, podClass, peer);
        const destination = direction === 'ingress' ? podClass : peer;
        return asking.ask(number, peer, families, classes.portsOf[destination] as number);
      };
      const all = new Set(own);
      const kept = peersIn(classes.count).flatMap((peer) => {
        if (peer === podClass || (peer < classes.podClasses && !byClass.has(peer))) return [];
        const ports = intersectPorts(allowedIn(answersWith(new Set(), peer)), allowedIn(answersWith(all, peer)));
        return isNoPorts(ports) ? [] : [{ peer, ports }];
      });
      if (kept.length > 0) spots.push({ direction, podClass, subject: subject.name, edits: [...own], answersWith, kept });
    }
    return spots;
  });
}

/** All classes, or an even choice of so many. */
function peersIn(count: number): readonly number[] {
  const step = Math.max(1, Math.ceil(count / MOST_PEERS));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

function named({ field, ends }: Diff, losses: readonly Loss[]): readonly Gap[] {
  const byClass = endsByClass(ends);
  const found = new Map<string, Gap>();
  for (const { spot, peer, ports } of losses) {
    const standing = (byClass.get(peer) ?? []).map((index) => ends[index] as DiffEnd).find(({ name }) => name !== spot.subject);
    const isOutside = peer >= field.classes.podClasses + field.classes.nodeClasses;
    if (standing === undefined && !isOutside) continue;
    const name = standing?.name ?? 'outside';
    found.set(`${spot.direction} ${spot.subject} ${name}`, { direction: spot.direction, subject: spot.subject, peer: name, ports });
    if (found.size >= MOST_EXAMPLES) break;
  }
  return [...found.values()];
}
