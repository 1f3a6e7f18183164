// One set of manifests under two CNIs: the ends of both, and what each side answers about a pair of them. Asks; compares nothing.
import { controllerAnswer, differenceOf } from '../compare/compare.ts';
import type { DiffEnd } from '../compare/ends.ts';
import { type DiffField, diffField } from '../compare/field.ts';
import { blocksOf } from '../compare/outside.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import type { IpRange, IpSet } from '../net/ip-set.ts';
import { ALL_PORTS, isNoPorts, type PortSet, printPortSet, samePorts, subtractPorts, unionOfPorts } from '../net/port-set.ts';
import { doubtKey, isNonEmpty } from '../policy/verdict.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import { asReadBy } from '../program/in-force.ts';
import { backendPorts } from '../reach/ingress-backends.ts';
import { endOfPod, type MapEnd, mapEnds } from '../reach/map-ends.ts';
import { doubtfulPorts } from '../reach/reach.ts';
import type { RowAnswer } from '../reach/row-answers.ts';

/** The manifests as one CNI reads them. */
export interface Side {
  /** Before anybody left out what is not in force. */
  readonly whole: Cluster;
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly field: DiffField;
}

/** What else a side may differ in: the objects that configure the CNI. */
export type Switch = CellName | 'settings';

/** The two sides, and sides that are one of them but for one answer. */
export interface Mixing {
  readonly before: Side;
  readonly after: Side;
  /** The answers that make a row what it is. `ask`: what a side says of it. `isSame`: as far as the row is about it. */
  readonly switchesOf: (ask: (side: Side) => RowAnswer, isSame: (a: RowAnswer, b: RowAnswer) => boolean) => readonly Switch[];
}

export function sideOf(whole: Cluster, profile: Semantics): Side {
  const semantics = asConfigured(whole, profile);
  const cluster = asReadBy(whole, semantics);
  return { whole, cluster, semantics, field: diffField(cluster, cluster, semantics) };
}

/** Both sides have the same pods; a workload whose pods differ on one of them is one end a pod on both. Sorted by name. */
export function endsOfBoth(before: Side, after: Side): readonly DiffEnd[] {
  const [then, now] = [byWorkload(before), byWorkload(after)];
  const found: Omit<DiffEnd, 'index'>[] = [];
  for (const [workload, own] of then) {
    const others = now.get(workload) ?? [];
    const [first, last] = [own[0], others[0]];
    if (own.length === 1 && others.length === 1 && first !== undefined && last !== undefined) {
      found.push(both(first.name === last.name ? first.name : workload, first, last));
      continue;
    }
    const pods = new Set([...own, ...others].flatMap((end) => end.pods));
    for (const pod of pods) found.push(both(pod.ref, endOfPod(before.field.reaches.after, pod), endOfPod(after.field.reaches.after, pod)));
  }
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return found.map((end, index) => ({ ...end, index }));
}

function both(name: string, before: MapEnd, after: MapEnd): Omit<DiffEnd, 'index'> {
  return { name, workload: before.workload, before, after, isMoved: false, isOnOtherNodes: false };
}

function byWorkload({ field }: Side): ReadonlyMap<string, readonly MapEnd[]> {
  const found = new Map<string, MapEnd[]>();
  for (const end of mapEnds(field.reaches.after, false)) found.set(end.workload, [...(found.get(end.workload) ?? []), end]);
  return found;
}

/** The same end in a side that was made of the same pods. */
export function endIn({ field }: Side, { pods, name }: MapEnd): MapEnd {
  const [first] = pods;
  if (first === undefined) throw new Error(`an end without pods: ${name}`);
  return { ...endOfPod(field.reaches.after, first), name, pods };
}

export function askedPair(side: Side, from: MapEnd, to: MapEnd): RowAnswer {
  return weighed(side, side.field.between(side.field.stackOn.after, from, to));
}

export function askedOutside(side: Side, direction: Direction, end: MapEnd, range: IpRange): RowAnswer {
  return weighed(side, side.field.withOutside(side.field.stackOn.after, direction, end, range));
}

/** `ports`: those that Ingresses lead to. */
export function askedController(side: Side, end: MapEnd, ports: PortSet): RowAnswer {
  return isNoPorts(ports)
    ? side.field.rows.nothing
    : weighed(side, controllerAnswer(side.field, side.field.stackOn.after, end, ports), ports);
}

export function portsOfIngresses({ cluster }: Side, ends: readonly MapEnd[]): ReadonlyMap<MapEnd, PortSet> {
  return cluster.ingresses.length === 0 ? new Map() : new Map(backendPorts(cluster, ends));
}

/** Where the policies of an end cut the addresses outside. */
export function blocksOn({ field }: Side, direction: Direction, end: MapEnd): readonly IpSet[] {
  return end.isNode ? [] : blocksOf(field.stacks.all[field.stackOn.after(direction, end.class)]);
}

/** Equal for answers that say the same. */
export function answerKey({ allowed, undecided }: RowAnswer): string {
  const open = undecided.map(({ ports, because }) => `${printPortSet(ports)} ${because.map(doubtKey).sort().join()}`).sort();
  return [printPortSet(allowed), ...open].join('\n');
}

/** Do they leave the same to doubt and admit the same? Why it is in doubt does not count. */
export function isSameAnswer(a: RowAnswer, b: RowAnswer): boolean {
  return a === b || (samePorts(a.allowed, b.allowed) && samePorts(openIn(a), openIn(b)));
}

/** Does one of them not deny for sure what the other admits for sure? Doubts do not count. */
export function isSureTheSame(a: RowAnswer, b: RowAnswer): boolean {
  const difference = differenceOf(a, b);
  return difference === undefined || (isNoPorts(difference.opened) && isNoPorts(difference.closed));
}

function openIn({ undecided }: RowAnswer): PortSet {
  return unionOfPorts(undecided.map(({ ports }) => ports));
}

/** What the CNI leaves open about every denial, in the answer itself: the two sides leave different things open. */
function weighed({ field }: Side, answer: RowAnswer, among: PortSet = ALL_PORTS): RowAnswer {
  const general = field.reaches.after.doubtsOnDenial;
  if (!isNonEmpty(general.sctp)) return answer;
  const known = unionOfPorts([answer.allowed, ...answer.undecided.map(({ ports }) => ports)]);
  const denied = subtractPorts(among, known);
  const ports = subtractPorts(denied, subtractPorts(ALL_PORTS, doubtfulPorts(general)));
  if (isNoPorts(ports)) return answer;
  return { ...answer, undecided: [...answer.undecided, { ports, because: general.sctp, namesEnds: false }], isEmpty: false };
}
