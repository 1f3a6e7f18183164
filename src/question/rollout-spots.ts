// The connections that a state between two others can cut or open: those on which at least two steps act. Each is a constraint of the search.
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import { firstOf, type IpRange, printRange } from '../net/ip-set.ts';
import { ALL_PORTS, intersectPorts, isNoPorts, NO_PORTS, type PortSet, subtractPorts, unionOfPorts, unionPorts } from '../net/port-set.ts';
import { type Doubt, distinctDoubts, doubtKey, isNonEmpty } from '../policy/verdict.ts';
import { doubtfulPorts } from '../reach/reach.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import type { Scene, Track } from './rollout-scene.ts';
import type { Applied, Constraint, StateVerdict } from './rollout-search.ts';

/** What a state does that neither end of the change does. */
export interface Harm {
  /** Allowed before and after, and not now. */
  readonly cut: PortSet;
  /** Denied before and after, and allowed now. */
  readonly opened: PortSet;
  /** Where one of the answers is open to doubt. */
  readonly doubtful: PortSet;
  /** What would decide the last; [] where it is empty. */
  readonly because: readonly Doubt[];
}

export interface Spot extends Constraint {
  /** `shop/cart[Deployment]`, `10.0.0.0-10.0.0.255`, `shop/svc/cart`. */
  readonly from: string;
  readonly to: string;
  /** One of the ends is a pod that nobody has created yet. */
  readonly isToCome: boolean;
  readonly harm: (applied: Applied) => Harm;
}

export const BEFORE: Applied = () => false;
export const AFTER: Applied = () => true;

/** All verdicts of a spot are worked out at once where it has no more steps than this. */
const MOST_TABULATED = 8;

/** Spots with a state that is not safe, one for all that have the same verdicts. */
export function spotsOf(scene: Scene): readonly Spot[] {
  const found = new Map<string, Spot>();
  const add = (spot: Spot) => {
    const table = spot.steps.length > MOST_TABULATED ? `${spot.from} ${spot.to}` : tableOf(spot);
    if (table === undefined) return;
    const key = `${spot.steps.join()} ${table}`;
    const known = found.get(key);
    if (known === undefined || (known.isToCome && !spot.isToCome)) found.set(key, spot);
  };
  const groups = groupsOf(scene.tracks);
  const steps = Object.fromEntries(
    DIRECTIONS.map((direction) => [direction, new Map(groups.map((group) => [group, stepsOf(scene, direction, group.one, undefined)]))]),
  ) as Record<Direction, Map<Group, readonly number[]>>;
  const acting = (direction: Direction, least: number) => groups.filter((group) => (steps[direction].get(group)?.length ?? 0) >= least);
  const pairs = new Map<Group, Set<Group>>();
  const pair = (from: Group, to: Group) => {
    const known = pairs.get(from);
    if (known === undefined) pairs.set(from, new Set([to]));
    else known.add(to);
  };
  for (const to of acting('ingress', 2)) for (const from of groups) pair(from, to);
  for (const from of acting('egress', 2)) for (const to of groups) pair(from, to);
  for (const from of acting('egress', 1)) for (const to of acting('ingress', 1)) pair(from, to);
  for (const [from, targets] of pairs) for (const to of targets) for (const spot of pairSpots(scene, from, to)) add(spot);
  for (const direction of DIRECTIONS)
    for (const { one } of acting(direction, 2))
      for (const range of scene.ranges) for (const spot of rangeSpots(scene, direction, one, range)) add(spot);
  return [...found.values()];
}

/** Tracks that have the same answers in every state: two of them for connections inside the group. */
interface Group {
  readonly one: Track;
  readonly another: Track | undefined;
}

function groupsOf(tracks: readonly Track[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const track of tracks) {
    const key = `${track.key} ${track.isToCome}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { one: track, another: track.hasSiblings ? track : undefined });
    else if (known.another === undefined || (known.another === known.one && track.workload !== known.one.workload))
      groups.set(key, { ...known, another: track });
  }
  return [...groups.values()];
}

/** The steps that may change what this end, in this direction, answers to these classes. */
function stepsOf({ stepsOn }: Scene, direction: Direction, track: Track, peers: readonly number[] | undefined): readonly number[] {
  const found = new Set(track.steps);
  for (const end of track.versions) for (const step of stepsOn(direction, end, peers)) found.add(step);
  return [...found].sort((a, b) => a - b);
}

function* pairSpots(scene: Scene, from: Group, to: Group): Generator<Spot> {
  const other = from === to ? from.another : to.one;
  if (other === undefined) return;
  const [source, target] = [from.one, other];
  const steps = actingOn(scene, source, target);
  // An end that goes and one that comes are never both there in a state that somebody asked for.
  const isAsked = [BEFORE, AFTER].some((state) => source.at(state) !== undefined && target.at(state) !== undefined);
  if (steps.length < 2 || !isAsked) return;
  const { field, stackOn } = scene;
  yield spotOf(scene, { from: source.name, to: target.name, isToCome: source.isToCome || target.isToCome, steps }, (applied) => {
    const [start, end] = [source.at(applied), target.at(applied)];
    return start === undefined || end === undefined ? undefined : field.between(stackOn(applied), start, end);
  });
}

function* rangeSpots(scene: Scene, direction: Direction, track: Track, range: IpRange): Generator<Spot> {
  const { field, stackOn } = scene;
  const zone = field.classes.classOfOutside(firstOf(range));
  const steps = stepsOf(scene, direction, track, [zone]);
  if (steps.length < 2) return;
  const ends = direction === 'egress' ? { from: track.name, to: printRange(range) } : { from: printRange(range), to: track.name };
  yield spotOf(scene, { ...ends, isToCome: track.isToCome, steps }, (applied) => {
    const end = track.at(applied);
    return end === undefined ? undefined : field.withOutside(stackOn(applied), direction, end, range);
  });
}

/** The steps that may change the connection from one to the other. */
export function actingOn(scene: Scene, from: Track, to: Track): readonly number[] {
  const classesOf = ({ versions }: Track) => versions.map((end) => end.class);
  const both = [...stepsOf(scene, 'egress', from, classesOf(to)), ...stepsOf(scene, 'ingress', to, classesOf(from))];
  return [...new Set(both)].sort((a, b) => a - b);
}

/** `answer`: undefined where one of the ends is not there. */
function spotOf(
  { field }: Scene,
  facts: Pick<Spot, 'from' | 'to' | 'isToCome' | 'steps'>,
  answer: (applied: Applied) => RowAnswer | undefined,
): Spot {
  const { steps } = facts;
  const [before, after] = [answer(BEFORE), answer(AFTER)];
  const softened = doubtfulPorts(field.reaches.after.doubtsOnDenial);
  const { nothing } = field.rows;
  const judged = judgingIn(field, softened);
  const verdicts = new Map<string, StateVerdict>();
  const harm = (applied: Applied): Harm => {
    const now = answer(applied);
    return now === undefined || now === before || now === after ? NO_HARM : harmOf(before ?? nothing, after ?? nothing, now, softened);
  };
  return {
    ...facts,
    harm,
    verdict(applied) {
      const key = steps.map((step) => (applied(step) ? '1' : '0')).join('');
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const now = answer(applied);
      const verdict = now === undefined || now === before || now === after ? 'safe' : judged(before ?? nothing, after ?? nothing, now);
      verdicts.set(key, verdict);
      return verdict;
    },
  };
}

type Judging = (before: RowAnswer, after: RowAnswer, now: RowAnswer) => StateVerdict;

const judgings = new WeakMap<Scene['field'], Judging>();

/** There are few answers and many connections: each three of them are judged once. */
function judgingIn(field: Scene['field'], softened: PortSet): Judging {
  let made = judgings.get(field);
  if (made === undefined) {
    const known = new Map<string, StateVerdict>();
    made = (before, after, now) => {
      const key = `${before.id} ${after.id} ${now.id}`;
      const verdict = known.get(key) ?? verdictOf(harmOf(before, after, now, softened));
      known.set(key, verdict);
      return verdict;
    };
    judgings.set(field, made);
  }
  return made;
}

export const NO_HARM: Harm = { cut: NO_PORTS, opened: NO_PORTS, doubtful: NO_PORTS, because: [] };

function verdictOf({ cut, opened, doubtful }: Harm): StateVerdict {
  if (!isNoPorts(cut)) return 'cut';
  return !isNoPorts(opened) ? 'opened' : isNoPorts(doubtful) ? 'safe' : 'doubt';
}

function openOf({ undecided }: RowAnswer): PortSet {
  return unionOfPorts(undecided.map(({ ports }) => ports));
}

/**
 * A port is safe if it is now what it is before, or what it is after, in whatever way the doubts of the three turn out.
 * `softened`: ports of which the profile leaves every denial open.
 */
function harmOf(before: RowAnswer, after: RowAnswer, now: RowAnswer, softened: PortSet): Harm {
  const [was, is, open] = [openOf(before), openOf(after), openOf(now)];
  const notDenied = (answer: RowAnswer, undecided: PortSet) => unionPorts(answer.allowed, undecided);
  const kept = intersectPorts(before.allowed, after.allowed);
  const keptPerhaps = intersectPorts(notDenied(before, was), notDenied(after, is));
  const openedPerhaps = subtractPorts(ALL_PORTS, unionPorts(before.allowed, after.allowed));
  const denied = subtractPorts(openedPerhaps, unionPorts(was, is));
  const deniedNow = subtractPorts(ALL_PORTS, notDenied(now, open));
  const [cut, opened] = [intersectPorts(kept, deniedNow), intersectPorts(denied, now.allowed)];
  // What is undecided for the very reasons for which it is so before, or after, has the answer that it has there.
  const settled = unionPorts(sameDoubts(now, before), sameDoubts(now, after));
  const doubtful = unionOfPorts([
    intersectPorts(subtractPorts(keptPerhaps, kept), deniedNow),
    intersectPorts(subtractPorts(openedPerhaps, denied), now.allowed),
    intersectPorts(subtractPorts(open, settled), unionPorts(keptPerhaps, openedPerhaps)),
    intersectPorts(unionPorts(cut, opened), softened),
  ]);
  const because = isNoPorts(doubtful) ? [] : [...now.undecided, ...before.undecided, ...after.undecided].flatMap((part) => part.because);
  return {
    cut: subtractPorts(cut, softened),
    opened: subtractPorts(opened, softened),
    doubtful,
    because: isNonEmpty(because) ? distinctDoubts(because) : [],
  };
}

function sameDoubts(a: RowAnswer, b: RowAnswer): PortSet {
  const key = (part: RowAnswer['undecided'][number]) => part.because.map(doubtKey).join('; ');
  const others = new Map(b.undecided.map((part) => [key(part), part.ports]));
  return unionOfPorts(a.undecided.map((part) => intersectPorts(part.ports, others.get(key(part)) ?? NO_PORTS)));
}

/** The verdicts of all states in one text; undefined where each of them is safe. */
function tableOf({ steps, verdict }: Spot): string | undefined {
  let table = '';
  let isSafe = true;
  for (let state = 0; state < 1 << steps.length; state++) {
    const found = verdict((step) => (state & (1 << steps.indexOf(step))) !== 0);
    if (found !== 'safe') isSafe = false;
    table += found[0];
  }
  return isSafe ? undefined : table;
}
