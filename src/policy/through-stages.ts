// The walk through the stages (program/stages.ts): the first stage that decides has the last word, and after the last one the way is open.
// A clause that may or may not match matters only where that would change what happens.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { CellName } from '../profile/profile.ts';
import { type Clause, clausesOf } from '../program/clauses.ts';
import { isolates, orderedGroups, type Reading, type Stage, standsIn, takesPart } from '../program/stages.ts';
import type { Match } from './peer-matches.ts';
import { type Doubt, distinctDoubts, effectOf, type FamilyVerdict, isNonEmpty, isSameEffect } from './verdict.ts';

type Matcher = (ref: RuleRef) => Match;

/** What comes when a stage does not decide. */
type Next = () => FamilyVerdict;

/**
 * `policies`: those that select the subject and take part in this direction, in force or not. Where a profile leaves more than one reading
 * possible, and they end differently, nobody knows.
 */
export function throughReadings(
  readings: readonly Reading[],
  policies: readonly Policy[],
  direction: Direction,
  matchOf: Matcher,
): FamilyVerdict {
  const [first, ...others] = readings.map((reading) => ({
    unlike: reading.unlike,
    verdict: throughStages(
      reading.stages,
      policies.filter((policy) => takesPart(policy, direction, reading)),
      direction,
      matchOf,
    ),
  }));
  return first === undefined ? { outcome: 'not-isolated' } : oneOf(first.verdict, others);
}

/** The first verdict where the others come to the same, else which cells would decide it. */
export function oneOf(
  first: FamilyVerdict,
  others: readonly { readonly unlike: readonly CellName[]; readonly verdict: FamilyVerdict }[],
): FamilyVerdict {
  const differing = others.filter(({ verdict }) => !isSameEffect(verdict, first));
  const cells = differing.flatMap(({ unlike }) => unlike.map((cell): Doubt => ({ code: 'profile-differs', cell })));
  return differing.length === 0 ? first : undecided([...cells, ...doubtsOf(first)], first);
}

/** `policies`: those that select the subject and look this way, of every stage. */
export function throughStages(
  stages: readonly Stage[],
  policies: readonly Policy[],
  direction: Direction,
  matchOf: Matcher,
): FamilyVerdict {
  const deciding = stages.filter(({ combine }) => combine !== 'veto');
  const vetoes = stages
    .filter(({ combine }) => combine === 'veto')
    .flatMap((stage) => policies.filter((policy) => standsIn(policy, stage)));
  const from = (i: number, end: FamilyVerdict): FamilyVerdict => {
    const stage = deciding[i];
    if (stage === undefined) return end;
    const here = policies.filter((policy) => standsIn(policy, stage));
    if (here.length === 0) return from(i + 1, end);
    const isolating = here.filter((policy) => policy.faults.length === 0 && isolates(policy, direction));
    const denied: FamilyVerdict | undefined = isNonEmpty(isolating) ? { outcome: 'denied', policies: isolating } : undefined;
    const next = once(() => from(i + 1, end));
    const noneMatched: Next =
      denied === undefined && stage.endsForSelected === true
        ? () => end
        : denied === undefined || stage.end === 'next'
          ? next
          : stage.end === 'deny'
            ? () => denied
            : once(() => from(i + 1, denied));
    return stage.combine === 'union'
      ? union(here, direction, matchOf, noneMatched)
      : firstMatch(
          orderedGroups(here, stage).map((group) => group.map((member) => member.flatMap((policy) => clausesOf(policy, direction)))),
          matchOf,
          next,
          noneMatched,
        );
  };
  return vetoed(from(0, { outcome: 'not-isolated' }), () => union(vetoes, direction, matchOf, () => ({ outcome: 'not-isolated' })));
}

/** What is enforced behind all policies can still stop what they let through; what they deny stays denied. */
export function vetoed(verdict: FamilyVerdict, veto: () => FamilyVerdict): FamilyVerdict {
  if (verdict.outcome === 'denied') return verdict;
  const further = veto();
  if (effectOf(further) === 'open') return verdict;
  if (further.outcome === 'denied') return further;
  return undecided([...doubtsOf(verdict), ...doubtsOf(further)], verdict);
}

/** Order means nothing: a deny that matches decides, else every allow that matches. */
function union(policies: readonly Policy[], direction: Direction, matchOf: Matcher, next: Next): FamilyVerdict {
  const found = policies
    .flatMap((policy) => clausesOf(policy, direction))
    .map((clause) => ({ clause, match: clause.effect === 'unknown' ? unreadable(clause.policy) : matchOf(clause.ref) }));
  const matching = found.flatMap(({ clause, match }) => (clause.effect !== 'unknown' && match === 'yes' ? [clause] : []));
  const deny = matching.find(({ effect }) => effect === 'deny');
  if (deny !== undefined) return verdictOf(deny.ref);
  const rules = matching.map(({ ref }) => ref);
  const doubts = (isAbout: (clause: Clause) => boolean) =>
    found.flatMap(({ clause, match }) => (match === 'yes' || match === 'no' || !isAbout(clause) ? [] : [match]));
  const doubtfulAllows = doubts(({ effect }) => effect !== 'deny');
  const without: FamilyVerdict = isNonEmpty(rules)
    ? { outcome: 'allowed', rules }
    : isNonEmpty(doubtfulAllows)
      ? { outcome: 'undecided', because: distinctDoubts(doubtfulAllows) }
      : next();
  const doubtfulDenies = doubts(({ effect }) => effect === 'deny');
  if (doubtfulDenies.length === 0 || without.outcome === 'denied') return without;
  return undecided([...doubtfulDenies, ...doubtsOf(without)], without);
}

/** One member of a group: the clauses of one policy, in their order. */
type Member = readonly Clause[];

/**
 * The first clause that matches decides. `passed`: where a clause passes the connection on; `next`: where none matches. The members of a group
 * have no order among them, so each may be the first: where that makes a difference, nobody knows.
 */
function firstMatch(groups: readonly (readonly Member[])[], matchOf: Matcher, passed: Next, next: Next): FamilyVerdict {
  const [group, ...rest] = groups;
  if (group === undefined) return next();
  const after = once(() => firstMatch(rest, matchOf, passed, next));
  const [only, ...others] = group;
  if (only !== undefined && others.length === 0) return inOrder(only, matchOf, passed, after);

  const found = group.map((member) => takers(member, matchOf));
  const taken = found.flatMap((member) => member.filter(({ match }) => match !== 'no'));
  const [first] = taken;
  if (first === undefined) return after();
  const mayMissAll = found.every((member) => member.every(({ match }) => match !== 'yes'));
  const verdicts = [...taken.map(({ clause, match }) => takenVerdict(clause, match, passed)), ...(mayMissAll ? [after()] : [])];
  const [verdict] = verdicts;
  if (verdict !== undefined && verdicts.every((other) => isSameEffect(other, verdict))) return verdict;
  const own = taken.flatMap(({ match }) => (match === 'yes' || match === 'no' ? [] : [match]));
  const policies = found.flatMap((member): readonly Policy[] => {
    const one = member.find(({ clause, match }) => clause.effect !== 'unknown' && match !== 'no')?.clause;
    return one === undefined || one.effect === 'unknown' ? [] : [one.ref.policy];
  });
  const tie: readonly Doubt[] = policies.length > 1 ? [{ code: 'equal-priority', policies }] : [];
  return undecided([...tie, ...own, ...verdicts.flatMap(doubtsOf)], verdict ?? after());
}

function inOrder(clauses: Member, matchOf: Matcher, passed: Next, next: Next): FamilyVerdict {
  const [clause, ...rest] = clauses;
  if (clause === undefined) return next();
  const match = clause.effect === 'unknown' ? unreadable(clause.policy) : matchOf(clause.ref);
  if (match === 'no') return inOrder(rest, matchOf, passed, next);
  const taken = takenVerdict(clause, match, passed);
  if (match === 'yes') return taken;
  const without = inOrder(rest, matchOf, passed, next);
  if (clause.effect === 'unknown') return undecided([match, ...doubtsOf(without)], taken);
  return isSameEffect(without, taken) ? without : { outcome: 'undecided', because: [match] };
}

/** The clauses of a member that may be its first match, up to the one that surely is. */
function takers(clauses: Member, matchOf: Matcher): readonly { readonly clause: Clause; readonly match: Match }[] {
  const found: { readonly clause: Clause; readonly match: Match }[] = [];
  for (const clause of clauses) {
    const match = clause.effect === 'unknown' ? unreadable(clause.policy) : matchOf(clause.ref);
    found.push({ clause, match });
    if (match === 'yes') break;
  }
  return found;
}

/** What happens if this clause is the one that decides. */
function takenVerdict(clause: Clause, match: Match, passed: Next): FamilyVerdict {
  if (clause.effect === 'unknown') return { outcome: 'undecided', because: [match as Doubt] };
  return clause.effect === 'pass' ? passed() : verdictOf(clause.ref);
}

function verdictOf(ref: RuleRef): FamilyVerdict {
  return ref.rule.action === 'allow' ? { outcome: 'allowed', rules: [ref] } : { outcome: 'denied', policies: [ref.policy], rule: ref };
}

function unreadable(policy: Policy): Doubt {
  return { code: 'policy-unreadable', policy };
}

/** Undecided, each doubt once. `otherwise`: where there is no doubt at all, which callers rule out. */
export function undecided(doubts: readonly Doubt[], otherwise: FamilyVerdict): FamilyVerdict {
  return isNonEmpty(doubts) ? { outcome: 'undecided', because: distinctDoubts(doubts) } : otherwise;
}

/** [] unless undecided. */
export function doubtsOf(verdict: FamilyVerdict): readonly Doubt[] {
  return verdict.outcome === 'undecided' ? verdict.because : [];
}

/** Makes it when it is first asked for, and once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
