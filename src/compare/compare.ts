// Before and after of a whole cluster: connections opened, closed and changed, and workloads that lose or gain their isolation. Begin
// here. The cost follows what differs: what is the same in both states is recognised by its class and its stack, and not looked at.
import type { Cluster } from '../model/cluster.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { type IpRange, printRange } from '../net/ip-set.ts';
import { intersectPorts, isNoPorts, NO_PORTS, type PortSet, samePorts, subtractPorts, unionPorts } from '../net/port-set.ts';
import { type Doubt, doubtKey } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { backendPorts } from '../reach/ingress-backends.ts';
import { INGRESS_CONTROLLER } from '../reach/ingress-controller.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { doubtfulPorts, type Reach } from '../reach/reach.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import { type DiffEnd, diffEnds } from './ends.ts';
import { type DiffField, diffField, type StackOn } from './field.ts';
import { outsideDiffs } from './outside.ts';
import { type DiffPairs, diffPairs } from './pairs.ts';
import { STATES, type State } from './states.ts';

export interface Diff {
  readonly field: DiffField;
  readonly ends: readonly DiffEnd[];
  readonly pairs: DiffPairs;
}

/** One end of a changed row, as it is asked about. */
export type RowEnd =
  | { readonly kind: 'end'; readonly end: DiffEnd }
  | { readonly kind: 'range'; readonly range: IpRange }
  | { readonly kind: 'ingress-controller' };

/** `opened`: nothing was allowed. `undecided`: only what the profile or the input leaves open has changed. */
export type RowChange = 'opened' | 'closed' | 'changed' | 'undecided';

export interface ChangedRow {
  /** `shop/cart[Deployment]`, a pod where the pods of a workload differ, `10.0.0.0-10.255.255.255`, `{ingress-controller}`. */
  readonly from: string;
  readonly to: string;
  readonly change: RowChange;
  /** Ports that are allowed for sure, in each state. */
  readonly before: PortSet;
  readonly after: PortSet;
  /** Denied before, allowed now; and the other way round. */
  readonly opened: PortSet;
  readonly closed: PortSet;
  /** The same, where one of the two states is open to doubt. */
  readonly perhapsOpened: PortSet;
  readonly perhapsClosed: PortSet;
  /** What would decide the last two: `profile-differs ipBlockMatchesPod …`. */
  readonly because: readonly Doubt[];
  /** An end that is in one of the states only: then nothing else has to have changed. */
  readonly comes: readonly string[];
  readonly goes: readonly string[];
  /** For asking further: the ends of the row, or the first of those that it stands for. */
  readonly ends: { readonly from: RowEnd; readonly to: RowEnd };
}

/** `diffOf(base, head, semantics)`: made once, asked by the functions below. Never throws. */
export function diffOf(before: Cluster, after: Cluster, semantics: Semantics): Diff {
  const field = diffField(before, after, semantics);
  const ends = diffEnds(field);
  return { field, ends, pairs: diffPairs(field, ends) };
}

/**
 * Every connection that differs, source by source: outside ranges by address, the ingress controller, workloads by name. A pair that is
 * not listed is the same in both states. Ranges are cut where either state cuts them, and joined where both say the same.
 */
export function* changedRows(diff: Diff): Generator<ChangedRow> {
  const { field, ends, pairs } = diff;
  const general = field.reaches.after.doubtsOnDenial;
  const sizes = workloadSizes(ends);
  const outside = outsideDiffs(field);
  yield* joined(fromOutside(), sizes);
  yield* joined(fromController(field, ends), sizes);
  let group: ChangedRow[] = [];
  let workload: string | undefined;
  for (const end of ends) {
    // Pods of one workload may turn out to fare alike: their rows are joined when all of them are known.
    if (end.workload !== workload) {
      yield* joined(group, sizes);
      group = [];
      workload = end.workload;
    }
    for (const row of fromEnd(end)) group.push(row);
  }
  yield* joined(group, sizes);

  function fromOutside(): ChangedRow[] {
    const found: ChangedRow[] = [];
    for (const end of ends) {
      if (!pairs.withOutside('ingress', end)) continue;
      for (const { range, before, after } of outside('ingress', end)) {
        const row = rowOf(general, { kind: 'range', range }, { kind: 'end', end }, before, after);
        if (row !== undefined) found.push(row);
      }
    }
    return found.sort((a, b) => compareRanges(rangeIn(a), rangeIn(b)));
  }

  function* fromEnd(from: DiffEnd): Generator<ChangedRow> {
    if (pairs.withOutside('egress', from)) {
      for (const { range, before, after } of outside('egress', from)) {
        const row = rowOf(general, { kind: 'end', end: from }, { kind: 'range', range }, before, after);
        if (row !== undefined) yield row;
      }
    }
    for (const to of pairs.targetsOf(from)) {
      const [before, after] = STATES.map((state) => answerIn(field, state, field.stackOn[state], from, to)) as [RowAnswer, RowAnswer];
      if (before === after) continue;
      const row = rowOf(general, { kind: 'end', end: from }, { kind: 'end', end: to }, before, after);
      if (row !== undefined) yield row;
    }
  }
}

/** What a pair of ends has in a state. Nothing where one of them is not there. */
function answerIn(field: DiffField, state: State, on: StackOn, from: DiffEnd, to: DiffEnd): RowAnswer {
  const [source, destination] = [from[state], to[state]];
  return source === undefined || destination === undefined ? field.rows.nothing : field.between(on, source, destination);
}

/** Rows of Ingresses: the ports that lead to an end, as far as its policies let an unknown controller in. */
function fromController(field: DiffField, ends: readonly DiffEnd[]): ChangedRow[] {
  const general = field.reaches.after.doubtsOnDenial;
  const leading = Object.fromEntries(STATES.map((state) => [state, portsBehindIngress(field, ends, state)])) as Record<
    State,
    ReadonlyMap<DiffEnd, PortSet>
  >;
  return ends.flatMap((end) => {
    const [before, after] = STATES.map((state) =>
      controllerAnswer(field, field.stackOn[state], end[state], leading[state].get(end) ?? NO_PORTS),
    ) as [RowAnswer, RowAnswer];
    return before === after ? [] : (rowOf(general, { kind: 'ingress-controller' }, { kind: 'end', end }, before, after) ?? []);
  });
}

/** By end: the target ports that Ingresses of that state lead to. */
export function portsBehindIngress(field: DiffField, ends: readonly DiffEnd[], state: State): ReadonlyMap<DiffEnd, PortSet> {
  const found = new Map<DiffEnd, PortSet>();
  const cluster = field.states[state];
  if (cluster.ingresses.length === 0) return found;
  const there = new Map<MapEnd, DiffEnd[]>();
  for (const end of ends) {
    const own = end[state];
    if (own !== undefined) there.set(own, [...(there.get(own) ?? []), end]);
  }
  for (const [own, ports] of backendPorts(cluster, [...there.keys()])) for (const end of there.get(own) ?? []) found.set(end, ports);
  return found;
}

export function controllerAnswer(field: DiffField, on: StackOn, end: MapEnd | undefined, ports: PortSet): RowAnswer {
  const { rows, asking, controller } = field;
  if (end === undefined || isNoPorts(ports)) return rows.nothing;
  return rows.within(rows.join(asking.open, field.oneWay(on, 'ingress', { from: controller, to: end })), ports);
}

/** undefined where the two say the same. */
export function rowOf(
  general: Reach['doubtsOnDenial'],
  from: RowEnd,
  to: RowEnd,
  before: RowAnswer,
  after: RowAnswer,
): ChangedRow | undefined {
  const both = [from, to].flatMap((end) => (end.kind === 'end' ? [end.end] : []));
  // An end that is not there on one side was not denied there.
  const isInBoth = both.every((end) => end.before !== undefined && end.after !== undefined);
  const difference = differenceOf(before, after, isInBoth ? general : undefined);
  if (difference === undefined) return undefined;
  return {
    from: nameOf(from),
    to: nameOf(to),
    ...difference,
    comes: both.filter((end) => end.before === undefined).map(({ name }) => name),
    goes: both.filter((end) => end.after === undefined).map(({ name }) => name),
    ends: { from, to },
  };
}

type Difference = Pick<ChangedRow, 'change' | 'before' | 'after' | 'opened' | 'closed' | 'perhapsOpened' | 'perhapsClosed' | 'because'>;

/**
 * What is open on one side and not on the other; undefined for two answers that mean the same. `general`: what the profile leaves open
 * about every denial.
 */
export function differenceOf(before: RowAnswer, after: RowAnswer, general?: Reach['doubtsOnDenial']): Difference | undefined {
  if (before === after) return undefined;
  const sure = sureDifference(before, after);
  if (sure === undefined || general === undefined || general.sctp.length === 0) return sure;
  // What was denied was perhaps let through all the same, and what is denied perhaps still is.
  const doubtful = doubtfulPorts(general);
  const [opened, closed] = [subtractPorts(sure.opened, doubtful), subtractPorts(sure.closed, doubtful)];
  const perhapsOpened = unionPorts(sure.perhapsOpened, intersectPorts(sure.opened, doubtful));
  const perhapsClosed = unionPorts(sure.perhapsClosed, intersectPorts(sure.closed, doubtful));
  const isDoubtful = samePorts(opened, sure.opened) && samePorts(closed, sure.closed) ? [] : general.sctp;
  const because = [...new Map([...sure.because, ...isDoubtful].map((doubt) => [doubtKey(doubt), doubt])).values()];
  const change = isNoPorts(opened) && isNoPorts(closed) ? 'undecided' : sure.change;
  return { ...sure, change, opened, closed, perhapsOpened, perhapsClosed, because };
}

function sureDifference(before: RowAnswer, after: RowAnswer): Difference | undefined {
  const [was, is] = [before.allowed, after.allowed];
  const [wasOpen, isOpen] = [openPorts(before), openPorts(after)];
  const opened = subtractPorts(is, unionPorts(was, wasOpen));
  const closed = subtractPorts(was, unionPorts(is, isOpen));
  const perhapsOpened = unionPorts(intersectPorts(is, wasOpen), subtractPorts(isOpen, unionPorts(was, wasOpen)));
  const perhapsClosed = unionPorts(intersectPorts(was, isOpen), subtractPorts(wasOpen, unionPorts(is, isOpen)));
  const isSure = !isNoPorts(opened) || !isNoPorts(closed);
  if (!isSure && isNoPorts(perhapsOpened) && isNoPorts(perhapsClosed)) return undefined;
  const change = !isSure ? 'undecided' : isNoPorts(was) ? 'opened' : isNoPorts(is) ? 'closed' : 'changed';
  const isDoubtful = !isNoPorts(perhapsOpened) || !isNoPorts(perhapsClosed);
  const because = isDoubtful ? [...before.undecided, ...after.undecided].flatMap((one) => one.because) : [];
  const distinct = [...new Map(because.map((doubt) => [doubtKey(doubt), doubt])).values()];
  return { change, before: was, after: is, opened, closed, perhapsOpened, perhapsClosed, because: distinct };
}

/** Ports that stay open to doubt. */
function openPorts({ undecided }: RowAnswer): PortSet {
  return undecided.reduce((ports, one) => unionPorts(ports, one.ports), NO_PORTS);
}

function nameOf(end: RowEnd): string {
  return end.kind === 'end' ? end.end.name : end.kind === 'range' ? printRange(end.range) : INGRESS_CONTROLLER;
}

/** By workload: how many ends it has. */
export function workloadSizes(ends: readonly DiffEnd[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { workload } of ends) sizes.set(workload, (sizes.get(workload) ?? 0) + 1);
  return sizes;
}

/** Pods of a workload that all fare alike are told as the workload: first among the destinations, then among the sources. */
export function joined(rows: readonly ChangedRow[], sizes: ReadonlyMap<string, number>): readonly ChangedRow[] {
  if (!rows.some(({ ends }) => isOneOfMany(ends.from, sizes) || isOneOfMany(ends.to, sizes))) return rows;
  return joinedOn('from', joinedOn('to', rows, sizes), sizes);
}

function isOneOfMany(end: RowEnd, sizes: ReadonlyMap<string, number>): boolean {
  return end.kind === 'end' && (sizes.get(end.end.workload) ?? 0) > 1;
}

function joinedOn(side: 'from' | 'to', rows: readonly ChangedRow[], sizes: ReadonlyMap<string, number>): readonly ChangedRow[] {
  const groups = new Map<string, ChangedRow[]>();
  for (const row of rows) {
    const end = row.ends[side];
    const other = side === 'from' ? row.to : row.from;
    const key = isOneOfMany(end, sizes) && end.kind === 'end' ? `${end.end.workload} ${other}` : `${row.from} ${row.to}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group as [ChangedRow, ...ChangedRow[]];
    const end = first.ends[side];
    if (end.kind !== 'end' || group.length === 1 || group.length !== sizes.get(end.end.workload)) return group;
    if (!group.every((row) => isAlike(row, first))) return group;
    const { workload } = end.end;
    const ownName = (names: readonly string[]) => names.map((name) => (name === end.end.name ? workload : name));
    return [{ ...first, [side]: workload, comes: ownName(first.comes), goes: ownName(first.goes) }];
  });
}

function isAlike(a: ChangedRow, b: ChangedRow): boolean {
  return (
    a.change === b.change &&
    a.comes.length === b.comes.length &&
    a.goes.length === b.goes.length &&
    (['before', 'after', 'perhapsOpened', 'perhapsClosed'] as const).every((key) => samePorts(a[key], b[key]))
  );
}

function rangeIn({ ends }: ChangedRow): IpRange {
  if (ends.from.kind !== 'range') throw new Error('only rows from outside are sorted by their range');
  return ends.from.range;
}

export function compareRanges(a: IpRange, b: IpRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.to < b.to ? -1 : a.to > b.to ? 1 : 0;
}

export interface IsolationChange {
  readonly workload: string;
  readonly direction: Direction;
  /** `unsure`: a policy that cannot be read may or may not isolate. */
  readonly change: 'lost' | 'gained' | 'unsure';
  /** Set where only some pods of the workload are meant. */
  readonly pods: readonly string[] | undefined;
  /** The first end that it is about, for asking further. */
  readonly end: DiffEnd;
}

/** Workloads that are in both states and are isolated in one of them only, by workload, then ingress before egress. */
export function isolationChanges({ field, ends }: Diff): readonly IsolationChange[] {
  const sizes = workloadSizes(ends);
  const groups = new Map<string, { readonly change: IsolationChange['change']; readonly ends: DiffEnd[]; readonly direction: Direction }>();
  for (const end of ends) {
    for (const direction of DIRECTIONS) {
      const [before, after] = STATES.map((state) => isolationOf(field, state, direction, end[state]));
      if (before === undefined || after === undefined || before === after) continue;
      const change = before === 'isolated' && after === 'open' ? 'lost' : before === 'open' && after === 'isolated' ? 'gained' : 'unsure';
      const key = `${end.workload} ${direction} ${change}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { change, ends: [end], direction });
      else group.ends.push(end);
    }
  }
  return [...groups.values()].map(({ change, ends: own, direction }) => {
    const [end] = own as [DiffEnd, ...DiffEnd[]];
    const isWhole = own.length === sizes.get(end.workload);
    return { workload: end.workload, direction, change, pods: isWhole ? undefined : own.map(({ name }) => name), end };
  });
}

/** undefined for ends that no policy isolates: nodes, completed pods, and those that are not there. */
export function isolationOf(
  field: DiffField,
  state: State,
  direction: Direction,
  end: MapEnd | undefined,
): 'isolated' | 'open' | 'unsure' | undefined {
  if (end === undefined || end.isNode || field.classes.isLive[end.class] !== true || field.semantics.enforces === 'no') return undefined;
  const stack = field.stacks.all[field.stackOn[state](direction, end.class)];
  if (stack === undefined || stack.isEmpty) return 'open';
  return stack.isolation;
}
