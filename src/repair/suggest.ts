// Drafts → fixes: those that open everything that is blocked, alone or together, with what else they open and close over the whole
// cluster; ranked by least opened, then least closed, then policies that others share, then least edited.
import type { Cluster } from '../model/cluster.ts';
import type { End } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import { decideCarefully } from '../route/assumed.ts';
import type { Route } from '../route/route.ts';
import { type Changes, changedCluster, changesOf } from './apply.ts';
import { askedOf, type Blocked, blockedOf, isOpen, legsOf } from './blocked.ts';
import { draftsFor, stepsKey } from './drafts.ts';
import type { Effect } from './effect.ts';
import { effects } from './effects.ts';
import { imaginedPods } from './imagined.ts';
import type { Draft, Lever } from './lever.ts';
import { withOwnNames } from './levers/rules.ts';
import { compareFixes } from './rank.ts';
import { type SharedPolicy, sharedPolicies } from './shared.ts';
import { joined, type Step, sizeOf } from './step.ts';

/** An edit, or several that belong together. */
export interface Fix {
  readonly levers: readonly Lever[];
  readonly steps: readonly Step[];
  readonly changes: Changes;
  readonly effect: Effect;
  /** About the lines that change. */
  readonly size: number;
  /** Policies that it edits and that apply to other pods, too. */
  readonly shared: readonly SharedPolicy[];
}

/** A draft that can be applied. */
export interface Candidate {
  readonly draft: Draft;
  readonly changes: Changes;
  readonly size: number;
  readonly shared: readonly SharedPolicy[];
}

/** Compared over the whole cluster at most: each costs a look at everybody whom it may touch. */
const MOST_CANDIDATES = 24;
const MOST_PARTS = 4;
const MOST_TRIES = 200;
/** For one thing that is blocked, in fixes of several parts. */
const MOST_WAYS = 4;

/**
 * Fixes for one route, best first. [] when nothing is blocked, or nothing that an edit can mend. Each opens every blocked leg; whether the
 * question as a whole is then allowed is for the caller to ask. `withDns`: the name must be resolved, too.
 */
export function suggestions(cluster: Cluster, semantics: Semantics, found: Route, withDns: boolean): readonly Fix[] {
  const blocked = blockedOf(cluster, semantics, found, withDns);
  // Beside a policy that cannot be read nothing can be said of what an edit closes: that policy comes first.
  if (blocked.length === 0 || blocked.some(({ unreadable }) => unreadable.length > 0)) return [];
  const subjects = new Set(blocked.map(({ subject }) => subject.workload));
  const make = (draft: Draft) => candidateOf(cluster, draft, subjects);
  const atoms = draftsFor(cluster, semantics, found, blocked).flatMap((draft) => make(draft) ?? []);
  const opens = (candidate: Candidate) => openedBy(cluster, semantics, candidate.changes, blocked);
  const candidates = covers(atoms, blocked.length, { opens, together: (drafts) => make(together(cluster, drafts)) });
  const effectOf = effects(
    cluster,
    semantics,
    candidates.map(({ changes }) => changes),
    askedOf(found, withDns),
    imaginedPods(
      cluster,
      legsOf(found, withDns).map(({ leg }) => leg),
      blocked,
    ),
  );
  return varied(candidates.map(({ draft, ...own }): Fix => ({ ...draft, ...own, effect: effectOf(own.changes) })).sort(compareFixes));
}

/** Drafts that were made elsewhere as fixes, in the order of ranks: each with what it opens and closes besides. Nothing is checked. */
export function combined(cluster: Cluster, semantics: Semantics, found: Route, withDns: boolean, drafts: readonly Draft[]): readonly Fix[] {
  const legs = legsOf(found, withDns).map(({ leg }) => leg);
  const ends = legs.flatMap(({ source, destination }) => [source, destination]);
  const subjects = new Set(ends.flatMap((end) => (end.kind === 'pod' ? [end.pod.workload] : [])));
  const candidates = drafts.flatMap((draft) => candidateOf(cluster, draft, subjects) ?? []);
  const changes = candidates.map((each) => each.changes);
  const effectOf = effects(cluster, semantics, changes, askedOf(found, withDns), imaginedPods(cluster, legs));
  return candidates.map(({ draft, ...own }): Fix => ({ ...draft, ...own, effect: effectOf(own.changes) })).sort(compareFixes);
}

/** Of fixes with several parts those that bring a part of their own: not every combination of the same few. */
export function varied(fixes: readonly Fix[]): readonly Fix[] {
  const seen = new Set<string>();
  return fixes.filter(({ levers }) => {
    const parts = levers.map(({ code, facts }) => JSON.stringify([code, facts]));
    const isNew = parts.some((part) => !seen.has(part));
    for (const part of parts) seen.add(part);
    return isNew;
  });
}

/** undefined for what the API server would refuse, or what has no place in the object. `subjects`: workloads whose policies are meant. */
export function candidateOf(cluster: Cluster, { levers, steps: parts }: Draft, subjects: ReadonlySet<string>): Candidate | undefined {
  const steps = joined(parts);
  const changes = changesOf(steps, cluster);
  return changes && { draft: { levers, steps }, changes, size: sizeOf(steps), shared: sharedPolicies(cluster, steps, subjects) };
}

/** Which of the blocked legs are open in their direction once the changes are made. */
function openedBy(cluster: Cluster, semantics: Semantics, changes: Changes, blocked: readonly Blocked[]): readonly boolean[] {
  const after = changedCluster(cluster, changes);
  return blocked.map(({ leg, direction }) => {
    const asked = { ...leg, source: movedEnd(leg.source, changes), destination: movedEnd(leg.destination, changes) };
    const { verdict } = decideCarefully(after, semantics, asked);
    return isOpen(verdict[direction]);
  });
}

/** The end with the labels and ports that its pod would have. A replica of a template, or a pod at home on a node, is a copy of its pod. */
export function movedEnd(end: End, { pods }: Changes): End {
  if (end.kind !== 'pod') return end;
  const same = [...pods].find(([before]) => before.ref === end.pod.ref)?.[1];
  if (same !== undefined) return { kind: 'pod', pod: { ...end.pod, labels: same.labels, ports: same.ports } };
  for (const [before, after] of pods) {
    if (before.origin === end.pod.origin && before.workload === end.pod.workload) {
      return { kind: 'pod', pod: { ...end.pod, labels: after.labels, ports: after.ports } };
    }
  }
  return end;
}

export interface Covering {
  /** Which of the things to do are done. */
  readonly opens: (candidate: Candidate) => readonly boolean[];
  readonly together: (drafts: readonly Draft[]) => Candidate | undefined;
}

/** Drafts that are enough alone, and sets of those that are not but do everything together. */
export function covers(atoms: readonly Candidate[], count: number, { opens, together }: Covering): readonly Candidate[] {
  const opening = atoms.map((atom) => ({ atom, opened: opens(atom) })).filter(({ opened }) => opened.includes(true));
  const alone = opening.filter(({ opened }) => opened.every(Boolean)).map(({ atom }) => atom);
  const parts = opening.filter(({ opened }) => !opened.every(Boolean));
  const found = new Map<string, Candidate>();
  let tries = 0;
  const search = (taken: readonly Candidate[], open: readonly boolean[]) => {
    const next = open.indexOf(false);
    if (next < 0) {
      const whole = together(taken.map(({ draft }) => draft));
      tries++;
      if (whole !== undefined && opens(whole).every(Boolean)) found.set(stepsKey(whole.draft), whole);
      return;
    }
    if (taken.length === MOST_PARTS || tries >= MOST_TRIES) return;
    for (const { atom, opened } of ways(parts, next))
      search(
        [...taken, atom],
        open.map((was, i) => was || opened[i] === true),
      );
  };
  search(
    [],
    Array.from({ length: count }, () => false),
  );
  return chosen([...alone, ...found.values()]);
}

/** The smallest, and those that are nothing but whole rules and policies: they are the most precise. */
function chosen(candidates: readonly Candidate[]): readonly Candidate[] {
  const sorted = [...candidates].sort((a, b) => a.shared.length - b.shared.length || a.size - b.size);
  const isWhole = ({ draft }: Candidate) => draft.levers.every(isWholeRule);
  const kept = new Set([...sorted.slice(0, MOST_CANDIDATES), ...sorted.filter(isWhole).slice(0, MOST_CANDIDATES / 3)]);
  return [...kept];
}

function isWholeRule({ code }: Lever): boolean {
  return code === 'add-rule' || code === 'add-dns-rule' || code === 'new-policy' || code === 'new-dns-policy';
}

type Opening = { readonly atom: Candidate; readonly opened: readonly boolean[] };

/** Those that open this one: the smallest edits of what is there, and the smallest whole rules and policies. */
function ways(opening: readonly Opening[], wanted: number): readonly Opening[] {
  const able = opening
    .filter(({ opened }) => opened[wanted] === true)
    .sort(({ atom: a }, { atom: b }) => a.shared.length - b.shared.length || a.size - b.size);
  const isWhole = ({ atom }: Opening) => atom.draft.levers.every(isWholeRule);
  return [...able.filter((each) => !isWhole(each)).slice(0, MOST_WAYS), ...able.filter(isWhole).slice(0, MOST_WAYS)];
}

/** Parts as one draft: the same part once, and no two policies of one name. */
export function together(cluster: Cluster, parts: readonly Draft[]): Draft {
  const distinct = new Map(parts.map((part) => [stepsKey(part), part]));
  const drafts = withOwnNames(cluster, [...distinct.values()]);
  return { levers: drafts.flatMap(({ levers }) => levers), steps: drafts.flatMap(({ steps }) => steps) };
}
